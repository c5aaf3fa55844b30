"""Coordinates of a level: across by weighted pooling, along by the thickness of the layers."""

from __future__ import annotations

from tinypt_viz._layers import Level
from tinypt_viz._units import Segment, Unit

_GAPS = {"bend": 5.0, "in": 8.0, "out": 8.0, "node": 10.0, "frame": 12.0}  #: on either side
_LAYER_GAP, _MORE, _MOST = 26.0, 0.05, 26.0  #: between layers, and more for lines that lean far


def settle(level: Level) -> None:
    """Set x and y of every unit of a level."""
    for layer in level.layers:
        _spread(layer, {id(u): (0.0, 1.0) for u in layer})
    count = 24 if len(level.units) < 2500 else 10
    for number in range(count):
        last = number >= count - 4
        ways = (last or number % 2 == 0, last or number % 2 == 1)
        for layer in level.layers if number % 2 == 0 else level.layers[::-1]:
            _spread(layer, {id(u): _wish(u, *ways) for u in layer})
    for _ in range(2):
        _straighten(level)
        _nudge(level)
    _along(level)


def _wish(unit: Unit, above: bool, below: bool) -> tuple[float, float]:
    """Where the neighbours want a unit, and how strongly."""
    total = weight = 0.0
    if above:
        for link in unit.up:
            total += link.weight * (link.top.x + link.a - link.b)
            weight += link.weight
    if below:
        for link in unit.down:
            total += link.weight * (link.bottom.x + link.b - link.a)
            weight += link.weight
    return (total / weight, weight) if weight else (unit.x, 0.01)


def between(a: Unit, b: Unit) -> float:
    """The least distance of the axes of neighbours."""
    return a.right + _GAPS[a.kind] + _GAPS[b.kind] + b.left


def _spread(layer: list[Unit], wishes: dict[int, tuple[float, float]]) -> None:
    """The places nearest to the wishes that keep order and distance (pooling neighbours)."""
    if len(layer) == 1:
        layer[0].x = wishes[id(layer[0])][0]
        return
    pools: list[list[float]] = []  # mean, weight, members
    offset, offsets = 0.0, []
    for i, unit in enumerate(layer):
        if i:
            offset += between(layer[i - 1], unit)
        offsets.append(offset)
        wish, weight = wishes[id(unit)]
        pools.append([wish - offset, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, heavy, n = pools.pop()
            last = pools[-1]
            last[0] = (last[0] * last[1] + mean * heavy) / (last[1] + heavy)
            last[1] += heavy
            last[2] += n
    starts = [mean for mean, _, n in pools for _ in range(int(n))]
    for unit, start, shift in zip(layer, starts, offsets, strict=True):
        unit.x = start + shift


def _straighten(level: Level) -> None:
    """Give each long edge one x where there is room: that of an end, or of its bends."""
    for s in level.segments:
        if s.bends:
            ends = [s.target.x + s.b, s.source.x + s.a]
            at = sorted(bend.x for bend in s.bends)
            for x in (*ends, at[len(at) // 2], at[0], at[-1]):
                if all(_fits(level, bend, x) for bend in s.bends):
                    for bend in s.bends:
                        bend.x = x
                    break


def _nudge(level: Level) -> None:
    """A unit with one heavy line moves right under it (or over it) where there is room."""
    for layer in (*level.layers, *level.layers[::-1]):
        for unit in layer:
            for links, up in ((unit.up, True), (unit.down, False)):
                heavy = [k for k in links if k.weight >= 1]
                if len(heavy) == 1 and unit.kind != "bend":
                    k = heavy[0]
                    x = k.top.x + k.a - k.b if up else k.bottom.x + k.b - k.a
                    if abs(x - unit.x) < 14 and _fits(level, unit, x):
                        unit.x = x


def _fits(level: Level, unit: Unit, x: float) -> bool:
    layer = level.layers[unit.rank]
    i = unit.place
    before = i == 0 or x - layer[i - 1].x >= between(layer[i - 1], unit) - 1e-6
    return before and (
        i + 1 == len(layer) or layer[i + 1].x - x >= between(unit, layer[i + 1]) - 1e-6
    )


def _along(level: Level) -> None:
    """Layers one behind the other."""
    at = 0.0
    for number, layer in enumerate(level.layers):
        before = max((u.before for u in layer), default=0.0)
        after = max((u.after for u in layer), default=0.0)
        if number:
            lean = max((abs(k.top.x + k.a - u.x - k.b) for u in layer for k in u.up), default=0.0)
            port = all(u.kind in ("in", "out") for u in layer) or all(
                u.kind in ("in", "out") for u in level.layers[number - 1]
            )
            at += (8.0 if port and lean < 1 else _LAYER_GAP) + min(_MORE * lean, _MOST)
        for u in layer:
            u.y, u.top, u.bottom = at + before, at, at + before + after
        at += before + after


def points(s: Segment) -> list[tuple[float, float]]:
    """The way of a segment, as (across, along): it leans only between layers."""
    top, bottom = (s.target, s.source) if s.turned else (s.source, s.target)
    x0, x1 = (top.x + s.b, bottom.x + s.a) if s.turned else (top.x + s.a, bottom.x + s.b)
    found = [(x0, top.y + top.after), (x0, top.bottom)]
    for bend in reversed(s.bends) if s.turned else s.bends:
        found += [(bend.x, bend.top), (bend.x, bend.bottom)]
    found += [(x1, bottom.top), (x1, bottom.y - bottom.before)]
    way = [p for p, before in zip(found, [None, *found], strict=False) if p != before]
    return way[::-1] if s.turned else way
