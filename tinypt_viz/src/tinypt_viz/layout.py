"""The built-in layout: layers by longest path, barycentre sweeps, then straightening.

No program and no recursion; linear in nodes and edges but for sorting each layer. Cruder than
`dot`, and always done at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from tinypt_core import Graph
from tinypt_viz._quotient import topological

Point = tuple[float, float]

_GAP = 18.0  #: between neighbours of a layer
_LAYER_GAP = 42.0
_BEND = 12.0  #: room for an edge that passes through a layer
_MOST_BENDS = 4  #: for each node, on average; edges that find none left go straight
_SWEEPS = 6


@dataclass(frozen=True)
class Layout:
    """centres: of the nodes, by id. paths: the points of each edge of the graph, in its order."""

    centres: dict[str, Point]
    paths: list[list[Point]]
    width: float
    height: float


def layout(g: Graph, sizes: Mapping[str, Point], rankdir: str = "TB") -> Layout:
    """Places for nodes of the given sizes (width, height), all coordinates from 0 on.

    >>> import numpy as np
    >>> from tinypt_core import Variable, graph
    >>> g = graph(Variable(np.array(1.0)))
    >>> layout(g, {"v0": (40, 20)}).centres
    {'v0': (20.0, 10.0)}
    """
    sideways = rankdir in ("LR", "RL")
    breadth = {id: size[sideways] for id, size in sizes.items()}
    depth = {id: size[not sideways] for id, size in sizes.items()}
    grid = _Grid(g, breadth)
    grid.sweep()
    across = grid.straighten()
    along = grid.heights(depth)
    breadth_used, length = grid.total(across), along[-1]
    turn = _turner(rankdir, length)
    centres = {node.id: turn(across[node.id], along[grid.rank[node.id]]) for node in g.nodes}
    paths = []
    for edge, bends in zip(g.edges, grid.bends, strict=True):
        inner = [turn(across[bend], along[grid.rank[bend]]) for bend in bends]
        paths.append([centres[edge.source], *inner, centres[edge.target]])
    size = (length, breadth_used) if sideways else (breadth_used, length)
    return Layout(centres, paths, *size)


class _Grid:
    """Layers of nodes and of bends, the points where long edges pass a layer."""

    def __init__(self, g: Graph, breadth: dict[str, float]) -> None:
        self.breadth = dict(breadth)
        self.rank = _ranks(g)
        self.bends: list[list[str]] = []
        self._bends_left = _MOST_BENDS * len(g.nodes)
        self.up: dict[str, list[str]] = defaultdict(list)
        self.down: dict[str, list[str]] = defaultdict(list)
        for i, edge in enumerate(g.edges):
            self.bends.append(self._thread(i, edge.source, edge.target))
        self.layers: list[list[str]] = [[] for _ in range(max(self.rank.values()) + 1)]
        for id in self.rank:
            self.layers[self.rank[id]].append(id)

    def _thread(self, number: int, source: str, target: str) -> list[str]:
        """Lead an edge through the layers between its ends."""
        turned = self.rank[source] > self.rank[target]
        first, last = (target, source) if turned else (source, target)
        between = range(self.rank[first] + 1, self.rank[last])
        fits = len(between) <= self._bends_left
        bends = [f"{number}:{rank}" for rank in between] if fits else []
        self._bends_left -= len(bends)
        for bend, rank in zip(bends, between, strict=False):
            self.rank[bend] = rank
            self.breadth[bend] = _BEND
        chain = [first, *bends, last]
        for a, b in pairwise(chain):
            self.down[a].append(b)
            self.up[b].append(a)
        return bends[::-1] if turned else bends

    def sweep(self) -> None:
        """Order every layer by where its neighbours lie, down and up in turn."""
        place = {id: i / len(layer) for layer in self.layers for i, id in enumerate(layer)}
        for number in range(_SWEEPS):
            neighbours = self.down if number % 2 else self.up
            for layer in self.layers[::-1] if number % 2 else self.layers:
                middle = {id: _mean(place, neighbours.get(id), place[id]) for id in layer}
                layer.sort(key=middle.__getitem__)
                place.update((id, i / len(layer)) for i, id in enumerate(layer))

    def straighten(self) -> dict[str, float]:
        """Coordinates across: near the neighbours, in order, without overlap."""
        across: dict[str, float] = {}
        for layer in self.layers:
            across.update(self._spread(layer, dict.fromkeys(layer, 0.0)))
        for number in range(_SWEEPS):
            neighbours = self.down if number % 2 else self.up
            for layer in self.layers[::-1] if number % 2 else self.layers:
                wish = {id: _mean(across, neighbours.get(id), across[id]) for id in layer}
                across.update(self._spread(layer, wish))
        left = min(x - self.breadth[id] / 2 for id, x in across.items())
        return {id: x - left for id, x in across.items()}

    def _spread(self, layer: list[str], wish: dict[str, float]) -> dict[str, float]:
        """The places nearest to the wishes that keep order and distance (pooling neighbours)."""
        offsets, offset, before = [], 0.0, None
        for id in layer:
            half = self.breadth[id] / 2
            offset += 0.0 if before is None else before + _GAP + half
            offsets.append(offset)
            before = half
        pools: list[tuple[float, int]] = []  # mean wish, members
        for id, offset in zip(layer, offsets, strict=True):
            mean, count = wish[id] - offset, 1
            while pools and pools[-1][0] > mean:
                other, n = pools.pop()
                mean, count = (mean * count + other * n) / (count + n), count + n
            pools.append((mean, count))
        starts = [mean for mean, count in pools for _ in range(count)]
        return {id: s + o for id, s, o in zip(layer, starts, offsets, strict=True)}

    def heights(self, depth: dict[str, float]) -> list[float]:
        """The coordinate along of each layer, and of the end."""
        at, found = 0.0, []
        for layer in self.layers:
            thick = max((depth.get(id, 0.0) for id in layer), default=0.0)
            found.append(at + thick / 2)
            at += thick + _LAYER_GAP
        return [*found, at - _LAYER_GAP]

    def total(self, across: dict[str, float]) -> float:
        """The breadth of the whole."""
        return max(x + self.breadth[id] / 2 for id, x in across.items())


def _mean(place: dict[str, float], ids: list[str] | None, default: float) -> float:
    return sum(place[id] for id in ids) / len(ids) if ids else default


def _ranks(g: Graph) -> dict[str, int]:
    """The layer of each node: behind all its inputs; a leaf right before its first use."""
    order = topological(g)
    index = {id: i for i, id in enumerate(order)}
    inputs: dict[str, list[str]] = defaultdict(list)
    uses: dict[str, list[str]] = defaultdict(list)
    for edge in g.edges:
        if index[edge.source] < index[edge.target]:  # else it closes a cycle
            inputs[edge.target].append(edge.source)
            uses[edge.source].append(edge.target)
    rank: dict[str, int] = {}
    for id in order:
        rank[id] = 1 + max((rank[source] for source in inputs.get(id, ())), default=-1)
    for id in order:
        if id not in inputs and id in uses:
            rank[id] = min(rank[use] for use in uses[id]) - 1
    return rank


def _turner(rankdir: str, length: float) -> Callable[[float, float], Point]:
    """(across, along) -> (x, y)."""

    def turn(across: float, along: float) -> Point:
        along = length - along if rankdir in ("BT", "RL") else along
        return (along, across) if rankdir in ("LR", "RL") else (across, along)

    return turn
