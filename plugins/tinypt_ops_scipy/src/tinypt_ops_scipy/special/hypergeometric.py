"""Hypergeometric functions by their argument, and elliptic integrals, elementwise.

The parameters a, b, c are constants. float32 in gives float32 out.

>>> from scipy import special
>>> from tinypt_core import Variable
>>> special.hyp1f1(1.0, 1.0, Variable(np.array([0.0, 1.0])))
variable([1.         2.71828183])
"""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import over
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._ufunc import Unary, constant, kept


class Hyp0f1(Function):
    """Confluent limit function by z: y = ₀F₁(; v; z); y' = ₀F₁(; v + 1; z)/v.

    Source: DLMF 16.3.1. Raises TypeError if v is a Variable.
    """

    __slots__ = ("v",)
    samples = over(-2, 2, 1.5)

    def __init__(self, v: Any) -> None:
        self.v = constant(v, "scipy.special.hyp0f1: v")

    def forward(self, z: Any) -> Any:
        return kept(special.hyp0f1(self.v, z), self.v, z)

    def backward(self, gy: Any, z: Any) -> Any:
        return gy * (Hyp0f1(self.v + 1).of(z) / self.v)

    @classmethod
    def apply(cls, v: Any, z: Any) -> Any:
        """As scipy.special.hyp0f1."""
        return cls(v)(z)


class Hyp1f1(Function):
    """Kummer's function by z: y = ₁F₁(a; b; z); y' = a/b ₁F₁(a + 1; b + 1; z).

    NaN for z > 10⁸, where SciPy would add up as many terms, unless y is a polynomial.
    Source: DLMF 13.3.15. Raises TypeError if a or b is a Variable.
    """

    __slots__ = ("a", "b")
    samples = over(-2, 2, 0.5, 1.5)

    def __init__(self, a: Any, b: Any) -> None:
        self.a, self.b = (constant(p, "scipy.special.hyp1f1: a parameter") for p in (a, b))

    def forward(self, z: Any) -> Any:
        endless = (z > 1e8) & (special.rgamma(self.a) != 0)
        return np.where(endless, np.nan, special.hyp1f1(self.a, self.b, np.where(endless, 0.0, z)))

    def backward(self, gy: Any, z: Any) -> Any:
        return gy * (self.a / self.b * Hyp1f1(self.a + 1, self.b + 1).of(z))

    @classmethod
    def apply(cls, a: Any, b: Any, x: Any) -> Any:
        """As scipy.special.hyp1f1."""
        return cls(a, b)(x)


class Hyperu(Function):
    """Tricomi's function by z: y = U(a, b, z); y' = -a U(a + 1, b + 1, z). z > 0.

    Source: DLMF 13.3.22. Raises TypeError if a or b is a Variable.
    """

    __slots__ = ("a", "b")
    samples = over(0.5, 3, 0.5, 1.5)

    def __init__(self, a: Any, b: Any) -> None:
        self.a, self.b = (constant(p, "scipy.special.hyperu: a parameter") for p in (a, b))

    def forward(self, z: Any) -> Any:
        return kept(special.hyperu(self.a, self.b, z), self.a, self.b, z)

    def backward(self, gy: Any, z: Any) -> Any:
        return -gy * (self.a * Hyperu(self.a + 1, self.b + 1).of(z))

    @classmethod
    def apply(cls, a: Any, b: Any, x: Any) -> Any:
        """As scipy.special.hyperu."""
        return cls(a, b)(x)


class Hyp2f1(Function):
    """Gauss's function by z: y = ₂F₁(a, b; c; z); y' = ab/c ₂F₁(a + 1, b + 1; c + 1; z). z < 1.

    Source: DLMF 15.5.1. Raises TypeError if a, b or c is a Variable.
    """

    __slots__ = ("a", "b", "c")
    samples = over(-0.8, 0.7, 0.5, 1.5, 2.5)

    def __init__(self, a: Any, b: Any, c: Any) -> None:
        ps = (constant(p, "scipy.special.hyp2f1: a parameter") for p in (a, b, c))
        self.a, self.b, self.c = ps

    def forward(self, z: Any) -> Any:
        a, b, c = self.a, self.b, self.c
        return kept(special.hyp2f1(a, b, c, z), a, b, c, z)

    def backward(self, gy: Any, z: Any) -> Any:
        a, b, c = self.a, self.b, self.c
        return gy * (a * b / c * Hyp2f1(a + 1, b + 1, c + 1).of(z))

    @classmethod
    def apply(cls, a: Any, b: Any, c: Any, z: Any) -> Any:
        """As scipy.special.hyp2f1."""
        return cls(a, b, c)(z)


class Ellipk(Unary):
    """Complete elliptic integral of the first kind, of the parameter m = k²: y = K(m).

    y' = π/8 ₂F₁(3/2, 3/2; 2; m), which, unlike the form with E and K, holds at m = 0. m < 1.
    Source: DLMF 19.5.1 and 15.5.1.
    """

    __slots__ = ()
    elementwise = False
    ufunc = special.ellipk
    samples = over(-0.9, 0.8)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (pi / 8 * Hyp2f1(1.5, 1.5, 2).of(x))


class Ellipkm1(Unary):
    """Complete elliptic integral of the first kind around m = 1: y = K(1 - p). p > 0.

    y' = (p K - E)/(2p (1 - p)), and for p > 1/2 as that of `ellipk`. Source: DLMF 19.4.1.
    """

    __slots__ = ()
    elementwise = False
    ufunc = special.ellipkm1
    samples = over(0.1, 1.8)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        near = x < 0.5
        p = np.where(near, x, 0.25)
        close = (p * special.ellipkm1(p) - special.ellipe(1 - p)) / (2 * p * (1 - p))
        far = -pi / 8 * Hyp2f1(1.5, 1.5, 2).of(1 - np.where(near, 1.0, x))
        return gy * np.where(near, close, far)


class Ellipe(Unary):
    """Complete elliptic integral of the second kind, of the parameter m = k²: y = E(m).

    y' = -π/8 ₂F₁(1/2, 3/2; 2; m). m < 1. Source: DLMF 19.5.2 and 15.5.1.
    """

    __slots__ = ()
    elementwise = False
    ufunc = special.ellipe
    samples = over(-0.9, 0.8)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (-pi / 8 * Hyp2f1(0.5, 1.5, 2).of(x))
