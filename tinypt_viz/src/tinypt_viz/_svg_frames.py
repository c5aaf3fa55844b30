"""Frames of an SVG, and the dashed lines from turn to turn."""

from __future__ import annotations

import math
from xml.sax.saxutils import quoteattr

from tinypt_viz._svg_words import words, xml
from tinypt_viz.layout import Point
from tinypt_viz.scene import FrameLook, Scene, Text
from tinypt_viz.text import text_width


def frame(
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
        ) + words(Text(look.badge, x1 - w / 2 - 12, y0 + 22, 13, True, "paper"), 0, 0, s)
    title_ = words(Text(look.title, *title, 13, True, "second", "start"), 0, 0, s)
    return (
        f'<g class="frame" id={quoteattr(look.id)}>{sheets}'
        f"{_rounded(x0, y0, x1, y1, fill, line)}{title_}{badge}</g>"
    )


def _rounded(x0: float, y0: float, x1: float, y1: float, fill: str, line: str) -> str:
    return (
        f'<rect x="{x0:.1f}" y="{y0:.1f}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}" rx="12" '
        f'fill="{fill}" stroke="{line}"/>'
    )


def turn(look: FrameLook, lines: list[list[Point]], s: Scene) -> str:
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
    label_ = (
        f'<text text-anchor="middle" font-size="12" fill="{s.palette.second}" '
        f'transform="translate({x:.1f} {y:.1f}) rotate(-90)">{xml(label)}</text>'
    )
    return (
        f'<path class="edge turn" id={quoteattr(id)} d="{d}" fill="none" stroke="{s.palette.edge}" '
        f'stroke-width="1.3" stroke-dasharray="5 3" marker-end="url(#arrow0)"/>{label_}'
    )


def _towards(p: Point, q: Point, r: float) -> Point:
    far = math.dist(p, q) or 1.0
    return p[0] + (q[0] - p[0]) * r / far, p[1] + (q[1] - p[1]) * r / far
