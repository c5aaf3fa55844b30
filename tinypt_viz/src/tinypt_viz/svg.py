"""The SVG writer: a picture without any program."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.sax.saxutils import quoteattr

from tinypt_core import Graph
from tinypt_viz._svg_frames import frame, turn
from tinypt_viz._svg_words import foot, words, xml
from tinypt_viz.layout import Layout, Point
from tinypt_viz.options import Options
from tinypt_viz.scene import Box, Item, Look, Scene, Text
from tinypt_viz.styles import scene
from tinypt_viz.text import FONT

_MARGIN = 24.0


def svg(g: Graph, o: Options) -> str:
    """A Graph as it is, as a complete SVG document.

    >>> import numpy as np
    >>> from tinypt_core import Variable, graph
    >>> svg(graph(Variable(np.array(1.0), name="x")), Options())[:38]
    '<?xml version="1.0" encoding="UTF-8"?>'
    """
    made = scene(g, o)
    return drawn(made, made.laid_out())


def drawn(s: Scene, place: Layout) -> str:
    """A scene at the places of a layout."""
    below, low, wide = foot(s, place)
    body = [
        *(frame(f, place.frames[path], place.titles[path], len(path), s)
          for path, f in s.frames.items() if path in place.frames),
        *(turn(f, place.turns[path], s) for path, f in s.frames.items() if path in place.turns),
        *(_wire(look, way_of(s, place, i), s) for i, look in enumerate(s.looks)),
        *(_item(item, place.centres[id], s) for id, item in s.items.items()),
        *below,
    ]  # fmt: skip
    return _document("\n".join(body), max(place.width, wide), place.height + low, s)


def _document(body: str, width: float, height: float, s: Scene) -> str:
    w, h = math.ceil(width + 2 * _MARGIN), math.ceil(height + 2 * _MARGIN)
    markers = "".join(_marker(n, colour) for colour, n in _arrows(s).items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
        f'viewBox="{-_MARGIN:g} {-_MARGIN:g} {w} {h}" font-family="{FONT}" '
        'font-size="14" role="img">\n'
        f"<title>{xml(s.title)}</title>\n<defs>{markers}</defs>\n"
        f'<rect class="paper" x="{-_MARGIN:g}" y="{-_MARGIN:g}" width="{w}" height="{h}" '
        f'fill="{s.palette.paper}"/>\n{body}\n</svg>\n'
    )


def _arrows(s: Scene) -> dict[str, int]:
    """The number of each colour that an arrow has."""
    return {
        c: n
        for n, c in enumerate(
            dict.fromkeys([s.palette.edge, *(k.arrow or k.colour for k in s.looks)])
        )
    }


def _marker(number: int, colour: str) -> str:
    return (
        f'<marker id="arrow{number}" viewBox="0 0 9 8" refX="8.4" refY="4" markerWidth="9" '
        'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0.4L9 4L0 7.6L2.2 4z" fill="{colour}"/></marker>'
    )


# -- items ----------------------------------------------------------------------------------------


def _item(item: Item, centre: Point, s: Scene) -> str:
    x, y = centre
    stubs = "".join(
        f'<path class="edge" id={quoteattr(id)} d="M{x + x0:.1f},{y + y0:.1f}L{x + x1:.1f},'
        f'{y + y1:.1f}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'
        for x0, y0, x1, y1, id, colour, width in item.stubs
    )
    boxes = "".join(_box(box, x + box.x, y + box.y, s) for box in item.boxes)
    return stubs + boxes + "".join(words(t, x, y, s) for t in item.texts)


def _box(box: Box, x: float, y: float, s: Scene) -> str:
    tip = f"<title>{xml(box.tip)}</title>" if box.tip else ""
    dashes = ' stroke-dasharray="5 3"' if box.dashed else ""
    look = f'fill="{box.fill}" stroke="{box.line}" stroke-width="1.2"{dashes}'
    if box.form in ("ellipse", "dot"):
        shape = (
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{box.w / 2:.1f}" ry="{box.h / 2:.1f}" {look}/>'
        )
    else:
        shape = (
            f'<rect x="{x - box.w / 2:.1f}" y="{y - box.h / 2:.1f}" width="{box.w:.1f}" '
            f'height="{box.h:.1f}" rx="{box.radius:g}" {look}/>'
        )
    texts = "".join(words(t, x, y, s) for t in box.texts)
    return f'<g id={quoteattr(box.id)} class="node {box.kind}">{tip}{shape}{texts}</g>'


# -- wires ----------------------------------------------------------------------------------------


def way_of(s: Scene, place: Layout, i: int) -> list[Point]:
    """The points of a wire, from where it is to be seen first."""
    way, item = place.paths[i], s.items[s.wires[i].source]
    # a last step without a length would leave the arrow at its end without a direction
    way = way[:1] + [b for a, b in pairwise(way) if math.dist(a, b) > 0.1]
    if item.through is None:
        return way
    (x, y), first = place.centres[s.wires[i].source], way[0]
    if s.sideways:
        return [(x + math.copysign(item.through, first[0] - x), first[1]), *way]
    return [(first[0], y + math.copysign(item.through, first[1] - y)), *way]


def _wire(look: Look, way: list[Point], s: Scene) -> str:
    d = curve(way, s.sideways)
    arrow = f' marker-end="url(#arrow{_arrows(s)[look.arrow or look.colour]})"'
    tip = f"<title>{xml(look.tip)}</title>" if look.tip else ""
    share = f' data-share="{look.slope!r}"' if look.slope is not None else ""
    line = (
        f'<path class="edge" id={quoteattr(look.id)} d="{d}" fill="none" stroke="{look.colour}" '
        f'stroke-width="{look.width:.2g}"{arrow}{share}'
    )
    line += f">{tip}</path>" if tip else "/>"
    if look.core and look.width > 3:
        line += (
            f'<path class="core" d="{d}" fill="none" stroke="{s.palette.paper}" '
            f'stroke-width="{look.width * 0.22:.2g}" stroke-opacity="0.7"/>'
        )
    if look.text:
        (x0, y0), (x1, y1) = way[-2:]
        label = Text(look.text, 5, 4, 11, False, "second", "start", "shape")
        line += words(label, (x0 + x1) / 2, (y0 + y1) / 2, s)
    return line


def curve(way: list[Point], sideways: bool) -> str:
    """A line through points, straight along the way, else curves that leave and arrive along it."""
    text = [f"M{way[0][0]:.1f},{way[0][1]:.1f}"]
    for (x0, y0), (x1, y1) in pairwise(way):
        if abs((y1 - y0) if sideways else (x1 - x0)) < 0.6:
            text.append(f"L{x1:.1f},{y1:.1f}")
        elif sideways:
            m = (x0 + x1) / 2
            text.append(f"C{m:.1f},{y0:.1f} {m:.1f},{y1:.1f} {x1:.1f},{y1:.1f}")
        else:
            m = (y0 + y1) / 2
            text.append(f"C{x0:.1f},{m:.1f} {x1:.1f},{m:.1f} {x1:.1f},{y1:.1f}")
    return "".join(text)
