"""Texts of an SVG, and what stands below the picture."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from tinypt_viz.labels import printable
from tinypt_viz.layout import Layout
from tinypt_viz.scene import Scene, Text
from tinypt_viz.text import text_width

_LINE = 17.0


def words(t: Text, x: float, y: float, s: Scene) -> str:
    if not t.text:
        return ""
    bold = ' font-weight="bold"' if t.bold else ""
    kind = f' class="{t.kind}"' if t.kind else ""
    kind += f" data-of={quoteattr(t.of)}" if t.of else ""
    return (
        f'<text{kind} xml:space="preserve" text-anchor="{t.anchor}" x="{x + t.x:.1f}" '
        f'y="{y + t.y:.1f}" font-size="{t.size:g}"{bold} fill="{getattr(s.palette, t.role)}">'
        f"{xml(t.text)}</text>"
    )


def xml(text: str) -> str:
    return escape(printable(text))


def foot(s: Scene, place: Layout) -> tuple[list[str], float, float]:
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
    line = words(Text(text, 18.0 * bool(colour), y, 12, False, "second", "start", "note"), 0, 0, s)
    return box * bool(colour) + line


def _ramp(s: Scene, y: float) -> tuple[list[str], float]:
    value, gradient = s.scale_title
    x = max(text_width(value, 13, True), text_width(gradient, 13, True)) + 28
    found = [
        words(Text(value, 0, y + 12, 13, True, "value", "start", "note"), 0, 0, s),
        words(Text(gradient, 0, y + 30, 13, True, "gradient", "start", "note"), 0, 0, s),
    ]
    for text, colour, width in s.scale:
        role = "bad" if colour == s.palette.bad else "second"
        found.append(
            f'<path d="M{x:.1f},{y + 14:.1f}h54" stroke="{colour}" stroke-width="{width:.2g}"/>'
        )
        found.append(words(Text(text, x + 27, y + 34, 11, False, role), 0, 0, s))
        x += 74
    return found, x
