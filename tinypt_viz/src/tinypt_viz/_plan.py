"""What the layout is given, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field

Point = tuple[float, float]
Path = tuple[str, ...]


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
