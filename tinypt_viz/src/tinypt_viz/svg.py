"""The SVG writer: a picture without any program."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from tinypt_core import Graph
from tinypt_viz.labels import printable
from tinypt_viz.layout import Layout, Point
from tinypt_viz.options import Options
from tinypt_viz.scene import Box, FrameLook, Item, Look, Scene, Text
from tinypt_viz.styles import scene
from tinypt_viz.text import FONT, text_width

_MARGIN = 24.0
_LINE = 17.0


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
    foot, low, wide = _foot(s, place)
    body = [
        *(_frame(f, place.frames[path], place.titles[path], len(path), s)
          for path, f in s.frames.items() if path in place.frames),
        *(_turn(f, place.turns[path], s) for path, f in s.frames.items() if path in place.turns),
        *(_wire(look, way_of(s, place, i), s) for i, look in enumerate(s.looks)),
        *(_item(item, place.centres[id], s) for id, item in s.items.items()),
        *foot,
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
        f"<title>{_xml(s.title)}</title>\n<defs>{markers}</defs>\n"
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
    return stubs + boxes + "".join(_text(t, x, y, s) for t in item.texts)


def _box(box: Box, x: float, y: float, s: Scene) -> str:
    tip = f"<title>{_xml(box.tip)}</title>" if box.tip else ""
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
    texts = "".join(_text(t, x, y, s) for t in box.texts)
    return f'<g id={quoteattr(box.id)} class="node {box.kind}">{tip}{shape}{texts}</g>'


def _text(t: Text, x: float, y: float, s: Scene) -> str:
    if not t.text:
        return ""
    bold = ' font-weight="bold"' if t.bold else ""
    kind = f' class="{t.kind}"' if t.kind else ""
    kind += f" data-of={quoteattr(t.of)}" if t.of else ""
    return (
        f'<text{kind} xml:space="preserve" text-anchor="{t.anchor}" x="{x + t.x:.1f}" '
        f'y="{y + t.y:.1f}" font-size="{t.size:g}"{bold} fill="{getattr(s.palette, t.role)}">'
        f"{_xml(t.text)}</text>"
    )


def _xml(text: str) -> str:
    return escape(printable(text))


# -- wires ----------------------------------------------------------------------------------------


def way_of(s: Scene, place: Layout, i: int) -> list[Point]:
    """The points of a wire, from where it is to be seen first."""
    way, item = place.paths[i], s.items[s.wires[i].source]
    if item.through is None:
        return way
    (x, y), first = place.centres[s.wires[i].source], way[0]
    if s.sideways:
        return [(x + math.copysign(item.through, first[0] - x), first[1]), *way]
    return [(first[0], y + math.copysign(item.through, first[1] - y)), *way]


def _wire(look: Look, way: list[Point], s: Scene) -> str:
    d = curve(way, s.sideways)
    arrow = f' marker-end="url(#arrow{_arrows(s)[look.arrow or look.colour]})"'
    tip = f"<title>{_xml(look.tip)}</title>" if look.tip else ""
    line = (
        f'<path class="edge" id={quoteattr(look.id)} d="{d}" fill="none" stroke="{look.colour}" '
        f'stroke-width="{look.width:.2g}"{arrow}'
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
        line += _text(label, (x0 + x1) / 2, (y0 + y1) / 2, s)
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


# -- frames ---------------------------------------------------------------------------------------


def _frame(
    look: FrameLook, corners: tuple[float, float, float, float], title: Point, depth: int, s: Scene
) -> str:
    x0, y0, x1, y1 = corners
    fill, line = s.palette.frame[1 - depth % 2], s.palette.frame[2]
    sheets = "".join(_rounded(x0 + k, y0 + k, x1 + k, y1 + k, s.palette.frame[0], line)
                     for k in (8, 4)) if look.badge else ""  # fmt: skip
    badge = ""
    if look.badge:
        w = text_width(look.badge, 13, True) + 18
        badge = (
            f'<rect x="{x1 - w - 12:.1f}" y="{y0 + 7:.1f}" width="{w:.1f}" height="21" rx="10" '
            f'fill="{s.palette.ink}"/>'
        ) + _text(Text(look.badge, x1 - w / 2 - 12, y0 + 22, 13, True, "paper"), 0, 0, s)
    words = _text(Text(look.title, *title, 13, True, "second", "start"), 0, 0, s)
    return (
        f'<g class="frame" id={quoteattr(look.id)}>{sheets}'
        f"{_rounded(x0, y0, x1, y1, fill, line)}{words}{badge}</g>"
    )


def _rounded(x0: float, y0: float, x1: float, y1: float, fill: str, line: str) -> str:
    return (
        f'<rect x="{x0:.1f}" y="{y0:.1f}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}" rx="12" '
        f'fill="{fill}" stroke="{line}"/>'
    )


def _turn(look: FrameLook, lines: list[list[Point]], s: Scene) -> str:
    """The dashed lines of what a turn hands on to the next."""
    return "".join(
        _dashed(
            line,
            f"{source}-{target}-turn",
            f"{name} → next turn".lstrip(),
            (k + 1) / (len(lines) + 1),
            s,
        )
        for k, (line, (source, target, _, name)) in enumerate(zip(lines, look.turns, strict=True))
    )


def _dashed(line: list[Point], id: str, label: str, share: float, s: Scene) -> str:
    d = f"M{line[0][0]:.1f},{line[0][1]:.1f}"
    for (x0, y0), (x, y), (x1, y1) in zip(line, line[1:], line[2:], strict=False):
        r = min(7.0, math.dist((x0, y0), (x, y)) / 2, math.dist((x, y), (x1, y1)) / 2)
        a, b = _towards((x, y), (x0, y0), r), _towards((x, y), (x1, y1), r)
        d += f"L{a[0]:.1f},{a[1]:.1f}Q{x:.1f},{y:.1f} {b[0]:.1f},{b[1]:.1f}"
    d += f"L{line[-1][0]:.1f},{line[-1][1]:.1f}"
    x, y = line[2][0] - 5, line[2][1] + (line[3][1] - line[2][1]) * share
    words = (
        f'<text text-anchor="middle" font-size="12" fill="{s.palette.second}" '
        f'transform="translate({x:.1f} {y:.1f}) rotate(-90)">{_xml(label)}</text>'
    )
    return (
        f'<path class="edge turn" id={quoteattr(id)} d="{d}" fill="none" stroke="{s.palette.edge}" '
        f'stroke-width="1.3" stroke-dasharray="5 3" marker-end="url(#arrow0)"/>{words}'
    )


def _towards(p: Point, q: Point, r: float) -> Point:
    far = math.dist(p, q) or 1.0
    return p[0] + (q[0] - p[0]) * r / far, p[1] + (q[1] - p[1]) * r / far


# -- the foot -------------------------------------------------------------------------------------


def _foot(s: Scene, place: Layout) -> tuple[list[str], float, float]:
    """The legend, the ramp of gradients and the notes below the picture; their height and width."""
    lines: list[str] = []
    y, wide = place.height + 14.0, 0.0
    if s.scale:
        ramp, wide = _ramp(s, y)
        lines += ramp
        y += 46.0
    for text, colour in [*s.legend, *((note, "") for note in s.notes)]:
        y += _LINE
        lines.append(_foot_line(text, colour, y, s))
        wide = max(wide, text_width(text, 12) + 24)
    return lines, y - place.height if lines else 0.0, wide


def _foot_line(text: str, colour: str, y: float, s: Scene) -> str:
    box = (
        f'<rect x="0" y="{y - 10:.1f}" width="12" height="12" rx="2" fill="{colour}" '
        f'stroke="{s.palette.second}"/>'
    )
    words = _text(Text(text, 18.0 * bool(colour), y, 12, False, "second", "start", "note"), 0, 0, s)
    return box * bool(colour) + words


def _ramp(s: Scene, y: float) -> tuple[list[str], float]:
    value, gradient = s.scale_title
    x = max(text_width(value, 13, True), text_width(gradient, 13, True)) + 28
    found = [
        _text(Text(value, 0, y + 12, 13, True, "value", "start", "note"), 0, 0, s),
        _text(Text(gradient, 0, y + 30, 13, True, "gradient", "start", "note"), 0, 0, s),
    ]
    for text, colour, width in s.scale:
        role = "bad" if colour == s.palette.bad else "second"
        found.append(
            f'<path d="M{x:.1f},{y + 14:.1f}h54" stroke="{colour}" stroke-width="{width:.2g}"/>'
        )
        found.append(_text(Text(text, x + 27, y + 34, 11, False, role), 0, 0, s))
        x += 74
    return found, x
