"""Largest, smallest and middle elements along axes. Ties share the gradient equally."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import anywhere
from tinypt_ops_basic._rules import constants, count, kept, reduced
from tinypt_ops_basic._undefined import Undefined
from tinypt_ops_basic.reduction import Reduction


class Max(Reduction):
    """Largest element along axes; equal ones share the gradient, and have no second derivative.

    initial: a number that takes part as well; it gets no gradient.

    Raises ValueError for an empty array without `initial`, as NumPy does.

    >>> from tinypt_core.ops import max
    >>> max(np.array([1.0, 3.0, 2.0]))
    variable(3.0)
    """

    __slots__ = ("initial",)

    def __init__(self, axis: Any = None, keepdims: bool = False, initial: Any = None) -> None:
        super().__init__(axis, keepdims)
        constants(initial=initial)
        self.initial = initial

    def forward(self, a: Any) -> Any:
        return np.max(a, axis=self.axis, keepdims=self.keepdims, **self._initial())

    def _initial(self) -> dict[str, Any]:
        return {} if self.initial is None else {"initial": self.initial}

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        shape = kept(a.shape, self.axis)
        gy, y = gy.reshape(shape), y.reshape(shape)
        n = 0 if self.initial is None else np.equal(y, self.initial)
        return _shared(gy, a, y, self.axis, n)


class Min(Max):
    """Smallest element along axes; equal ones share the gradient, and have no second derivative.

    initial: a number that takes part as well; it gets no gradient.

    Raises ValueError for an empty array without `initial`, as NumPy does.

    >>> from tinypt_core.ops import min
    >>> min(np.array([3.0, 1.0, 2.0]))
    variable(1.0)
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.min(a, axis=self.axis, keepdims=self.keepdims, **self._initial())


class Ptp(Reduction):
    """Range along axes: y = max a - min a; equal extremes share the gradient.

    >>> from tinypt_core.ops import ptp
    >>> ptp(np.array([3.0, 1.0, 2.0]))
    variable(2.0)
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        top = np.max(a, axis=self.axis, keepdims=self.keepdims)
        return top - np.min(a, axis=self.axis, keepdims=self.keepdims)

    def backward(self, gy: Any, a: Any) -> Any:
        axis = self.axis
        gy = gy.reshape(kept(a.shape, axis))
        top, low = np.max(a, axis=axis, keepdims=True), np.min(a, axis=axis, keepdims=True)
        return _shared(gy, a, top, axis) - _shared(gy, a, low, axis)


class Median(Reduction):
    """Median along axes: the middle element, or the mean of the middle two.

    The gradient goes to the middle elements; elements equal to them share it, and have no second
    derivative. axis, keepdims: see above.

    >>> from tinypt_core.ops import median
    >>> median(np.array([5.0, 1.0, 2.0, 3.0]))
    variable(2.5)
    """

    __slots__ = ()

    def __init__(self, axis: Any = None, *, keepdims: bool = False) -> None:
        super().__init__(axis, keepdims)

    def forward(self, a: Any) -> Any:
        return np.median(a, axis=self.axis, keepdims=self.keepdims)

    def backward(self, gy: Any, a: Any) -> Any:
        if not a.size:
            return np.zeros_like(a)
        shape = kept(a.shape, self.axis)
        gy = 0.5 * gy.reshape(shape)
        low, high = (middle.reshape(shape) for middle in _middle(a, self.axis))
        return _shared(gy, a, low, self.axis) + _shared(gy, a, high, self.axis)


def _middle(a: Any, axis: Any) -> tuple[Any, Any]:
    """The middle two elements along the axes; both the same if their number is odd."""
    marks = reduced(a.ndim, axis)
    order = sorted(range(a.ndim), key=lambda i: marks[i])
    rest = tuple(n for n, k in zip(a.shape, marks, strict=True) if not k)
    n = count(a.shape, axis)
    rows = np.sort(np.transpose(a, order).reshape((*rest, n)), axis=-1)
    return rows[..., (n - 1) // 2], rows[..., n // 2]


def _shared(gy: Any, a: Any, y: Any, axis: Any, others: Any = 0) -> Any:
    """gy for the elements of a that are y (or NaN, which makes y NaN), in equal shares.

    others: how many that are not in a share with them. float16 is counted in float32.
    """
    chosen = np.equal(a, y) | np.isnan(a)
    wide = np.result_type(y.dtype, np.float32)
    n = np.sum(chosen, axis=axis, keepdims=True, dtype=wide) + others
    shares = gy / n * chosen
    ties = chosen & (n > 1)
    return Undefined(ties).of(shares, a) if anywhere(ties) else shares
