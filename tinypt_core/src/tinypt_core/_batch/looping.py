"""What no rule knows runs element by element, and its results are stacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from tinypt_core._batch.batched import Batched, needs_loop
from tinypt_core._batch.levels import is_at, length

#: the names of what ran in a loop, where somebody wants to know
_names: ContextVar[dict[str, int] | None] = ContextVar("tinypt_looped", default=None)


@contextmanager
def what_loops() -> Iterator[dict[str, int]]:
    """Inside the `with` block: what runs in a loop, with how many elements in all."""
    names: dict[str, int] = {}
    token = _names.set(names)
    try:
        yield names
    finally:
        _names.reset(token)


def looped(name: str, f: Callable[..., Any], args: Any, kwargs: Any, level: int) -> Any:
    """f for every element of the batch of this level, one by one, and the results stacked.

    args, kwargs: may hold batched arrays, also in lists, tuples and dicts.

    Raises ValueError if the batch is empty, TypeError if the results differ in shape.
    """
    n = length(batched_in((args, kwargs)), level)
    if not n:
        raise ValueError(f"{name} runs in a loop, which says nothing about an empty batch")
    told(name, n)
    results = []
    for i in range(n):
        xs, named = replaced((args, kwargs), _element(i), level)
        results.append(f(*xs, **named))
    return _stacked(name, results, level)


def told(name: str, n: int) -> None:
    """Note what ran in a loop over n elements, for whoever wants to know."""
    names = _names.get()
    if names is not None:
        names[name] = names.get(name, 0) + n


def may_help(error: BaseException, values: Any) -> bool:
    """Whether a loop is worth trying after an error: one asks for it, or a batch is to blame.

    values: arrays and Variables. What was wrong anyway raises again, for one element.
    """
    return needs_loop(error) or bool(batched_in(arrays(values)))


def arrays(values: Any) -> Any:
    """The same lists and tuples, of Variables their arrays."""
    if isinstance(values, (tuple, list)):
        return [arrays(x) for x in values]
    return values if isinstance(values, Batched) else getattr(values, "_array", values)


def _element(i: int) -> Callable[[Batched], Any]:
    return lambda x: x.data[i, ...]


def batched_in(tree: Any) -> list[Batched]:
    """Every batched array in lists, tuples and dicts."""
    if isinstance(tree, Batched):
        return [tree]
    if isinstance(tree, dict):
        tree = tree.values()
    elif not isinstance(tree, (list, tuple)):
        return []
    return [x for branch in tree for x in batched_in(branch)]


def replaced(tree: Any, change: Callable[[Batched], Any], level: int) -> Any:
    """The same tree with `change` of every array that is batched at this level."""
    if is_at(tree, level):
        return change(tree)
    if isinstance(tree, dict):
        return {key: replaced(branch, change, level) for key, branch in tree.items()}
    if isinstance(tree, (list, tuple)):
        return _alike(tree, [replaced(branch, change, level) for branch in tree])
    return tree


def wrapped(result: Any, level: int, returning: bool = False) -> Any:
    """What a rule gave, batched again: an array, or several of them."""
    if isinstance(result, (list, tuple)):
        return _alike(result, [wrapped(part, level, returning) for part in result])
    return Batched(result, level, returning)


def _alike(like: Any, values: list[Any]) -> Any:
    return type(like)(*values) if hasattr(like, "_fields") else type(like)(values)


def _stacked(name: str, results: list[Any], level: int) -> Any:
    first = results[0]
    if isinstance(first, (list, tuple)):
        if any(len(result) != len(first) for result in results):
            raise _uneven(name, [len(result) for result in results])
        parts = [_stacked(name, list(column), level) for column in zip(*results, strict=True)]
        return _alike(first, parts)
    if first is None or isinstance(first, (str, np.dtype, type)):
        return first
    if any(is_at(result, level) for result in results):
        raise TypeError(f"{name} computes with what it noted of a whole batch, not of its inputs")
    shapes = {np.shape(result) for result in results}
    if len(shapes) > 1:
        raise _uneven(name, sorted(shapes))
    return Batched(np.stack(results), level)


def _uneven(name: str, found: Any) -> TypeError:
    return TypeError(
        f"{name} gives results of different shapes for the elements of a batch ({found}); write "
        f"what keeps one shape, such as np.where(mask, x, 0) instead of x[mask]"
    )
