"""Sums of gamma's family: Hurwitz' zeta function and the multivariate gamma function.

>>> from tinypt_ops_scipy.special import zeta
>>> zeta(2, np.array([1.0, 2.0]))
variable([1.64493407 0.64493407])
"""

from __future__ import annotations

from math import log, pi
from operator import index
from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import between, over, sampled
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._ufunc import constant


class Zeta(Function):
    """Hurwitz zeta function by q, elementwise: y = Σ 1/(k + q)ˢ from k = 0; y' = -s ζ(s + 1, q).

    Called as SciPy's: zeta(s, q). s: a constant above 1; q > 0.
    Source: DLMF 25.11. Raises TypeError if s is a Variable.
    """

    __slots__ = ("s",)
    samples = over(0.5, 4, 2.5)

    def __init__(self, s: Any) -> None:
        self.s = constant(s, "scipy.special.zeta: the exponent")

    def forward(self, q: Any) -> Any:
        return special.zeta(self.s, q)

    def backward(self, gy: Any, q: Any) -> Any:
        return -gy * self.s * Zeta(self.s + 1).of(q)

    @classmethod
    def apply(cls, x: Any, q: Any = 1.0) -> Any:
        """Call it with SciPy's order of arguments."""
        return cls(x)(q)


class Multigammaln(Function):
    """Logarithm of the multivariate gamma function of dimension d, elementwise.

    y = d (d - 1)/4 ln π + Σ ln Γ(a - j/2), y' = Σ ψ(a - j/2), j = 0 ... d - 1.
    d: an integer, 1 or more; a constant. a > (d - 1)/2. Source: DLMF 35.3.
    """

    __slots__ = ("d",)
    samples = sampled((between(2, 5, 3), 3), (between(2, 5), 2))

    def __init__(self, d: int) -> None:
        self.d = index(d)

    def forward(self, a: Any) -> Any:
        if np.any(2 * a <= self.d - 1):
            raise ValueError(f"multigammaln: a must be above (d - 1)/2 = {(self.d - 1) / 2}")
        terms = sum(special.gammaln(a - j / 2) for j in range(self.d))
        return terms + self.d * (self.d - 1) / 4 * log(pi)

    def backward(self, gy: Any, a: Any) -> Any:
        return gy * sum(special.psi(a - j / 2) for j in range(self.d))
