"""Putting elements in order. The gradient goes back to where each element came from."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import normal, sampled


class Sort(Function):
    """a in ascending order along an axis; axis None flattens first.

    Equal elements stay in the order they had, so each gets the gradient of one place. kind and
    stable do not change the values and are not used.

    >>> from tinypt_core import Variable
    >>> np.sort(Variable(np.array([3.0, 1.0, 2.0])))
    variable([1. 2. 3.])
    """

    __slots__ = ("axis",)

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, a: Any) -> Any:
        return np.sort(a, self.axis)

    def backward(self, gy: Any, a: Any) -> Any:
        return np.take_along_axis(gy, _ranks(a, self.axis), self.axis)

    @classmethod
    def apply(
        cls,
        a: Any,
        axis: int | None = -1,
        kind: str | None = None,
        order: None = None,
        *,
        stable: bool | None = None,
    ) -> Any:
        """As np.sort."""
        if order is not None:
            raise ValueError("Sort: Cannot specify order when the array has no fields.")
        return cls(-1)(np.ravel(a)) if axis is None else cls(axis)(a)


class Partition(Function):
    """a with the kth smallest element in its sorted place, smaller ones before it.

    kth: an int or several. axis None flattens first. The order is that of np.partition.

    >>> from tinypt_core import Variable
    >>> np.partition(Variable(np.array([3.0, 1.0, 2.0])), 0)[0]
    variable(1.0)
    """

    __slots__ = ("axis", "kth")
    samples = sampled((normal(7), 3), (normal(2, 5), (1, -1)))

    def __init__(self, kth: Any, axis: int = -1) -> None:
        self.kth = kth
        self.axis = axis

    def forward(self, a: Any) -> Any:
        return np.partition(a, self.kth, self.axis)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        # np.argpartition need not leave the others in the same order: match the ranks instead
        in_order = np.take_along_axis(gy, np.argsort(y, self.axis, kind="stable"), self.axis)
        return np.take_along_axis(in_order, _ranks(a, self.axis), self.axis)

    @classmethod
    def apply(
        cls,
        a: Any,
        kth: Any,
        axis: int | None = -1,
        kind: str = "introselect",
        order: None = None,
    ) -> Any:
        """As np.partition."""
        if order is not None:
            raise ValueError("Partition: Cannot specify order when the array has no fields.")
        return cls(kth)(np.ravel(a)) if axis is None else cls(kth, axis)(a)


def _ranks(a: Any, axis: int) -> Any:
    """The place of each element in ascending order; equal ones stay in the order they had."""
    return np.argsort(np.argsort(a, axis, kind="stable"), axis)
