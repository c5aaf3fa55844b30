"""The error function's family and the normal distribution.

Elementwise; x: any shape, dimensionless. float32 in gives float32 out. The constants are Python
floats, which never widen a float32 array.

>>> from scipy import special
>>> from tinypt_core import Variable, gradients
>>> x = Variable(np.array([0.0, 1.0]))
>>> y = special.erf(x)
>>> y, gradients(y, x)[0]
(variable([0.         0.84270079]), array([1.12837917, 0.4151075 ]))
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import over
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._normal_tail import InverseMills, NormalTail
from tinypt_ops_scipy.special._ufunc import Unary


def _bell(x: Any, c: float) -> Any:
    """exp(-c x²)."""
    with np.errstate(over="ignore"):  # it is 0 then
        return np.exp(-c * x * x)


class Erf(Unary):
    """Error function, elementwise: y = 2/√π ∫₀ˣ exp(-t²) dt; y' = 2/√π exp(-x²).

    Source: DLMF 7.2.1.
    """

    __slots__ = ()
    ufunc = special.erf

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (2 / sqrt(pi) * _bell(x, 1.0))


class Erfc(Unary):
    """Complementary error function, elementwise: y = 1 - erf(x); y' = -2/√π exp(-x²).

    Source: DLMF 7.2.2.
    """

    __slots__ = ()
    ufunc = special.erfc

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (-2 / sqrt(pi) * _bell(x, 1.0))


class Erfcx(Unary):
    """Scaled complementary error function, elementwise: y = exp(x²) erfc(x).

    y' = 2xy - 2/√π = -√2 y c₁(√2 x), where the difference would lose all digits for large x; c₁ is
    Laplace's continued fraction, of `NormalTail`. Source: DLMF 7.2.2 and 7.9.3.
    """

    __slots__ = ()
    elementwise = False  # its rule is no ufunc
    ufunc = special.erfcx
    samples = over(-2, 3)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (-sqrt(2) * y * NormalTail(1).of(sqrt(2) * x))


class Erfi(Unary):
    """Imaginary error function, elementwise: y = -i erf(ix); y' = 2/√π exp(x²)."""

    __slots__ = ()
    ufunc = special.erfi
    samples = over(-2, 2)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (2 / sqrt(pi) * np.exp(x * x))


class Dawsn(Unary):
    """Dawson's integral, elementwise: y = exp(-x²) ∫₀ˣ exp(t²) dt; y' = 1 - 2xy.

    The difference cancels for large x: y' loses about x² rounding errors. Source: DLMF 7.2.5.
    """

    __slots__ = ()
    ufunc = special.dawsn
    samples = over(-3, 3)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (1 - 2 * x * y)


class Erfinv(Unary):
    """Inverse error function, elementwise: erf(y) = x; y' = √π/2 exp(y²). x: in (-1, 1).

    Source: DLMF 7.17.
    """

    __slots__ = ()
    ufunc = special.erfinv
    samples = over(-0.9, 0.9)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * (sqrt(pi) / 2 * np.exp(y * y))


class Erfcinv(Unary):
    """Inverse complementary error function: erfc(y) = x; y' = -√π/2 exp(y²). x: in (0, 2).

    Source: DLMF 7.17.
    """

    __slots__ = ()
    ufunc = special.erfcinv
    samples = over(0.1, 1.9)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * (-sqrt(pi) / 2 * np.exp(y * y))


class Ndtr(Unary):
    """Cumulative normal distribution, elementwise: y = erfc(-x/√2)/2; y' = exp(-x²/2)/√(2π).

    Source: DLMF 7.20.1, with mean 0 and variance 1.
    """

    __slots__ = ()
    ufunc = special.ndtr

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (1 / sqrt(2 * pi) * _bell(x, 0.5))


class Ndtri(Unary):
    """Quantile of the normal distribution: ndtr(y) = x; y' = √(2π) exp(y²/2). x: in (0, 1)."""

    __slots__ = ()
    ufunc = special.ndtri
    samples = over(0.05, 0.95)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * (sqrt(2 * pi) * np.exp(0.5 * y * y))


class NdtriExp(Unary):
    """Quantile by the logarithm of the probability: log_ndtr(y) = x; y' = √(2π) exp(x + y²/2).

    x: below 0.
    """

    __slots__ = ()
    ufunc = special.ndtri_exp
    samples = over(-9, -0.1)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (sqrt(2 * pi) * np.exp(x + 0.5 * y * y))


class LogNdtr(Function):
    """Logarithm of the cumulative normal distribution, elementwise: y = ln Φ(x).

    y' = φ(x)/Φ(x), the inverse Mills ratio, which holds far out in the tail where Φ(x) is 0.
    Source: DLMF 7.20.1 and 7.8.1.

    >>> from tinypt_ops_scipy.special import log_ndtr
    >>> log_ndtr(np.array([-40.0, 0.0]))
    variable([-8.04608442e+02 -6.93147181e-01])
    """

    __slots__ = ()

    def forward(self, x: Any) -> Any:
        return special.log_ndtr(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * InverseMills().of(x)


class Fresnel(Function):
    """Fresnel's integrals S and C: ∫₀ˣ sin(πt²/2) dt and ∫₀ˣ cos(πt²/2) dt. Two outputs.

    Source: DLMF 7.2.7 and 7.2.8.
    """

    __slots__ = ()
    samples = over(-2, 2)

    def forward(self, x: Any) -> Any:
        return special.fresnel(x)

    def backward(self, gs: Any, gc: Any, x: Any) -> Any:
        angle = pi / 2 * x * x
        return gs * np.sin(angle) + gc * np.cos(angle)
