"""Bessel functions: J and Y of integer and real order, and Airy's.

Elementwise; x: any shape, dimensionless. float32 in gives float32 out. The order v is a constant.

>>> import numpy as np
>>> from scipy import special
>>> from tinypt_core import Variable
>>> special.jv(0.5, Variable(np.array([1.0, 2.0])))
variable([0.67139671 0.51301614])
"""

from __future__ import annotations

from typing import Any

from tinypt_core import Function

from tinypt_ops_scipy._samples import over
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._ufunc import Order, Unary


class J0(Unary):
    """Bessel function of the first kind: y = J₀(x); y' = -J₁(x). Source: DLMF 10.6.3."""

    __slots__ = ()
    ufunc = special.j0

    def backward(self, gy: Any, x: Any) -> Any:
        return -gy * special.j1(x)


class J1(Unary):
    """Bessel function of the first kind: y = J₁(x); y' = (J₀(x) - J₂(x))/2.

    Source: DLMF 10.6.1. The form without J₂ would be 0/0 at 0.
    """

    __slots__ = ()
    ufunc = special.j1

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (0.5 * (special.j0(x) - Jv(2).of(x)))


class Y0(Unary):
    """Bessel function of the second kind: y = Y₀(x); y' = -Y₁(x). x > 0. Source: DLMF 10.6.3."""

    __slots__ = ()
    ufunc = special.y0
    samples = over(0.5, 6)

    def backward(self, gy: Any, x: Any) -> Any:
        return -gy * special.y1(x)


class Y1(Unary):
    """Bessel function of the second kind: y = Y₁(x); y' = (Y₀ - Y₂)/2. x > 0.

    Source: DLMF 10.6.1.
    """

    __slots__ = ()
    ufunc = special.y1
    samples = over(0.5, 6)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (0.5 * (special.y0(x) - Yv(2).of(x)))


class Jv(Order):
    """Bessel function of the first kind: y = Jᵥ(x); y' = (Jᵥ₋₁(x) - Jᵥ₊₁(x))/2.

    Source: DLMF 10.6.1.
    """

    __slots__ = ()
    ufunc = special.jv
    samples = over(0.5, 6, 1.5)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (0.5 * (Jv(self.v - 1).of(x) - Jv(self.v + 1).of(x)))


class Yv(Order):
    """Bessel function of the second kind: y = Yᵥ(x); y' = (Yᵥ₋₁(x) - Yᵥ₊₁(x))/2. x > 0.

    Source: DLMF 10.6.1.
    """

    __slots__ = ()
    ufunc = special.yv
    samples = over(0.5, 6, 1.5)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (0.5 * (Yv(self.v - 1).of(x) - Yv(self.v + 1).of(x)))


class Yn(Yv):
    """Bessel function of the second kind and integer order: y = Yₙ(x); see `yv`."""

    __slots__ = ()
    samples = over(0.5, 6, 2)


class Jve(Jv):
    """Scaled Bessel function, exp(-|Im x|) Jᵥ(x): for real x the same as `jv`."""

    __slots__ = ()
    real = True


class Yve(Yv):
    """Scaled Bessel function, exp(-|Im x|) Yᵥ(x): for real x the same as `yv`."""

    __slots__ = ()
    real = True


class Airy(Function):
    """Airy functions Ai, Ai', Bi, Bi': four outputs, and w″ = x w. Source: DLMF 9.2.1."""

    __slots__ = ()
    samples = over(-2, 2)

    def forward(self, x: Any) -> Any:
        return special.airy(x)

    def backward(
        self, g0: Any, g1: Any, g2: Any, g3: Any, x: Any, y0: Any, y1: Any, y2: Any, y3: Any
    ) -> Any:
        return g0 * y1 + g1 * x * y0 + g2 * y3 + g3 * x * y2
