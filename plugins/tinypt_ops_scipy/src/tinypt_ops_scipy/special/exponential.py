"""Exponential, sine and cosine integrals, exprel and Lambert's W, elementwise.

float32 in gives float32 out.

>>> from scipy import special
>>> from tinypt_core import Variable
>>> special.expi(Variable(np.array([0.5, 1.0])))
variable([0.4542199  1.89511782])
"""

from __future__ import annotations

from math import log, pi
from operator import index
from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import between, over, sampled
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._ufunc import Unary, kept
from tinypt_ops_scipy.special.hypergeometric import Hyp1f1


class Exp1(Unary):
    """Exponential integral, elementwise: y = ∫ₓ^∞ exp(-t)/t dt; y' = -exp(-x)/x. x > 0.

    Source: DLMF 6.2.1.
    """

    __slots__ = ()
    ufunc = special.exp1
    samples = over(0.3, 3)

    def backward(self, gy: Any, x: Any) -> Any:
        return -gy * np.exp(-x) / x


class Expi(Unary):
    """Exponential integral Ei, elementwise: y' = exp(x)/x. Source: DLMF 6.2.5."""

    __slots__ = ()
    ufunc = special.expi
    samples = over(0.3, 3)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * np.exp(x) / x


class Expn(Function):
    """Generalised exponential integral: y = Eₙ(x); y' = -Eₙ₋₁(x). Called expn(n, x). x > 0.

    n: an integer, 0 or more; a constant. E₀ = exp(-x)/x. Source: DLMF 8.19.
    """

    __slots__ = ("n",)
    samples = sampled((3, between(0.3, 3, 3)), (0, between(0.3, 3)))

    def __init__(self, n: int) -> None:
        self.n = index(n)

    def forward(self, x: Any) -> Any:
        return kept(special.expn(self.n, x), x)

    def backward(self, gy: Any, x: Any) -> Any:
        if self.n == 0:
            return -gy * np.exp(-x) * (1 + x) / (x * x)
        return -gy * Expn(self.n - 1).of(x)

    @classmethod
    def apply(cls, n: int, x: Any) -> Any:
        """As scipy.special.expn."""
        return cls(n)(x)


class Exprel(Unary):
    """Relative error exponential, elementwise: y = (exp(x) - 1)/x, 1 at 0.

    y' = ₁F₁(2; 3; x)/2, for y = ∫₀¹ exp(s x) ds.
    """

    __slots__ = ()
    elementwise = False
    ufunc = special.exprel
    samples = over(-2, 2)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * 0.5 * Hyp1f1(2, 3).of(x)


class Exp10(Unary):
    """Power of ten, elementwise: y = 10ˣ; y' = y ln 10."""

    __slots__ = ()
    ufunc = special.exp10
    samples = over(-2, 2)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * y * log(10)


class Cosm1(Unary):
    """Elementwise: y = cos(x) - 1 without cancellation; y' = -sin(x). x in radians."""

    __slots__ = ()
    ufunc = special.cosm1

    def backward(self, gy: Any, x: Any) -> Any:
        return -gy * np.sin(x)


class Sici(Function):
    """Sine and cosine integrals, two outputs: Si' = sin(x)/x, 1 at 0; Ci' = cos(x)/x. x > 0.

    Source: DLMF 6.2.9 and 6.2.11.
    """

    __slots__ = ()
    samples = over(0.3, 4)

    def forward(self, x: Any) -> Any:
        return special.sici(x)

    def backward(self, gs: Any, gc: Any, x: Any) -> Any:
        return gs * np.sinc(x / pi) + gc * np.cos(x) / x


class Shichi(Function):
    """Hyperbolic sine and cosine integrals, two outputs: Shi' = sinh(x)/x, Chi' = cosh(x)/x.

    x > 0. Source: DLMF 6.2.15 and 6.2.16.
    """

    __slots__ = ()
    samples = over(0.3, 3)

    def forward(self, x: Any) -> Any:
        return special.shichi(x)

    def backward(self, gs: Any, gc: Any, x: Any) -> Any:
        return gs * 0.5 * (special.exprel(x) + special.exprel(-x)) + gc * np.cosh(x) / x


class Lambertw(Function):
    """Lambert's W on its real branches, elementwise: w exp(w) = x; w' = exp(-w)/(1 + w).

    k: 0 for x >= -1/e, or -1 for -1/e <= x < 0. The result is real; NaN outside, where W is
    complex. Source: DLMF 4.13.4. Raises ValueError for another branch.

    >>> from tinypt_ops_scipy.special import lambertw
    >>> lambertw(np.array([0.0, 1.0]))
    variable([0.         0.56714329])
    """

    __slots__ = ("k",)
    samples = sampled((between(-0.2, 3, 3),), (between(-0.3, -0.1, 3), -1))

    def __init__(self, k: int = 0) -> None:
        if k not in (0, -1):
            raise ValueError(f"lambertw: branch {k} has no real values; k is 0 or -1")
        self.k = k

    def forward(self, z: Any) -> Any:
        w = special.lambertw(z, self.k)
        return kept(np.where(w.imag == 0, w.real, np.nan), z)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * np.exp(-y) / (1 + y)
