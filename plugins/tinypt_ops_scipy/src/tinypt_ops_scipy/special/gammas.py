"""The gamma function's family: gamma, its logarithm and derivatives, and the beta function.

Elementwise; x: any shape, dimensionless. float32 in gives float32 out.

>>> from scipy import special
>>> from tinypt_core import Variable
>>> special.digamma(Variable(np.array([1.0, 2.0])))
variable([-0.57721566  0.42278434])
"""

from __future__ import annotations

from math import pi
from operator import index
from typing import Any

import numpy as np
from tinypt_core import Function, anywhere

from tinypt_ops_scipy._samples import over, pairs
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._differences import difference
from tinypt_ops_scipy.special._ufunc import Binary, Unary, kept


class Gamma(Unary):
    """Gamma function, elementwise: y = Γ(x); y' = Γ(x) ψ(x). Poles at 0, -1, -2 ...

    Source: DLMF 5.2.1 and 5.2.2.
    """

    __slots__ = ()
    ufunc = special.gamma
    samples = over(0.5, 4)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (y * special.psi(x))


class Rgamma(Unary):
    """Reciprocal gamma function, elementwise: y = 1/Γ(x), 0 at 0, -1, -2 ...; y' = -ψ(x)/Γ(x).

    Left of 1/2 the rule is that of the reflected form Γ(1 - x) sin(πx)/π, which has no pole.
    Source: DLMF 5.5.3.
    """

    __slots__ = ()
    ufunc = special.rgamma

    def backward(self, gy: Any, x: Any) -> Any:
        left = x < 0.5
        r, z = np.where(left, 1.0, x), np.where(left, 1.0 - x, 1.0)
        right = special.rgamma(r) * special.psi(r)
        angle = pi * np.where(left, x, 0.0)
        slope = np.cos(angle) - special.psi(z) * np.sin(angle) / pi
        return gy * np.where(left, special.gamma(z) * slope, -right)


class Gammaln(Unary):
    """Logarithm of the gamma function, elementwise: y = ln |Γ(x)|; y' = ψ(x).

    Source: DLMF 5.2.2. Infinite at 0, -1, -2 ...
    """

    __slots__ = ()
    ufunc = special.gammaln
    samples = over(0.5, 4)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * special.psi(x)


class Gammasgn(Unary):
    """Sign of the gamma function, elementwise: y = Γ(x)/|Γ(x)|. A step, with gradient 0."""

    __slots__ = ()
    keeps_nothing = True
    ufunc = special.gammasgn
    samples = over(-0.9, -0.1)

    def backward(self, gy: Any) -> Any:
        return np.zeros_like(gy)


class Loggamma(Unary):
    """Principal branch of ln Γ, elementwise; y' = ψ(x). For real x it wants x > 0.

    Source: DLMF 5.2.2.
    """

    __slots__ = ()
    ufunc = special.loggamma
    samples = over(0.5, 4)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * special.psi(x)


class Digamma(Unary):
    """Digamma function, elementwise: y = ψ(x) = Γ'(x)/Γ(x); y' = ψ⁽¹⁾(x), polygamma(1, x).

    Source: DLMF 5.2.2 and 5.15. Poles at 0, -1, -2 ...
    """

    __slots__ = ()
    elementwise = False  # its rule is no ufunc
    ufunc = special.psi
    samples = over(0.5, 4)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * Polygamma(1).of(x)


class Polygamma(Function):
    """Polygamma function, elementwise: y = ψ⁽ⁿ⁾(x), derivative n of ψ; y' = ψ⁽ⁿ⁺¹⁾(x).

    Called as SciPy's: polygamma(n, x). n: an integer, 0 or more; a constant.
    Source: DLMF 5.15, as Hurwitz' zeta function by 25.11.12. Poles at 0, -1, -2 ...
    Raises TypeError if n is no integer, ValueError if it is negative.
    """

    __slots__ = ("n",)
    samples = over(0.5, 4, 1)

    def __init__(self, n: int) -> None:
        self.n = index(n)
        if self.n < 0:
            raise ValueError(f"polygamma: n is {n}, the order of a derivative; give 0 or more")

    def forward(self, x: Any) -> Any:
        if x.dtype.kind == "c":
            return special.psi(x) if self.n == 0 else _complex_polygamma(self.n, x)
        if self.n == 0:
            return special.psi(x)
        s = np.float64(self.n + 1)  # which makes float32 wait until the end, as in SciPy
        return kept((-1) ** (self.n + 1) * special.gamma(s) * special.zeta(s, x), x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * Polygamma(self.n + 1).of(x)

    @classmethod
    def apply(cls, n: int, x: Any) -> Any:
        """Call it with SciPy's order of arguments."""
        return cls(n)(x)


def _complex_polygamma(n: int, z: Any) -> Any:
    """By the recurrence up to where the asymptotic series has 16 digits. Source: DLMF 5.15.

    The series: (-1)ⁿ⁻¹ ψ⁽ⁿ⁾(w) = (n-1)!/wⁿ + n!/(2wⁿ⁺¹) + Σ B₂ⱼ (2j+n-1)!/((2j)! w²ʲ⁺ⁿ).
    """
    steps = 20 + n + int(np.ceil(np.max(-z.real, initial=0.0)))
    w, f = z + steps, special.factorial
    total = sum(f(n) / (z + k) ** (n + 1) for k in range(steps))
    total = total + f(n - 1) / w**n + f(n) / (2 * w ** (n + 1))
    for j in range(1, 11):
        weight = special.bernoulli(2 * j)[-1] * f(2 * j + n - 1) / f(2 * j)
        total = total + weight / w ** (2 * j + n)
    return kept((-1) ** (n - 1) * total, z)


class PolygammaDifference(Function):
    """ψ⁽ⁿ⁾(a + b) - ψ⁽ⁿ⁾(a), elementwise: with all digits for a > 0, b >= 0, however far apart."""

    __slots__ = ("n",)

    def __init__(self, n: int) -> None:
        self.n = n

    def forward(self, a: Any, b: Any) -> Any:
        fair = (a > 0) & (b >= 0)
        y = kept(difference(self.n, np.where(fair, a, 1), np.where(fair, b, 1)), a, b)
        if not anywhere(~fair):
            return y
        plain = Polygamma(self.n)
        return np.where(fair, y, plain.forward(a + b) - plain.forward(a))

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        need_a, need_b = self.needs
        ga = gy * PolygammaDifference(self.n + 1).of(a, b) if need_a else None
        return ga, gy * Polygamma(self.n + 1).of(a + b) if need_b else None


class Beta(Binary):
    """Beta function, elementwise: y = B(a, b); ∂y/∂a = y (ψ(a) - ψ(a + b)), and the same in b.

    Source: DLMF 5.12.1.
    """

    __slots__ = ()
    ufunc = special.beta
    samples = pairs((0.5, 4), (0.5, 4))

    def backward(self, gy: Any, a: Any, b: Any, y: Any) -> Any:
        need_a, need_b = self.needs
        ga = -gy * y * PolygammaDifference(0).of(a, b) if need_a else None
        return ga, -gy * y * PolygammaDifference(0).of(b, a) if need_b else None


class Betaln(Binary):
    """Logarithm of the beta function, elementwise: y = ln |B(a, b)|.

    ∂y/∂a = ψ(a) - ψ(a + b), and the same in b. a, b: shapes that broadcast. Where one is large
    the value is ln Γ of the other less a difference taken as such, and not SciPy's.
    Source: DLMF 5.12.1.
    """

    __slots__ = ()
    ufunc = special.betaln
    samples = pairs((0.5, 4), (0.5, 4))

    def forward(self, a: Any, b: Any) -> Any:
        y, large, small = special.betaln(a, b), np.maximum(a, b), np.minimum(a, b)
        far = (large > 8) & (small > 0)
        if not anywhere(far):
            return y
        large, small = np.where(far, large, 1), np.where(far, small, 1)
        apart = special.gammaln(small) - difference(-1, large, small)
        return np.where(far, kept(apart, a, b), y)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        need_a, need_b = self.needs
        ga = -gy * PolygammaDifference(0).of(a, b) if need_a else None
        return ga, -gy * PolygammaDifference(0).of(b, a) if need_b else None


class Binom(Binary):
    """Binomial coefficient of real numbers: y = Γ(n + 1)/(Γ(k + 1) Γ(n - k + 1)), elementwise.

    ∂y/∂n = y (ψ(n + 1) - ψ(n - k + 1)), ∂y/∂k = y (ψ(n - k + 1) - ψ(k + 1)).
    Source: DLMF 1.2, continued by 5.2.5.
    """

    __slots__ = ()
    ufunc = special.binom
    samples = pairs((3.2, 5.8), (0.3, 2.8))

    def backward(self, gy: Any, a: Any, b: Any, y: Any) -> Any:
        rest = special.psi(a - b + 1)
        return gy * y * (special.psi(a + 1) - rest), gy * y * (rest - special.psi(b + 1))


class Poch(Binary):
    """Pochhammer's symbol, elementwise: y = Γ(a + m)/Γ(a). a > 0, a + m > 0.

    ∂y/∂a = y (ψ(a + m) - ψ(a)), ∂y/∂m = y ψ(a + m). Source: DLMF 5.2.5.
    """

    __slots__ = ()
    ufunc = special.poch
    samples = pairs((0.5, 3), (0.2, 2.5))

    def backward(self, gy: Any, a: Any, b: Any, y: Any) -> Any:
        return gy * y * PolygammaDifference(0).of(a, b), gy * y * special.psi(a + b)
