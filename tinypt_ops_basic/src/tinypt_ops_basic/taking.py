"""Picking elements by integer indices or conditions along an axis. All linear."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import normal, sampled
from tinypt_ops_basic.constants import numbers, plain
from tinypt_ops_basic.indexing import GetItemGrad


class Take(Function):
    """The elements of a at indices along an axis; axis None takes from the flattened array.

    An element taken several times gets the sum of its gradients. mode: what becomes of indices
    out of range: "raise", "wrap" or "clip".

    Raises IndexError for an index out of range under "raise".

    >>> from tinypt_core import Variable
    >>> np.take(Variable(np.array([1.0, 2.0, 3.0])), [2, 0])
    variable([3. 1.])
    """

    __slots__ = ("axis", "indices", "mode")
    samples = sampled((normal(2, 3), [0, 5, -1]), (normal(2, 3), [0, 2, 2], 1))
    keeps_nothing = True

    def __init__(self, indices: Any, axis: int | None = None, mode: Any = "raise") -> None:
        self.indices = numbers(indices)
        self.axis = axis
        self.mode = mode

    def forward(self, a: Any) -> Any:
        mode = {} if self.mode == "raise" else {"mode": self.mode}
        return np.take(a, self.indices, self.axis, **mode)

    def backward(self, gy: Any) -> Any:
        shape, axis = self.shapes[0], self.axis
        if axis is None:
            shape, axis = (prod(shape),), 0
        axis, indices = axis % len(shape), self.indices
        if self.mode == "wrap":
            indices = indices % shape[axis]
        elif self.mode == "clip":
            indices = np.clip(indices, 0, shape[axis] - 1)
        key = (*(slice(None),) * axis, indices)
        return np.reshape(GetItemGrad(key, shape).of(gy), self.shapes[0])

    @classmethod
    def apply(
        cls, a: Any, indices: Any, axis: int | None = None, out: None = None, mode: Any = "raise"
    ) -> Any:
        """As np.take."""
        return super().apply(a, indices, axis, mode, out=out)


class Compress(Function):
    """The slices of a along an axis where condition holds; axis None takes from the flattened a.

    condition: one axis of booleans, not longer than that of a.

    >>> from tinypt_core import Variable
    >>> np.compress([False, True], Variable(np.array([1.0, 2.0, 3.0])))
    variable([2.])
    """

    __slots__ = ("axis", "condition")
    samples = sampled(([True, False, True], normal(2, 3), 1))
    keeps_nothing = True

    def __init__(self, condition: Any, axis: int | None = None) -> None:
        self.condition = np.asarray(plain(condition), bool)
        self.axis = axis

    def forward(self, a: Any) -> Any:
        return np.compress(self.condition, a, self.axis)

    def backward(self, gy: Any) -> Any:
        shape, axis = self.shapes[0], self.axis
        if axis is None:
            shape, axis = (prod(shape),), 0
        key = (*(slice(None),) * (axis % len(shape)), np.flatnonzero(self.condition))
        return np.reshape(GetItemGrad(key, shape).of(gy), self.shapes[0])

    @classmethod
    def apply(cls, condition: Any, a: Any, axis: int | None = None, out: None = None) -> Any:
        """As np.compress."""
        return super().apply(a, condition, axis, out=out)


class TakeAlongAxis(Function):
    """One element for every index, along an axis: y[i, j] = arr[i, indices[i, j]] for axis 1.

    axis None takes from the flattened array.

    Raises IndexError if indices do not fit arr.

    >>> from tinypt_core import Variable
    >>> x = Variable(np.array([[3.0, 1.0], [0.0, 5.0]]))
    >>> np.take_along_axis(x, np.array([[1], [0]]), axis=1)
    variable([[1.]
              [0.]])
    """

    __slots__ = ("axis", "indices")
    samples = sampled((normal(2, 3), np.array([[2, 0, 2, 1]]), 1))
    keeps_nothing = True

    def __init__(self, indices: Any, axis: int | None = -1) -> None:
        self.indices = plain(indices)
        self.axis = axis

    def forward(self, arr: Any) -> Any:
        return np.take_along_axis(arr, self.indices, self.axis)

    def backward(self, gy: Any) -> Any:
        shape = self.shapes[0]
        if self.axis is None:
            return np.reshape(GetItemGrad((self.indices,), (prod(shape),)).of(gy), shape)
        return GetItemGrad(along(self.indices, self.axis, shape), shape).of(gy)


def along(indices: Any, axis: int, shape: tuple[int, ...]) -> tuple[Any, ...]:
    """The index that picks what np.take_along_axis takes from an array of `shape`."""
    key: list[Any] = list(np.ix_(*map(np.arange, shape)))
    key[axis] = indices
    return tuple(key)
