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
