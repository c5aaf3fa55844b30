"""Elements repeated: tile, repeat and pad. Every operator here is linear (pad: affine)."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function, Variable
from tinypt_ops_basic._samples import normal, sampled
from tinypt_ops_basic.indexing import GetItemGrad


class Tile(Function):
    """A laid side by side reps times along each axis. reps: an int or one for every axis.

    >>> from tinypt_core import Variable
    >>> np.tile(Variable(np.array([1.0, 2.0])), 2)
    variable([1. 2. 1. 2.])
    """

    __slots__ = ("reps",)
    samples = sampled((normal(2, 3), (2, 1, 3)), (normal(), 2))
    keeps_nothing = True

    def __init__(self, reps: Any) -> None:
        self.reps = reps

    def forward(self, A: Any) -> Any:
        return np.tile(A, self.reps)

    def backward(self, gy: Any) -> Any:
        """Every axis of gy is a pair (copy, place); sum over the copies."""
        n = gy.ndim
        shape = (1,) * (n - len(self.shapes[0])) + self.shapes[0]
        reps = np.atleast_1d(self.reps)
        reps = (1,) * (n - len(reps)) + tuple(int(r) for r in reps)
        pairs = [size for pair in zip(reps, shape, strict=True) for size in pair]
        copies = tuple(range(0, 2 * n, 2))
        return np.reshape(np.sum(np.reshape(gy, pairs), axis=copies), self.shapes[0])


class Repeat(Function):
    """Each element of a repeated in place along an axis; axis None flattens first.

    repeats: an int, or one for every element along the axis.

    Raises ValueError if repeats does not fit the axis.

    >>> from tinypt_core import Variable
    >>> np.repeat(Variable(np.array([1.0, 2.0])), [1, 2])
    variable([1. 2. 2.])
    """

    __slots__ = ("axis", "repeats")
    samples = sampled((normal(2, 3), [1, 0, 3], 1), (normal(3), 2))
    keeps_nothing = True

    def __init__(self, repeats: Any, axis: int | None = None) -> None:
        self.repeats = repeats
        self.axis = axis

    def forward(self, a: Any) -> Any:
        return np.repeat(a, self.repeats, self.axis)

    def backward(self, gy: Any) -> Any:
        shape, axis = self.shapes[0], self.axis
        if axis is None:
            shape, axis = (int(np.prod(shape)),), 0
        axis, n = axis % len(shape), shape[axis]
        if np.size(self.repeats) == 1:
            copies = (*shape[: axis + 1], int(np.max(self.repeats)), *shape[axis + 1 :])
            gx = np.sum(np.reshape(gy, copies), axis=axis + 1)
        else:
            key = (*(slice(None),) * axis, np.repeat(np.arange(n), self.repeats))
            gx = GetItemGrad(key, shape).of(gy)
        return np.reshape(gx, self.shapes[0])


class Pad(Function):
    """array with pad_width elements added around it.

    pad_width: an int, (before, after) or one such pair for every axis; or a dict of axes.
    mode: "constant" with constant_values (numbers), or elements of array itself: "edge",
    "reflect", "symmetric", "wrap".

    Raises ValueError for the other modes of NumPy.

    >>> from tinypt_core import Variable
    >>> np.pad(Variable(np.array([1.0, 2.0, 3.0])), (1, 2), mode="reflect")
    variable([2. 1. 2. 3. 2. 1.])
    """

    __slots__ = ("constant_values", "mode", "pad_width")
    samples = sampled((normal(2, 3), 1), (normal(2, 3), ((1, 0), (0, 2)), "reflect"))
    keeps_nothing = True

    def __init__(self, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0) -> None:
        if mode not in ("constant", "edge", "reflect", "symmetric", "wrap"):
            raise ValueError(
                f"mode {mode!r} is not supported; "
                "there are 'constant', 'edge', 'reflect', 'symmetric' and 'wrap'"
            )
        if _any_variable(constant_values):
            raise TypeError(
                "constant_values= are numbers, not a Variable; pad with zeros and add, or "
                "write np.concatenate([v, x])"
            )
        self.pad_width = pad_width
        self.mode = mode
        self.constant_values = constant_values

    def forward(self, array: Any) -> Any:
        values = {"constant_values": self.constant_values} if self.mode == "constant" else {}
        widths = self.pad_width  # older NumPy does not know the dict
        if isinstance(widths, dict):
            widths = self._widths(array.ndim)
        return np.pad(array, widths, self.mode, **values)  # type: ignore[call-overload]

    def _widths(self, ndim: int) -> list[tuple[int, int]]:
        """Before and after, for every axis."""
        if isinstance(self.pad_width, dict):
            given = {axis % ndim: width for axis, width in self.pad_width.items()}
            rows = [np.broadcast_to(given.get(axis, 0), 2) for axis in range(ndim)]
        else:
            rows = list(np.broadcast_to(self.pad_width, (ndim, 2)))
        return [(int(before), int(after)) for before, after in rows]

    def backward(self, gy: Any) -> Any:
        shape = self.shapes[0]
        widths = self._widths(len(shape))
        if self.mode == "constant":
            return gy[tuple(slice(w[0], w[0] + n) for w, n in zip(widths, shape, strict=True))]
        for axis, (width, n) in enumerate(zip(widths, shape, strict=True)):
            if any(width):
                index = np.pad(np.arange(n), width, self.mode)  # type: ignore[call-overload]
                key = (*(slice(None),) * axis, index)
                gy = GetItemGrad(key, (*gy.shape[:axis], n, *gy.shape[axis + 1 :])).of(gy)
        return gy


def _any_variable(values: Any) -> bool:
    if isinstance(values, (list, tuple)):
        return any(map(_any_variable, values))
    return isinstance(values, Variable)
