"""vmap: a function of one element -> the same function of many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_core._batch.whole import (
    NeedsLoop,
    enter,
    inside,
    is_at,
    leave,
    length_along,
    needs_loop,
    next_level,
    what_loops,
)
from tinypt_core._transforms.sharing import Enter, Leave
from tinypt_core._transforms.tree import leaves, ordered, rebuild
from tinypt_core._variable import Variable


class vmap:
    """The function that computes f for many elements at once.

    in_axes: which axis of an argument runs over the elements; None for an argument that is the
    same for all; a tuple of one for each argument, of which each may be a tree like the argument.
    Keyword arguments are the same for all. out_axes: where that axis goes in the result, likewise
    for a tree of results.

    Operators and NumPy's functions run once, on all elements; what cannot runs in a loop, and
    `vmap(f).report(x)` tells what does. Arrays in, arrays out; a Variable that f is given or
    takes from outside stays connected. vmaps nest.

    Raises TypeError where f branches on a batched value (write np.where), ValueError if arguments
    differ in how many elements they have.

    >>> vmap(np.dot, in_axes=(0, None))(np.eye(2), np.array([3.0, 4.0]))
    array([3., 4.])
    >>> vmap(lambda x: x - np.mean(x), in_axes=1, out_axes=1)(np.array([[1.0, 2.0], [3.0, 6.0]]))
    array([[-1., -2.],
           [ 1.,  2.]])
    """

    def __init__(self, f: Callable[..., Any], in_axes: Any = 0, out_axes: Any = 0) -> None:
        self.f, self.in_axes, self.out_axes = f, in_axes, out_axes
        self.__name__ = getattr(f, "__name__", type(f).__name__)
        self.__doc__ = f"{self.__name__} of many elements at once."
        self.__wrapped__ = f

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        xs = leaves(args)
        axes = _spread(self._axes_of(len(args)), args, "in_axes")
        n = self._length(xs, axes)
        level = next_level()
        entered = [_enter(x, level, axis) for x, axis in zip(xs, axes, strict=True)]
        try:
            with inside(level):
                y = self.f(*rebuild(args, entered), **kwargs)
        except (Exception, NeedsLoop) as error:
            if not needs_loop(error):
                raise
            raise TypeError(f"vmap of {self.__name__}: {_root(error)}") from error
        connected = any(isinstance(x, Variable) for x in xs)
        ys = leaves(y)
        outs = _spread(self.out_axes, y, "out_axes")
        left = [_leave(v, level, axis, n, connected) for v, axis in zip(ys, outs, strict=True)]
        return rebuild(y, _apart(left))

    def report(self, *args: Any, **kwargs: Any) -> dict[str, int]:
        """What of a call runs in a loop: names, and how many times; nothing is the best news.

        >>> vmap(np.sort).report(np.ones((2, 3)))
        {}
        """
        with what_loops() as names:
            self(*args, **kwargs)
        return names

    def _axes_of(self, n: int) -> Any:
        if not isinstance(self.in_axes, (tuple, list)):
            return (self.in_axes,) * n
        if len(self.in_axes) != n:
            raise ValueError(
                f"in_axes has {len(self.in_axes)} entries for the {n} arguments of {self.__name__}"
            )
        return tuple(self.in_axes)

    def _length(self, xs: list[Any], axes: list[Any]) -> int:
        lengths = [
            length_along(x, axis, f"an argument of {self.__name__}")
            for x, axis in zip(xs, axes, strict=True)
            if axis is not None
        ]
        if len(set(lengths)) != 1:
            found = f"they have different lengths: {lengths}" if lengths else "there are none"
            raise ValueError(
                f"vmap of {self.__name__} runs over axes of its arguments, but {found}"
            )
        return lengths[0]


def _root(error: BaseException) -> BaseException:
    return error if error.__cause__ is None else _root(error.__cause__)


def _spread(axes: Any, tree: Any, what: str) -> list[Any]:
    """One axis for every leaf of a tree, of axes given for whole branches."""
    if axes is None or isinstance(axes, int):
        return [axes] * len(leaves(tree))
    if isinstance(axes, dict) and isinstance(tree, dict) and axes.keys() == tree.keys():
        pairs = [(axes[key], tree[key]) for key in ordered(tree)]
    elif (
        isinstance(axes, (tuple, list))
        and isinstance(tree, (tuple, list))
        and len(axes) == len(tree)
    ):
        pairs = list(zip(axes, tree, strict=True))
    else:
        raise ValueError(f"{what} {axes!r} does not fit {type(tree).__name__} {tree!r:.60}")
    return [axis for branch in pairs for axis in _spread(*branch, what)]


def _enter(x: Any, level: int, axis: Any) -> Any:
    if axis is None:
        return x
    return Enter(level, axis)(x) if isinstance(x, Variable) else enter(x, level, axis)


def _leave(y: Any, level: int, axis: Any, n: int, connected: bool) -> Any:
    """A result of f, as its caller gets it."""
    if isinstance(y, Variable) and not (connected or y._edge._order) and is_at(y._array, level):
        y = y._array  # made of arrays alone
    if axis is None:
        data = y._array if isinstance(y, Variable) else y
        if is_at(data, level):
            raise ValueError("out_axes is None for a result that differs from element to element")
        return y
    if isinstance(y, Variable):
        return Leave(level, axis, n)(y)
    return leave(y, level, axis, n)


def _apart(results: list[Any]) -> list[Any]:
    """The results, each an array of its own: no view of an argument, none twice."""
    seen: set[int] = set()
    for i, y in enumerate(results):
        if isinstance(y, np.ndarray) and (y.base is not None or id(y) in seen):
            results[i] = np.array(y)
        seen.add(id(y))
    return results
