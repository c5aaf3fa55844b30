"""Which layer each unit of a level belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from tinypt_viz._units import Segment, Unit


def break_cycles(units: list[Unit], segments: list[Segment]) -> None:
    """Turn the segments that close a cycle (folding and scopes can make one)."""
    out: dict[int, list[Segment]] = {id(unit): [] for unit in units}
    for s in segments:
        out[id(s.source)].append(s)
    state: dict[int, int] = {}  # 1: on the path, 2: done
    for start in units:
        if id(start) in state:
            continue
        path: list[tuple[Unit, Iterator[Segment]]] = [(start, iter(out[id(start)]))]
        state[id(start)] = 1
        while path:
            unit, rest = path[-1]
            following = next(rest, None)
            if following is None:
                state[id(unit)] = 2
                path.pop()
            elif state.get(id(following.target)) == 1:
                following.turned = True
            elif id(following.target) not in state:
                state[id(following.target)] = 1
                path.append((following.target, iter(out[id(following.target)])))


def set_ranks(units: list[Unit], segments: list[Segment]) -> None:
    """Layers by the longest way; then what is held more from below than above moves down.

    Ports of the frame around lie in the first and the last layer.
    """
    ins: dict[int, list[tuple[Unit, float]]] = {id(u): [] for u in units}
    outs: dict[int, list[tuple[Unit, float]]] = {id(u): [] for u in units}
    for s in segments:
        top, bottom = (s.target, s.source) if s.turned else (s.source, s.target)
        if top is not bottom:
            ins[id(bottom)].append((top, s.weight))
            outs[id(top)].append((bottom, s.weight))
    order = _longest(units, ins, outs)
    held = _held(order, ins, outs)
    last = max((u.rank for u in units if u.kind != "out"), default=0)
    for u in reversed(order):
        if u.kind == "out":
            u.rank = last + 1
        below = outs[id(u)]
        if u.kind == "node" and below:
            pull = sum(w for _, w in below) - held[id(u)]
            if pull > 1e-9 or not ins[id(u)]:
                u.rank = min(bottom.rank for bottom, _ in below) - 1


_Links = dict[int, list[tuple[Unit, float]]]


def _longest(units: list[Unit], ins: _Links, outs: _Links) -> list[Unit]:
    """Set the rank of each unit by the longest way to it; the units, inputs first."""
    waiting = {id(u): len(ins[id(u)]) for u in units}
    order = [u for u in units if not waiting[id(u)]]
    first = int(any(u.kind == "in" for u in units)) - 1
    for u in order:  # grows
        if u.kind != "in":
            u.rank = 1 + max((top.rank for top, _ in ins[id(u)]), default=first)
        for bottom, _ in outs[id(u)]:
            waiting[id(bottom)] -= 1
            if not waiting[id(bottom)]:
                order.append(bottom)
    return order


def _held(order: list[Unit], ins: _Links, outs: _Links) -> dict[int, float]:
    """How strongly each unit is held from above, given that what only it uses would follow."""
    held: dict[int, float] = {}
    for u in order:
        total = 0.0
        for top, weight in ins[id(u)]:
            follows = len(outs[id(top)]) == 1 and ins[id(top)] and top.kind != "in"
            total += min(weight, held[id(top)]) if follows else weight
        held[id(u)] = total
    return held
