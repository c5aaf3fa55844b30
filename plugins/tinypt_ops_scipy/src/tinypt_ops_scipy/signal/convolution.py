"""Convolution and correlation of arrays of any dimension."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import normal, sampled
from tinypt_ops_scipy._scipy import signal


class FullConvolve(Function):
    """The full convolution of two real arrays of one dimension count: yₖ = Σᵢ aᵢ bₖ₋ᵢ.

    a: (n, ...), b: (m, ...); y: (n + m - 1, ...). ga is the part of gy * flip(b) where flip(b)
    lies inside of gy, and the same for b. method: one of SciPy's functions.
    """

    __slots__ = ("method",)
    samples = sampled((normal(5), normal(3)), (normal(2, 3), normal(3, 2)))

    def __init__(self, method: Callable[..., Any] = signal.convolve) -> None:
        self.method = method

    def forward(self, a: Any, b: Any) -> Any:
        y = self.method(a, b, mode="full")
        return y.astype(np.result_type(a, b), copy=False)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        one, two = self.shapes
        n0, n1 = self.needs
        return self._by(gy, b, one) if n0 else None, self._by(gy, a, two) if n1 else None

    def _by(self, gy: Any, other: Any, shape: tuple[int, ...]) -> Any:
        full = FullConvolve(self.method).of(gy, np.flip(other))
        start = [n - 1 for n in other.shape]
        return full[tuple(slice(k, k + n) for k, n in zip(start, shape, strict=True))]


def _convolve(method: Any, in1: Any, in2: Any, mode: str = "full") -> Any:
    y = FullConvolve(method).of(in1, in2)
    if mode == "full":
        return y
    n, m = in1.shape, in2.shape
    if mode == "same":
        return y[tuple(slice((k - 1) // 2, (k - 1) // 2 + j) for j, k in zip(n, m, strict=True))]
    if mode != "valid":
        raise ValueError(f"mode {mode!r}: it is 'full', 'same' or 'valid'")
    if not (all(j >= k for j, k in zip(n, m, strict=True)) or all(map(int.__le__, n, m))):
        raise ValueError(f"mode 'valid': one of the shapes {n}, {m} must hold the other")
    ends = ((min(j, k) - 1, max(j, k)) for j, k in zip(n, m, strict=True))
    return y[tuple(slice(low, high) for low, high in ends)]


def convolve(in1: Any, in2: Any, mode: str = "full", method: str = "auto") -> Any:
    """The convolution of two arrays: scipy.signal.convolve. method: "auto", "direct", "fft".

    >>> convolve(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    array([1., 3., 2.])
    """
    return _convolve(partial(signal.convolve, method=method), in1, in2, mode)


def fftconvolve(in1: Any, in2: Any, mode: str = "full") -> Any:
    """The convolution by Fourier transforms: scipy.signal.fftconvolve, over all axes."""
    return _convolve(signal.fftconvolve, in1, in2, mode)


def oaconvolve(in1: Any, in2: Any, mode: str = "full") -> Any:
    """The convolution by the overlap-add method: scipy.signal.oaconvolve, over all axes."""
    return _convolve(signal.oaconvolve, in1, in2, mode)


def correlate(in1: Any, in2: Any, mode: str = "full", method: str = "auto") -> Any:
    """The correlation of two real arrays: scipy.signal.correlate, convolution with in2 flipped.

    >>> correlate(np.array([1.0, 2.0]), np.array([0.0, 1.0]))
    array([1., 2., 0.])
    """
    return convolve(in1, np.flip(in2), mode, method)
