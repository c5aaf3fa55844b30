"""Discrete distributions, by their parameters; k is constant, 0 where it is no whole number."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.stats._distribution import Discrete


class Poisson(Discrete):
    """Poisson: muᵏ exp(-mu)/k!"""

    shapes = ("mu",)

    def _logpmf(self, k: Any, mu: Any) -> Any:
        return special.xlogy(k, mu) - special.gammaln(k + 1) - mu

    def _cdf(self, k: Any, mu: Any) -> Any:
        return special.gammaincc(k + 1, mu)


class Binom(Discrete):
    """Binomial: n!/(k! (n - k)!) pᵏ (1 - p)ⁿ⁻ᵏ, k = 0 ... n."""

    shapes = ("n", "p")

    def _top(self, n: Any, p: Any) -> Any:
        return n

    def _logpmf(self, k: Any, n: Any, p: Any) -> Any:
        ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
        return ways + special.xlogy(k, p) + special.xlog1py(n - k, -p)

    def _cdf(self, k: Any, n: Any, p: Any) -> Any:
        return special.betaincc(k + 1, np.where(n > k, n - k, 1.0), p)


poisson, binom = Poisson(), Binom()
