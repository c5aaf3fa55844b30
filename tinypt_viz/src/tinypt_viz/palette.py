"""The colours of the styled pictures, by role; the same roles in every theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Palette:
    """variable, function, plain (a box of a formula), frame: fill and outline.

    value, gradient, bad: of texts and wires. ramp: of wires, from the smallest gradient on.
    """

    paper: str
    ink: str
    second: str
    edge: str
    variable: tuple[str, str]
    function: tuple[str, str]
    plain: tuple[str, str]
    tab: tuple[str, str]
    frame: tuple[str, str, str]
    value: str
    gradient: str
    bad: str
    ramp: tuple[str, str, str, str, str]
    chosen: str = "#0969DA"


PALETTES = {
    "light": Palette(
        "#FFFFFF", "#1F2328", "#57606A", "#6E7781", ("#FFA500", "#B45F06"), ("#ADD8E6", "#3B7F9B"),
        ("#E8F4FA", "#3B7F9B"), ("#FFE0AD", "#B45F06"), ("#F6F8FA", "#FFFFFF", "#868E97"),
        "#0A6640", "#8E24AA", "#D1001F",
        ("#D7B9E6", "#BC90D3", "#9F66BD", "#8440AC", "#6A1B9A"),
    ),
    "dark": Palette(
        "#1E1F24", "#F2F2F2", "#B4BAC4", "#9AA2AD", ("#9A5500", "#F0A030"), ("#23587A", "#7DB9DA"),
        ("#24303A", "#7DB9DA"), ("#5C3A10", "#F0A030"), ("#26282E", "#1E1F24", "#7A828D"),
        "#7EE2A8", "#E0A3F5", "#FF7B80",
        ("#5B4168", "#80559A", "#A267C0", "#C27BE0", "#E0A3F5"), "#58A6FF",
    ),
    "print": Palette(
        "#FFFFFF", "#000000", "#333333", "#000000", ("#FFFFFF", "#000000"), ("#E6E6E6", "#000000"),
        ("#FFFFFF", "#000000"), ("#E6E6E6", "#000000"), ("#F7F7F7", "#FFFFFF", "#666666"),
        "#000000", "#333333", "#000000",
        ("#BBBBBB", "#999999", "#777777", "#444444", "#000000"), "#000000",
    ),
}  # fmt: skip


def _either(light: Any, dark: Any) -> Any:
    if isinstance(light, tuple):
        return tuple(_either(a, b) for a, b in zip(light, dark, strict=True))
    return f"light-dark({light}, {dark})"


def _both() -> Palette:
    light, dark = vars(PALETTES["light"]), vars(PALETTES["dark"])
    return Palette(**{role: _either(light[role], dark[role]) for role in light})


#: light or dark as the reader's system is: CSS finds out
PALETTES["auto"] = _both()
