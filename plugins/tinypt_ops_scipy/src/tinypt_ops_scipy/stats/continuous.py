"""Continuous distributions, each as its textbook formulas of the standardised variable z."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np
from scipy import special

from tinypt_ops_scipy.stats._distribution import Continuous


class Norm(Continuous):
    """Normal: exp(-z²/2)/√(2π)."""

    def _logpdf(self, z: Any) -> Any:
        return -0.5 * z * z - 0.5 * log(2 * pi)

    def _cdf(self, z: Any) -> Any:
        return special.ndtr(z)

    def _sf(self, z: Any) -> Any:
        return special.ndtr(-z)

    def _logcdf(self, z: Any) -> Any:
        return special.log_ndtr(z)

    def _logsf(self, z: Any) -> Any:
        return special.log_ndtr(-z)

    def _ppf(self, q: Any) -> Any:
        return special.ndtri(q)


class T(Continuous):
    """Student's t: (1 + z²/df)^(-(df + 1)/2) / (√df B(df/2, 1/2))."""

    shapes = ("df",)

    def _logpdf(self, z: Any, df: Any) -> Any:
        tail = -0.5 * (df + 1) * np.log1p(z * z / df)
        return tail - special.betaln(0.5 * df, 0.5) - 0.5 * np.log(df)

    def _cdf(self, z: Any, df: Any) -> Any:
        return special.stdtr(df, z)

    def _sf(self, z: Any, df: Any) -> Any:
        return special.stdtr(df, -z)

    def _ppf(self, q: Any, df: Any) -> Any:
        return special.stdtrit(df, q)


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


class Laplace(Continuous):
    """Laplace: exp(-|z|)/2."""

    def _logpdf(self, z: Any) -> Any:
        return -np.abs(z) - log(2)

    def _cdf(self, z: Any) -> Any:
        tail = 0.5 * np.exp(-np.abs(z))
        return np.where(z < 0, tail, 1 - tail)

    def _sf(self, z: Any) -> Any:
        return self._cdf(-z)

    def _ppf(self, q: Any) -> Any:
        low = q < 0.5
        tail = np.log(2 * np.where(low, q, 1 - q))
        return np.where(low, tail, -tail)


class Logistic(Continuous):
    """Logistic: exp(-z)/(1 + exp(-z))²."""

    def _logpdf(self, z: Any) -> Any:
        return special.log_expit(z) + special.log_expit(-z)

    def _cdf(self, z: Any) -> Any:
        return special.expit(z)

    def _sf(self, z: Any) -> Any:
        return special.expit(-z)

    def _logcdf(self, z: Any) -> Any:
        return special.log_expit(z)

    def _logsf(self, z: Any) -> Any:
        return special.log_expit(-z)

    def _ppf(self, q: Any) -> Any:
        return special.logit(q)


class Cauchy(Continuous):
    """Cauchy: 1/(π (1 + z²))."""

    def _logpdf(self, z: Any) -> Any:
        return -np.log1p(z * z) - log(pi)

    def _cdf(self, z: Any) -> Any:
        return 0.5 + np.arctan(z) / pi

    def _sf(self, z: Any) -> Any:
        return 0.5 - np.arctan(z) / pi

    def _ppf(self, q: Any) -> Any:
        return np.tan(pi * (q - 0.5))


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


class GumbelR(Continuous):
    """Gumbel of the largest: exp(-z - exp(-z))."""

    def _logpdf(self, z: Any) -> Any:
        return -z - np.exp(-z)

    def _cdf(self, z: Any) -> Any:
        return np.exp(-np.exp(-z))

    def _sf(self, z: Any) -> Any:
        return -np.expm1(-np.exp(-z))

    def _logcdf(self, z: Any) -> Any:
        return -np.exp(-z)

    def _ppf(self, q: Any) -> Any:
        return -np.log(-np.log(q))


class GumbelL(Continuous):
    """Gumbel of the smallest: that of the largest, of -z."""

    def _logpdf(self, z: Any) -> Any:
        return z - np.exp(z)

    def _cdf(self, z: Any) -> Any:
        return -np.expm1(-np.exp(z))

    def _sf(self, z: Any) -> Any:
        return np.exp(-np.exp(z))

    def _logsf(self, z: Any) -> Any:
        return -np.exp(z)

    def _ppf(self, q: Any) -> Any:
        return np.log(-np.log1p(-q))


norm, t, gamma, chi2, beta = Norm(), T(), Gamma(), Chi2(), Beta()
expon, lognorm, laplace, logistic, cauchy = Expon(), Lognorm(), Laplace(), Logistic(), Cauchy()
uniform, pareto, weibull_min, gumbel_r, gumbel_l = (
    Uniform(), Pareto(), WeibullMin(), GumbelR(), GumbelL()
)  # fmt: skip
