"""Incomplete gamma and beta functions and their inverses, by every argument.

Their derivatives by the shape parameters have no closed form; they are sums of the series of
positive terms, term by term, with an absolute error of about 1e-14. That of the incomplete gamma
function keeps its digits in both tails, that of the incomplete beta function in the lower tail
for x <= 1/2 and in the upper one for x > 1/2.

>>> from scipy import special
>>> from tinypt_core import Variable
>>> special.gammainc(Variable(np.array([1.0, 2.0])), 1.0)
variable([0.63212056 0.26424112])
"""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import between, pairs, sampled
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._ufunc import Binary


def _density(a: Any, x: Any) -> Any:
    """∂P/∂x = xᵃ⁻¹ exp(-x)/Γ(a). Source: DLMF 8.8."""
    return np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a))


def _by_shape(a: Any, x: Any) -> Any:
    """∂P/∂a: by the series, and in the upper tail by the integral, which keeps its digits there."""
    tail = x > a + 5 * np.sqrt(a) + 10
    series = _by_series(a, np.where(tail, 0.0, x))
    kept = tail & (x < 1e300)
    upper = kept * _by_integral(a, np.where(kept, x, a + 20))
    return np.where(tail, -upper, series)


def _by_series(a: Any, x: Any) -> Any:
    """From P = Σ xᵃ⁺ⁿ exp(-x)/Γ(a + n + 1). Source: DLMF 8.7.1."""
    a, x, n = a[..., None], x[..., None], np.arange(_terms(x), dtype=x.dtype)
    z = np.where(x > 0, x, 1.0)  # at 0, where ln x is not, there is nothing to sum
    s = a + n
    terms = np.exp(s * np.log(z) - z - special.gammaln(s + 1))
    return np.sum((x > 0) * terms * (np.log(z) - special.psi(s + 1)), axis=-1)


def _terms(x: Any) -> int:
    """How many terms of the exponential series matter: those up to x + 10 √x and some.

    An infinite x has no sum, whatever is added up.
    """
    n, x = 64, np.where(np.isfinite(x), x, 0.0)
    while (x + 10 * np.sqrt(x) + 40 > n).any():
        n *= 2
    return n


def _by_integral(a: Any, x: Any) -> Any:
    """∂Q/∂a from Q = xᵃ⁻¹ exp(-x)/Γ(a) ∫₀^∞ exp(-v) (1 + v/x)ᵃ⁻¹ dv, by Gauss and Laguerre.

    Source: DLMF 8.6, with t = v/x.
    """
    a, x = a[..., None], x[..., None]
    v, w = _LAGUERRE[0].astype(x.dtype), _LAGUERRE[1].astype(x.dtype)
    logs = (a - 1) * np.log(x + v) - x - special.gammaln(a)
    return np.sum(w * np.exp(logs) * (np.log(x + v) - special.psi(a)), axis=-1)


_LAGUERRE = np.polynomial.laguerre.laggauss(64)


class Gammainc(Binary):
    """Regularised lower incomplete gamma function, elementwise: y = P(a, x) = γ(a, x)/Γ(a).

    ∂y/∂x = xᵃ⁻¹ exp(-x)/Γ(a). a > 0, x >= 0. Source: DLMF 8.2.4 and 8.8.
    """

    __slots__ = ()
    ufunc = special.gammainc
    samples = pairs((0.6, 3), (0.3, 5))

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        n0, n1 = self.needs
        return gy * _spread(_by_shape, a, b) if n0 else None, gy * _density(a, b) if n1 else None


class Gammaincc(Binary):
    """Regularised upper incomplete gamma function, elementwise: y = Q(a, x) = 1 - P(a, x).

    Source: DLMF 8.2.4; see `gammainc`.
    """

    __slots__ = ()
    ufunc = special.gammaincc
    samples = pairs((0.6, 3), (0.3, 5))

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        n0, n1 = self.needs
        return -gy * _spread(_by_shape, a, b) if n0 else None, -gy * _density(a, b) if n1 else None


class Gammaincinv(Binary):
    """The x with P(a, x) = p, elementwise; ∂x/∂p = 1/density, ∂x/∂a = -∂P/∂a / density."""

    __slots__ = ()
    ufunc = special.gammaincinv
    samples = pairs((0.8, 3), (0.1, 0.9))

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        g = gy / _density(a, y)
        return -g * _spread(_by_shape, a, y) if self.needs[0] else None, g


class Gammainccinv(Binary):
    """The x with Q(a, x) = q, elementwise; see `gammaincinv`."""

    __slots__ = ()
    ufunc = special.gammainccinv
    samples = pairs((0.8, 3), (0.1, 0.9))

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        g = gy / _density(a, y)
        return -g * _spread(_by_shape, a, y) if self.needs[0] else None, -g


def _beta_density(a: Any, b: Any, x: Any) -> Any:
    """∂I/∂x = xᵃ⁻¹ (1 - x)ᵇ⁻¹/B(a, b). Source: DLMF 8.17.1."""
    logs = special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x)
    return np.exp(logs - special.betaln(a, b))


def _by_shapes(a: Any, b: Any, x: Any) -> tuple[Any, Any]:
    """∂I/∂a and ∂I/∂b, for x > 1/2 by I(x; a, b) = 1 - I(1 - x; b, a). Source: DLMF 8.17.4."""
    left = x <= 0.5
    z = np.where(left, x, 1 - x)
    one, two = _series(np.where(left, a, b), np.where(left, b, a), z)
    return np.where(left, one, -two), np.where(left, two, -one)


def _series(a: Any, b: Any, x: Any) -> tuple[Any, Any]:
    """The derivatives of I = Σ xᵃ⁺ⁿ (1 - x)ᵇ Γ(a + b + n)/(Γ(a + n + 1) Γ(b)), for x <= 1/2.

    Source: DLMF 8.17.8.
    """
    a, b, x = a[..., None], b[..., None], x[..., None]
    inside = x > 0
    x = np.where(inside, x, 0.5)
    n = np.arange(_beta_terms(b), dtype=x.dtype)
    logs = (a + n) * np.log(x) + b * np.log1p(-x)
    gammas = special.gammaln(a + b + n) - special.gammaln(a + n + 1) - special.gammaln(b)
    terms = inside * np.exp(logs + gammas)
    common = special.psi(a + b + n)
    by_a = terms * (np.log(x) + common - special.psi(a + n + 1))
    by_b = terms * (np.log1p(-x) + common - special.psi(b))
    return np.sum(by_a, axis=-1), np.sum(by_b, axis=-1)


def _beta_terms(b: Any) -> int:
    """How many terms matter at x = 1/2, where the n-th is about 2⁻ⁿ nᵇ⁻¹."""
    n, b = 64, np.where(np.isfinite(b), b, 0.0)
    while (2 * b + 10 * np.sqrt(b) + 60 > n).any():
        n *= 2
    return n


class Betainc(Function):
    """Regularised incomplete beta function, elementwise: y = Iₓ(a, b). a, b > 0, x in [0, 1].

    ∂y/∂x = xᵃ⁻¹ (1 - x)ᵇ⁻¹/B(a, b). Source: DLMF 8.17.2 and 8.17.1.
    """

    __slots__ = ()
    samples = sampled((between(0.6, 3, 2, 1), between(0.6, 3, 3), between(0.1, 0.9, 3)))

    def forward(self, a: Any, b: Any, x: Any) -> Any:
        return special.betainc(a, b, x)

    def backward(self, gy: Any, a: Any, b: Any, x: Any) -> Any:
        ga, gb = _spread(_by_shapes, a, b, x) if any(self.needs[:2]) else (0, 0)
        return gy * ga, gy * gb, gy * _beta_density(a, b, x)


class Betaincc(Function):
    """Complement of the regularised incomplete beta function: y = 1 - Iₓ(a, b); see `betainc`."""

    __slots__ = ()
    samples = sampled((between(0.6, 3, 2, 1), between(0.6, 3, 3), between(0.1, 0.9, 3)))

    def forward(self, a: Any, b: Any, x: Any) -> Any:
        return special.betaincc(a, b, x)

    def backward(self, gy: Any, a: Any, b: Any, x: Any) -> Any:
        ga, gb = _spread(_by_shapes, a, b, x) if any(self.needs[:2]) else (0, 0)
        return -gy * ga, -gy * gb, -gy * _beta_density(a, b, x)


class Betaincinv(Function):
    """The x with Iₓ(a, b) = p, elementwise; ∂x/∂p = 1/density, ∂x/∂a = -∂I/∂a / density."""

    __slots__ = ()
    samples = sampled((between(0.8, 3, 2, 1), between(0.8, 3, 3), between(0.1, 0.9, 3)))

    def forward(self, a: Any, b: Any, p: Any) -> Any:
        return special.betaincinv(a, b, p)

    def backward(self, gy: Any, a: Any, b: Any, y: Any) -> Any:
        g = gy / _beta_density(a, b, y)
        ga, gb = _spread(_by_shapes, a, b, y) if any(self.needs[:2]) else (0, 0)
        return -g * ga, -g * gb, g


def _spread(series: Any, *xs: Any) -> Any:
    """A series of arguments that broadcast, which it gets in one shape."""
    return series(*np.broadcast_arrays(*xs))
