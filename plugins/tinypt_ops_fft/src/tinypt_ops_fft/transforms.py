"""Transforms along one axis. Each is linear, and its gradient is one transform.

n: how many elements to transform, cutting or padding with zeros; those of the axis if None.
norm: "backward" divides the inverse by n, "forward" the other, "ortho" both by √n.
float32 and complex64 give complex64.

The convention for gradients g is ds = Re(Σ g dx). With y = F x for a matrix F of complex numbers
ds = Re(gyᵀ F dx), so gx = Fᵀ gy, without conjugation; and the matrix of a transform is symmetric.
The core takes the real part of a gradient for a real input.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function


class _Transform(Function):
    """Base of all: the parameters."""

    __slots__ = ("axis", "n", "norm")
    keeps_nothing = True

    def __init__(self, n: int | None = None, axis: int = -1, norm: Any = None) -> None:
        self.n = n
        self.axis = axis
        self.norm = norm

    def _fitted(self, g: Any) -> Any:
        """A gradient along the axis as long as the input: what was cut off gets 0."""
        return resized(g, self.shapes[0][self.axis], self.axis)


class FFT(_Transform):
    """Discrete Fourier transform along an axis: y[k] = Σⱼ a[j] exp(-2πi j k / n).

    >>> from tinypt_core import Variable
    >>> np.fft.fft(Variable(np.array([1.0, 2.0, 3.0])), n=2)
    variable([ 3.+0.j -1.+0.j])
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.fft.fft(a, self.n, self.axis, self.norm)

    def backward(self, gy: Any) -> Any:
        return self._fitted(np.fft.fft(gy, None, self.axis, self.norm))


class IFFT(_Transform):
    """Inverse transform along an axis: y[j] = Σₖ a[k] exp(2πi j k / n) / n.

    >>> from tinypt_core import Variable
    >>> np.fft.ifft(Variable(np.array([3.0, -1.0])))
    variable([1.+0.j 2.+0.j])
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.fft.ifft(a, self.n, self.axis, self.norm)

    def backward(self, gy: Any) -> Any:
        return self._fitted(np.fft.ifft(gy, None, self.axis, self.norm))


class RFFT(_Transform):
    """The first n // 2 + 1 frequencies of the transform of a real array.

    >>> from tinypt_core import Variable
    >>> np.fft.rfft(Variable(np.array([1.0, 2.0, 3.0, 4.0])))
    variable([10.+0.j -2.+2.j -2.+0.j])
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.fft.rfft(a, self.n, self.axis, self.norm)

    def backward(self, gy: Any) -> Any:
        n = self.shapes[0][self.axis] if self.n is None else self.n
        wide = resized(gy, n, self.axis)  # the other frequencies were left out
        return self._fitted(np.fft.fft(wide, None, self.axis, self.norm))


class IRFFT(_Transform):
    """Inverse of rfft: the real array of n elements with these frequencies, 2 (m - 1) if None.

    The imaginary parts of the frequency 0, and of n / 2 for an even n, do not count.

    >>> from tinypt_core import Variable
    >>> np.fft.irfft(Variable(np.array([10.0, -2.0 + 2.0j, -2.0])))
    variable([1. 2. 3. 4.])
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.fft.irfft(a, self.n, self.axis, self.norm)

    def backward(self, gy: Any) -> Any:
        """Each frequency but 0 and n / 2 is there twice, as itself and as its conjugate."""
        n = gy.shape[self.axis]
        k = np.arange(n // 2 + 1)
        times = np.where((k == 0) | (2 * k == n), 1, 2).astype(gy.dtype)
        g = resized(np.fft.ifft(gy, None, self.axis, self.norm), k.size, self.axis)
        along = [1] * gy.ndim
        along[self.axis] = k.size
        return self._fitted(g * np.reshape(times, along))


def hfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: None = None) -> Any:
    """The real transform of a signal that is Hermitian in time, of which a is the first half.

    >>> from tinypt_core import Variable
    >>> np.fft.hfft(Variable(np.array([1.0, 2.0, 1.0])))
    variable([ 6.  0. -2.  0.])
    """
    return np.fft.irfft(np.conj(a), n, axis, _SWAPPED[norm])


def ihfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: None = None) -> Any:
    """Inverse of hfft: the first half of the Hermitian signal with this real transform.

    >>> from tinypt_core import Variable
    >>> np.fft.ihfft(Variable(np.array([6.0, 0.0, -2.0, 0.0]))).data.real
    array([1., 2., 1.])
    """
    return np.conj(np.fft.rfft(a, n, axis, _SWAPPED[norm]))


#: the norm that scales the inverse of a transform as this one scales the transform
_SWAPPED: dict[Any, Any] = {
    None: "forward",
    "backward": "forward",
    "ortho": "ortho",
    "forward": "backward",
}


def resized(g: Any, n: int, axis: int) -> Any:
    """g with n elements along an axis: cut off, or followed by zeros.

    >>> resized(np.array([1.0, 2.0]), 3, -1), resized(np.array([1.0, 2.0]), 1, 0)
    (array([1., 2., 0.]), array([1.]))
    """
    have, axis = g.shape[axis], axis % g.ndim
    if have >= n:
        return g[(slice(None),) * axis + (slice(n),)]
    widths = [(0, n - have if i == axis else 0) for i in range(g.ndim)]
    return np.pad(g, widths)
