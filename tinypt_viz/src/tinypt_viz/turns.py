"""Draw the turns of a loop, and equal scopes one after the other, once: with ×N on the frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tinypt_core import Edge, Graph, Node
from tinypt_viz._core import Measure
from tinypt_viz._loops import MARK, Loop, Order, labelled
from tinypt_viz.numbers import magnitude

Path = tuple[str, ...]
_PASSES = 3  #: loops in loops in loops


@dataclass
class Turns:
    """What stands on a frame: how many turns, which, and what each hands on to the next.

    handed: (the operator that made it, the one that goes on with it, where that has it from in the
    first turn, its name).
    """

    count: int
    title: str
    handed: tuple[tuple[str, str, str, str], ...]


def fold_turns(g: Graph) -> tuple[Graph, dict[Path, Turns]]:
    """The Graph with each loop's first turn only, and the frames around those turns.

    >>> import numpy as np
    >>> from tinypt_core import Variable, graph
    >>> y = Variable(np.array(0.5), name="x")
    >>> for _ in range(1000):
    ...     y = np.sin(y * 2)
    >>> folded, turns = fold_turns(graph(y))
    >>> len(folded.nodes), turns["i = 0 … 999",].count
    (6, 1000)
    """
    turns: dict[Path, Turns] = {}
    for _ in range(_PASSES):
        order = Order(g)
        loops = order.loops()
        if not loops:
            break
        folding = _Folding(order, turns)
        for loop in loops:
            folding.add(loop)
        g = folding.folded()
        seen = {n.scope[:depth] for n in g.nodes for depth in range(1, len(n.scope) + 1)}
        turns = {path: found for path, found in folding.turns.items() if path in seen}
    return g, turns


class _Folding:
    """into: the node that each node of a later turn is drawn as. first: as what the nodes of the
    first turns are drawn. late: the operators of later turns. staying: results that are drawn
    themselves, whichever turn made them."""

    def __init__(self, order: Order, turns: dict[Path, Turns]) -> None:
        self.order, self.turns = order, dict(turns)
        self.into: dict[str, str] = {}
        self.first: dict[str, Node] = {}
        self.late: set[str] = set()
        self.staying: set[str] = set(order.g.outputs)

    def add(self, loop: Loop) -> None:
        order = self.order
        title = self._title(loop)
        name = title
        scope = order.functions[loop.start].scope[: loop.depth]
        path = (*scope, name)
        while path in self.turns:
            name += MARK
            path = (*scope, name)
        for k in range(loop.period):
            self._operator(loop, k, name)
        self._move_frames(loop, name)
        self.turns[path] = Turns(loop.count, title, tuple(self._handed(loop)))

    def _title(self, loop: Loop) -> str:
        if not loop.varies:
            return f"i = 0 … {loop.count - 1}"
        names = [self.order.scopes[i][loop.depth] for i in loop.places(0)]
        return labelled(names)

    def _operator(self, loop: Loop, k: int, name: str) -> None:
        order = self.order
        places = loop.places(k)
        functions = [order.functions[i] for i in places]
        one = functions[0]
        counters = loop.params.get(k, {})
        self.first[one.id] = replace(
            one, scope=_inside(one.scope, loop, name), merged=one.merged * loop.count,
            members=tuple(m for f in functions for m in f.members or (f.id,)),
            params=one.params | counters, exact=one.exact | dict.fromkeys(counters, ""),
        )  # fmt: skip
        for f in functions[1:]:
            self.into[f.id] = one.id
            self.late.add(f.id)
        self._results(functions, loop, name)
        for r in range(len(order.inputs[places[0]])):
            taken = [order.inputs[i][r] for i in places]
            if taken[0][0] != "f" and taken[1][0] != "f":
                self._leaves([id for _, _, id in taken], loop, name)

    def _results(self, functions: list[Node], loop: Loop, name: str) -> None:
        """The Variables of the turns become one; those that were asked for stay, and so do those
        that have a name where others have none."""
        order = self.order
        by_index: dict[int, list[Node]] = {}
        for f in functions:
            for id in order.results[f.id]:
                if id not in order.g.outputs:
                    node = order.nodes[id]
                    by_index.setdefault(node.output_index, []).append(node)
        for nodes in by_index.values():
            named = {n.id for n in nodes if n.name}
            if len(named) < len(functions):
                self.staying |= named
                nodes = [n for n in nodes if n.id not in named]
            if nodes:
                self._one(nodes, loop, name)

    def _leaves(self, ids: list[str], loop: Loop, name: str) -> None:
        """What differs from turn to turn becomes one leaf, unless others have it otherwise."""
        distinct = list(dict.fromkeys(ids))
        used = [
            id
            for id in distinct
            if id in self.into or id in self.first or id in self.order.g.outputs
        ]
        if len(distinct) == len(ids) and not used:
            self._one([self.order.nodes[id] for id in ids], loop, name)

    def _one(self, nodes: list[Node], loop: Loop, name: str) -> None:
        one = nodes[0]
        names = [n.name for n in nodes if n.name]
        text = labelled(names) if names else None
        within = len(one.scope) >= loop.depth + loop.varies
        scope = _inside(one.scope, loop, name) if within else one.scope
        found = [n.slope or self.order.share(n.id) for n in nodes]
        slopes = [magnitude(slope) for slope in found if slope is not None]
        ends = f"{slopes[0]} … {slopes[-1]}" if len(slopes) > 1 else ""
        self.first[one.id] = replace(
            one, label=text or one.label, name=text, scope=scope, merged=one.merged * len(nodes),
            members=tuple(m for n in nodes for m in n.members or (n.id,)), value="",
            gradient=ends,
            measure=None, slope=None,
        ) if len(nodes) > 1 else one  # fmt: skip
        for n in nodes[1:]:
            self.into[n.id] = one.id

    def _move_frames(self, loop: Loop, name: str) -> None:
        """Frames of inner loops go where the first turn goes."""
        moved: dict[Path, Path] = {}
        for k in range(loop.period):
            old = self.order.functions[loop.start + k].scope
            for depth in range(loop.depth + 1, len(old) + 1):
                moved[old[:depth]] = _inside(old[:depth], loop, name)
        self.turns = {moved.get(path, path): found for path, found in self.turns.items()}

    def _handed(self, loop: Loop) -> list[tuple[str, str, str, str]]:
        order = self.order
        found: dict[str, tuple[str, str, str, str]] = {}
        for source, target, r in loop.handed:
            maker = order.functions[loop.start + source].id
            taker = order.functions[loop.start + target].id
            initial = order.inputs[loop.start + target][r][2]
            last = order.functions[loop.places(source)[-1]].id
            names = [order.nodes[id].name for id in order.results[last]]
            begun = order.nodes[initial].name
            called = next((n for n in names if n), None) or (begun or "").rstrip("0123456789_")
            found.setdefault(maker, (maker, taker, initial, called))
        return list(found.values())

    # -- the graph -------------------------------------------------------------------------------

    def folded(self) -> Graph:
        g = self.order.g
        edges: dict[tuple[str, str, int], Edge] = {}
        pairs: set[tuple[str, str]] = set()
        for edge in g.edges:
            source, target = (
                self.into.get(edge.source, edge.source),
                self.into.get(edge.target, edge.target),
            )
            moved = source != edge.source
            if edge.target in self.late and (moved or self._is_inner(edge.source)):
                continue
            if moved and (source, target) in pairs:
                continue
            if edge.source in self.late and edge.target not in self.staying:
                continue
            pairs.add((source, target))
            edges.setdefault(
                (source, target, edge.position),
                replace(edge, source=source, target=target, slope=self._slope(edge)),
            )
        kept = [self.first.get(n.id, n) for n in g.nodes if n.id not in self.into]
        linked = {e.source for e in edges.values()} | set(g.outputs)
        made = {e.target for e in edges.values()}
        nodes = [n for n in kept if n.id in linked or (n.name and n.id in made)]
        ids = {n.id for n in nodes}
        rest = tuple(e for e in edges.values() if e.source in ids and e.target in ids)
        return Graph(tuple(nodes), rest, g.outputs, g.notes)

    def _slope(self, edge: Edge) -> Measure | None:
        """What a use handed back; unknown where turns differ."""
        return None if {edge.source, edge.target} & self.first.keys() else edge.slope

    def _is_inner(self, source: str) -> bool:
        """Whether a source belongs to the first turn, or was made in some turn: what turns hand
        on is no edge."""
        maker = self.order.made.get(source, "")
        return source in self.first or maker in self.first or maker in self.late


def _inside(scope: Path, loop: Loop, name: str) -> Path:
    """The scopes of the first turn, with the frame of all turns in their place."""
    rest = scope[loop.depth + loop.varies :]
    return (*scope[: loop.depth], name, *rest)
