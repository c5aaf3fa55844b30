"""The room that a frame takes: what lies inside, its ports, and space for its title."""

from __future__ import annotations

from tinypt_viz._plan import Frame, Path, Point
from tinypt_viz._units import Segment, Unit

_PAD, _BAND, _FOOT = 16.0, 28.0, 14.0  #: within a frame: sides, title, foot


class Room:
    """What is known of one level: its units by node, frame or port, and the bounds of all."""

    def __init__(self) -> None:
        self.items: dict[str | Path, Unit] = {}
        self.entries: dict[str, Unit] = {}
        self.exits: dict[str, Unit] = {}
        self.segments: dict[tuple[int, str, int, str], Segment] = {}
        self.axis = self.low = self.high = self.start = self.end = 0.0
        self.title = self.extra = 0.0
        self.origin: Point = (0.0, 0.0)

    def at(self, point: Point) -> Point:
        return point[0] + self.origin[0], point[1] + self.origin[1]


def pad(level: Room, spec: Frame, sideways: bool) -> None:
    """Room for the frame itself; its title goes where no edge enters."""
    ports = sorted(unit.x for unit in level.entries.values())
    level.low -= _PAD
    level.high += _PAD
    if sideways:
        level.low -= _BAND - _PAD
        level.start -= _FOOT
        level.end += _FOOT
        short = spec.title + spec.badge + 2 * _PAD - (level.end - level.start)
        level.end += max(short, 0.0)
        return
    level.start -= _BAND
    level.end += _FOOT
    short = spec.title + spec.badge + 3 * _PAD - (level.high - level.low)
    if short > 0:
        level.high += short
    if spec.badge and ports and ports[-1] > level.high - spec.badge - 22:
        level.high = ports[-1] + spec.badge + 22
    right = level.high - (spec.badge + 12 if spec.badge else 0) - 8
    for start in (level.low + 12, *(x + 9 for x in ports)):
        clear = all(not start - 8 < x < start + spec.title + 8 for x in ports)
        if clear and start + spec.title <= right:
            level.title = start
            return
    level.low = ports[0] - spec.title - 21
    level.title = level.low + 12
