"""Entropies, losses and power transforms, elementwise, with SciPy's limits where an argument is 0.

Arguments: shapes that broadcast, dimensionless. float32 in gives float32 out.

>>> from scipy import special
>>> from tinypt_core import Variable
>>> special.entr(Variable(np.array([0.0, 0.5, 2.0])))
variable([ 0.          0.34657359 -1.38629436])
"""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import anywhere
from tinypt_ops_basic.magnitude import HypotSlope

from tinypt_ops_scipy._samples import over, pairs
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._ufunc import Binary, Unary
from tinypt_ops_scipy.special.hypergeometric import Hyp1f1

_POSITIVE = pairs((0.2, 3), (0.2, 3))


class Xlogy(Binary):
    """x ln(y), and 0 where x is 0, elementwise.

    ∂/∂x = ln y, ∂/∂y = x/y; at x = y = 0 the latter is taken as 0.
    """

    __slots__ = ()
    ufunc = special.xlogy
    samples = _POSITIVE

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        n0, n1 = self.needs
        return gy * _log(b) if n0 else None, gy * _ratio(a, b) if n1 else None


class Xlog1py(Binary):
    """x ln(1 + y), and 0 where x is 0, elementwise.

    ∂/∂x = ln(1 + y), ∂/∂y = x/(1 + y); at x = 0, y = -1 the latter is taken as 0.
    """

    __slots__ = ()
    ufunc = special.xlog1py
    samples = _POSITIVE

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        n0, n1 = self.needs
        return gy * _log(b, np.log1p) if n0 else None, gy * _ratio(a, 1 + b) if n1 else None


class Entr(Unary):
    """Elementwise entropy: y = -x ln x, 0 at x = 0; y' = -1 - ln x. x: 0 or more."""

    __slots__ = ()
    ufunc = special.entr
    samples = over(0.2, 3)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (-1 - _log(x))


class RelEntr(Binary):
    """Elementwise relative entropy: x ln(x/y), 0 where x is 0.

    ∂/∂x = ln(x/y) + 1, ∂/∂y = -x/y; at x = y = 0 the ratio is taken as 0.
    """

    __slots__ = ()
    ufunc = special.rel_entr
    samples = _POSITIVE

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        ratio = _ratio(a, b)
        n0, n1 = self.needs
        return gy * (_log(ratio) + 1) if n0 else None, -gy * ratio if n1 else None


class KlDiv(Binary):
    """Elementwise Kullback-Leibler divergence: x ln(x/y) - x + y, and y where x is 0.

    ∂/∂x = ln(x/y), ∂/∂y = (y - x)/y; at x = y = 0 the ratio is taken as 0. Where x and y are near
    each other it is y - x - x ln(1 + (y - x)/x), which keeps what SciPy's value loses.
    """

    __slots__ = ()
    ufunc = special.kl_div
    samples = _POSITIVE

    def forward(self, a: Any, b: Any) -> Any:
        y, d = special.kl_div(a, b), b - a
        near = np.abs(d) < 0.5 * a
        if not anywhere(near):
            return y
        return np.where(near, d - a * np.log1p(np.where(near, d, 0) / np.where(near, a, 1)), y)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        n0, n1 = self.needs
        g0 = gy * _log(_ratio(a, b)) if n0 else None
        return g0, gy * (1 - _ratio(a, b)) if n1 else None


def _log(x: Any, log: Any = np.log) -> Any:
    """The logarithm as a slope: -inf at 0, where the value is finite and nothing is to warn of."""
    with np.errstate(divide="ignore"):
        return log(x)


def _ratio(a: Any, b: Any) -> Any:
    """a/b, with 0/0 = 0. Only 0/0 is masked: at a = 0 alone its slope is still 1/b."""
    return a / (b + ((a == 0) & (b == 0)))


class Huber(Binary):
    """Huber's loss, elementwise: r²/2 for |r| <= δ, else δ (|r| - δ/2). Called huber(δ, r).

    ∂/∂r = r cut to [-δ, δ], ∂/∂δ = |r| - δ where that is positive, else 0. δ >= 0.
    """

    __slots__ = ()
    ufunc = special.huber
    samples = pairs((0.2, 1), (1.5, 3))

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        beyond = np.abs(b) > a
        return gy * beyond * (np.abs(b) - a), gy * np.where(beyond, a * np.sign(b), b)


class PseudoHuber(Binary):
    """Smooth Huber loss, elementwise: δ² (√(1 + (r/δ)²) - 1). Called pseudo_huber(δ, r).

    With h = √(δ² + r²): ∂/∂r = δ r/h, ∂/∂δ = (h - δ)²/h with h - δ = r²/(h + δ). δ > 0.
    """

    __slots__ = ()
    ufunc = special.pseudo_huber
    samples = pairs((0.3, 2), (-2, 2))

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        h = np.hypot(a, b)
        excess = b * (b / (h + a))
        return gy * excess * (excess / h), gy * a * HypotSlope().of(b, a, h)


class Boxcox(Binary):
    """Box-Cox transform, elementwise: (x^λ - 1)/λ, ln x at λ = 0. Called boxcox(x, λ). x > 0.

    ∂/∂x = x^(λ - 1); ∂/∂λ = (ln x)² ₁F₁(2; 3; λ ln x)/2, which holds at λ = 0 too: it is the
    derivative of ln x ∫₀¹ exp(s λ ln x) ds.
    """

    __slots__ = ()
    ufunc = special.boxcox
    samples = pairs((0.3, 3), (-1, 2))

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        log = np.log(a)
        return gy * np.exp((b - 1) * log), gy * 0.5 * log * log * Hyp1f1(2, 3).of(b * log)


class Boxcox1p(Binary):
    """Box-Cox transform of 1 + x, elementwise: ((1 + x)^λ - 1)/λ. x > -1; see `boxcox`."""

    __slots__ = ()
    ufunc = special.boxcox1p
    samples = pairs((-0.6, 2), (-1, 2))

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        log = np.log1p(a)
        return gy * np.exp((b - 1) * log), gy * 0.5 * log * log * Hyp1f1(2, 3).of(b * log)
