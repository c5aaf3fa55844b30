"""The plan of a pass: which nodes to visit in which order, and what nobody asked for."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import numpy as np

from tinypt_core._errors import GradientError
from tinypt_core._graph.changes import changed_outputs, in_hand
from tinypt_core._modes import get_mode
from tinypt_core._names import describe

_by_order = attrgetter("_order")
_NONE: Any = frozenset()


class Plan:
    """What a pass does.

    nodes: those to visit, youngest first. leaves: where the graph ends in an array that is not
    0-d. wanted: places whose gradient is asked for, besides the leaves. skip: edges not worth a
    gradient. own: of edges whose gradient the loop made itself, a weak reference to that.
    """

    __slots__ = ("leaves", "nodes", "own", "skip", "wanted")

    def __init__(self, roots: Iterable[Any], wanted: set[Any] | None = None) -> None:
        self.nodes, self.leaves = _walk(roots)
        self.own: dict[Any, Any] = {}
        self.skip = self.wanted = _NONE
        if wanted is not None:
            self.wanted = wanted
            self._prune(wanted)
        if self.leaves or in_hand:
            _require_unchanged(self.nodes, self.leaves)

    def owns(self, edge: Any, grad: Any) -> bool:
        """Whether the loop made this gradient, and nobody else has it."""
        known = self.own.get(edge)
        return known is not None and known() is grad

    def _prune(self, wanted: set[Any]) -> None:
        """Visit only the paths that lead to what is wanted."""
        live = set(wanted)
        skip: set[Any] = set()
        for node in reversed(self.nodes):  # what it was made from has been seen
            behind = node._behind
            edges = behind if behind.__class__ is tuple else (behind,)
            if live.isdisjoint(edges):
                if node in wanted:
                    skip.update(edges)
                continue
            if node.passes_over is not None and edges[node.passes_over] in wanted:
                raise _passed_over(node)
            live.add(node)
            for edge in edges:
                if edge not in live:
                    skip.add(edge)
        self.nodes = [node for node in self.nodes if node in live]
        self.skip = skip


def _passed_over(node: Any) -> GradientError:
    return GradientError(
        f"{describe(node._node)} is a derivative by the input of what you ask to differentiate "
        f"by, and cannot be differentiated by its output; ask for the input instead"
    )


def _walk(roots: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """The nodes behind the roots, youngest first, and the leaves and constants that are not 0-d."""
    seen = set(roots)
    nodes = [root for root in seen if root._order]
    leaves = [root for root in seen if not root._order and root._shape]
    for node in nodes:  # grows
        behind = node._behind
        for edge in behind if behind.__class__ is tuple else (behind,):
            if edge not in seen:
                seen.add(edge)
                if edge._order:
                    nodes.append(edge)
                elif edge._shape:
                    leaves.append(edge)
    nodes.sort(key=_by_order, reverse=True)
    return nodes, leaves


# -- what was changed in place between forward and backward --------------------------------------


def _require_unchanged(nodes: list[Any], leaves: list[Any]) -> None:
    """Raise if an array that a rule of the plan will read is not what forward used."""
    if get_mode().anomaly:  # which looks at every element, and says more
        return
    stale = {}
    for leaf in leaves:
        taken = getattr(leaf, "_print", None)
        if taken is not None and (upto := taken.stale()):
            stale[leaf] = upto
    arrays = [array for array, _ in changed_outputs()] if in_hand else []
    if not stale and not arrays:
        return
    for node in nodes:
        if not isinstance(node, tuple):
            _require_fresh(node._node, stale, arrays)


def _require_fresh(node: Any, stale: dict[Any, float], arrays: list[Any]) -> None:
    for place, value, what in node._keeps.items(node):
        if _is_stale(node, place, value, stale) or _lies_in(value, arrays):
            raise GradientError(
                f"{what} that {describe(node)} kept for its gradient was changed in place between "
                f"forward and backward; change a copy instead, as x.data = x.data + 1, or call "
                f"backward() first"
            )


def _lies_in(value: Any, arrays: list[Any]) -> bool:
    """Whether a value is, or shares memory with, one of some arrays."""
    return isinstance(value, np.ndarray) and any(np.may_share_memory(a, value) for a in arrays)


def _is_stale(node: Any, place: Any, value: Any, stale: dict[Any, float]) -> bool:
    """Whether it is, or is a view of, an array of a leaf that was changed since."""
    if not isinstance(value, np.ndarray):
        return False
    return any(
        node._order < upto and (place is leaf or leaf._print.overlaps(value))
        for leaf, upto in stale.items()
    )
