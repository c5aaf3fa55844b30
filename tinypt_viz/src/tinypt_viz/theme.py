"""Colours: what each node is filled with, and the legend that explains them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from tinypt_core import Graph, Node
from tinypt_viz.options import Options


@dataclass(frozen=True)
class Theme:
    """The colours of one theme.

    bands: one for each order of differentiation from the first. outline: of all nodes; "" for
    that of a node's kind.
    """

    background: str
    ink: str
    line: str
    variable: str
    function: str
    constant: str
    group: str
    bands: tuple[str, ...]
    failed: str = "red"
    outline: str = ""


THEMES = {
    "light": Theme(
        "white", "black", "#444444", "orange", "lightblue", "lightgray", "#f3f0e6",
        ("#b7e1a1", "#d7c4f0", "#ffb3ba", "#ffe680", "#a6e3dc", "#e3c9a8", "#f5b8e0", "#c9d17a"),
    ),
    "dark": Theme(
        "#1e1f24", "#f2f2f2", "#a8a8b3", "#a85d00", "#23587a", "#4a4b52", "#35363d",
        ("#3f6b2e", "#5b3f87", "#8a3a45", "#7a6a14", "#1f6b63", "#6e4f2a", "#7d3468", "#59611f"),
    ),
    "print": Theme(
        "white", "black", "black", "white", "#e6e6e6", "white", "#f5f5f5",
        ("#f2f2f2", "#d9d9d9", "#c8c8c8", "#b8b8b8", "#a9a9a9", "#9a9a9a"),
        outline="black",
    ),
}  # fmt: skip

_HEAT = ("#fff5eb", "#fdd0a2", "#fdae6b", "#f16913", "#d94801")
_HEAT_DARK = ("#33261c", "#5c3a1a", "#8a4d10", "#b35c00", "#d97000")


@dataclass(frozen=True)
class Colours:
    """fill: a node's own colour, where it is not that of its kind. legend: text and colour."""

    theme: Theme
    fill: dict[str, str]
    legend: tuple[tuple[str, str], ...] = ()

    def of(self, node: Node) -> str:
        """What a node is filled with."""
        return self.fill.get(node.id) or str(getattr(self.theme, node.kind))


def colours(g: Graph, options: Options) -> Colours:
    """The colours of a graph's nodes."""
    theme = THEMES[options.theme]
    fill, legend = _BY[options.color_by](g, theme)
    failed = {node.id: theme.failed for node in g.nodes if "failed" in node.info}
    return Colours(theme, fill | failed, legend)


_Found = tuple[dict[str, str], tuple[tuple[str, str], ...]]


def _by_kind(g: Graph, theme: Theme) -> _Found:
    return {}, ()


def _by_order(g: Graph, theme: Theme) -> _Found:
    """Derivative bands: what each differentiation made has a colour of its own."""
    orders = sorted({node.derivative for node in g.nodes})
    if not any(orders):
        return {}, ()
    band = {n: theme.bands[(n - 1) % len(theme.bands)] for n in orders if n}
    legend = [(ordinal(n), colour) for n, colour in band.items()]
    if 0 in orders:
        legend.insert(0, ("the computation", theme.function))
    return {n.id: band[n.derivative] for n in g.nodes if n.derivative}, tuple(legend)


def ordinal(n: int) -> str:
    """ "1st derivative" and so on."""
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending} derivative" if n else "the computation"


def _by_package(g: Graph, theme: Theme) -> _Found:
    packages = sorted({node.provider for node in g.nodes if node.provider})
    colour = {name: theme.bands[i % len(theme.bands)] for i, name in enumerate(packages)}
    return {n.id: colour[n.provider] for n in g.nodes if n.provider}, tuple(colour.items())


def _by_heat(
    value: Callable[[Node], float | None], what: str, unit: str
) -> Callable[[Graph, Theme], _Found]:
    def heat(g: Graph, theme: Theme) -> _Found:
        values = {node.id: v for node in g.nodes if (v := value(node)) is not None}
        if not values:
            return {}, ((f"no {what} recorded", theme.constant),)
        shades = _HEAT_DARK if theme is THEMES["dark"] else _HEAT
        least, most = min(values.values()), max(values.values())
        span = math.log((most + 1e-12) / (least + 1e-12)) or 1.0

        def shade(v: float) -> str:
            place = math.log((v + 1e-12) / (least + 1e-12)) / span
            return shades[min(int(place * len(shades)), len(shades) - 1)]

        legend = ((f"{least:.4g} {unit}", shade(least)), (f"{most:.4g} {unit}", shade(most)))
        return {id: shade(v) for id, v in values.items()}, legend

    return heat


def _time(node: Node) -> float | None:
    seconds = node.info.get("time")
    return float(seconds) if isinstance(seconds, (int, float)) else None


_BY: dict[str, Callable[[Graph, Theme], _Found]] = {
    "kind": _by_kind,
    "order": _by_order,
    "package": _by_package,
    "time": _by_heat(_time, "time", "s"),
    "memory": _by_heat(lambda node: node.nbytes, "memory", "bytes"),
}
