"""Interpolation on a line: splines are linear in their values, so one operator serves them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from tinypt_core import Function, Variable

from tinypt_ops_scipy._scipy import interpolate


class Evaluate(Function):
    """The nu-th derivative at places xs of the spline through values c: (n, ...).

    make(c) is SciPy's spline, linear in c. xs: any shape; the result has shape xs.shape +
    c.shape[1:]. The gradient by xs is the next derivative; that by c is Bᵀ gy, with B the
    splines through unit vectors.
    """

    __slots__ = ("make", "nu")

    def __init__(self, make: Callable[[Any], Any], nu: int = 0) -> None:
        self.make, self.nu = make, nu

    def forward(self, c: Any, xs: Any) -> Any:
        return self.make(c)(xs, self.nu)

    def backward(self, gy: Any, c: Any, xs: Any) -> Any:
        need_c, need_x = self.needs
        n, rest = self.shapes[0][0], self.shapes[0][1:]
        gx = None
        if need_x:
            slope = Evaluate(self.make, self.nu + 1).of(c, xs)
            gx = np.sum(gy * slope, axis=tuple(range(len(self.shapes[1]), gy.ndim)))
        if not need_c:
            return None, gx
        basis = np.reshape(Evaluate(self.make, self.nu).of(np.eye(n), xs), (-1, n))
        gc = np.transpose(basis) @ np.reshape(gy, (basis.shape[0], -1))
        return np.reshape(gc, (n, *rest)), gx


class Spline:
    """An interpolant: call it with places, and with nu for a derivative."""

    def __init__(self, make: Callable[[Any], Any], values: Any, axis: int = 0) -> None:
        values = _array(values)
        self._make, self.axis = make, axis % values.ndim
        self._values = np.moveaxis(values, axis, 0)

    def __call__(self, x: Any, nu: int = 0) -> Any:
        """Its values at x, or those of its nu-th derivative."""
        x = _array(x)
        y = Evaluate(self._make, nu).of(self._values, x)
        places = list(range(x.ndim))
        return np.moveaxis(y, places, [self.axis + i for i in places]) if self.axis else y

    def derivative(self, nu: int = 1) -> Callable[[Any], Any]:
        """The nu-th derivative, as a function."""
        return lambda x: self(x, nu)


def interp1d(x: Any, y: Any, kind: str = "linear", axis: int = -1) -> Spline:
    """Linear, quadratic or cubic interpolation of y over x (n,): scipy.interpolate.interp1d.

    >>> float(interp1d(np.array([0.0, 1.0]), np.array([2.0, 4.0]))(0.25))
    2.5
    """
    degree = {"linear": 1, "slinear": 1, "quadratic": 2, "cubic": 3}.get(kind)
    if degree is None:
        raise ValueError(
            f"interp1d: kind {kind!r} has no derivative by x; linear, quadratic, cubic"
        )
    make = partial(interpolate.make_interp_spline, _knots(x), k=degree)
    return Spline(lambda c: _within(make(c), _knots(x)), y, axis)


def _within(spline: Any, x: Any) -> Any:
    """A spline that refuses places outside of its knots, as interp1d does."""

    def call(xs: Any, nu: int) -> Any:
        if np.any((xs < x[0]) | (xs > x[-1])):
            raise ValueError("interp1d: a value in x is outside the interpolation range")
        return spline(xs, nu)

    return call


def CubicSpline(x: Any, y: Any, axis: int = 0, bc_type: Any = "not-a-knot") -> Spline:
    """The twice differentiable cubic spline through y over x (n,): scipy.interpolate.CubicSpline.

    bc_type: "not-a-knot", "natural" or "clamped" ends, which keep it linear in y.

    >>> float(CubicSpline(np.arange(4.0), np.arange(4.0) ** 2)(1.5).round(12))
    2.25
    """
    if bc_type not in ("not-a-knot", "natural", "clamped"):
        raise TypeError("CubicSpline: bc_type is 'not-a-knot', 'natural' or 'clamped'")
    knots = _knots(x)
    return Spline(lambda c: interpolate.CubicSpline(knots, c, bc_type=bc_type), y, axis)


def make_interp_spline(x: Any, y: Any, k: int = 3, axis: int = 0) -> Spline:
    """The interpolating B-spline of degree k: scipy.interpolate.make_interp_spline.

    >>> float(make_interp_spline(np.arange(4.0), np.arange(4.0) ** 2)(1.5).round(12))
    2.25
    """
    return Spline(partial(interpolate.make_interp_spline, _knots(x), k=k), y, axis)


def BSpline(t: Any, c: Any, k: int, extrapolate: bool = True) -> Spline:
    """The B-spline with knots t, coefficients c and degree k: scipy.interpolate.BSpline.

    >>> float(BSpline(np.array([0.0, 0, 1, 1]), np.array([2.0, 4.0]), 1)(0.25))
    2.5
    """
    knots = _knots(t)
    return Spline(lambda c: interpolate.BSpline(knots, c, k, extrapolate), c)


def CubicHermiteSpline(x: Any, y: Any, dydx: Any, axis: int = 0) -> Spline:
    """The cubic spline with values y and slopes dydx over x: scipy.interpolate.CubicHermiteSpline.

    >>> float(CubicHermiteSpline(np.array([0.0, 1.0]), np.zeros(2), np.ones(2))(0.5))
    0.0
    """
    values, slopes = (np.moveaxis(_array(a), axis, 0) for a in (y, dydx))
    return _hermite(_knots(x), values, slopes, axis)


def _hermite(knots: Any, values: Any, slopes: Any, axis: int) -> Spline:
    n = knots.size
    both = np.concatenate([values, slopes])
    spline = Spline(lambda c: interpolate.CubicHermiteSpline(knots, c[:n], c[n:]), both)
    spline.axis = axis % values.ndim
    return spline


def PchipInterpolator(x: Any, y: Any, axis: int = 0) -> Spline:
    """The monotone cubic interpolant of y over x: scipy.interpolate.PchipInterpolator.

    Its slopes are weighted harmonic means of the neighbouring differences, 0 where these differ
    in sign (Fritsch and Butland 1984); at such a change the derivative by y is one-sided.

    >>> float(PchipInterpolator(np.arange(3.0), np.arange(3.0))(0.5))
    0.5
    """
    knots, values = _knots(x), np.moveaxis(_array(y), axis, 0)
    h = _columns(np.diff(knots), values.ndim)
    m = np.diff(values, axis=0) / h
    w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    same = m[1:] * m[:-1] > 0
    one, two = np.where(same, m[:-1], 1.0), np.where(same, m[1:], 1.0)
    inner = np.where(same, (w1 + w2) / (w1 / one + w2 / two), 0.0)
    if knots.size == 2:
        slopes = np.concatenate([m, m])
    else:
        first, last = _end(h[:2], m[:2]), _end(h[-1:-3:-1], m[-1:-3:-1])
        slopes = np.concatenate([first, inner, last])
    return CubicHermiteSpline(
        knots, np.moveaxis(values, 0, axis), np.moveaxis(slopes, 0, axis), axis
    )


def _end(h: Any, m: Any) -> Any:
    """The slope at an end: of the parabola through three points, kept monotone."""
    h0, h1, m0, m1 = h[:1], h[1:], m[:1], m[1:]
    slope = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
    wrong = np.sign(slope) != np.sign(m0)
    steep = (np.sign(m0) != np.sign(m1)) & (np.abs(slope) > 3 * np.abs(m0))
    return np.where(wrong, 0.0, np.where(steep, 3 * m0, slope))


def Akima1DInterpolator(x: Any, y: Any, axis: int = 0) -> Spline:
    """Akima's interpolant of y over x (n >= 3): scipy.interpolate.Akima1DInterpolator.

    Its slopes are means of the neighbouring differences, weighted by how much those on the other
    side change (Akima 1970).

    >>> float(Akima1DInterpolator(np.arange(4.0), np.arange(4.0))(0.5))
    0.5
    """
    knots, values = _knots(x), np.moveaxis(_array(y), axis, 0)
    m = np.diff(values, axis=0) / _columns(np.diff(knots), values.ndim)
    before = 2 * m[:1] - m[1:2]
    after = 2 * m[-1:] - m[-2:-1]
    m = np.concatenate([2 * before - m[:1], before, m, after, 2 * after - m[-1:]])
    change = np.abs(np.diff(m, axis=0))
    left, right = change[2:], change[:-2]
    total = left + right
    flat = total <= 1e-9 * np.max(np.abs(_plain(total)))
    weight = np.where(flat, 1.0, total)
    mean = (left * m[1:-2] + right * m[2:-1]) / weight
    slopes = np.where(flat, 0.5 * (m[1:-2] + m[2:-1]), mean)
    return CubicHermiteSpline(
        knots, np.moveaxis(values, 0, axis), np.moveaxis(slopes, 0, axis), axis
    )


def _columns(h: Any, ndim: int) -> Any:
    return np.reshape(h, (-1, *[1] * (ndim - 1)))


def _knots(x: Any) -> Any:
    if isinstance(x, Variable):
        raise TypeError("the knots x are constants; use x.data")
    return np.asarray(x, float)


def _array(x: Any) -> Any:
    return x if isinstance(x, Variable) else np.asarray(x, float)


def _plain(x: Any) -> Any:
    return x.data if isinstance(x, Variable) else x
