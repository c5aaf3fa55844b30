"""What a level of the layout is made of."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Unit:
    """What takes room in a layer: a node, a frame, a port of the frame around, or a bend.

    left, right: how far it reaches across from its axis; before, after: along. top, bottom: where
    its layer begins and ends.
    up, down: the links from above and to below.
    """

    left: float
    right: float
    before: float
    after: float
    kind: str = "node"
    rank: int = 0
    place: int = 0
    x: float = 0.0
    y: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    up: list[Link] = field(default_factory=list)
    down: list[Link] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Link:
    """A line between units of neighbouring layers; a, b: how far from their axes it ends."""

    top: Unit
    bottom: Unit
    a: float
    b: float
    weight: float


@dataclass(eq=False, slots=True)
class Segment:
    """An edge's way through a level, from `source` (at `a` from its axis) to `target` (at `b`).

    turned: whether it closes a cycle and so runs against the others.
    """

    source: Unit
    target: Unit
    a: float = 0.0
    b: float = 0.0
    weight: float = 1.0
    turned: bool = False
    bends: list[Unit] = field(default_factory=list)
