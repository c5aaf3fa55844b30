"""Graph -> Mermaid text, which Markdown pages on code-hosting sites draw by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tinypt_core import Graph, Node, Variable
from tinypt_viz.labels import label, printable
from tinypt_viz.options import read, snapshot

MOST_EDGES = 500  #: Mermaid's own default of `maxEdges`
MOST_CHARACTERS = 50_000  #: and of `maxTextSize`

_SHAPES = {"variable": '(["{}"])', "function": '["{}"]', "constant": '("{}")', "group": '[["{}"]]'}
_CLASSES = {
    "variable": "fill:#ffb347,stroke:#b36a00,color:#000",
    "function": "fill:#add8e6,stroke:#3a7389,color:#000",
    "constant": "fill:#f6efdd,stroke:#b36a00,color:#000",
    "group": "fill:#e6e8ec,stroke:#6b7580,color:#000",
}
_UNSAFE = re.compile(r"[^\w \n,.()\[\]{}=/+|^?!-]|[_]|^[-+]|\.(?=\s|$)", re.MULTILINE)


def to_mermaid(
    output: Variable | Iterable[Variable] | Graph, verbose: bool = True, **options: Any
) -> str:
    """The graph behind a Variable (or several, or a Graph) as a Mermaid flowchart.

    Nothing is folded unless `collapse=` or `max_nodes=` asks for it.
    verbose: add shapes, dtypes and parameters. options: see `tinypt_viz.options.Options`.

    Raises ValueError past 500 edges or 50,000 characters, where Mermaid itself gives up;
    TypeError or ValueError for an option that does not exist.

    >>> import numpy as np
    >>> from tinypt_core.ops import sin
    >>> print(to_mermaid(sin(Variable(np.array(0.0), name="x")), verbose=False))
    flowchart TB
    v0([" "]):::variable
    f0["Sin"]:::function
    v1(["x"]):::variable
    f0 --> v0
    v1 --> f0
    classDef variable fill:#ffb347,stroke:#b36a00,color:#000
    classDef function fill:#add8e6,stroke:#3a7389,color:#000
    <BLANKLINE>
    """
    o = read(verbose, **options)
    g = snapshot(output, o, picture=False)
    _within("edges", len(g.edges), MOST_EDGES, "maxEdges")
    text = "\n".join([f"flowchart {o.rankdir}", *_lines(g, verbose), ""])
    _within("characters", len(text), MOST_CHARACTERS, "maxTextSize")
    return text


def _lines(g: Graph, verbose: bool) -> Iterator[str]:
    for node in g.nodes:
        yield f"{node.id}{_SHAPES[node.kind].format(escape(_label(node, verbose)))}:::{node.kind}"
    for edge in g.edges:
        yield f"{edge.source} --> {edge.target}"
    for note in g.notes:
        yield f"%% {note}"
    for kind in dict.fromkeys(node.kind for node in g.nodes):
        yield f"classDef {kind} {_CLASSES[kind]}"


def _label(node: Node, verbose: bool) -> str:
    return label(node, verbose) or " "


def escape(text: str) -> str:
    r"""Text that Mermaid shows as it is: no markup, no Markdown, no end of the label.

    >>> print(escape('<b>"x"</b>\n#1'))
    #60;b#62;#34;x#34;#60;/b#62;<br/>#35;1
    """
    text = _UNSAFE.sub(lambda found: f"#{ord(found[0])};", printable(text))
    return text.replace("\n", "<br/>")


def _within(what: str, count: int, most: int, setting: str) -> None:
    if count > most:
        raise ValueError(
            f"to_mermaid: this graph has {count:,} {what}, and Mermaid draws no more than {most:,} "
            f"(its {setting}). Fold it, as in to_mermaid(y, max_nodes=100), or draw it with "
            f"plot_dot_graph(y, to_file='graph.svg') or to_html(y, 'graph.html')"
        )
