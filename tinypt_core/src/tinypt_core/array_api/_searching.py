"""Indexing, searching, sorting, sets."""

from __future__ import annotations

from typing import Any

from tinypt_core.array_api._call import call, unary

unique_all, unique_counts = unary("unique_all"), unary("unique_counts")
unique_inverse, unique_values = unary("unique_inverse"), unary("unique_values")
nonzero = unary("nonzero")


def take(x: Any, indices: Any, /, *, axis: int | None = None) -> Any:
    """The operator `take`."""
    return call("take", x, indices, axis)


def take_along_axis(x: Any, indices: Any, /, *, axis: int = -1) -> Any:
    """The operator `take_along_axis`."""
    return call("take_along_axis", x, indices, axis)


def searchsorted(x1: Any, x2: Any, /, *, side: str = "left", sorter: Any = None) -> Any:
    """Where x2 would go into the sorted x1."""
    return call("searchsorted", x1, x2, side=side, sorter=sorter)


def where(condition: Any, x1: Any, x2: Any, /) -> Any:
    """The operator `where`."""
    return call("where", condition, x1, x2)


def argsort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """The indices that sort along an axis; equal elements stay in order."""
    if not descending:
        return call("argsort", x, axis, kind="stable")
    backwards = call("argsort", call("flip", x, axis), axis, kind="stable")
    return call("subtract", x.shape[axis] - 1, call("flip", backwards, axis))


def sort(x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """The operator `sort`, from the smallest or, descending, from the largest."""
    y = call("sort", x, axis)
    return call("flip", y, axis) if descending else y


__all__ = [
    "argsort",
    "nonzero",
    "searchsorted",
    "sort",
    "take",
    "take_along_axis",
    "unique_all",
    "unique_counts",
    "unique_inverse",
    "unique_values",
    "where",
]
