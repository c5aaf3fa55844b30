"""Trees: tuples, lists and dicts of arrays, nested, as one value; the parameters of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import Any


def leaves(tree: Any) -> list[Any]:
    """The leaves of a tree from left to right, of a dict in the order of its keys; None has none.

    >>> leaves({"w": [1.0, 2.0], "b": (3.0, None)})
    [3.0, 1.0, 2.0]
    """
    if not isinstance(tree, (dict, tuple, list)):
        return [] if tree is None else [tree]
    found: list[Any] = []
    _collect(tree, found)
    return found


def rebuild(like: Any, values: Iterable[Any]) -> Any:
    """A tree of the same structure with other leaves.

    >>> rebuild({"w": [1.0, 2.0], "b": (3.0, None)}, "abc")
    {'w': ['b', 'c'], 'b': ('a', None)}
    """
    return _fill(like, iter(values))


def structure(tree: Any) -> Any:
    """What a tree is made of, without its leaves: to compare, and to print.

    >>> structure({"w": [1.0, 2.0], "b": (3.0, None)})
    {'b': ('*', None), 'w': ['*', '*']}
    """
    if isinstance(tree, dict):
        return {key: structure(tree[key]) for key in ordered(tree)}
    if isinstance(tree, tuple):
        return tuple(map(structure, tree))
    if isinstance(tree, list):
        return list(map(structure, tree))
    return None if tree is None else "*"


def ordered(tree: dict[Any, Any]) -> list[Any]:
    """The keys of a dict in the one order that counts: sorted.

    >>> ordered({"w": 1.0, "b": 2.0})
    ['b', 'w']
    """
    try:
        return sorted(tree)
    except TypeError:  # keys of several kinds
        return sorted(tree, key=lambda key: (type(key).__name__, repr(key)))


def tree_map(f: Callable[[Any], Any], tree: Any) -> Any:
    """The same tree with `f` of every leaf.

    >>> tree_map(abs, [-1, (2, -3)])
    [1, (2, 3)]
    """
    return rebuild(tree, map(f, leaves(tree)))


def _collect(tree: Any, found: list[Any]) -> None:
    if isinstance(tree, dict):
        tree = tuple(tree[key] for key in ordered(tree))
    if isinstance(tree, (tuple, list)):
        for branch in tree:
            _collect(branch, found)
    elif tree is not None:
        found.append(tree)


def _fill(like: Any, values: Iterator[Any]) -> Any:
    if like is None:
        return None
    if isinstance(like, dict):
        filled = copy(like)  # keeps what a subclass knows, such as a default
        for key in ordered(like):
            filled[key] = _fill(like[key], values)
        return filled
    if isinstance(like, (tuple, list)):
        branches = [_fill(branch, values) for branch in like]
        return type(like)(*branches) if hasattr(like, "_fields") else type(like)(branches)
    return next(values)
