"""Interpolation on rectangular grids."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from tinypt_ops_scipy.interpolate.splines import _array, _knots, _plain, make_interp_spline


def multilinear(values: Any, places: Sequence[Any]) -> Any:
    """values at fractional indices, one array per axis: the mean of the corners around them."""
    corners, weights = [], []
    for n, place in zip(values.shape, places, strict=False):
        low = np.clip(np.floor(_plain(place)), 0, max(n - 2, 0)).astype(int)
        t = place - low
        corners.append((low, np.minimum(low + 1, n - 1)))
        weights.append((1 - t, t))
    total = 0.0
    for which in product((0, 1), repeat=len(corners)):
        weight: Any = 1.0
        for pair, i in zip(weights, which, strict=True):
            weight = weight * pair[i]
        found = values[tuple(pair[i] for pair, i in zip(corners, which, strict=True))]
        total = total + np.reshape(weight, weight.shape + (1,) * (found.ndim - weight.ndim)) * found
    return total


class RegularGridInterpolator:
    """Linear interpolation on a grid: scipy.interpolate.RegularGridInterpolator, method "linear".

    points: one array of knots per axis, constants; values: (n1, n2, ..., *rest). Call it with
    xi: (..., d). Raises ValueError for a place outside, and TypeError for other methods.

    >>> grid = RegularGridInterpolator((np.arange(2.0), np.arange(2.0)), np.eye(2))
    >>> float(grid(np.array([0.5, 0.5])))
    0.5
    """

    def __init__(self, points: Sequence[Any], values: Any, method: str = "linear") -> None:
        if method != "linear":
            raise TypeError("RegularGridInterpolator: only method='linear' is differentiable here")
        self.points, self.values = [_knots(p) for p in points], _array(values)

    def __call__(self, xi: Any) -> Any:
        """The values at xi."""
        if isinstance(xi, (tuple, list)):
            xi = np.stack([_array(x) for x in xi], axis=-1)
        xi = _array(xi)
        return multilinear(
            self.values, [self._index(i, xi[..., i]) for i in range(len(self.points))]
        )

    def _index(self, axis: int, x: Any) -> Any:
        knots, plain = self.points[axis], _plain(x)
        if np.any((plain < knots[0]) | (plain > knots[-1])):
            raise ValueError(f"RegularGridInterpolator: a place is outside of axis {axis}")
        low = np.clip(np.searchsorted(knots, plain, "right") - 1, 0, knots.size - 2)
        return low + (x - knots[low]) / (knots[low + 1] - knots[low])


class RectBivariateSpline:
    """The interpolating spline on a grid: scipy.interpolate.RectBivariateSpline with s = 0.

    x: (m,), y: (n,) constants, z: (m, n); kx, ky: degrees. The product of two splines, of which
    each is linear in its values.

    >>> x = np.arange(4.0)
    >>> float(RectBivariateSpline(x, x, np.outer(x, x**2))(1.5, 2.5)[0, 0].round(10))
    9.375
    """

    def __init__(self, x: Any, y: Any, z: Any, *, kx: int = 3, ky: int = 3, s: float = 0) -> None:
        if s:
            raise TypeError("RectBivariateSpline: smoothing (s > 0) is not supported")
        self.z = _array(z)
        self._x = make_interp_spline(x, np.eye(len(x)), kx)
        self._y = make_interp_spline(y, np.eye(len(y)), ky)

    def __call__(self, x: Any, y: Any, dx: int = 0, dy: int = 0, grid: bool = True) -> Any:
        """On the grid of x: (k,) and y: (l,), a matrix; or at pairs (grid=False)."""
        x, y = _array(x), _array(y)
        if not grid:
            return np.sum((self._x(x, dx) @ self.z) * self._y(y, dy), axis=-1)
        rows, columns = (np.reshape(v, (-1,)) for v in (x, y))
        return self._x(rows, dx) @ self.z @ np.transpose(self._y(columns, dy))

    def ev(self, x: Any, y: Any, dx: int = 0, dy: int = 0) -> Any:
        """At pairs of places."""
        return self(x, y, dx, dy, grid=False)
