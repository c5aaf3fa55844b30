"""Distributions on the whole line, each as its textbook formulas of the standardised variable z."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np

from tinypt_ops_scipy._scipy import special
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


norm, t, laplace, logistic, cauchy = Norm(), T(), Laplace(), Logistic(), Cauchy()
gumbel_r, gumbel_l = GumbelR(), GumbelL()
