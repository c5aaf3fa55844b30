"""Modified Bessel functions: I, K of integer and real order, and scaled.

Elementwise; x: any shape, dimensionless. float32 in gives float32 out. The order v is a constant.

>>> from scipy import special
>>> from tinypt_core import Variable
>>> special.i0(Variable(np.array([0.0, 1.0])))
variable([1.         1.26606588])
"""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import anywhere

from tinypt_ops_scipy._samples import over
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._ufunc import Order, Unary


class I0(Unary):
    """Modified Bessel function, elementwise: y = I₀(x); y' = I₁(x). Source: DLMF 10.29.3."""

    __slots__ = ()
    ufunc = special.i0

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * special.i1(x)


class I1(Unary):
    """Modified Bessel function, elementwise: y = I₁(x); y' = (I₀(x) + I₂(x))/2.

    Source: DLMF 10.29.1. The other form, I₀(x) - I₁(x)/x, would be 0/0 at 0.
    """

    __slots__ = ()
    ufunc = special.i1

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (0.5 * (special.i0(x) + Iv(2).of(x)))


class K0(Unary):
    """Modified Bessel function: y = K₀(x); y' = -K₁(x). x > 0. Source: DLMF 10.29.3."""

    __slots__ = ()
    ufunc = special.k0
    samples = over(0.3, 4)

    def backward(self, gy: Any, x: Any) -> Any:
        return -gy * special.k1(x)


class K1(Unary):
    """Modified Bessel function: y = K₁(x); y' = -(K₀ + K₂)/2. x > 0. Source: DLMF 10.29.1."""

    __slots__ = ()
    ufunc = special.k1
    samples = over(0.3, 4)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (-0.5 * (special.k0(x) + Kv(2).of(x)))


class I0e(Unary):
    """Scaled modified Bessel function: y = exp(-|x|) I₀(x); y' = i1e(x) - sign(x) y."""

    __slots__ = ()
    ufunc = special.i0e

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (special.i1e(x) - np.sign(x) * y)


class I1e(Unary):
    """Scaled modified Bessel: y = exp(-|x|) I₁(x); y' = (i0e(x) + ive(2, x))/2 - sign(x) y."""

    __slots__ = ()
    ufunc = special.i1e

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (0.5 * (special.i0e(x) + Ive(2).of(x)) - np.sign(x) * y)


class K0e(Unary):
    """Scaled modified Bessel function: y = exp(x) K₀(x); y' = y - k1e(x). x > 0."""

    __slots__ = ()
    ufunc = special.k0e
    samples = over(0.3, 4)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (y - special.k1e(x))


class K1e(Unary):
    """Scaled modified Bessel function: y = exp(x) K₁(x); y' = y - (k0e + kve(2, x))/2. x > 0."""

    __slots__ = ()
    ufunc = special.k1e
    samples = over(0.3, 4)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (y - 0.5 * (special.k0e(x) + Kve(2).of(x)))


class Iv(Order):
    """Modified Bessel function of the first kind: y = Iᵥ(x); y' = (Iᵥ₋₁(x) + Iᵥ₊₁(x))/2.

    Source: DLMF 10.29.1.
    """

    __slots__ = ()
    ufunc = special.iv
    samples = over(0.3, 3, 1.5)

    def forward(self, x: Any) -> Any:
        y, v = super().forward(x), np.asarray(self.v)
        near = (np.abs(x) < 1e-8) & (v >= 0)  # where SciPy's is 0 or NaN long before it must be
        if not anywhere(near):
            return y
        first = np.where(near, 0.5 * x, 0) ** v * special.rgamma(v + 1)
        return np.where(near, first, y).astype(y.dtype)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (0.5 * (Iv(self.v - 1).of(x) + Iv(self.v + 1).of(x)))


class Kv(Order):
    """Modified Bessel function of the second kind: y = Kᵥ(x); y' = -(Kᵥ₋₁(x) + Kᵥ₊₁(x))/2.

    x > 0. Source: DLMF 10.29.1.
    """

    __slots__ = ()
    ufunc = special.kv
    samples = over(0.3, 4, 1.5)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (-0.5 * (Kv(self.v - 1).of(x) + Kv(self.v + 1).of(x)))


class Kn(Kv):
    """Modified Bessel function of the second kind and integer order: y = Kₙ(x); see `kv`."""

    __slots__ = ()
    samples = over(0.3, 4, 2)


class Ive(Order):
    """Scaled: y = exp(-|x|) Iᵥ(x); y' = (ive(v - 1, x) + ive(v + 1, x))/2 - sign(x) y."""

    __slots__ = ()
    real = True
    ufunc = special.ive
    samples = over(0.3, 3, 1.5)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        both = Ive(self.v - 1).of(x) + Ive(self.v + 1).of(x)
        return gy * (0.5 * both - np.sign(x) * y)


class Kve(Order):
    """Scaled: y = exp(x) Kᵥ(x); y' = y - (kve(v - 1, x) + kve(v + 1, x))/2. x > 0."""

    __slots__ = ()
    real = True
    ufunc = special.kve
    samples = over(0.3, 4, 1.5)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (y - 0.5 * (Kve(self.v - 1).of(x) + Kve(self.v + 1).of(x)))
