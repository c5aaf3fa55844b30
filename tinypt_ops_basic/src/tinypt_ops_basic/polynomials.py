"""Polynomials by their coefficients, the highest power first: np.polyval and its relatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, sampled, tried_on
from tinypt_ops_basic.convolution import Convolve
from tinypt_ops_basic.grids import vander
from tinypt_ops_basic.rearranging import trim_zeros


@tried_on((normal(3), normal(2, 2)), (normal(1), normal()))
def polyval(p: Any, x: Any) -> Any:
    """The value p[0] x^(n-1) + ... + p[n-1], by Horner's scheme. p: (n,), x: any shape.

    >>> from tinypt_core import Variable
    >>> np.polyval(Variable(np.array([1.0, 2.0, 3.0])), 10.0)
    variable(123.0)
    """
    p, x = array(p), array(x)
    y = np.zeros_like(x)
    for i in range(p.shape[0]):
        y = y * x + p[i]
    return y


@tried_on((normal(3), normal(2)), (normal(1), normal(3)))
def polyadd(a1: Any, a2: Any) -> Any:
    """The sum of two polynomials.

    >>> from tinypt_core import Variable
    >>> np.polyadd(Variable(np.array([1.0, 2.0])), np.array([5.0]))
    variable([1. 7.])
    """
    a1, a2 = np.atleast_1d(array(a1)), np.atleast_1d(array(a2))
    n = max(a1.size, a2.size)
    return np.pad(a1, (n - a1.size, 0)) + np.pad(a2, (n - a2.size, 0))


@tried_on((normal(3), normal(2)), (normal(1), normal(3)))
def polysub(a1: Any, a2: Any) -> Any:
    """The difference of two polynomials.

    >>> from tinypt_core import Variable
    >>> np.polysub(Variable(np.array([1.0, 2.0])), np.array([5.0]))
    variable([ 1. -3.])
    """
    return polyadd(a1, -array(a2))


@tried_on(
    (normal(3), normal(2)),
)
def polymul(a1: Any, a2: Any) -> Any:
    """The product of two polynomials; leading zeros are left out first, as in NumPy.

    >>> from tinypt_core import Variable
    >>> np.polymul(Variable(np.array([1.0, 2.0])), np.array([1.0, 10.0]))
    variable([ 1. 12. 20.])
    """
    return Convolve.apply(_trimmed(a1), _trimmed(a2))


def _trimmed(p: Any) -> Any:
    """The coefficients without leading zeros, but for the last."""
    p = np.atleast_1d(array(p))
    found = trim_zeros(p, "f")
    return found if found.size else p[-1:]


@tried_on((normal(4), normal(2)))
def polydiv(u: Any, v: Any) -> Any:
    """Quotient and remainder of two polynomials: u = q v + r.

    >>> from tinypt_core import Variable
    >>> np.polydiv(Variable(np.array([1.0, 5.0, 7.0])), np.array([1.0, 2.0]))
    (variable([1. 3.]), variable([1.]))
    """
    u, v = np.atleast_1d(array(u)) + 0.0, np.atleast_1d(array(v)) + 0.0
    q = []
    rest = u
    for _ in range(u.size - v.size + 1):
        q.append(rest[0] / v[0])
        rest = np.concatenate([rest[1 : v.size] - q[-1] * v[1:], rest[v.size :]])
    quotient = np.stack(q) if q else (u[:1] + v[:1]) * 0
    return quotient, _without_rounding(rest)


def _without_rounding(r: Any) -> Any:
    """A remainder without leading coefficients that are 0 to NumPy's tolerance."""
    for i in range(r.size - 1):
        if not np.allclose(r[i], 0, rtol=1e-14):
            return r[i:]
    return r[-1:] if r.size else np.zeros(1, r.dtype)


@tried_on((normal(4),), (normal(4), 2), (normal(2), 3))
def polyder(p: Any, m: int = 1) -> Any:
    """The m-th derivative of a polynomial by its variable.

    >>> from tinypt_core import Variable
    >>> np.polyder(Variable(np.array([1.0, 2.0, 3.0])))
    variable([2. 2.])
    """
    p = array(p)
    if m < 0:
        raise ValueError("polyder: order of derivative must be positive (see polyint)")
    for _ in range(m):
        powers = np.arange(p.size - 1, 0, -1).astype(p.dtype)
        p = p[:-1] * powers
    return p


@tried_on((normal(3),), (normal(3), 2, normal(2)))
def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    """The m-fold integral of a polynomial. k: the constants of integration, 0 if None.

    >>> from tinypt_core import Variable
    >>> np.polyint(Variable(np.array([2.0, 2.0])), k=5.0)
    variable([1. 2. 5.])
    """
    p = np.atleast_1d(array(p))
    if m < 0:
        raise ValueError("polyint: order of integral must be positive (see polyder)")
    k = np.atleast_1d(np.zeros(m, p.dtype) if k is None else array(k))
    if k.size == 1:
        k = np.broadcast_to(k, (m,))
    if k.size < m:
        raise ValueError(f"polyint: k must be a scalar or a sequence of {m} or more constants")
    for i in range(m):
        powers = np.arange(p.size, 0, -1).astype(p.dtype)
        p = np.concatenate([p / powers, k[i : i + 1]])
    return p


@tried_on((normal(5), normal(5), 2), (normal(5), normal(5, 2), 1))
def polyfit(
    x: Any, y: Any, deg: int, rcond: Any = None, full: bool = False, w: Any = None, cov: Any = False
) -> Any:
    """The polynomial of least squares through points: np.polyfit. x: (m,), y: (m,) or (m, k).

    w: weights of the residuals. Differentiable by x, y and w.

    Raises ValueError for full or cov, which tell more than the polynomial.

    >>> from tinypt_core import Variable
    >>> np.polyfit(Variable(np.array([0.0, 1.0, 2.0])), np.array([1.0, 3.0, 5.0]), 1).shape
    (2,)
    """
    if full or cov:
        raise ValueError("polyfit: full= and cov= are not supported; compute them from the fit")
    x, y = array(x) * 1.0, array(y) * 1.0
    lhs = vander(x, deg + 1)
    if w is not None:
        w = array(w)
        lhs, y = lhs * w[:, None], y * (w[:, None] if y.ndim > 1 else w)
    scale = np.sqrt(np.sum(lhs * lhs, axis=0))
    rcond = x.size * np.finfo(x.dtype).eps if rcond is None else rcond
    c = np.linalg.pinv(lhs / scale, rcond) @ y
    return np.swapaxes(np.swapaxes(c, 0, -1) / scale, 0, -1)


@tried_on((normal(3),), (normal(2, 2),))
def poly(seq_of_zeros: Any) -> Any:
    """The coefficients of the polynomial with these roots; of a matrix, its characteristic one.

    >>> from tinypt_core import Variable
    >>> np.poly(Variable(np.array([1.0, 2.0])))
    variable([ 1. -3.  2.])
    """
    zeros = np.atleast_1d(array(seq_of_zeros))
    if zeros.ndim == 2:
        return _characteristic(zeros)
    p, nothing = np.ones(1, zeros.dtype), np.zeros(1, zeros.dtype)
    for i in range(zeros.size):
        p = np.concatenate([p, nothing]) - np.concatenate([nothing, p * zeros[i]])
    return p


def _characteristic(a: Any) -> Any:
    """det(λ - a) by the traces of Faddeev and LeVerrier."""
    one = np.eye(a.shape[0], dtype=a.dtype)
    p, m = [np.ones((), a.dtype)], one
    for k in range(1, a.shape[0] + 1):
        m = a @ m
        p.append(-np.trace(m) / k)
        m = m + p[-1] * one
    return np.stack(p)


class Roots(Function):
    """The roots of a polynomial: np.roots. p: (n,). The result is complex if a root is.

    The rule is that of an implicit function: P(y) = 0, so dy = -Σₖ y^(n-1-k) dp[k] / P'(y).
    A root that is there twice has no derivative: it is infinite.

    >>> from tinypt_core import Variable
    >>> np.roots(Variable(np.array([1.0, -3.0, 2.0])))
    variable([2. 1.])
    """

    __slots__ = ()
    samples = sampled((np.array([1.0, -3.5, 2.0, 0.4]),))

    def forward(self, p: Any) -> Any:
        return np.roots(p)

    def backward(self, gy: Any, p: Any, y: Any) -> Any:
        slope = polyval(polyder(p), y)
        return -(gy / slope) @ vander(y, p.size)
