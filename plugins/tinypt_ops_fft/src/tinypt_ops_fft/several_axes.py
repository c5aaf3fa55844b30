"""Transforms along several axes: one after the other along each.

s: how many elements to transform along each axis, -1 for all of them; axes: all, or the last
len(s), if None; the pair (-2, -1) for the functions named with a 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Transform = Any


def fftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: None = None) -> Any:
    """Fourier transform along several axes.

    >>> from tinypt_core import Variable
    >>> np.fft.fftn(Variable(np.ones((2, 2)))).data.real
    array([[4., 0.],
           [0., 0.]])
    """
    return _along(np.fft.fft, a, _lengths(a, s, axes), norm)


def ifftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: None = None) -> Any:
    """Inverse Fourier transform along several axes."""
    return _along(np.fft.ifft, a, _lengths(a, s, axes), norm)


def rfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: None = None) -> Any:
    """Fourier transform of a real array along several axes; half of the last of them is left out.

    >>> from tinypt_core import Variable
    >>> np.fft.rfftn(Variable(np.ones((2, 4)))).shape
    (2, 3)
    """
    *others, (axis, n) = _lengths(a, s, axes)
    return _along(np.fft.fft, np.fft.rfft(a, n, axis, norm), others, norm)


def irfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: None = None) -> Any:
    """Inverse of rfftn, a real array. The last of s is 2 (m - 1) if s is None.

    >>> from tinypt_core import Variable
    >>> np.fft.irfftn(Variable(np.ones((2, 3)))).shape
    (2, 4)
    """
    *others, (axis, n) = _lengths(a, s, axes)
    n = 2 * (n - 1) if s is None or s[-1] == -1 else n
    return np.fft.irfft(_along(np.fft.ifft, a, others[::-1], norm), n, axis, norm)


def fft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: None = None) -> Any:
    """Fourier transform along two axes."""
    return fftn(a, s, axes, norm)


def ifft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: None = None) -> Any:
    """Inverse Fourier transform along two axes."""
    return ifftn(a, s, axes, norm)


def rfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: None = None) -> Any:
    """Fourier transform of a real array along two axes; half of the last is left out."""
    return rfftn(a, s, axes, norm)


def irfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: None = None) -> Any:
    """Inverse of rfft2, a real array."""
    return irfftn(a, s, axes, norm)


def _lengths(a: Any, s: Any, axes: Any) -> list[tuple[int, int]]:
    """The axes to transform, and how many elements of each."""
    if axes is None:
        axes = range(np.ndim(a)) if s is None else range(-len(s), 0)
    s = [-1] * len(axes) if s is None else s
    if len(s) != len(axes):
        raise ValueError(f"s has {len(s)} lengths for {len(axes)} axes")
    shape = np.shape(a)
    return [(axis, shape[axis] if n == -1 else n) for axis, n in zip(axes, s, strict=True)]


def _along(transform: Transform, a: Any, lengths: list[tuple[int, int]], norm: Any) -> Any:
    for axis, n in reversed(lengths):
        a = transform(a, n, axis, norm)
    return a
