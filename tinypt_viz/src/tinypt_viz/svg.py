"""The built-in SVG writer: a picture without any program."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from tinypt_core import Node

from tinypt_core import Graph
from tinypt_viz.dot import edge_shapes, frame_of, frames
from tinypt_viz.labels import label, printable, tooltip
from tinypt_viz.layout import Layout, Point, layout
from tinypt_viz.options import Options
from tinypt_viz.theme import Colours, colours

FONT = 14.0
_LINE = 17.0
_MARGIN = 20.0
_PARALLEL = 9.0  #: between two edges of the same ends
_FRAME_WORK = 2_000_000  #: frames times nodes; above, frames are left to the tooltips


def svg(g: Graph, o: Options) -> str:
    """A Graph as it is, as a complete SVG document.

    >>> import numpy as np
    >>> from tinypt_core import Variable, graph
    >>> svg(graph(Variable(np.array(1.0), name="x")), Options())[:38]
    '<?xml version="1.0" encoding="UTF-8"?>'
    """
    texts, sizes = _measured(g, o)
    place = layout(g, sizes, o.rankdir)
    palette = colours(g, o)
    foot = _foot(g, palette)
    body = [
        *_frames(g, o, place, sizes, palette),
        *_edges(g, place, sizes, o, palette),
        *(_node(n, texts[n.id], place.centres[n.id], sizes[n.id], palette) for n in g.nodes),
        *(
            _foot_line(*line, place.height + (i + 2) * _LINE, palette)
            for i, line in enumerate(foot)
        ),
    ]
    width = max([place.width, *(text_width(text) + 20 for text, _ in foot)])
    height = place.height + (len(foot) + 1) * _LINE * bool(foot)
    return _document("\n".join(body), width, height, palette)


def places(g: Graph, o: Options) -> Layout:
    """Where the built-in layout puts the nodes."""
    return layout(g, _measured(g, o)[1], o.rankdir)


def _measured(g: Graph, o: Options) -> tuple[dict[str, str], dict[str, Point]]:
    texts = {node.id: label(node, o.verbose) for node in g.nodes}
    return texts, {node.id: _size(node, texts[node.id]) for node in g.nodes}


def _document(body: str, width: float, height: float, palette: Colours) -> str:
    w, h = math.ceil(width + 2 * _MARGIN), math.ceil(height + 2 * _MARGIN)
    theme = palette.theme
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
        f'viewBox="{-_MARGIN:g} {-_MARGIN:g} {w} {h}" '
        f'font-family="Helvetica,Arial,sans-serif" font-size="{FONT:g}" role="img">\n'
        "<title>Computation graph</title>\n"
        '<defs><marker id="arrow" viewBox="0 0 10 8" refX="10" refY="4" markerWidth="9" '
        'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0L10 4L0 8z" fill="{theme.line}"/></marker></defs>\n'
        f'<rect x="{-_MARGIN:g}" y="{-_MARGIN:g}" width="{w}" height="{h}" '
        f'fill="{theme.background}"/>\n{body}\n</svg>\n'
    )


# -- nodes ----------------------------------------------------------------------------------------


def _node(node: Node, text: str, centre: Point, size: Point, palette: Colours) -> str:
    (x, y), (w, h) = centre, size
    fill, theme = palette.of(node), palette.theme
    line = fill if fill.isalpha() and fill != "white" else theme.line
    if node.kind in ("function", "group"):
        dashes = ' stroke-dasharray="5 3"' if node.kind == "group" else ""
        shape = (
            f'<rect x="{x - w / 2:.1f}" y="{y - h / 2:.1f}" width="{w:.1f}" height="{h:.1f}" '
            f'fill="{fill}" stroke="{line}"{dashes}/>'
        )
    else:
        shape = (
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{w / 2:.1f}" ry="{h / 2:.1f}" '
            f'fill="{fill}" stroke="{line}"/>'
        )
    return (
        f'<g id={quoteattr(node.id)} class="node {node.kind}">'
        f"<title>{_xml(tooltip(node))}</title>{shape}{_text(text, x, y, theme.ink)}</g>"
    )


def _text(text: str, x: float, y: float, ink: str) -> str:
    lines = printable(text).split("\n")
    top = y - (len(lines) - 1) * _LINE / 2 + FONT * 0.34
    return "".join(
        f'<text xml:space="preserve" text-anchor="middle" x="{x:.1f}" y="{top + i * _LINE:.1f}" '
        f'fill="{ink}">{_xml(line)}</text>'
        for i, line in enumerate(lines)
        if line
    )


def _xml(text: str) -> str:
    return escape(printable(text))


def _size(node: Node, text: str) -> Point:
    lines = text.split("\n")
    width = max(map(text_width, lines))
    height = len(lines) * _LINE
    if node.kind in ("function", "group"):
        return max(width + 20, 54.0), height + 18
    return max(width * 1.25 + 20, 54.0), height * (1.25 if len(lines) > 1 else 1) + 19


def text_width(text: str) -> float:
    """About how wide a line is, in pixels.

    >>> text_width("W") > text_width("i")
    True
    """
    return FONT * sum(map(_em, text))


def _em(letter: str) -> float:
    if letter.isascii():
        return 0.3 if letter in "iljtfrI.,:;|!'()[]{} " else 0.85 if letter in "mwMW@%" else 0.58
    return 1.0 if east_asian_width(letter) in "WF" else 0.62


# -- edges ----------------------------------------------------------------------------------------


def _edges(
    g: Graph, place: Layout, sizes: dict[str, Point], o: Options, palette: Colours
) -> Iterator[str]:
    sideways = o.rankdir in ("LR", "RL")
    total = Counter((edge.source, edge.target) for edge in g.edges)
    drawn: Counter[tuple[str, str]] = Counter()
    shapes = edge_shapes(g) if o.edge_shapes else {}
    for edge, path in zip(g.edges, place.paths, strict=True):
        pair = edge.source, edge.target
        shift = (drawn[pair] - (total[pair] - 1) / 2) * _PARALLEL
        drawn[pair] += 1
        ends = sizes[edge.source], sizes[edge.target]
        if sideways:
            curve = _curve([_flip(p) for p in path], (_flip(ends[0]), _flip(ends[1])), shift)
            points = [_flip(p) for p in curve]
        else:
            points = _curve(path, ends, shift)
        yield (
            f'<path class="edge" d="{_path(points)}" fill="none" '
            f'stroke="{palette.theme.line}" marker-end="url(#arrow)"/>'
        )
        if edge.source in shapes:
            (x0, y0), (x1, y1) = points[0], points[-1]
            yield _edge_text(shapes[edge.source], (x0 + x1) / 2, (y0 + y1) / 2, palette)


def _edge_text(text: str, x: float, y: float, palette: Colours) -> str:
    return (
        f'<text class="shape" x="{x + 5:.1f}" y="{y:.1f}" font-size="11" '
        f'fill="{palette.theme.ink}">{_xml(text)}</text>'
    )


def _flip(point: Point) -> Point:
    return point[1], point[0]


def _curve(path: list[Point], ends: tuple[Point, Point], shift: float) -> list[Point]:
    """Control points of a smooth line from border to border that leaves and arrives upright."""
    path = [(x + shift, y) for x, y in path]
    path[0] = _border(path[0], path[1], ends[0])
    path[-1] = _border(path[-1], path[-2], ends[1])
    points = [path[0]]
    for (x0, y0), (x1, y1) in pairwise(path):
        points += [(x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2), (x1, y1)]
    return points


def _border(end: Point, towards: Point, size: Point) -> Point:
    """Where a line from the middle of a node leaves it, a little to the side it goes to."""
    reach = size[0] * 0.15
    x = end[0] + min(max((towards[0] - end[0]) * 0.2, -reach), reach)
    return x, end[1] + math.copysign(size[1] / 2, towards[1] - end[1])


def _path(points: list[Point]) -> str:
    text = [f"{x:.1f},{y:.1f}" for x, y in points]
    return f"M{text[0]}C{' '.join(text[1:])}"


# -- around ---------------------------------------------------------------------------------------


def _frames(
    g: Graph, o: Options, place: Layout, sizes: dict[str, Point], palette: Colours
) -> Iterator[str]:
    """A frame around each group whose nodes lie together."""
    groups = {path: nodes for path, nodes in frames(g, o.group_by) if path}
    if len(groups) * len(g.nodes) > _FRAME_WORK:
        return
    for path, nodes in groups.items():
        inside = {node.id for node in g.nodes if frame_of(node, o.group_by)[: len(path)] == path}
        x0, y0, x1, y1 = _box(inside, place, sizes)
        strangers = (c for id, c in place.centres.items() if id not in inside)
        if nodes and not any(x0 < x < x1 and y0 < y < y1 for x, y in strangers):
            line = palette.theme.line
            yield (
                f'<g class="frame"><rect x="{x0:.1f}" y="{y0:.1f}" width="{x1 - x0:.1f}" '
                f'height="{y1 - y0:.1f}" fill="none" stroke="{line}" stroke-dasharray="2 3"/>'
                f'<text x="{x0 + 4:.1f}" y="{y0 + 12:.1f}" font-size="11" '
                f'fill="{palette.theme.ink}">{_xml("/".join(path))}</text></g>'
            )


def _box(ids: set[str], place: Layout, sizes: dict[str, Point]) -> tuple[float, ...]:
    spots = [(place.centres[id], sizes[id]) for id in ids]
    return (
        min(x - w / 2 for (x, _), (w, _) in spots) - 6,
        min(y - h / 2 for (_, y), (_, h) in spots) - 16,
        max(x + w / 2 for (x, _), (w, _) in spots) + 6,
        max(y + h / 2 for (_, y), (_, h) in spots) + 6,
    )


def _foot(g: Graph, palette: Colours) -> list[tuple[str, str]]:
    """What is told below the picture: the legend, and what is not shown."""
    return [*palette.legend, *((note, "") for note in g.notes)]


def _foot_line(text: str, colour: str, y: float, palette: Colours) -> str:
    ink = palette.theme.ink
    box = f'<rect x="0" y="{y - 11:.1f}" width="12" height="12" fill="{colour}" stroke="{ink}"/>'
    words = (
        f'<text class="note" x="{18 * bool(colour)}" y="{y:.1f}" fill="{ink}">{_xml(text)}</text>'
    )
    return box * bool(colour) + words
