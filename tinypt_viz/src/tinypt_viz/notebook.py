"""A Variable in a notebook: its value, its graph, and its formula, never too much for the page."""

from __future__ import annotations

from html import escape

from tinypt_core import Variable, graph
from tinypt_viz.dot import get_dot_graph
from tinypt_viz.expression import formula
from tinypt_viz.fold import fold
from tinypt_viz.labels import printable
from tinypt_viz.options import Options
from tinypt_viz.svg import svg

MOST = 5000  #: nodes that are looked at, those nearest to the Variable
SHOWN = 150  #: nodes that are drawn
SHORT = 40  #: operators of a result whose formula is offered too


def mimebundle(output: Variable) -> dict[str, str]:
    """Media type -> the graph behind a Variable, folded; a huge one only near the Variable.

    `text/html` has the value above the picture, so that both are seen.

    >>> import numpy as np
    >>> sorted(mimebundle(Variable(np.array(1.0), name="x")))
    ['image/svg+xml', 'text/html', 'text/latex', 'text/vnd.graphviz']
    """
    g = graph(output, nearest=MOST)
    picture = svg(g, Options(max_nodes=SHOWN))
    value = f"<pre>{escape(printable(repr(output)))}</pre>"
    found = {
        "image/svg+xml": picture,
        "text/html": value + "\n" + picture.partition("\n")[2],
        "text/vnd.graphviz": get_dot_graph(fold(g, SHOWN), collapse=False),
    }
    if sum(node.kind == "function" for node in g.nodes) <= SHORT:
        found["text/latex"] = f"$\\displaystyle {formula(g, form='latex')}$"
    return found
