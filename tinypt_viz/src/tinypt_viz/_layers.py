"""One level of the layout: units in layers, in an order with few crossings.

"Along" is the way the arrows point, "across" the other one; a picture from top to bottom has x
across and y along. `_across` then finds the coordinates across.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from itertools import pairwise

from tinypt_viz._ranks import break_cycles, set_ranks
from tinypt_viz._units import Link, Segment, Unit

_MOST_BENDS = 4  #: for each unit, on average; edges that find none left go straight
_SMALL, _MEDIUM = 700, 5000  #: units


class Level:
    """Units in layers; `layers` is what counts."""

    def __init__(self, units: list[Unit], segments: list[Segment]) -> None:
        self.units, self.segments = units, segments
        break_cycles(units, segments)
        set_ranks(units, segments)
        self._thread()
        self.small = len(self.units) <= _SMALL
        self.layers = self._first_order()
        self._sweep()

    def _thread(self) -> None:
        """Lead every segment through the layers between its ends."""
        left = _MOST_BENDS * len(self.units) + 200
        for s in self.segments:
            top, bottom = (s.target, s.source) if s.turned else (s.source, s.target)
            a, b = (s.b, s.a) if s.turned else (s.a, s.b)
            ranks = range(top.rank + 1, bottom.rank)
            if len(ranks) <= left:
                left -= len(ranks)
                s.bends = [Unit(4.0, 4.0, 0.0, 0.0, "bend", rank) for rank in ranks]
            self.units += s.bends
            chain = [top, *s.bends, bottom]
            for upper, lower in pairwise(chain):
                link = Link(upper, lower, a if upper is top else 0.0, b if lower is bottom else 0.0,
                            s.weight * _stiffness(upper, lower))  # fmt: skip
                upper.down.append(link)
                lower.up.append(link)
            if s.turned:
                s.bends.reverse()

    def _first_order(self) -> list[list[Unit]]:
        """Depth first from what is last, operands in their order."""
        layers: list[list[Unit]] = [
            [] for _ in range(1 + max((u.rank for u in self.units), default=0))
        ]
        seen: set[int] = set()
        starts = sorted(self.units, key=lambda u: -u.rank)
        for start in starts:
            stack = [start]
            while stack:
                unit = stack.pop()
                if id(unit) not in seen:
                    seen.add(id(unit))
                    layers[unit.rank].append(unit)
                    stack += [link.top for link in reversed(unit.up)]
        _number(layers)
        return layers

    def _sweep(self) -> None:
        """Order layers by the medians of their neighbours; keep the best that was seen."""
        many = 30 if self.small else 8 if len(self.units) < _MEDIUM else 3
        best, least, idle = [layer[:] for layer in self.layers], self.crossings(), 0
        for number in range(many):
            down = number % 2 == 0
            for layer in self.layers if down else self.layers[::-1]:
                _sort(layer, down)
            if self.small:
                _switch(self.layers)
            now = self.crossings()
            idle += 1
            if now < least:
                best, least, idle = [layer[:] for layer in self.layers], now, 0
            if not least or idle > 7:
                break
        self.layers = best
        _number(best)

    def crossings(self) -> int:
        """How many pairs of links cross."""
        return sum(_inversions(layer) for layer in self.layers)


def _stiffness(a: Unit, b: Unit) -> float:
    bends = (a.kind == "bend") + (b.kind == "bend")
    return (1.0, 2.0, 8.0)[bends]


def _number(layers: list[list[Unit]]) -> None:
    for layer in layers:
        for i, unit in enumerate(layer):
            unit.place = i


def _spot(unit: Unit, offset: float) -> float:
    """Where a link ends, in places of the layer."""
    return unit.place + offset / (2 * max(unit.left, unit.right, 1.0) + 1)


def _sort(layer: list[Unit], down: bool) -> None:
    keys: dict[int, float] = {}
    for unit in layer:
        if down:
            spots = sorted(_spot(link.top, link.a) for link in unit.up)
        else:
            spots = sorted(_spot(link.bottom, link.b) for link in unit.down)
        keys[id(unit)] = _median(spots) if spots else float(unit.place)
    layer.sort(key=lambda unit: (keys[id(unit)], unit.place))
    for i, unit in enumerate(layer):
        unit.place = i


def _median(spots: list[float]) -> float:
    middle = len(spots) // 2
    if len(spots) % 2:
        return spots[middle]
    return (spots[middle - 1] + spots[middle]) / 2


def _inversions(layer: list[Unit]) -> int:
    ends: list[tuple[float, float]] = []
    for unit in layer:
        ends += [(_spot(unit, link.b), _spot(link.top, link.a)) for link in unit.up]
    ends.sort()
    seen: list[float] = []
    total = 0
    for n, (_, spot) in enumerate(ends):
        total += n - bisect_left(seen, spot + 1e-9)
        insort(seen, spot)
    return total


def _switch(layers: list[list[Unit]]) -> None:
    """Exchange neighbours where that leaves fewer crossings."""
    for _ in range(4):
        better = False
        for layer in layers:
            for i in range(len(layer) - 1):
                a, b = layer[i], layer[i + 1]
                if _cross(a, b) > _cross(b, a):
                    layer[i], layer[i + 1] = b, a
                    a.place, b.place = i + 1, i
                    better = True
        if not better:
            return


def _cross(a: Unit, b: Unit) -> int:
    """How many links of `a` and `b` cross while `a` lies left of `b`."""
    total = 0
    for ours, others in ((a.up, b.up), (a.down, b.down)):
        if not ours or not others:
            continue
        above = ours is a.up
        mine = [_spot(k.top, k.a) if above else _spot(k.bottom, k.b) for k in ours]
        theirs = [_spot(k.top, k.a) if above else _spot(k.bottom, k.b) for k in others]
        total += sum(x > y for x in mine for y in theirs)
    return total
