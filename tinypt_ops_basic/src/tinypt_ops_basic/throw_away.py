"""Throw-away: what complex numbers need until their operators arrive."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function


class Real(Function):
    """Real part."""

    __slots__ = ()
    keeps_nothing = True

    def forward(self, val: Any) -> Any:
        return np.real(val)

    def backward(self, gy: Any) -> Any:
        return gy


class Imag(Function):
    """Imaginary part."""

    __slots__ = ()
    keeps_nothing = True

    def forward(self, val: Any) -> Any:
        return np.imag(val)

    def backward(self, gy: Any) -> Any:
        return -1j * gy


class Conjugate(Function):
    """Complex conjugate."""

    __slots__ = ()
    keeps_nothing = True

    def forward(self, x: Any) -> Any:
        return np.conj(x)

    def backward(self, gy: Any) -> Any:
        return np.conj(gy)


def angle(z: Any, deg: bool = False) -> Any:
    """Angle of a complex number."""
    y = np.arctan2(np.imag(z), np.real(z))
    return np.degrees(y) if deg else y


def real_if_close(a: Any, tol: float = 100) -> Any:
    """The real part, if that is all."""
    return a


def eig(a: Any) -> Any:
    """Eigenvalues and eigenvectors."""
    raise NotImplementedError


def eigvals(a: Any) -> Any:
    """Eigenvalues."""
    raise NotImplementedError
