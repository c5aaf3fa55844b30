"""Fourier transforms: SciPy's names for what np.fft computes, of arrays and of Variables.

For Variables the distribution tinypt-ops-fft must be installed; without it NumPy's function
refuses and says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def fft(x: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Discrete Fourier transform: scipy.fft.fft.

    >>> fft(np.array([1.0, 1.0]))
    array([2.+0.j, 0.+0.j])
    """
    return np.fft.fft(x, n, axis, norm)


def ifft(x: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Inverse discrete Fourier transform: scipy.fft.ifft."""
    return np.fft.ifft(x, n, axis, norm)


def rfft(x: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Discrete Fourier transform of real numbers, its first half: scipy.fft.rfft."""
    return np.fft.rfft(x, n, axis, norm)


def irfft(x: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """Inverse of rfft: scipy.fft.irfft."""
    return np.fft.irfft(x, n, axis, norm)


def fftn(x: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Discrete Fourier transform along several axes, all by default: scipy.fft.fftn."""
    return np.fft.fftn(x, s, axes, norm)


def ifftn(x: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Inverse of fftn: scipy.fft.ifftn."""
    return np.fft.ifftn(x, s, axes, norm)


def rfftn(x: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Discrete Fourier transform of real numbers along several axes: scipy.fft.rfftn."""
    return np.fft.rfftn(x, s, axes, norm)


def irfftn(x: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """Inverse of rfftn: scipy.fft.irfftn."""
    return np.fft.irfftn(x, s, axes, norm)


def fft2(x: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """Discrete Fourier transform along two axes: scipy.fft.fft2."""
    return np.fft.fft2(x, s, axes, norm)


def ifft2(x: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """Inverse of fft2: scipy.fft.ifft2."""
    return np.fft.ifft2(x, s, axes, norm)


def fftshift(x: Any, axes: Any = None) -> Any:
    """The zero frequency in the middle: scipy.fft.fftshift."""
    return np.fft.fftshift(x, axes)


def ifftshift(x: Any, axes: Any = None) -> Any:
    """Inverse of fftshift: scipy.fft.ifftshift."""
    return np.fft.ifftshift(x, axes)
