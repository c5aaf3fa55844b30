"""Decompositions: eigenvalues (also generalised), LU, polar."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import definite, normal, sampled
from tinypt_ops_scipy._scipy import linalg
from tinypt_ops_scipy.linalg._adjoint import real, t
from tinypt_ops_scipy.linalg.solving import SolveSylvester, SolveTriangular


def eigh(a: Any, b: Any = None, lower: bool = True, eigvals_only: bool = False) -> Any:
    """Eigenvalues w, ascending, and eigenvectors v of a symmetric a: scipy.linalg.eigh.

    With b, (n, n) symmetric positive definite, the generalised problem a v = b v diag(w) with
    vᵀ b v = 1, which is that of l⁻¹ a l⁻ᵀ for b = l lᵀ. lower: which triangles are read; the
    gradient is 0 in the other. What equal eigenvalues mean for derivatives is said at
    np.linalg.eigh, which computes.

    >>> eigh(np.diag([2.0, 3.0]), np.diag([1.0, 2.0]))[0]
    array([1.5, 2. ])
    """
    if b is None:
        w, v = np.linalg.eigh(a, "L" if lower else "U")
        return w if eigvals_only else (w, v)
    factor = np.linalg.cholesky(b) if lower else t(np.linalg.cholesky(b, upper=True))
    half = np.tril(a) if lower else t(np.triu(a))
    whole = half + t(half) - np.diag(np.diagonal(half))
    inner = SolveTriangular(0, True).of(factor, t(SolveTriangular(0, True).of(factor, whole)))
    w, u = np.linalg.eigh(0.5 * (inner + t(inner)))
    return w if eigvals_only else (w, SolveTriangular(1, True).of(factor, u))


class Lu(Function):
    """Factors of a = p l u: scipy.linalg.lu. a: (n, n), nonsingular; p is constant.

    ga = p l⁻ᵀ (tril(lᵀ gl, -1) + triu(gu uᵀ)) u⁻ᵀ.
    Source: de Hoog, Anderssen and Lukas, Differentiation of matrix functionals using triangular
    factorization (2011).

    >>> from tinypt_ops_scipy.linalg import lu
    >>> p, l, u = lu(np.array([[1.0, 2.0], [4.0, 4.0]]))
    >>> u
    variable([[4. 4.]
              [0. 1.]])
    """

    __slots__ = ()
    samples = sampled((definite(3, 3),))

    def forward(self, a: Any) -> Any:
        if a.ndim != 2 or a.shape[0] != a.shape[1]:
            raise ValueError(f"lu: only square matrices are supported, not shape {a.shape}")
        return linalg.lu(a)

    def backward(self, gp: Any, gl: Any, gu: Any, y0: Any, y1: Any, y2: Any) -> Any:
        inner = np.tril(t(y1) @ gl, -1) + np.triu(gu @ t(y2))
        left = SolveTriangular("T", True, True).of(y1, inner)
        return y0 @ t(SolveTriangular(0, False).of(y2, t(left)))


class Polar(Function):
    """Polar decomposition a = u p, u orthogonal and p positive definite: scipy.linalg.polar.

    a: (n, n), nonsingular. side: "right", or "left" for a = p u. From aᵀ a = p p and u = a p⁻¹,
    with s the solution of p s + s p = m: see the rule.

    >>> from tinypt_ops_scipy.linalg import polar
    >>> polar(np.diag([2.0, -3.0]))[1]
    variable([[2. 0.]
              [0. 3.]])
    """

    __slots__ = ("side",)
    samples = sampled((definite(3, 3),), (normal(2, 2), "left"))

    def __init__(self, side: str = "right") -> None:
        self.side = side

    def forward(self, a: Any) -> Any:
        real("polar", a)
        return linalg.polar(a, side=self.side)

    def backward(self, gu: Any, gp: Any, y0: Any, y1: Any) -> Any:
        """uᵀ da = w p + dp with w = uᵀ du skew: p w + w p = uᵀ da - daᵀ u."""
        u, p = y0, y1
        if self.side == "left":  # a = p u is aᵀ = uᵀ p
            return t(_polar_gradient(t(u), p, t(gu), gp))
        return _polar_gradient(u, p, gu, gp)


def _polar_gradient(u: Any, p: Any, gu: Any, gp: Any) -> Any:
    m = t(u) @ gu - gp @ p
    skew = SolveSylvester().of(p, p, m - t(m))
    return u @ (gp + skew)
