"""Distributions of vectors: dirichlet, multivariate_normal."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np
from tinypt_core import Variable

from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.stats._distribution import Scipys, array


class Dirichlet(Scipys):
    """Dirichlet: Γ(Σα)/ΠΓ(αᵢ) Π xᵢ^(αᵢ - 1) for x on the simplex."""

    def logpdf(self, x: Any, alpha: Any) -> Any:
        """Logarithm of the density at x: (n,), or (n, m) for m points, as SciPy has them.

        alpha: (n,), positive. Raises ValueError where x does not sum to 1. The derivative by x
        is that of the formula, in all directions.
        """
        x, alpha = array(x), array(alpha)
        if np.any(np.abs(np.sum(x, axis=0) - 1) > 1e-9):
            raise ValueError("dirichlet: each point x must sum to 1 over its first axis")
        weights = np.expand_dims(alpha, 1) if x.ndim > 1 else alpha
        norm = special.gammaln(np.sum(alpha)) - np.sum(special.gammaln(alpha))
        return norm + np.sum(special.xlogy(weights - 1, x), axis=0)

    def pdf(self, x: Any, alpha: Any) -> Any:
        """Density at x."""
        return np.exp(self.logpdf(x, alpha))


class MultivariateNormal(Scipys):
    """Multivariate normal: exp(-(x - mean)ᵀ cov⁻¹ (x - mean)/2)/√det(2π cov)."""

    def logpdf(self, x: Any, mean: Any = 0.0, cov: Any = 1.0, allow_singular: bool = False) -> Any:
        """Logarithm of the density at x: (..., n). mean: (n,) or a number; cov: (n, n).

        Of cov the lower triangle is read, and its gradient is there; a number or (n,) means a
        diagonal. allow_singular: cov may be singular, a constant then; the density is that on
        the space which it spans, and 0 off it.

        Raises LinAlgError if cov is not positive definite, TypeError for a singular Variable.
        """
        x, mean, cov = array(x), array(mean), array(cov)
        n = x.shape[-1] if x.ndim else 1
        deviation = np.transpose(np.reshape(x - mean, (-1, n)))
        cov = cov if cov.ndim == 2 else cov * np.eye(n)
        if allow_singular and (space := _space(cov)) is not None:
            value = _on_space(deviation, *space)
        else:
            lower = np.linalg.cholesky(cov)
            z = np.linalg.solve(lower, deviation)
            half_log_det = np.sum(np.log(np.diagonal(lower)))
            value = -0.5 * np.sum(z * z, axis=0) - half_log_det - 0.5 * n * log(2 * pi)
        return np.reshape(value, x.shape[:-1])

    def entropy(self, mean: Any = None, cov: Any = 1.0) -> Any:
        """ln det(2πe cov)/2; the mean does not matter."""
        cov = array(cov)
        lower = np.linalg.cholesky(cov if cov.ndim == 2 else cov * np.eye(cov.size))
        return np.sum(np.log(np.diagonal(lower))) + 0.5 * lower.shape[0] * (log(2 * pi) + 1)

    def pdf(self, x: Any, mean: Any = 0.0, cov: Any = 1.0, allow_singular: bool = False) -> Any:
        """Density at x."""
        return np.exp(self.logpdf(x, mean, cov, allow_singular))


def _space(cov: Any) -> tuple[Any, Any, float] | None:
    """Variances, all axes and the limit of 0, in SciPy's terms; None if cov is not singular."""
    array = cov.data if isinstance(cov, Variable) else cov
    w, axes = np.linalg.eigh(array)
    limit = 1e6 * np.finfo(w.dtype).eps * np.max(np.abs(w))
    if w[0] > limit:
        return None
    if w[0] < -limit:
        raise np.linalg.LinAlgError("multivariate_normal: cov has a negative eigenvalue")
    try:
        np.asarray(cov)
    except TypeError as error:
        raise TypeError(
            "multivariate_normal: the density has no derivative by a singular covariance; "
            "pass cov.data, a constant, or add a small multiple of np.eye(n)"
        ) from error
    return w, axes, limit


def _on_space(deviation: Any, w: Any, axes: Any, limit: float) -> Any:
    z = axes.T @ deviation
    off = np.sum(z[w <= limit] ** 2, axis=0) >= (1e3 * limit) ** 2
    z, w = z[w > limit], w[w > limit]
    value = -0.5 * np.sum(z * z / w[:, None], axis=0) - 0.5 * np.sum(np.log(2 * pi * w))
    return np.where(off, -np.inf, value)


dirichlet, multivariate_normal = Dirichlet(), MultivariateNormal()
