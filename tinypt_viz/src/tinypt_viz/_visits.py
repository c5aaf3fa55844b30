"""A scope that is left and entered again: a frame for each visit, where one would be in a cycle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tinypt_core import Graph
from tinypt_viz._loops import MARK
from tinypt_viz._quotient import followers

Path = tuple[str, ...]


def visits(g: Graph, paths: Mapping[str, Path]) -> dict[str, Path]:
    """The paths, with another frame for each visit of a scope that leads out and back in.

    paths: the frames around each operator.
    """
    order = [n.id for n in sorted(g.nodes, key=lambda n: n.order) if n.id in paths and n.order]
    place = {id: i for i, id in enumerate(order)}
    after = followers(g)
    found = dict(paths)
    members: dict[Path, list[str]] = defaultdict(list)
    for id in order:
        for depth in range(1, len(paths[id]) + 1):
            members[paths[id][:depth]].append(id)
    for path, ids in sorted(members.items(), key=lambda one: len(one[0])):
        places = [place[id] for id in ids]
        if places[-1] - places[0] + 1 == len(places) or not _returns(ids, places, place, after):
            continue
        visit, last = 0, places[0]
        for id, at in zip(ids, places, strict=True):
            visit += at > last + 1
            last = at
            mine = found[id]
            name = mine[len(path) - 1] + MARK * visit
            found[id] = (*mine[: len(path) - 1], name, *mine[len(path) :])
    return found


def _returns(
    ids: list[str], places: list[int], place: dict[str, int], after: dict[str, list[str]]
) -> bool:
    """Whether something outside of a scope comes from it and leads into it."""
    inside, latest = set(ids), places[-1]
    seen: set[str] = set()
    work = [(id, False) for id in ids]
    while work:
        id, outside = work.pop()
        for target in after.get(id, ()):
            if outside and target in inside:
                return True
            if target in inside or target in seen or place.get(target, 0) > latest:
                continue
            is_operator = target in place
            if outside or is_operator:
                seen.add(target)
            work.append((target, outside or is_operator))
    return False
