"""Turns of a loop, and equal scopes one after the other: found in the order operators ran in."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Any

from tinypt_core import Edge, Graph
from tinypt_viz._core import Measure
from tinypt_viz._periods import Run, runs
from tinypt_viz._quotient import inputs_of

MARK = "\u2060"  #: invisible; tells frames of one title apart
_NUMBER = re.compile(r"\d+")
_WORTH = 12  #: operators without scopes of their own; fewer are drawn one by one
_WORTH_ONE = 8  #: turns of one operator

Input = tuple[str, int, str]  # "f", its place, the Variable's id; or "leaf"; or "constant"


@dataclass
class Loop:
    """`count` turns of `period` operators, from place `start` on.

    depth: of the frame around a turn in the scopes; varies: whether scopes already name the turns.
    handed: (place in the turn before, place, operand) of what goes from turn to turn.
    params: of each place, the parameters that count the turns, by name.
    """

    start: int
    period: int
    count: int
    depth: int = 0
    varies: bool = False
    handed: list[tuple[int, int, int]] = field(default_factory=list)
    params: dict[int, dict[str, str]] = field(default_factory=dict)

    def places(self, k: int) -> range:
        """Of operator k of each turn."""
        return range(self.start + k, self.start + self.count * self.period, self.period)


class Order:
    """The operators of a Graph in the order they ran in, and what each takes."""

    def __init__(self, g: Graph) -> None:
        self.g = g
        self.nodes = {node.id: node for node in g.nodes}
        functions = [n for n in g.nodes if n.kind == "function"]
        self.functions = sorted(functions, key=lambda n: n.order)
        self.scopes = [tuple(name.rstrip(MARK) for name in n.scope) for n in self.functions]
        self.place = {n.id: i for i, n in enumerate(self.functions)}
        self.made = {e.target: e.source for e in g.edges if e.source in self.place}
        self.results: dict[str, list[str]] = defaultdict(list)
        for edge in g.edges:
            if edge.source in self.place:
                self.results[edge.source].append(edge.target)
        self.shares: dict[str, list[Measure | None]] = defaultdict(list)
        for edge in g.edges:
            self.shares[edge.source].append(edge.slope)
        inputs = inputs_of(g)
        self.inputs = [self._inputs(inputs.get(n.id, [])) for n in self.functions]

    def _inputs(self, edges: list[Edge]) -> list[Input]:
        found: list[Input] = []
        for edge in sorted(edges, key=lambda e: e.position):
            maker = self.made.get(edge.source)
            if maker is not None:
                found.append(("f", self.place[maker], edge.source))
            else:
                kind = "constant" if self.nodes[edge.source].kind == "constant" else "leaf"
                found.append((kind, -1, edge.source))
        return found

    def share(self, id: str) -> Measure | None:
        """What the only use of a leaf handed back."""
        return self.shares[id][0] if len(self.shares.get(id, ())) == 1 else None

    def letter(self, i: int) -> Any:
        """What operators of different turns share; numbers in names and parameters may differ."""
        n = self.functions[i]
        constants = tuple(
            (k, self.nodes[id].value)
            for k, (kind, _, id) in enumerate(self.inputs[i])
            if kind == "constant"
        )
        params = tuple(_NUMBER.sub("#", text) for text in n.params.values())
        scope = tuple(_NUMBER.sub("#", name) for name in self.scopes[i])
        return (n.op, n.provider, params, n.shape, n.dtype, scope, n.derivative, n.merged,
                len(self.inputs[i]), constants)  # fmt: skip

    def loops(self) -> list[Loop]:
        """The loops, none inside another."""
        return runs([self.letter(i) for i in range(len(self.functions))], self._loop)

    def _loop(self, run: Run) -> Loop | None:
        for start in self._phases(run):
            count = run.count - (start - run.start > run.slack)
            for first, turns in ((0, count), (1, count - 1), (0, count - 1)):
                loop = Loop(start + first * run.period, run.period, turns)
                if turns >= 3 and self._is_loop(loop):
                    return loop
        return None

    def _phases(self, run: Run) -> list[int]:
        """Where a turn may begin: at a change of scope, with little handed on, early."""
        return sorted(
            range(run.start, run.start + run.period),
            key=lambda i: (not self._begins(i), i - run.start > run.slack, self._cut(i, run), i),
        )[:4]

    def _begins(self, i: int) -> bool:
        """Whether another scope begins with operator i, at any depth, that is numbered."""
        before = self.scopes[i - 1] if i else ()
        here = self.scopes[i]
        shared = _shared(before, here)
        return len(here) > shared and bool(_NUMBER.search(here[shared]))

    def _cut(self, i: int, run: Run) -> int:
        """How many results cross from one turn to the next if turns begin at i."""
        border = i + run.period
        crossing = {
            source
            for j in range(border, min(border + run.period, len(self.functions)))
            for kind, source, _ in self.inputs[j]
            if kind == "f" and border - run.period <= source < border
        }
        return len(crossing)

    # -- whether the turns are equal -------------------------------------------------------------

    def _is_loop(self, loop: Loop) -> bool:
        if not self._scoped(loop):
            return False
        if not loop.varies:
            few = loop.period == 1 and loop.count < _WORTH_ONE
            if few or loop.period * loop.count < _WORTH:
                return False
        return all(self._wired(loop, k) and self._counted(loop, k) for k in range(loop.period))

    def _scoped(self, loop: Loop) -> bool:
        """Find the scopes that differ from turn to turn: one name for each turn, or none."""
        first = [self.scopes[loop.start + k] for k in range(loop.period)]
        second = [self.scopes[loop.start + loop.period + k] for k in range(loop.period)]
        depths = {_shared(a, b) for a, b in zip(first, second, strict=True) if a != b}
        if not depths:
            loop.depth = min(_shared(first[0], scope) for scope in first)
            return all(
                self.scopes[i] == first[k] for k in range(loop.period) for i in loop.places(k)
            )
        loop.depth, loop.varies = min(depths), True
        for t in range(loop.count):
            turn = range(loop.start + t * loop.period, loop.start + (t + 1) * loop.period)
            if len({self.scopes[i][: loop.depth + 1] for i in turn}) != 1:
                return False
        names = {self.scopes[i][loop.depth] for i in loop.places(0)}
        return len(names) == loop.count

    def _wired(self, loop: Loop, k: int) -> bool:
        """Whether operator k takes the same from turn to turn, and what is handed on."""
        for r in range(len(self.inputs[loop.start + k])):
            taken = [self.inputs[i][r] for i in loop.places(k)]
            kinds = {kind for kind, _, _ in taken[1:]}
            if len(kinds) != 1:
                return False
            if kinds != {"f"}:
                leaves = {id for _, _, id in taken}
                if taken[0][0] not in kinds or 1 < len(leaves) < len(taken):
                    return False
                continue
            places = [place for _, place, _ in taken]
            step = places[2] - places[1]
            if any(b - a != step for a, b in pairwise(places[1:])):
                return False
            back = 1 - (places[1] - loop.start) // loop.period
            inside = places[1] >= loop.start and step == loop.period
            if inside and back == 1:
                loop.handed.append(((places[1] - loop.start) % loop.period, k, r))
            elif (inside and back) or taken[0][0] != "f" or places[1] - places[0] != step:
                return False
        return True

    def _counted(self, loop: Loop, k: int) -> bool:
        """Whether parameters stay, or count the turns."""
        first = self.functions[loop.start + k].params
        for key in first:
            texts = [self.functions[i].params[key] for i in loop.places(k)]
            if len(set(texts)) == 1:
                continue
            numbers = [[int(n) for n in _NUMBER.findall(text)] for text in texts]
            columns = list(zip(*numbers, strict=True))
            if any(len({b - a for a, b in pairwise(c)}) > 1 for c in columns):
                return False
            loop.params.setdefault(k, {})[key] = _counted_text(texts[0], columns)
        return True


def _counted_text(text: str, columns: list[tuple[int, ...]]) -> str:
    """The text with its numbers as what they count."""
    counters = iter([_counter(c[0], c[1] - c[0]) for c in columns])
    return _NUMBER.sub(lambda _: next(counters), text)


def _counter(first: int, step: int) -> str:
    """How a number counts the turns: "i", "2i+1", or the number if it does not."""
    if not step:
        return str(first)
    factor = "" if step == 1 else "-" if step == -1 else str(step)
    return f"{factor}i" + (f"+{first}" if first else "")


def _shared(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def labelled(names: list[str]) -> str:
    """ "W1 … W5" for names that differ, "W ×6" for leaves of one name."""
    distinct = list(dict.fromkeys(names))
    return f"{distinct[0]} … {distinct[-1]}" if len(distinct) > 1 else f"{names[0]} ×{len(names)}"
