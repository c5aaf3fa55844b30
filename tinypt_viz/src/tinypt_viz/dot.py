"""Graph -> DOT text, in the textbook's look.

Every name is safe: it is quoted here, once, and nothing in it reads as markup or escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from tinypt_core._graph import Node

from tinypt_core import Graph, Variable, graph

if TYPE_CHECKING:
    import graphviz

_LOOKS = {
    "variable": "color=orange, style=filled",
    "function": "color=lightblue, style=filled, shape=box",
    "constant": "color=lightgray, style=filled",
}


def get_dot_graph(output: Variable | Iterable[Variable] | Graph, verbose: bool = True) -> str:
    """The graph behind a Variable (or several, or a Graph) as DOT text; needs no program.

    verbose: add shapes, dtypes, parameters, and tooltips.

    >>> import numpy as np
    >>> from tinypt_core.ops import sin
    >>> print(get_dot_graph(sin(Variable(np.array(0.0), name="x")), verbose=False))
    digraph g {
    v0 [label="", color=orange, style=filled]
    f0 [label="Sin", color=lightblue, style=filled, shape=box]
    v1 [label="x", color=orange, style=filled]
    f0 -> v0
    v1 -> f0
    }
    <BLANKLINE>
    """
    return str(to_graphviz(output, verbose=verbose).source)


def to_graphviz(
    output: Variable | Iterable[Variable] | Graph, verbose: bool = True
) -> graphviz.Digraph:
    """The same as a `graphviz.Digraph`, to style further."""
    import graphviz

    g = output if isinstance(output, Graph) else graph(output)
    return graphviz.Digraph("g", body=list(_lines(g, verbose)))


def _lines(g: Graph, verbose: bool) -> Iterator[str]:
    for node in g.nodes:
        yield f"{node.id} [{_attributes(node, verbose)}]\n"
    for edge in g.edges:
        yield f"{edge.source} -> {edge.target}\n"


def _attributes(node: Node, verbose: bool) -> str:
    text = f"label={quote(label(node, verbose))}, {_LOOKS[node.kind]}"
    return f"{text}, tooltip={quote(tooltip(node))}" if verbose else text


def label(node: Node, verbose: bool) -> str:
    """What is written on a node."""
    if node.kind == "variable" and verbose and node.dtype is not None:
        size = f"{node.shape} {node.dtype}"
        return f"{node.name}: {size}" if node.name is not None else size
    if node.kind == "function" and verbose and node.params:
        return f"{node.label}({', '.join(f'{k}={v}' for k, v in node.params.items())})"
    return node.label


def tooltip(node: Node) -> str:
    """Everything known about a node, one fact a line."""
    facts: dict[str, Any] = {
        "from": node.provider,
        "shape": node.shape,
        "dtype": node.dtype,
        "bytes": node.nbytes,
        "value": node.value,
        "gradient": node.gradient,
        "derivative": node.derivative or None,
        "scope": "/".join(node.scope),
        "called at": node.site,
        **node.info,
    }
    lines = [f"{key}: {fact}" for key, fact in facts.items() if fact not in (None, "")]
    return "\n".join([label(node, True), *lines])


_ENTITY = re.compile(r"&(?=#?\w+;)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def quote(text: str) -> str:
    r"""Text as a quoted DOT string that shows exactly this text.

    >>> print(quote('say "hi"\n\\N &lt;'))
    "say \"hi\"\n\\N &amp;lt;"
    """
    text = _ENTITY.sub("&amp;", printable(text)).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n") + '"'


def printable(text: str) -> str:
    """Text that XML can carry: control characters as their pictures."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(lambda found: _picture(ord(found[0])), text)


def _picture(code: int) -> str:
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "�"
