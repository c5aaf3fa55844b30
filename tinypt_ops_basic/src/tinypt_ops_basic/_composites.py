"""What composites share: functions of NumPy that are written with other operators, without a rule.

They take what NumPy takes: arrays, Variables, numbers, and lists of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])


def writes(*arguments: Any) -> Callable[[F], F]:
    """A decorator for a function that writes into its first argument, tried on a Variable."""

    def samples(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
        yield (rng.normal(size=(2, 2)), *arguments)

    def decorate(function: F) -> F:
        function.samples = staticmethod(samples)  # type: ignore[attr-defined]
        return function

    return decorate


def array(x: Any) -> Any:
    """x as something with a shape; a list may hold Variables.

    >>> from tinypt_core import Variable
    >>> array([Variable(np.array(1.0)), 2])
    variable([1. 2.])
    """
    if hasattr(x, "dtype"):
        return x
    if isinstance(x, (list, tuple)) and x:
        return np.stack([array(part) for part in x])
    return np.asarray(x)


def rows(a: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """a with the axes that a reduction runs along as one, the last; and where they were.

    >>> rows(np.zeros((2, 3, 4)), (0, 2))[0].shape
    (3, 8)
    """
    given = range(a.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(sorted(int(i) % a.ndim for i in given))
    rest = [i for i in range(a.ndim) if i not in axes]
    moved = np.transpose(a, (*rest, *axes))
    n = int(np.prod([a.shape[i] for i in axes]))
    return np.reshape(moved, (*moved.shape[: len(rest)], n)), axes
