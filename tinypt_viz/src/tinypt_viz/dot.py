"""Graph -> DOT text, in the textbook's look.

Every name is safe: it is quoted here, once, and nothing in it reads as markup or escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tinypt_core import Graph, Node, Variable, graph
from tinypt_viz.labels import label, printable, tooltip
from tinypt_viz.options import Options, read, snapshot, steps_of
from tinypt_viz.theme import THEMES, Colours, colours, ordinal

if TYPE_CHECKING:
    import graphviz

Source = Variable | Iterable[Variable] | Graph


def get_dot_graph(output: Source, verbose: bool = True, **options: Any) -> str:
    """The graph behind a Variable (or several, or a Graph) as DOT text; needs no program.

    verbose: add shapes, dtypes, parameters, and tooltips. options: see `Options`. The whole graph
    is written unless `collapse` or `max_nodes` asks for less.

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
    return str(to_graphviz(output, verbose, **options).source)


def to_graphviz(output: Source, verbose: bool = True, **options: Any) -> graphviz.Digraph:
    """The same as a `graphviz.Digraph`, to style further.

    >>> import numpy as np
    >>> to_graphviz(Variable(np.array(0.0), name="x")).name
    'g'
    """
    o = read(verbose, **options)
    if o.style is None and "expressions" not in steps_of(o):
        return digraph(snapshot(output, o, picture=False), o)
    return _styled(output, o)


def _styled(output: Source, o: Options) -> graphviz.Digraph:
    """In the look of a style; whole unless `collapse` or `max_nodes` asks for less."""
    import graphviz

    from tinypt_viz.scene_dot import scene_dot
    from tinypt_viz.styles import scene

    if o.collapse is None and o.max_nodes is None and o.style != "model":
        o = replace(o, collapse=False)
    g = output if isinstance(output, Graph) else graph(output)
    lines = scene_dot(scene(g, o)).splitlines(keepends=True)[1:-1]
    return graphviz.Digraph("g", body=lines)


def digraph(g: Graph, o: Options) -> graphviz.Digraph:
    """A Graph as it is, as a `graphviz.Digraph` in the plain look."""
    import graphviz

    return graphviz.Digraph("g", body=list(_lines(g, o)))


def _lines(g: Graph, o: Options) -> Iterator[str]:
    palette = colours(g, o)
    shapes = edge_shapes(g) if o.edge_shapes else {}
    yield from _settings(g, o)
    numbers: dict[tuple[str, ...], int] = {}
    for path, nodes in frames(g, o.group_by):
        yield from _open(path, numbers)
        for node in nodes:
            yield f"{node.id} [{_attributes(node, o, palette)}]\n"
        yield "}\n" * len(path)
    for edge in g.edges:
        text = f" [label={quote(shapes[edge.source])}]" if edge.source in shapes else ""
        yield f"{edge.source} -> {edge.target}{text}\n"
    yield from _legend(palette)


def edge_shapes(g: Graph) -> dict[str, str]:
    """What to write on the arrows that leave each node."""
    return {node.id: str(node.shape) for node in g.nodes if node.shape is not None}


def _settings(g: Graph, o: Options) -> Iterator[str]:
    if o.rankdir != "TB":
        yield f"rankdir={o.rankdir}\n"
    if g.notes:
        yield f"label={quote(chr(10).join(g.notes))}\n"
    theme = THEMES[o.theme]
    if o.theme != "light":
        yield f'bgcolor="{theme.background}"\nfontcolor="{theme.ink}"\ncolor="{theme.line}"\n'
        yield f'node [fontcolor="{theme.ink}"]\nedge [color="{theme.line}"]\n'


def frames(g: Graph, group_by: str) -> Iterator[tuple[tuple[str, ...], list[Node]]]:
    """The nodes of each frame; the path () has none around it."""
    found: dict[tuple[str, ...], list[Node]] = {(): []}
    for node in g.nodes:
        found.setdefault(frame_of(node, group_by), []).append(node)
    yield from found.items()


def frame_of(node: Node, group_by: str) -> tuple[str, ...]:
    """The frames around a node, the outermost first."""
    if group_by == "scope":
        return node.scope
    if group_by == "package":
        return (node.provider,) if node.provider else ()
    return (ordinal(node.derivative),) if group_by == "order" else ()


def _open(path: tuple[str, ...], numbers: dict[tuple[str, ...], int]) -> Iterator[str]:
    """Open the frame of a scope inside those around it; DOT joins frames of one id."""
    for depth in range(1, len(path) + 1):
        number = numbers.setdefault(path[:depth], len(numbers))
        yield f"subgraph cluster_{number} {{\nlabel={quote(path[depth - 1])}\n"


def _attributes(node: Node, o: Options, palette: Colours) -> str:
    kind = "function" if node.kind == "group" else node.kind
    line = palette.theme.outline or getattr(palette.theme, kind)
    text = f"label={quote(label(node, o.verbose))}, color={_word(line)}"
    fill = palette.of(node)
    if fill != line:
        text += f", fillcolor={_word(fill)}"
    text += ', style="filled,dashed"' if node.kind == "group" else ", style=filled"
    if kind == "function":
        text += ", shape=box"
    return f"{text}, tooltip={quote_tip(tooltip(node))}" if o.verbose else text


def _word(colour: str) -> str:
    return colour if colour.isalpha() else f'"{colour}"'


def _legend(palette: Colours) -> Iterator[str]:
    if not palette.legend:
        return
    yield 'subgraph cluster_legend {\nlabel="colours"\n'
    for i, (text, colour) in enumerate(palette.legend):
        look = f"shape=plain, style=filled, fillcolor={_word(colour)}"
        yield f"k{i} [label={quote(text)}, {look}]\n"
    names = [f"k{i}" for i in range(len(palette.legend))]
    yield f"{' -> '.join(names)} [style=invis]\n" if len(names) > 1 else ""
    yield "}\n"


_ENTITY = re.compile(r"&(?=#?\w+;)")
_TWICE = re.compile(r"\\(?=[NGELTHlnr\\])")


def quote(text: str) -> str:
    r"""Text as a quoted DOT string that shows exactly this text.

    >>> print(quote('say "hi"\n\\N &lt;'))
    "say \"hi\"\n\\N &amp;lt;"
    """
    text = _ENTITY.sub("&amp;", printable(text)).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n") + '"'


def quote_tip(text: str) -> str:
    """The same for a tooltip, where `dot` replaces escapes such as backslash-N twice over."""
    return quote(_TWICE.sub(r"\\\\", text))
