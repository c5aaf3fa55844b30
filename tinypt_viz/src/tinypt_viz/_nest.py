"""Frames inside frames: each level laid out alone, innermost first; then all put in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import takewhile

from tinypt_viz._across import points, settle
from tinypt_viz._layers import Level
from tinypt_viz._plan import Frame, Layout, Path, Point, Size, Wire
from tinypt_viz._room import Room, pad
from tinypt_viz._units import Segment, Unit

_LEAF = 0.15  #: the weight of an edge from a leaf
_SHEET, _LOOP = 10.0, 20.0  #: around a frame: the sheets behind, each line to the next turn


class Nest:
    """The levels of a picture, by the frames around them."""

    def __init__(
        self,
        sizes: Mapping[str, Size],
        wires: Sequence[Wire],
        paths: Mapping[str, Path],
        frames: Mapping[Path, Frame],
        sideways: bool,
    ) -> None:
        self.sizes, self.wires, self.sideways = sizes, wires, sideways
        self.paths = {id: paths.get(id, ()) for id in sizes}
        self.specs = frames
        made = {w.target for w in wires}
        self.leaf = {id: id not in made for id in sizes}
        self.offsets = self._ports()
        self.levels: dict[Path, Room] = {(): Room()}
        for path in self.paths.values():
            for depth in range(1, len(path) + 1):
                self.levels.setdefault(path[:depth], Room())
        self.todo: dict[Path, list[tuple[str, int]]] = defaultdict(list)
        self._share_out()

    def _ports(self) -> list[float]:
        """How far from its target's axis each wire arrives: operands in order, the only one that
        is no leaf in the middle."""
        into: dict[str, list[int]] = defaultdict(list)
        for i, w in enumerate(self.wires):
            into[w.target].append(i)
        found = [0.0] * len(self.wires)
        for target, numbers in into.items():
            numbers.sort(key=lambda i: self.wires[i].position)
            half, last = self.sizes[target].half, len(numbers) - 1
            inner = [k for k, i in enumerate(numbers) if not self.leaf[self.wires[i].source]]
            middle = float(inner[0]) if len(inner) == 1 else last / 2
            reach = max(middle, last - middle) or 1.0
            step = min(self.sizes[target].step, half * 0.75 / reach)
            for k, i in enumerate(numbers):
                found[i] = (k - middle) * step
        return found

    def _share_out(self) -> None:
        """Which part of which wire belongs to which level."""
        for i, w in enumerate(self.wires):
            a, b = self.paths[w.source], self.paths[w.target]
            shared = _shared(a, b)
            for depth in range(len(a), shared, -1):
                self.todo[a[:depth]].append(("exit", i))
            self.todo[a[:shared]].append(("link", i))
            for depth in range(shared + 1, len(b) + 1):
                self.todo[b[:depth]].append(("entry", i))

    # -- inwards out: each level alone -----------------------------------------------------------

    def placed(self) -> Layout:
        members: dict[Path, list[str | Path]] = defaultdict(list)
        for id, path in self.paths.items():
            members[path].append(id)
        for path in self.levels:
            if path:
                members[path[:-1]].append(path)
        for path in sorted(self.levels, key=len, reverse=True):
            self._place(path, members[path])
        return self._absolute()

    def _place(self, path: Path, members: list[str | Path]) -> None:
        level = self.levels[path]
        for member in members:
            level.items[member] = self._unit(member)
        for part, i in self.todo[path]:
            self._join(level, path, part, i)
        for source, _ in self.specs.get(path, Frame()).turns:
            self._join_turn(level, path, source)
        units = [*level.items.values(), *level.entries.values(), *level.exits.values()]
        settle(Level(units, list(level.segments.values())))
        level.low = min((u.x - u.left for u in units), default=0.0)
        level.high = max((u.x + u.right for u in units), default=0.0)
        level.start = min((u.y - u.before for u in units), default=0.0)
        level.end = max((u.y + u.after for u in units), default=0.0)
        ports = list(level.entries.values()) or list(level.exits.values())
        level.axis = ports[0].x if ports else (level.low + level.high) / 2
        if path:
            pad(level, self.specs.get(path, Frame()), self.sideways)

    def _unit(self, member: str | Path) -> Unit:
        if isinstance(member, str):
            size = self.sizes[member]
            return Unit(size.left, size.right, size.before, size.after)
        level, spec = self.levels[member], self.specs.get(member, Frame())
        sheets, turns = _SHEET * spec.sheets, _LOOP * len(spec.turns)
        half = (level.end - level.start) / 2
        more = (turns + 12) * bool(turns)
        return Unit(
            level.axis - level.low + more,
            level.high - level.axis + sheets,
            half + turns,
            half + turns + sheets * (not turns),
            "frame",
        )

    def _item(self, level: Room, path: Path, id: str) -> tuple[Unit, Room | None]:
        """The unit that holds a node at a level, and if it is a frame, its level."""
        inner = self.paths[id]
        if inner == path:
            return level.items[id], None
        frame = inner[: len(path) + 1]
        return level.items[frame], self.levels[frame]

    def _out(self, level: Room, path: Path, id: str) -> tuple[Unit, float]:
        unit, frame = self._item(level, path, id)
        return unit, frame.exits[id].x - frame.axis if frame else 0.0

    def _join(self, level: Room, path: Path, part: str, i: int) -> None:
        w = self.wires[i]
        weight = w.weight * (_LEAF if self.leaf[w.source] else 1.0)
        if part == "entry":
            source, a = level.entries.setdefault(w.source, _port("in")), 0.0
        else:
            source, a = self._out(level, path, w.source)
        if part == "exit":
            target, b, key = level.exits.setdefault(w.source, _port("out")), 0.0, w.source
        else:
            target, frame = self._item(level, path, w.target)
            b, key = self.offsets[i], str(i)
            if frame is not None:
                b, key = frame.entries[w.source].x - frame.axis, w.source
        place = id(source), w.source, id(target), key
        level.segments.setdefault(place, Segment(source, target, a, b, weight))

    def _join_turn(self, level: Room, path: Path, source: str) -> None:
        """A port for what goes to the next turn, and one for it to come back by."""
        unit, a = self._out(level, path, source) if self._has_exit(path, source) else (None, 0.0)
        if unit is not None and source not in level.exits:
            port = level.exits.setdefault(source, _port("out"))
            level.segments[id(unit), source, id(port), source] = Segment(unit, port, a)

    def _has_exit(self, path: Path, source: str) -> bool:
        inner = self.paths[source]
        return inner == path or source in self.levels[inner[: len(path) + 1]].exits

    # -- outwards in: where everything lies ------------------------------------------------------

    def _absolute(self) -> Layout:
        top = self.levels[()]
        top.origin = -top.low, -top.start
        found = Layout({}, [], top.high - top.low, top.end - top.start)
        for path in sorted(self.levels, key=len):
            level = self.levels[path]
            if path:
                around = self.levels[path[:-1]]
                unit = around.items[path]
                half = (level.end - level.start) / 2
                x, y = around.at((unit.x, unit.y))
                level.origin = x - level.axis, y - half - level.start
                found.frames[path] = (
                    *level.at((level.low, level.start)),
                    *level.at((level.high, level.end)),
                )
                self._titled(path, level, found)
            for member, unit in level.items.items():
                if isinstance(member, str):
                    found.centres[member] = level.at((unit.x, unit.y))
        found.centres = {id: found.centres[id] for id in self.sizes}
        found.paths = [self._led(i) for i in range(len(self.wires))]
        for path, spec in self.specs.items():
            if spec.turns and path in self.levels:
                found.turns[path] = self._turns(path, spec, found.frames[path])
        return found

    def _titled(self, path: Path, level: Room, found: Layout) -> None:
        if self.sideways:
            x, y = level.at((level.low + 18, level.start + 12))
        else:
            x, y = level.at((level.title, level.start + 18))
        found.titles[path] = x, y

    def _led(self, i: int) -> list[Point]:
        """The whole way of a wire, through the frames that it leaves and enters."""
        w = self.wires[i]
        a, b = self.paths[w.source], self.paths[w.target]
        shared = _shared(a, b)
        way: list[Point] = []
        for depth in range(len(a), shared, -1):
            way += self._exit(a[:depth], w.source)
        way += self._part(a[:shared], "link", i)
        for depth in range(shared + 1, len(b) + 1):
            level = self.levels[b[:depth]]
            way += [level.at((level.entries[w.source].x, level.start))]
            way += self._part(b[:depth], "entry", i)
        return way

    def _exit(self, path: Path, source: str) -> list[Point]:
        level = self.levels[path]
        unit, _ = self._out(level, path, source)
        port = level.exits[source]
        segment = level.segments[id(unit), source, id(port), source]
        return [level.at(p) for p in points(segment)] + [level.at((port.x, level.end))]

    def _part(self, path: Path, part: str, i: int) -> list[Point]:
        level, w = self.levels[path], self.wires[i]
        source = level.entries[w.source] if part == "entry" else self._out(level, path, w.source)[0]
        target, frame = self._item(level, path, w.target)
        key = str(i) if frame is None else w.source
        return [level.at(p) for p in points(level.segments[id(source), w.source, id(target), key])]

    def _turns(
        self, path: Path, spec: Frame, corners: tuple[float, float, float, float]
    ) -> list[list[Point]]:
        """From the foot of the frame round its left side to where the turn begins."""
        level = self.levels[path]
        x0, y0, _, y1 = corners
        found = []
        for k, (source, initial) in enumerate(spec.turns):
            away = 10.0 + _LOOP * k
            port = level.exits.get(source)
            start = level.at((port.x, level.end))[0] - 9 if port else x0 + 20
            entry = level.entries.get(initial)
            end = level.at((entry.x, level.start))[0] - 9 - 4 * k if entry else x0 + 20 + 8 * k
            left = x0 - away
            found.append([(start, y1), (start, y1 + away), (left, y1 + away), (left, y0 - away),
                          (end, y0 - away), (end, y0)])  # fmt: skip
        return found


def _port(kind: str) -> Unit:
    return Unit(3.0, 3.0, 0.0, 0.0, kind)


def _shared(a: Path, b: Path) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
