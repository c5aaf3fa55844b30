"""Sums, means and products along axes.

axis: an int, a tuple of them, or None for all axes; keepdims: keep them with length 1.
The dtype of the result is NumPy's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from tinypt_core.sums import total

from tinypt_core import Function
from tinypt_ops_basic._rules import count, kept, reduced, spread
from tinypt_ops_basic._sums import mean


class Reduction(Function):
    """What is reduced along axes."""

    __slots__ = ("axis", "keepdims")

    def __init__(self, axis: Any = None, keepdims: bool = False) -> None:
        if not isinstance(keepdims, (bool, int, np.bool_)):
            raise TypeError(f"keepdims is True or False, not {keepdims!r}")
        self.axis = axis
        self.keepdims = bool(keepdims)


class Sum(Reduction):
    """Sum along axes: y = Σ a.

    >>> from tinypt_core.ops import sum
    >>> sum(np.ones((2, 3)), axis=0)
    variable([2. 2. 2.])
    """

    __slots__ = ()
    keeps_nothing = True

    def forward(self, a: Any) -> Any:
        return total(a, self.axis, self.keepdims)

    def backward(self, gy: Any) -> Any:
        return spread(gy, self.shapes[0], self.axis, self.keepdims)


class Nansum(Reduction):
    """Sum along axes with NaN counted as 0; its gradient is 0 there.

    >>> from tinypt_core.ops import nansum
    >>> nansum(np.array([1.0, np.nan]))
    variable(1.0)
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return total(np.where(np.isnan(a), 0, a), self.axis, self.keepdims)

    def backward(self, gy: Any, a: Any) -> Any:
        return spread(gy, a.shape, self.axis, self.keepdims) * ~np.isnan(a)


class Mean(Reduction):
    """Mean along axes: y = Σ a / n. Integers give float64.

    >>> from tinypt_core.ops import mean
    >>> mean(np.array([1.0, 2.0, 6.0]))
    variable(3.0)
    """

    __slots__ = ()
    keeps_nothing = True

    def forward(self, a: Any) -> Any:
        return mean(a, self.axis, self.keepdims)

    def backward(self, gy: Any) -> Any:
        shape = self.shapes[0]
        n = np.result_type(gy.dtype, np.float32).type(max(count(shape, self.axis), 1))
        return spread(gy / n, shape, self.axis, self.keepdims)


class Prod(Reduction):
    """Product along axes: y = Π a. Its derivatives are right at zeros too, at every order.

    >>> from tinypt_core.ops import prod
    >>> prod(np.array([2.0, 3.0, 4.0]))
    variable(24.0)
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.prod(a, axis=self.axis, keepdims=self.keepdims)

    def backward(self, gy: Any, a: Any) -> Any:
        # y / a would be wrong where y overflowed or vanished, and inexact in the next derivative
        return gy.reshape(kept(a.shape, self.axis)) * _products_of_others(a, self.axis)


def _products_of_others(a: Any, axis: Any) -> Any:
    """For each element the product of all others along the axes: no division."""
    marks = reduced(a.ndim, axis)
    last = [i for i, k in enumerate(marks) if k]
    order = [i for i, k in enumerate(marks) if not k] + last
    moved = np.transpose(a, order)
    rows = moved.reshape((*moved.shape[: a.ndim - len(last)], -1))
    one = np.ones_like(rows[..., :1])
    before = np.cumprod(np.concatenate([one, rows[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([one, rows[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    return np.transpose((before * after).reshape(moved.shape), tuple(np.argsort(order)))


class SumTo(Function):
    """Sum down to a shape that broadcasts to that of x: the adjoint of `broadcast_to`.

    Raises ValueError if `shape` does not broadcast to the shape of x.

    >>> from tinypt_core.ops import sum_to
    >>> sum_to(np.ones((2, 3)), (1, 3))
    variable([[2. 2. 2.]])
    """

    __slots__ = ("shape",)
    keeps_nothing = True

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape

    def forward(self, x: Any) -> Any:
        lead = x.ndim - len(self.shape)
        pairs = zip(self.shape, x.shape[max(lead, 0) :], strict=False)
        if lead < 0 or any(n not in (1, m) for n, m in pairs):
            raise ValueError(f"shape {self.shape} does not broadcast to {x.shape}")
        axes = [i for i, n in enumerate(self.shape, lead) if n == 1 and x.shape[i] != 1]
        return total(x, (*range(lead), *axes), keepdims=True).reshape(self.shape)

    def backward(self, gy: Any) -> Any:
        return np.broadcast_to(gy, self.shapes[0])

    @staticmethod
    def samples(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
        """Calls for the conformance kit."""
        yield rng.normal(size=(2, 3)), (1, 3)
        yield rng.normal(size=(2, 1, 3)), (1, 1)
        yield rng.normal(size=()), ()
        yield rng.normal(size=(0, 3)), (3,)
