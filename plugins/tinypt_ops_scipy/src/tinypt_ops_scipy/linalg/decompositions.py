"""Decompositions: eigenvalues (also generalised), LU, polar."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg
from tinypt_core import Function

from tinypt_ops_scipy._samples import definite, normal, sampled
from tinypt_ops_scipy.linalg._adjoint import real, t
from tinypt_ops_scipy.linalg.solving import SolveSylvester, SolveTriangular


class Eigh(Function):
    """Eigenvalues w, ascending, and eigenvectors v of a symmetric a: scipy.linalg.eigh.

    With b, (n, n) symmetric positive definite, the generalised problem a v = b v diag(w) with
    vᵀ b v = 1. lower: which triangles are read; the gradient is 0 in the other.

    dw = vᵀ (da - w db) v, dv = v (F ∘ vᵀ (da - db w) v) - v diag(vᵀ db v)/2, Fᵢⱼ = 1/(wⱼ - wᵢ).
    Where eigenvalues are equal their eigenvectors are arbitrary, and these terms count as 0.
    Source: Giles, Collected matrix derivative results (2008), 3.1, with b by differentiating
    vᵀ b v = 1.

    >>> from tinypt_ops_scipy.linalg import eigh
    >>> eigh(np.diag([2.0, 3.0]), np.diag([1.0, 2.0]))[0]
    variable([1.5 2. ])
    """

    __slots__ = ("lower",)
    samples = sampled(
        (definite(3, 3),), (definite(3, 3), definite(3, 3)), (definite(3, 3), None, False)
    )

    def __init__(self, lower: bool = True) -> None:
        self.lower = lower

    def forward(self, a: Any, b: Any = None) -> Any:
        real("eigh", a, *([] if b is None else [b]))
        driver = "evd" if b is None else "gvd"  # whose signs change least with a
        return linalg.eigh(a, b, lower=self.lower, driver=driver)

    def backward(self, gw: Any, gv: Any, y0: Any, y1: Any) -> Any:
        w, v = y0, y1
        inner = _reciprocal_gaps(w) * (t(v) @ gv)
        ga = v @ (inner + np.diag(gw)) @ t(v)
        if len(self.shapes) == 1 or self.shapes[1] == ():
            return self._read(ga), *[None] * (len(self.shapes) - 1)
        halves = 0.5 * np.sum(v * gv, axis=0)
        gb = -(v @ (inner * w + np.diag(gw * w + halves)) @ t(v))
        return self._read(ga), self._read(gb)

    def _read(self, g: Any) -> Any:
        both = (g + t(g)) * (1 - 0.5 * np.eye(g.shape[-1], dtype=g.dtype))
        return np.tril(both) if self.lower else np.triu(both)

    @classmethod
    def apply(cls, a: Any, b: Any = None, lower: bool = True, eigvals_only: bool = False) -> Any:
        """As scipy.linalg.eigh."""
        w, v = cls(lower)(a) if b is None else cls(lower)(a, b)
        return w if eigvals_only else (w, v)


def _reciprocal_gaps(w: Any) -> Any:
    """1/(wⱼ - wᵢ), and 0 where they are equal to working precision."""
    gaps = np.expand_dims(w, 0) - np.expand_dims(w, 1)
    equal = np.abs(gaps) <= w.shape[0] * np.finfo(w.dtype).eps * np.max(np.abs(w))
    return np.where(equal, 0, 1 / np.where(equal, 1, gaps))


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
