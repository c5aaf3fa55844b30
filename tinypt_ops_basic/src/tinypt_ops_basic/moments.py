"""Spreads and weighted means along axes.

axis: an int, a tuple of them, or None for all axes; keepdims: keep them with length 1.
The dtype of the result is NumPy's; float16 is counted and summed in float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core.sums import total

from tinypt_core import Function, Variable, anywhere
from tinypt_ops_basic._rules import constants, count, kept, squared
from tinypt_ops_basic._scaling import out_of_range, power_of_two
from tinypt_ops_basic._sums import mean
from tinypt_ops_basic._undefined import Undefined
from tinypt_ops_basic.arithmetic import Astype
from tinypt_ops_basic.reduction import Mean, Reduction, Sum


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
        constants(ddof=ddof, correction=correction)
        self.ddof = ddof if correction is None else correction

    def _freedom(self, a: Any) -> float:
        """n - ddof as NumPy takes it; nothing is divided by it if there are no elements."""
        return max(count(a.shape, self.axis) - self.ddof, 0) if a.size else 1

    def _variance(self, d: Any, scale: Any = None) -> Any:
        """Σ |d / scale|² / (n - ddof) of deviations d, axes kept."""
        u = d if scale is None else d / scale
        return total(squared(u), self.axis, keepdims=True) / self._freedom(d)

    def _deviations(self, a: Any) -> Any:
        wide = a.astype(np.float32) if a.dtype == np.float16 else a
        return Deviation(self.axis).forward(wide)

    def _shaped(self, y: Any, a: Any) -> Any:
        y = y if self.keepdims else np.squeeze(y, axis=self.axis)
        return y.astype(np.float16) if a.dtype == np.float16 else y

    @classmethod
    def apply(cls, a: Any, *args: Any, mean: Any = None, **kwargs: Any) -> Any:
        """As np.var and np.std; a mean that is given takes part as NumPy's does: no constant."""
        if mean is None:
            return cls._call(a, *args, **kwargs)
        f = cls(*args, **kwargs)
        d = np.subtract(a, mean)
        squares = np.sum(squared(d), axis=f.axis, keepdims=f.keepdims)
        return cls._of_squares(squares / f._freedom(d))

    @classmethod
    def _of_squares(cls, y: Any) -> Any:
        return y


class Var(_Moment):
    """Variance along axes: y = Σ |a - mean a|² / (n - ddof).

    ddof (or correction): what is subtracted from the number n of elements. mean: the mean if it
    is known, with its axes kept.

    >>> from tinypt_core.ops import var
    >>> var(np.array([1.0, 3.0])), var(np.array([1.0, 3.0]), ddof=1)
    (variable(1.0), variable(2.0))
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        if not a.size or not self._freedom(a):
            return np.var(a, axis=self.axis, ddof=self.ddof, keepdims=self.keepdims)
        return self._shaped(self._variance(self._deviations(a)), a)

    def backward(self, gy: Any, a: Any) -> Any:
        if not a.size:
            return np.zeros_like(a)
        scaled = gy * (2 / self._freedom(a))
        return scaled.reshape(kept(a.shape, self.axis)) * np.conjugate(Deviation(self.axis).of(a))


class Std(_Moment):
    """Standard deviation along axes: y = √var(a).

    ddof, correction, mean: as those of var. Of equal numbers it has gradient 0, a convention, and
    no second derivative. It does not overflow on the way.

    >>> from tinypt_core.ops import std
    >>> std(np.array([1.0, 3.0]))
    variable(1.0)
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        if not a.size or not self._freedom(a):
            return np.std(a, axis=self.axis, ddof=self.ddof, keepdims=self.keepdims)
        d = self._deviations(a)
        with np.errstate(over="ignore", under="ignore"):
            y = np.sqrt(self._variance(d))
        if anywhere(out_of_range(y, 2)):
            scale = power_of_two(d, self.axis)
            y = np.sqrt(self._variance(d, scale)) * scale
        return self._shaped(y, a)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        if count(a.shape, self.axis) < 2:  # a number alone deviates from nothing
            return np.zeros_like(a)
        shape = kept(a.shape, self.axis)
        gy, y = (gy * (1 / self._freedom(a))).reshape(shape), y.reshape(shape)
        d = np.conjugate(Deviation(self.axis).of(a))
        equal = _flat(a, self.axis)  # rounding may leave y > 0 there
        if not anywhere(equal):
            return gy * (d / y)
        unit = np.where(equal, 0, d) / np.where(equal, 1, y)
        return Undefined(equal).of(gy * unit, a)

    @classmethod
    def _of_squares(cls, y: Any) -> Any:
        return np.sqrt(y)


class Deviation(Function):
    """a - mean a along axes, where the mean is taken out again of what is left.

    The first mean is off by a rounding error of the size of a, which may be far larger than the
    deviations; that of the differences is not (Chan, Golub and LeVeque 1983).
    """

    __slots__ = ("axis",)
    keeps_nothing = True

    def __init__(self, axis: Any) -> None:
        self.axis = axis

    def forward(self, a: Any) -> Any:
        d = a - mean(a, self.axis, keepdims=True)
        return d - mean(d, self.axis, keepdims=True)

    def backward(self, gy: Any) -> Any:
        return Deviation(self.axis).of(gy)


def _flat(a: Any, axis: Any) -> Any:
    """Where all numbers along the axes are equal."""
    top, low = np.max(a, axis=axis, keepdims=True), np.min(a, axis=axis, keepdims=True)
    return np.equal(top, low)


def average(
    a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False
) -> Any:
    """Weighted mean along axes: y = Σ w a / Σ w; without weights the mean.

    weights: of the shape of a, or of its shape along `axis`; differentiable.
    returned: give also Σ w, as the second of a tuple.

    Raises ZeroDivisionError if weights sum to zero, TypeError or ValueError if they do not fit.

    >>> from tinypt_core.ops import average
    >>> average(np.array([1.0, 3.0]), weights=np.array([3.0, 1.0]))
    variable(1.5)
    """
    if weights is None:
        y = Mean.apply(a, axis=axis, keepdims=keepdims)
        if not returned:
            return y
        n = count(np.shape(a), axis)
        return y, Variable(np.full(y.shape, n, y.dtype))
    weights = _fitted(a, axis, weights)
    dtype = np.result_type(a, weights)
    weights = Astype.apply(weights, dtype if dtype.kind in "fc" else float)
    whole = Sum.apply(weights, axis=axis, keepdims=keepdims)
    if anywhere(whole == 0):
        raise ZeroDivisionError("average: weights sum to zero, can't be normalized")
    y = Sum.apply(a * weights, axis=axis, keepdims=keepdims) / whole
    return (y, whole) if returned else y


def _fitted(a: Any, axis: Any, weights: Any) -> Any:
    """The weights in the shape of a; errors as NumPy's."""
    shape, given = np.shape(a), np.shape(weights)
    if not isinstance(weights, Variable):
        weights = Variable(np.asarray(weights))
    if given == shape:
        return weights
    if axis is None:
        raise TypeError(
            f"average: Axis must be specified when shapes of a and weights differ: "
            f"{shape} and {given}"
        )
    axes = [i % len(shape) for i in (axis if isinstance(axis, tuple) else (axis,))]
    if given != tuple(shape[i] for i in axes):
        raise ValueError(
            f"average: Shape of weights must be consistent with shape of a along specified "
            f"axis: {given} and {shape} along {axis}"
        )
    weights = np.transpose(weights, np.argsort(axes))
    wide = tuple(n if i in axes else 1 for i, n in enumerate(shape))
    return np.broadcast_to(weights.reshape(wide), shape)
