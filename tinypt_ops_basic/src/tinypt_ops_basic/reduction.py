"""Sums, means, products and spreads along axes.

axis: an int, a tuple of them, or None for all axes; keepdims: keep them with length 1.
The dtype of the result is NumPy's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core import Function, Variable
from tinypt_ops_basic._rules import anywhere, count, kept, reduced, spread
from tinypt_ops_basic.arithmetic import Astype


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
        return np.sum(a, axis=self.axis, keepdims=self.keepdims)

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
        return np.nansum(a, axis=self.axis, keepdims=self.keepdims)

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
        return np.mean(a, axis=self.axis, keepdims=self.keepdims)

    def backward(self, gy: Any) -> Any:
        shape = self.shapes[0]
        n = count(shape, self.axis)
        return spread(gy / max(n, 1), shape, self.axis, self.keepdims)


class _Moment(Reduction):
    __slots__ = ("ddof",)

    def __init__(
        self,
        axis: Any = None,
        ddof: float = 0,
        keepdims: bool = False,
        *,
        correction: float | None = None,
    ) -> None:
        super().__init__(axis, keepdims)
        self.ddof = ddof if correction is None else correction


class Var(_Moment):
    """Variance along axes: y = Σ (a - mean a)² / (n - ddof).

    ddof (or correction): what is subtracted from the number n of elements.

    >>> from tinypt_core.ops import var
    >>> var(np.array([1.0, 3.0])), var(np.array([1.0, 3.0]), ddof=1)
    (variable(1.0), variable(2.0))
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.var(a, axis=self.axis, ddof=self.ddof, keepdims=self.keepdims)

    def backward(self, gy: Any, a: Any) -> Any:
        scaled = gy * (2 / _freedom(a, self))
        return scaled.reshape(kept(a.shape, self.axis)) * _deviation(a, self.axis)


class Std(_Moment):
    """Standard deviation along axes: y = √var(a). Of equal numbers it has gradient 0.

    >>> from tinypt_core.ops import std
    >>> std(np.array([1.0, 3.0]))
    variable(1.0)
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.std(a, axis=self.axis, ddof=self.ddof, keepdims=self.keepdims)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        shape = kept(a.shape, self.axis)
        gy, y = gy.reshape(shape), y.reshape(shape)
        equal = _flat(a, self.axis)  # rounding may leave y > 0 there
        if anywhere(equal):
            gy, y = np.where(equal, 0, gy), np.where(equal, 1, y)
        return gy / (_freedom(a, self) * y) * _deviation(a, self.axis)


def _freedom(a: Any, f: _Moment) -> float:
    """n - ddof as NumPy takes it; nothing is divided by it if there are no elements."""
    return max(count(a.shape, f.axis) - f.ddof, 0) if a.size else 1


def _deviation(a: Any, axis: Any) -> Any:
    return a - np.mean(a, axis=axis, keepdims=True) if a.size else a


def _flat(a: Any, axis: Any) -> Any:
    """Where all numbers along the axes are equal."""
    if not a.size:
        return False
    top, low = np.max(a, axis=axis, keepdims=True), np.min(a, axis=axis, keepdims=True)
    return np.equal(top, low)


class Prod(Reduction):
    """Product along axes: y = Π a. Its derivatives are right at zeros too, at every order.

    >>> from tinypt_core.ops import prod
    >>> prod(np.array([2.0, 3.0, 4.0]))
    variable(24.0)
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.prod(a, axis=self.axis, keepdims=self.keepdims)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        shape = kept(a.shape, self.axis)
        gy, y = gy.reshape(shape), y.reshape(shape)
        if np.all(a):
            return gy * y / a
        return gy * _products_of_others(a, self.axis)


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


class Average(Function):
    """Weighted mean along axes: y = Σ w a / Σ w; without weights the mean.

    weights: of the shape of a, or of its shape along `axis`; differentiable.
    returned: give also Σ w, as the second of a tuple.

    Raises ZeroDivisionError if weights sum to zero, TypeError or ValueError if they do not fit.

    >>> from tinypt_core.ops import average
    >>> average(np.array([1.0, 3.0]), weights=np.array([3.0, 1.0]))
    variable(1.5)
    """

    __slots__ = ()

    @classmethod
    def apply(
        cls,
        a: Any,
        axis: Any = None,
        weights: Any = None,
        returned: bool = False,
        *,
        keepdims: bool = False,
    ) -> Any:
        if weights is None:
            y = Mean.apply(a, axis=axis, keepdims=keepdims)
            if not returned:
                return y
            n = count(np.shape(a), axis)
            return y, Variable(np.full(y.shape, n, y.dtype))
        weights = _fitted(a, axis, weights)
        dtype = np.result_type(a, weights)
        weights = Astype.apply(weights, dtype if dtype.kind == "f" else float)
        total = Sum.apply(weights, axis=axis, keepdims=keepdims)
        if np.any(total == 0):
            raise ZeroDivisionError("Average: weights sum to zero, can't be normalized")
        y = Sum.apply(a * weights, axis=axis, keepdims=keepdims) / total
        return (y, total) if returned else y


def _fitted(a: Any, axis: Any, weights: Any) -> Any:
    """The weights in the shape of a; errors as NumPy's."""
    shape, given = np.shape(a), np.shape(weights)
    if not isinstance(weights, Variable):
        weights = Variable(np.asarray(weights))
    if given == shape:
        return weights
    if axis is None:
        raise TypeError(
            f"Average: Axis must be specified when shapes of a and weights differ: "
            f"{shape} and {given}"
        )
    axes = [i % len(shape) for i in (axis if isinstance(axis, tuple) else (axis,))]
    if given != tuple(shape[i] for i in axes):
        raise ValueError(
            f"Average: Shape of weights must be consistent with shape of a along specified "
            f"axis: {given} and {shape} along {axis}"
        )
    weights = np.transpose(weights, np.argsort(axes))
    wide = tuple(n if i in axes else 1 for i, n in enumerate(shape))
    return np.broadcast_to(weights.reshape(wide), shape)


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
        return np.sum(x, axis=(*range(lead), *axes), keepdims=True).reshape(self.shape)

    def backward(self, gy: Any) -> Any:
        return np.broadcast_to(gy, self.shapes[0])

    @staticmethod
    def samples(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
        """Calls for the conformance kit."""
        yield rng.normal(size=(2, 3)), (1, 3)
        yield rng.normal(size=(2, 1, 3)), (1, 1)
        yield rng.normal(size=()), ()
        yield rng.normal(size=(0, 3)), (3,)
