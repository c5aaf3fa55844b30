"""Distributions on a half line or an interval, each as its formulas of the standardised z."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np

from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.stats._distribution import Continuous
from tinypt_ops_scipy.stats.line import norm


class Gamma(Continuous):
    """Gamma: zᵃ⁻¹ exp(-z)/Γ(a), z >= 0."""

    shapes, lower = ("a",), 0.0

    def _logpdf(self, z: Any, a: Any) -> Any:
        return special.xlogy(a - 1, z) - z - special.gammaln(a)

    def _cdf(self, z: Any, a: Any) -> Any:
        return special.gammainc(a, z)

    def _sf(self, z: Any, a: Any) -> Any:
        return special.gammaincc(a, z)

    def _ppf(self, q: Any, a: Any) -> Any:
        return special.gammaincinv(a, q)

    def _isf(self, q: Any, a: Any) -> Any:
        return special.gammainccinv(a, q)


class Chi2(Continuous):
    """Chi-squared: the gamma distribution of z/2 with a = df/2."""

    shapes, lower = ("df",), 0.0

    def _logpdf(self, z: Any, df: Any) -> Any:
        return gamma._logpdf(0.5 * z, 0.5 * df) - log(2)

    def _cdf(self, z: Any, df: Any) -> Any:
        return special.gammainc(0.5 * df, 0.5 * z)

    def _sf(self, z: Any, df: Any) -> Any:
        return special.gammaincc(0.5 * df, 0.5 * z)

    def _ppf(self, q: Any, df: Any) -> Any:
        return 2 * special.gammaincinv(0.5 * df, q)

    def _isf(self, q: Any, df: Any) -> Any:
        return 2 * special.gammainccinv(0.5 * df, q)


class Beta(Continuous):
    """Beta: zᵃ⁻¹ (1 - z)ᵇ⁻¹/B(a, b), 0 <= z <= 1."""

    shapes, lower, upper = ("a", "b"), 0.0, 1.0

    def _logpdf(self, z: Any, a: Any, b: Any) -> Any:
        logs = special.xlogy(a - 1, z) + special.xlog1py(b - 1, -z)
        return logs - special.betaln(a, b)

    def _cdf(self, z: Any, a: Any, b: Any) -> Any:
        return special.betainc(a, b, z)

    def _sf(self, z: Any, a: Any, b: Any) -> Any:
        return special.betaincc(a, b, z)

    def _ppf(self, q: Any, a: Any, b: Any) -> Any:
        return special.betaincinv(a, b, q)


class Expon(Continuous):
    """Exponential: exp(-z), z >= 0."""

    lower = 0.0

    def _logpdf(self, z: Any) -> Any:
        return -z

    def _cdf(self, z: Any) -> Any:
        return -np.expm1(-z)

    def _sf(self, z: Any) -> Any:
        return np.exp(-z)

    def _logsf(self, z: Any) -> Any:
        return -z

    def _ppf(self, q: Any) -> Any:
        return -np.log1p(-q)


class Lognorm(Continuous):
    """Log-normal: ln z is normal with deviation s; z > 0."""

    shapes, lower = ("s",), 0.0

    def _logpdf(self, z: Any, s: Any) -> Any:
        return norm._logpdf(np.log(z) / s) - np.log(s * z)

    def _cdf(self, z: Any, s: Any) -> Any:
        return special.ndtr(np.log(z) / s)

    def _sf(self, z: Any, s: Any) -> Any:
        return special.ndtr(-np.log(z) / s)

    def _logcdf(self, z: Any, s: Any) -> Any:
        return special.log_ndtr(np.log(z) / s)

    def _logsf(self, z: Any, s: Any) -> Any:
        return special.log_ndtr(-np.log(z) / s)

    def _ppf(self, q: Any, s: Any) -> Any:
        return np.exp(s * special.ndtri(q))


class Uniform(Continuous):
    """Uniform: 1 on 0 <= z <= 1."""

    lower, upper = 0.0, 1.0

    def _logpdf(self, z: Any) -> Any:
        return 0 * z

    def _cdf(self, z: Any) -> Any:
        return +z

    def _ppf(self, q: Any) -> Any:
        return +q


class Pareto(Continuous):
    """Pareto: b z^-(b + 1), z >= 1."""

    shapes, lower, inside = ("b",), 1.0, 2.0

    def _logpdf(self, z: Any, b: Any) -> Any:
        return np.log(b) - (b + 1) * np.log(z)

    def _cdf(self, z: Any, b: Any) -> Any:
        return -np.expm1(-b * np.log(z))

    def _sf(self, z: Any, b: Any) -> Any:
        return np.exp(-b * np.log(z))

    def _logsf(self, z: Any, b: Any) -> Any:
        return -b * np.log(z)

    def _ppf(self, q: Any, b: Any) -> Any:
        return np.exp(-np.log1p(-q) / b)


class WeibullMin(Continuous):
    """Weibull: c zᶜ⁻¹ exp(-zᶜ), z >= 0."""

    shapes, lower = ("c",), 0.0

    def _logpdf(self, z: Any, c: Any) -> Any:
        return np.log(c) + special.xlogy(c - 1, z) - z**c

    def _cdf(self, z: Any, c: Any) -> Any:
        return -np.expm1(-(z**c))

    def _sf(self, z: Any, c: Any) -> Any:
        return np.exp(-(z**c))

    def _logsf(self, z: Any, c: Any) -> Any:
        return -(z**c)

    def _ppf(self, q: Any, c: Any) -> Any:
        return (-np.log1p(-q)) ** (1 / c)


gamma, chi2, beta, expon, lognorm = Gamma(), Chi2(), Beta(), Expon(), Lognorm()
uniform, pareto, weibull_min = Uniform(), Pareto(), WeibullMin()
