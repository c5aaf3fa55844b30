"""What folds into one node on a page, and what is folded at first.

The folding steps of every picture run one by one; whatever a step draws as one node becomes a
group here, with what it stands for inside, so that the page can unfold it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, TypeAlias

from tinypt_core import Graph, Node
from tinypt_viz.dot import frame_of
from tinypt_viz.fold import MAX_NODES, STEPS
from tinypt_viz.labels import label
from tinypt_viz.options import Options

#: the steps that are switches on the page, by their names there
_SWITCHES = {
    "constants": "hideConstants",
    "intermediates": "hideIntermediates",
    "leaves": "repeatLeaves",
}


@dataclass(eq=False)
class _Group:
    """A node that unfolds, or a frame.

    depth: how many of the frames around its first node are around all of it. block: the number of
    the loop that it is a part of.
    """

    label: str
    kind: str
    children: list[_Group | str] = field(default_factory=list)
    depth: int = 0
    open: bool = False
    block: int | None = None


_Thing: TypeAlias = "_Group | str"  # a group, or the id of a node


def outline(g: Graph, options: Options) -> dict[str, Any]:
    """The groups with their members, and the switches, as the page reads them."""
    built = _Outline(g, options)
    built.fold()
    return {"groups": list(built.rows()), "state": built.switches, "notes": built.shown.notes}


class _Outline:
    """The outermost thing that each node belongs to, while folding goes on."""

    def __init__(self, g: Graph, options: Options) -> None:
        self.full, self.options = g, options
        self.limit = options.max_nodes or MAX_NODES
        self.scopes = {node.id: node.scope for node in g.nodes}
        self.paths = {node.id: frame_of(node, options.group_by) for node in g.nodes}
        self.top: dict[str, _Thing] = {node.id: node.id for node in g.nodes}
        self.switches = dict.fromkeys(_SWITCHES.values(), False)
        self.blocks: dict[int, int] = {}
        self.shown = g

    def fold(self) -> None:
        """Run the steps that a picture of this graph takes."""
        for name, step in STEPS.items():
            if not self._wanted(name):
                continue
            before, self.shown = self.shown, step(self.shown, self.limit)
            if self.shown is before:
                continue
            if name in _SWITCHES:
                self.switches[_SWITCHES[name]] = True
            else:
                self._group(name)

    def _wanted(self, name: str) -> bool:
        collapse = self.options.collapse
        if collapse is None or collapse is True:
            return len(self.shown.nodes) > self.limit
        return collapse is not False and name in collapse

    def _group(self, step: str) -> None:
        """Make groups of what this step drew as one; what is drawn in several places stays."""
        places = Counter(id for node in self.shown.nodes for id in members(node))
        for node in self.shown.nodes:
            inside = [id for id in members(node) if places[id] == 1]
            things = list(dict.fromkeys(self.top[id] for id in inside))
            if len(things) > 1:
                self.top.update(dict.fromkeys(inside, self._new(step, node, things)))

    def _new(self, step: str, node: Node, things: list[_Thing]) -> _Group:
        shared = _shared([_path(thing, self.paths) for thing in things])
        if step == "scopes":
            depth = len(node.scope)
            scope = self.scopes[_first(things[0])]
            things = _framed(things, self.scopes, depth + 1)
            return _Group(scope[depth], "frame", things, min(depth, shared))
        if step == "depth":
            return _Group(node.label, "depth", things)
        text = label(node, self.options.verbose)
        block = self.blocks.setdefault(node.merged, len(self.blocks)) if step == "repeats" else None
        return _Group(text, "repeat", things, shared, block=block)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every group, parents before children, with the nodes right inside it."""
        outermost = _framed(list(dict.fromkeys(self.top.values())), self.paths, 0)
        followers = self._followers()
        work: list[tuple[_Group, str | None]] = [
            (thing, None) for thing in outermost if isinstance(thing, _Group)
        ]
        for number, (group, parent) in enumerate(work):  # grows
            own = [id for id in group.children if isinstance(id, str)]
            own += [follower for id in own for follower in followers.get(id, ())]
            row = {"id": f"g{number}", "label": group.label, "kind": group.kind, "parent": parent,
                   "open": group.open, "block": group.block, "like": _first(group),
                   "members": own}  # fmt: skip
            yield {k: v for k, v in row.items() if v is not None and v is not False}
            work += [(c, f"g{number}") for c in group.children if isinstance(c, _Group)]

    def _followers(self) -> dict[str, list[str]]:
        """What a switch hides goes where its Function goes."""
        shown = {id for node in self.shown.nodes for id in members(node)}
        made = {edge.target: edge.source for edge in self.full.edges}
        used = {edge.source: edge.target for edge in self.full.edges}
        followers: dict[str, list[str]] = {}
        for node in self.full.nodes:
            if node.id not in shown:
                leader = used[node.id] if node.kind == "constant" else made[node.id]
                followers.setdefault(leader, []).append(node.id)
        return followers


def members(node: Node) -> Iterable[str]:
    """The nodes of the full graph that a node of a folded one stands for."""
    return node.members or (node.id.partition("_")[0],)


def _first(thing: _Thing) -> str:
    while isinstance(thing, _Group):
        thing = thing.children[0]
    return thing


def _path(thing: _Thing, paths: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The frames around all of a thing."""
    path = paths[_first(thing)]
    return path if isinstance(thing, str) else path[: thing.depth]


def _shared(paths: list[tuple[str, ...]]) -> int:
    """How many frames paths begin with in common."""
    first, last = min(paths), max(paths)
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    )


def _framed(things: list[_Thing], paths: dict[str, tuple[str, ...]], depth: int) -> list[_Thing]:
    """Things in open frames, nested along their paths from `depth` on."""
    frames: dict[tuple[str, ...], _Group] = {}
    outermost: list[_Thing] = []
    for thing in things:
        path = _path(thing, paths)
        siblings = outermost
        for end in range(depth + 1, len(path) + 1):
            frame = frames.get(path[:end])
            if frame is None:
                frame = frames[path[:end]] = _Group(path[end - 1], "frame", open=True)
                siblings.append(frame)
            siblings = frame.children
        siblings.append(thing)
    return outermost
