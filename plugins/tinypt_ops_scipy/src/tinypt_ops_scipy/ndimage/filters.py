"""Filters: convolution of an image that is continued beyond its edges."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Variable

from tinypt_ops_scipy.signal.convolution import convolve as full_convolve

#: how scipy.ndimage continues an image, in the words of np.pad
_PAD: dict[str, Any] = {
    "reflect": "symmetric",
    "mirror": "reflect",
    "nearest": "edge",
    "wrap": "wrap",
}


def convolve(input: Any, weights: Any, mode: str = "reflect", cval: float = 0.0) -> Any:
    """The convolution of an image with weights of its dimension: scipy.ndimage.convolve.

    mode: "reflect", "mirror", "nearest", "wrap", or "constant" with cval beyond the edges.

    >>> convolve(np.array([1.0, 2.0, 4.0]), np.array([1.0, 0.0, -1.0]))
    array([1., 3., 2.])
    """
    before = [(n - 1) // 2 for n in weights.shape]
    after = [n // 2 for n in weights.shape]
    return full_convolve(_padded(input, before, after, mode, cval), weights, "valid", "direct")


def correlate(input: Any, weights: Any, mode: str = "reflect", cval: float = 0.0) -> Any:
    """The correlation of an image with weights: scipy.ndimage.correlate; see `convolve`."""
    before = [n // 2 for n in weights.shape]
    after = [(n - 1) // 2 for n in weights.shape]
    padded = _padded(input, before, after, mode, cval)
    return full_convolve(padded, np.flip(weights), "valid", "direct")


def _padded(x: Any, before: Any, after: Any, mode: str, cval: float) -> Any:
    width = list(zip(before, after, strict=True))
    if mode == "constant":
        return np.pad(x, width, constant_values=cval)
    if mode not in _PAD:
        raise ValueError(f"mode {mode!r}: it is 'constant' or one of {', '.join(_PAD)}")
    return np.pad(x, width, mode=_PAD[mode])


def _along(x: Any, weights: Any, axis: int) -> Any:
    """Weights of one axis as weights of all."""
    return np.reshape(weights, [-1 if i == axis % x.ndim else 1 for i in range(x.ndim)])


def convolve1d(
    input: Any, weights: Any, axis: int = -1, mode: str = "reflect", cval: float = 0.0
) -> Any:
    """The convolution along one axis: scipy.ndimage.convolve1d; see `convolve`."""
    return convolve(input, _along(input, weights, axis), mode, cval)


def correlate1d(
    input: Any, weights: Any, axis: int = -1, mode: str = "reflect", cval: float = 0.0
) -> Any:
    """The correlation along one axis: scipy.ndimage.correlate1d; see `convolve`."""
    return correlate(input, _along(input, weights, axis), mode, cval)


def uniform_filter1d(
    input: Any, size: int, axis: int = -1, mode: str = "reflect", cval: float = 0.0
) -> Any:
    """The mean of `size` elements along one axis: scipy.ndimage.uniform_filter1d."""
    return correlate1d(input, np.ones(size) / size, axis, mode, cval)


def gaussian_filter1d(
    input: Any,
    sigma: Any,
    axis: int = -1,
    mode: str = "reflect",
    cval: float = 0.0,
    truncate: float = 4.0,
) -> Any:
    """Smoothing along one axis with a bell curve of deviation sigma, in elements.

    As scipy.ndimage.gaussian_filter1d of order 0; differentiable by sigma too, while the radius,
    int(truncate * sigma + 1/2), stays the same.

    >>> gaussian_filter1d(np.array([0.0, 1.0, 0.0]), 0.5).round(3)
    array([0.107, 0.787, 0.107])
    """
    size = float(sigma.data if isinstance(sigma, Variable) else sigma)
    radius = int(truncate * size + 0.5)
    bell = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return correlate1d(input, bell / np.sum(bell), axis, mode, cval)


def gaussian_filter(
    input: Any, sigma: Any, mode: str = "reflect", cval: float = 0.0, truncate: float = 4.0
) -> Any:
    """Smoothing along every axis: scipy.ndimage.gaussian_filter of order 0.

    sigma: one for all axes, or a sequence of one each.
    """
    each = sigma if isinstance(sigma, (list, tuple)) else [sigma] * input.ndim
    for axis, width in enumerate(each):
        input = gaussian_filter1d(input, width, axis, mode, cval, truncate)
    return input
