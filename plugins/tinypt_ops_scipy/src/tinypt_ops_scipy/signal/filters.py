"""Recursive filters."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import normal, sampled
from tinypt_ops_scipy._scipy import signal


class Lfilter(Function):
    """The linear filter a₀ yₙ = Σ bₖ xₙ₋ₖ - Σ aₖ yₙ₋ₖ along an axis: scipy.signal.lfilter.

    b: (m,), a: (k,), x: an array. With u = gy filtered by 1/a backward in time: gx is u filtered
    by b backward in time, gbₖ = Σ uₙ xₙ₋ₖ, gaₖ = -Σ uₙ yₙ₋ₖ. Initial conditions zi are refused.

    >>> from tinypt_ops_scipy.signal import lfilter
    >>> lfilter(np.array([1.0]), np.array([1.0, -0.5]), np.array([1.0, 0.0, 0.0]))
    variable([1.   0.5  0.25])
    """

    __slots__ = ("axis",)
    samples = sampled(
        (normal(3), lambda rng: np.array([2.0, 0.4, -0.3]) + 0.1 * rng.normal(size=3), normal(5)),
        (normal(2), lambda rng: np.array([1.5, 0.4]) + 0.1 * rng.normal(size=2), normal(4, 2), 0),
    )

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, b: Any, a: Any, x: Any) -> Any:
        return signal.lfilter(b, a, x, axis=self.axis)

    def backward(self, gy: Any, b: Any, a: Any, x: Any, y: Any) -> Any:
        axis, one = self.axis, np.ones(1, b.dtype)
        u = np.flip(Lfilter(axis).of(one, a, np.flip(gy, axis)), axis)
        gx = np.flip(Lfilter(axis).of(b, one, np.flip(u, axis)), axis)
        n_b, n_a = self.shapes[0][0], self.shapes[1][0]
        return self._lags(u, x, n_b), -self._lags(u, y, n_a), gx

    def _lags(self, u: Any, x: Any, count: int) -> Any:
        """Σ uₙ xₙ₋ₖ for k = 0 ... count - 1."""
        u, x = np.moveaxis(u, self.axis, -1), np.moveaxis(x, self.axis, -1)
        n = u.shape[-1]
        sums = [np.sum(u[..., k:] * x[..., : max(n - k, 0)]) for k in range(count)]
        return np.stack(sums)

    @classmethod
    def apply(cls, b: Any, a: Any, x: Any, axis: int = -1, zi: Any = None) -> Any:
        """As scipy.signal.lfilter."""
        if zi is not None:
            raise TypeError("lfilter: initial conditions zi are not supported; pad the signal")
        return cls(axis)(b, a, x)


def sosfilt(sos: Any, x: Any, axis: int = -1) -> Any:
    """A cascade of filters of second order, sos: (sections, 6): scipy.signal.sosfilt.

    >>> sosfilt(np.array([[2.0, 0, 0, 1, 0, 0]]), np.array([1.0, 3.0]))
    array([2., 6.])
    """
    for i in range(sos.shape[0]):
        x = Lfilter(axis).of(sos[i, :3], sos[i, 3:], x)
    return x


def hilbert(x: Any, N: Any = None, axis: int = -1) -> Any:
    """The analytic signal of real x, whose imaginary part is its Hilbert transform.

    As scipy.signal.hilbert, by np.fft: for Variables the distribution tinypt-ops-fft must be
    installed. N: the length, x cut or padded with zeros.

    >>> hilbert(np.array([1.0, 0.0, -1.0, 0.0])).round(12)
    array([ 1.+0.j,  0.+1.j, -1.+0.j,  0.-1.j])
    """
    n = x.shape[axis] if N is None else N
    k = np.arange(n)
    weights = np.where(k == 0, 1.0, np.where(2 * k < n, 2.0, np.where(2 * k == n, 1.0, 0.0)))
    shape = [-1 if i == axis % x.ndim else 1 for i in range(x.ndim)]
    return np.fft.ifft(np.fft.fft(x, n, axis) * np.reshape(weights, shape), axis=axis)
