"""Norms of vectors and matrices: np.linalg.norm. At 0 their gradient is 0, a convention."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function, anywhere
from tinypt_ops_basic._rules import constants, kept
from tinypt_ops_basic._scaling import out_of_range, power_of_two
from tinypt_ops_basic._undefined import Undefined


class Norm(Function):
    """Norm of the vectors or matrices in x: np.linalg.norm.

    axis: an int for vectors, a pair for matrices, None for all of x (as one vector if ord is
    None). ord of a vector: p for (Σ |x|ᵖ)^(1/p), inf and -inf for the largest and the smallest
    |x|, 0 for how many are not 0. ord of a matrix: "fro", "nuc", 1, -1, 2, -2, inf, -inf.

    A norm has no derivative at 0; the gradient there is 0, which is a subgradient, and the second
    derivative NaN. Equal largest elements (columns, rows, singular values) share the gradient
    equally, and have no second derivative either. The norms 2, -2 and "nuc" of a matrix are
    computed through svd, and so is their gradient: the gradients of higher order hold where the
    singular values differ. Sums of powers do not overflow: they are scaled by a power of two.

    Raises ValueError for an order NumPy does not know.

    >>> from tinypt_core import Variable
    >>> x = Variable(np.array([3.0, 4.0]))
    >>> y = np.linalg.norm(x)
    >>> y.backward()
    >>> y, x.grad
    (variable(5.0), array([0.6, 0.8]))
    """

    __slots__ = ("axis", "keepdims", "ord")

    def __init__(self, ord: Any = None, axis: Any = None, keepdims: bool = False) -> None:
        constants(ord=ord)
        self.ord = ord
        self.axis = axis
        self.keepdims = keepdims

    def forward(self, x: Any) -> Any:
        with np.errstate(over="ignore", under="ignore", divide="ignore"):
            y = np.linalg.norm(x, self.ord, self.axis, self.keepdims)
        axes = _axes(self.ord, self.axis, x.ndim)
        if not x.size or not _sums_powers(self.ord, axes):
            return y
        if not anywhere(out_of_range(y, abs(_power(self.ord)))):
            return y
        scale = power_of_two(x, axes)
        y = np.linalg.norm(x / scale, self.ord, self.axis, self.keepdims)
        return y * np.reshape(scale, np.shape(y))

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        axes = _axes(self.ord, self.axis, x.ndim)
        shape = kept(x.shape, axes) if axes else x.shape
        gy, y = np.reshape(gy, shape), np.reshape(y, shape)
        if not x.size:
            return gy * x
        if len(axes) != 2 or self.ord in (None, "fro", "f"):
            return gy * _vector_slope(x, y, _power(self.ord), axes)
        if self.ord in (2, -2, "nuc"):
            return _spectral(gy, x, self.ord, axes)
        summed, compared = axes if abs(self.ord) == 1 else axes[::-1]
        return gy * _sum_slope(x, self.ord > 0, summed, compared)


def _axes(ord: Any, axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes over which the norm runs; a pair for a matrix norm."""
    if axis is None:
        return tuple(range(ndim))
    return tuple(int(i) % ndim for i in (axis if isinstance(axis, (tuple, list)) else (axis,)))


def _power(ord: Any) -> Any:
    return 2 if ord in (None, "fro", "f") else ord


def _sums_powers(ord: Any, axes: tuple[int, ...]) -> bool:
    """Whether it is a root of a sum of powers, which may overflow or vanish on the way."""
    power = _power(ord)
    vector = len(axes) != 2 or ord in (None, "fro", "f")
    return vector and power != "nuc" and power not in (0, 1, np.inf, -np.inf)


def _vector_slope(x: Any, y: Any, p: Any, axes: tuple[int, ...]) -> Any:
    """dy/dx of the p-norm; 0 where y is 0, by convention."""
    if p == 0:
        return np.zeros_like(x)
    if abs(p) == np.inf:
        return _extreme_slope(x, np.abs(x), y, axes)
    if p == 1:
        return _sign(x)
    zero = np.equal(y, 0)
    if not anywhere(zero):
        return _signed_power(x / y, p - 1)
    unit = np.where(zero, 1, x) / np.where(zero, 1, y)  # harmless, also for what follows
    return Undefined(zero).of(np.where(zero, 0, _signed_power(unit, p - 1)), x)


def _sign(x: Any) -> Any:
    """The slope of |x|: by convention 0 at 0."""
    zero, sign = np.equal(x, 0), np.conjugate(np.sign(x))
    return Undefined(zero).of(sign, x) if anywhere(zero) else sign


def _signed_power(z: Any, q: Any) -> Any:
    """conj(sign(z)) |z|^q; a polynomial where there is one, since that is smooth at 0."""
    if q > 0 and q == int(q):
        sign = np.conjugate(z if q % 2 else np.sign(z))
        return sign * np.real(z * np.conjugate(z)) ** int(q // 2) if q > 1 else sign
    return np.conjugate(np.sign(z)) * np.abs(z) ** q


def _extreme_slope(x: Any, size: Any, y: Any, axes: Any) -> Any:
    """The slope of |x| where the size is the one chosen, shared by as many as have it."""
    chosen = np.equal(size, y)
    n = np.sum(chosen, axis=axes, keepdims=True, dtype=y.dtype)
    slope = _sign(x) * (chosen / n)
    ties = chosen & (n > 1)
    return Undefined(ties).of(slope, x) if anywhere(ties) else slope


def _sum_slope(x: Any, largest: bool, summed: int, compared: int) -> Any:
    """The same for the largest or the smallest sum of |x| along one axis of a matrix."""
    sums = np.sum(np.abs(x), axis=summed, keepdims=True)
    y = (np.max if largest else np.min)(sums, axis=compared, keepdims=True)
    return _extreme_slope(x, sums, y, compared)


def _spectral(gy: Any, x: Any, ord: Any, axes: tuple[int, ...]) -> Any:
    """The gradient conj(u s' v) of the largest, the smallest or the sum of the singular values."""
    u, s, vt = np.linalg.svd(np.moveaxis(x, axes, (-2, -1)), full_matrices=False)
    if ord == "nuc":
        slope = _sign(s)
    else:
        y = (np.max if ord == 2 else np.min)(s, axis=-1, keepdims=True)
        slope = _extreme_slope(s, s, y, -1)
    gx = np.conjugate((u * np.expand_dims(slope, -2)) @ vt)
    return np.moveaxis(np.moveaxis(gy, axes, (-2, -1)) * gx, (-2, -1), axes)
