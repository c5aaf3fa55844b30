"""Folding steps that draw what is there N times once, and write ×N on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinypt_core import Edge, Graph, Node
from tinypt_viz._quotient import followers, inputs_of, quotient, topological

_LONGEST_BLOCK = 128  #: nodes
_PASSES = 3  #: blocks of blocks of blocks
_WORTHWHILE = 0.9  #: what a pass must leave at most, for another to follow


# -- equal expressions --------------------------------------------------------------------------


def merge_equal(g: Graph, max_nodes: int = 0) -> Graph:
    """Draw Functions of one kind and parameters with the same inputs once."""
    by_id = {node.id: node for node in g.nodes}
    inputs = inputs_of(g)
    first: dict[Any, str] = {}
    same: dict[str, str] = {}
    for id in topological(g):
        key = id if id in g.outputs else _key(by_id[id], inputs.get(id, []), same)
        same[id] = first.setdefault(key, id)
    uses = followers(g)
    classes: dict[Any, list[Node]] = defaultdict(list)
    for node in g.nodes:
        place = () if node.id in inputs else tuple(sorted({same[u] for u in uses.get(node.id, ())}))
        classes[same[node.id], place].append(node)
    into = {}
    for members in classes.values():
        if len(members) > 1:
            one = _as_one(members, members[0].label)
            into.update({node.id: one for node in members})
    g = quotient(g, into)
    n = len({node.id for node in into.values() if node.kind == "function"})
    if not n:
        return g
    verb = "expressions that occur" if n > 1 else "expression that occurs"
    return replace(g, notes=(*g.notes, f"{n} {verb} several times: drawn once (×N)"))


def _key(node: Node, inputs: list[Edge], same: dict[str, str]) -> Any:
    """Nodes of one key are equal; a key holds all that tells them apart."""
    if node.kind == "constant":
        text = f"{node.shape} {node.dtype}"
        return node.id if node.value == text else (node.value, text)
    if not inputs:
        return node.id.partition("_")[0]  # copies of one leaf
    if any(_is_opaque(text) for text in node.params.values()) or node.kind == "group":
        return node.id
    params = tuple(node.params.items())
    sources = tuple((same.get(e.source, e.source), e.position) for e in inputs)
    value = node.value if node.kind == "function" else ""  # of the constants folded into it
    return (node.kind, node.label, value, node.name, node.provider, params, node.shape, node.dtype,
            node.output_index if node.kind == "variable" else 0, sources)  # fmt: skip


def _is_opaque(text: str) -> bool:
    """Whether a parameter's text may stand for several values."""
    return text.endswith("…") or (text.startswith("(") and not text.endswith(")"))


def _as_one(members: list[Node], label: str) -> Node:
    first = members[0]
    origins = {node.id.partition("_")[0] for node in members}
    leaf = len(origins) == 1
    return replace(
        first,
        label=label,
        merged=first.merged if leaf else sum(node.merged for node in members),
        derivative=min(node.derivative for node in members),
        hidden=max(node.hidden for node in members),
    )


# -- repeated blocks ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Run:
    """`count` blocks of `period` nodes each, from `start` on."""

    start: int
    period: int
    count: int


def roll_repeats(g: Graph, max_nodes: int = 0) -> Graph:
    """Draw a block that follows upon itself three times or more once, as a loop is written."""
    counts: list[int] = []
    for _ in range(_PASSES):
        order = _order(g)
        runs = _runs(*_described(g, order))
        if not runs:
            break
        counts += [run.count for run in runs]
        before, g = len(g.nodes), _rolled(g, order, runs)
        if len(g.nodes) <= max_nodes or len(g.nodes) > _WORTHWHILE * before:
            break
    if not counts:
        return g
    times = ", ".join(f"×{n}" for n in sorted(set(counts), reverse=True)[:5])
    verb = "repeated blocks are each" if len(counts) > 1 else "repeated block is"
    return replace(g, notes=(*g.notes, f"{len(counts)} {verb} drawn once ({times})"))


def _order(g: Graph) -> list[str]:
    """All nodes but the leaves, so that what repeats lies in one stretch: deepest input first."""
    inputs = inputs_of(g)
    depth: dict[str, int] = {}
    for id in topological(g):
        depth[id] = 1 + max((depth.get(e.source, 0) for e in inputs.get(id, ())), default=0)
    edges = sorted(g.edges, key=lambda edge: -depth[edge.source])
    return [id for id in topological(replace(g, edges=tuple(edges))) if id in inputs]


def _described(g: Graph, order: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """A number for what each node is, and where its inputs lie (-1: a leaf or none)."""
    by_id = {node.id: node for node in g.nodes}
    inputs = inputs_of(g)
    index = {id: i for i, id in enumerate(order)}
    width = min(max((len(inputs[id]) for id in order), default=0), 4)
    sources = np.full((width, len(order)), -1)
    kinds: dict[Any, int] = {}
    kind = np.zeros(len(order), dtype=int)
    for i, id in enumerate(order):
        edges = inputs[id]
        leaves = tuple(
            "" if e.source in index else (by_id[e.source].kind, by_id[e.source].shape)
            for e in edges
        )
        what = id if id in g.outputs else (*_looks(by_id[id]), leaves)
        kind[i] = kinds.setdefault(what, len(kinds))
        for k, edge in enumerate(edges[:width]):
            sources[k, i] = index.get(edge.source, -1)
    return kind, sources


def _looks(node: Node) -> tuple[Any, ...]:
    params = tuple(node.params.items())
    named = node.name is not None
    label = "" if node.kind == "variable" else node.label
    return (node.kind, label, named, node.provider, params, node.shape, node.dtype, node.scope,
            node.derivative, node.merged)  # fmt: skip


def _runs(kind: np.ndarray, sources: np.ndarray) -> list[_Run]:
    """Stretches that repeat three times or more, the shortest blocks first."""
    taken = np.zeros(len(kind), dtype=bool)
    runs = []
    for period in range(1, min(_LONGEST_BLOCK, len(kind) // 3) + 1):
        repeats = _repeats(kind, sources, period)
        for start, stop in _stretches(repeats & ~_near(taken, period)):
            count = (stop - start) // period + 2
            if count >= 3 and stop - start >= period:
                runs.append(_Run(int(start), period, int(count)))
                taken[start : start + count * period] = True
    return runs


def _repeats(kind: np.ndarray, sources: np.ndarray, p: int) -> np.ndarray:
    """Where i, i+p and i+2p are alike, and their inputs move on by the same step each time."""
    alike: np.ndarray = (kind[: -2 * p] == kind[p:-p]) & (kind[p:-p] == kind[2 * p :])
    for row in sources:
        alike &= row[p:-p] - row[: -2 * p] == row[2 * p :] - row[p:-p]
    return alike


def _near(taken: np.ndarray, p: int) -> np.ndarray:
    """Where i, i+p or i+2p belongs to a run already."""
    near: np.ndarray = taken[: -2 * p] | taken[p:-p] | taken[2 * p :]
    return near


def _stretches(mask: np.ndarray) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _rolled(g: Graph, order: list[str], runs: list[_Run]) -> Graph:
    by_id = {node.id: node for node in g.nodes}
    places: dict[str, Any] = {}
    for number, run in enumerate(runs):
        for i in range(run.count * run.period):
            places[order[run.start + i]] = number, i % run.period
    classes: dict[Any, list[Node]] = defaultdict(list)
    for id in order:
        if id in places:
            classes[places[id]].append(by_id[id])
    for place, leaf in _leaves_of(g, places):
        classes[place].append(leaf)
    into = {}
    for members in classes.values():
        if len(members) > 1:
            one = _as_one(members, _range(node.label for node in members))
            one = replace(one, name=_range(n.name for n in members if n.name is not None) or None)
            into.update({node.id: one for node in members})
    return quotient(g, into)


def _leaves_of(g: Graph, places: dict[str, Any]) -> list[tuple[Any, Node]]:
    """The leaves that only blocks use, each with the place of its uses in the block, in order."""
    turn = {id: i for i, id in enumerate(places)}
    found = []
    inner = {edge.target for edge in g.edges}
    uses: dict[str, list[Edge]] = defaultdict(list)
    for edge in g.edges:
        if edge.source not in inner:
            uses[edge.source].append(edge)
    for node in g.nodes:
        edges = uses.get(node.id)
        if edges and node.id not in g.outputs and all(e.target in places for e in edges):
            at = tuple(sorted({(*places[e.target], e.position) for e in edges}))
            found.append((turn[edges[0].target], (at, node.kind, node.shape, node.dtype), node))
    return [(place, node) for _, place, node in sorted(found, key=lambda one: one[0])]


def _range(names: Iterable[str]) -> str:
    """ "h1 … h300" for names that differ."""
    distinct = list(dict.fromkeys(names))
    return " … ".join(distinct[:: len(distinct) - 1] if len(distinct) > 1 else distinct)
