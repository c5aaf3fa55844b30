"""The built-in layout: frames inside frames, each laid out alone, innermost first.

No program and no recursion. A level of frames and nodes is put in layers (`_layers`) and
straightened (`_across`); where an edge crosses a frame, the frame has a port.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from tinypt_viz._across import points, settle
from tinypt_viz._layers import Level, Segment, Unit

Point = tuple[float, float]
Path = tuple[str, ...]

_LEAF = 0.15  #: the weight of an edge from a leaf
_PAD, _BAND, _FOOT = 16.0, 28.0, 14.0  #: within a frame: sides, title, foot
_SHEET, _LOOP = 10.0, 20.0  #: around one: the sheets behind, each line to the next turn


@dataclass(frozen=True)
class Size:
    """The room of a node from its axis: across to the left and right, along before and after.

    half: how far from the axis operands may arrive, and step how far from one another, at most.
    """

    left: float
    right: float
    before: float
    after: float
    half: float = 0.0
    step: float = 13.0


@dataclass(frozen=True)
class Wire:
    """An edge to lead: which operand it is, and how much it wants to be straight."""

    source: str
    target: str
    position: int = 0
    weight: float = 1.0


@dataclass(frozen=True)
class Frame:
    """title, badge: how wide they are. sheets: whether others lie behind.

    turns: for each line to the next turn, the node it comes from, and the node outside that the
    first turn has in its place.
    """

    title: float = 0.0
    badge: float = 0.0
    sheets: bool = False
    turns: tuple[tuple[str, str], ...] = ()


@dataclass
class Layout:
    """centres: of the axes of nodes. paths: the points of each wire. frames: corners of each.

    titles: where each frame's title begins (its baseline). turns: for each frame, the points of
    the lines to the next turn. From one point of a line to the next it is straight if that is
    upright, else a curve that leaves and arrives upright (level, from left to right).
    """

    centres: dict[str, Point]
    paths: list[list[Point]]
    width: float
    height: float
    frames: dict[Path, tuple[float, float, float, float]] = field(default_factory=dict)
    titles: dict[Path, Point] = field(default_factory=dict)
    turns: dict[Path, list[list[Point]]] = field(default_factory=dict)


def layout(
    sizes: Mapping[str, Size],
    wires: Sequence[Wire],
    paths: Mapping[str, Path] | None = None,
    frames: Mapping[Path, Frame] | None = None,
    rankdir: str = "TB",
) -> Layout:
    """Places for nodes; paths: the frames around each, the outermost first.

    >>> place = layout({"a": Size(20, 20, 9, 9), "b": Size(20, 20, 9, 9)}, [Wire("a", "b")])
    >>> place.centres, place.paths
    ({'a': (20.0, 9.0), 'b': (20.0, 53.0)}, [[(20.0, 18.0), (20.0, 44.0)]])
    """
    nest = _Nest(sizes, wires, paths or {}, frames or {}, rankdir in ("LR", "RL"))
    return _turned(nest.placed(), rankdir)


class _Level:
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


class _Nest:
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
        self.levels: dict[Path, _Level] = {(): _Level()}
        for path in self.paths.values():
            for depth in range(1, len(path) + 1):
                self.levels.setdefault(path[:depth], _Level())
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
            self._pad(level, self.specs.get(path, Frame()))

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

    def _item(self, level: _Level, path: Path, id: str) -> tuple[Unit, _Level | None]:
        """The unit that holds a node at a level, and if it is a frame, its level."""
        inner = self.paths[id]
        if inner == path:
            return level.items[id], None
        frame = inner[: len(path) + 1]
        return level.items[frame], self.levels[frame]

    def _out(self, level: _Level, path: Path, id: str) -> tuple[Unit, float]:
        unit, frame = self._item(level, path, id)
        return unit, frame.exits[id].x - frame.axis if frame else 0.0

    def _join(self, level: _Level, path: Path, part: str, i: int) -> None:
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

    def _join_turn(self, level: _Level, path: Path, source: str) -> None:
        """A port for what goes to the next turn, and one for it to come back by."""
        unit, a = self._out(level, path, source) if self._has_exit(path, source) else (None, 0.0)
        if unit is not None and source not in level.exits:
            port = level.exits.setdefault(source, _port("out"))
            level.segments[id(unit), source, id(port), source] = Segment(unit, port, a)

    def _has_exit(self, path: Path, source: str) -> bool:
        inner = self.paths[source]
        return inner == path or source in self.levels[inner[: len(path) + 1]].exits

    def _pad(self, level: _Level, spec: Frame) -> None:
        """Room for the frame itself; its title goes where no edge enters."""
        ports = sorted(unit.x for unit in level.entries.values())
        level.low -= _PAD
        level.high += _PAD
        if self.sideways:
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

    def _titled(self, path: Path, level: _Level, found: Layout) -> None:
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


def _turned(found: Layout, rankdir: str) -> Layout:
    """Across and along become x and y."""
    if rankdir == "TB":
        return found
    height = found.height

    def turn(point: Point) -> Point:
        across, along = point
        along = height - along if rankdir in ("BT", "RL") else along
        return (along, across) if rankdir in ("LR", "RL") else (across, along)

    def all_of(line: Iterable[Point]) -> list[Point]:
        return [turn(p) for p in line]

    corners = {}
    for path, (x0, y0, x1, y1) in found.frames.items():
        (a, b), (c, d) = turn((x0, y0)), turn((x1, y1))
        corners[path] = min(a, c), min(b, d), max(a, c), max(b, d)
    titles = {path: (corners[path][0] + 12, corners[path][1] + 18) for path in corners}
    size = (height, found.width) if rankdir in ("LR", "RL") else (found.width, height)
    return Layout(
        {id: turn(p) for id, p in found.centres.items()}, [all_of(p) for p in found.paths], *size,
        corners, titles, {path: [all_of(p) for p in lines] for path, lines in found.turns.items()},
    )  # fmt: skip
