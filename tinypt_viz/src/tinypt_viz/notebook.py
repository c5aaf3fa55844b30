"""A Variable in a notebook: its graph as SVG and as DOT text, never too much for the page."""

from __future__ import annotations

from tinypt_core import Variable, graph
from tinypt_viz.dot import get_dot_graph
from tinypt_viz.fold import fold
from tinypt_viz.options import Options
from tinypt_viz.svg import svg

MOST = 5000  #: nodes that are looked at, those nearest to the Variable
SHOWN = 150  #: nodes that are drawn


def mimebundle(output: Variable) -> dict[str, str]:
    """Media type -> the graph behind a Variable, folded; a huge one only near the Variable.

    >>> import numpy as np
    >>> sorted(mimebundle(Variable(np.array(1.0), name="x")))
    ['image/svg+xml', 'text/vnd.graphviz']
    """
    g = fold(graph(output, nearest=MOST), SHOWN)
    return {
        "image/svg+xml": svg(g, Options()),
        "text/vnd.graphviz": get_dot_graph(g, collapse=False),
    }
