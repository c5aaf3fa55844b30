"""Decompositions of the matrices in the last two axes: np.linalg's cholesky, eigh, svd and qr."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._rules import anywhere
from tinypt_ops_basic._samples import definite, normal, sampled
from tinypt_ops_basic.constants import plain
from tinypt_ops_basic.matrices import t


class Cholesky(Function):
    """The lower triangular L with L Lᵀ = a: np.linalg.cholesky. a: (..., n, n), symmetric.

    upper: give Lᵀ. NumPy reads one triangle of a only (the lower, or under `upper` the upper
    one), and the gradient is that of what it reads: 0 in the other triangle.

    Raises LinAlgError if a matrix is not positive definite.

    >>> from tinypt_core import Variable
    >>> np.linalg.cholesky(Variable(np.array([[4.0]])))
    variable([[2.]])
    """

    __slots__ = ("upper",)
    samples = sampled((definite(3, 3),), (definite(2, 2, 2),))

    def __init__(self, *, upper: bool = False) -> None:
        self.upper = upper

    def forward(self, a: Any) -> Any:
        return np.linalg.cholesky(a, upper=self.upper)

    def backward(self, gy: Any, y: Any) -> Any:
        """gA = L⁻ᵀ Φ(Lᵀ gL) L⁻¹ with Φ: lower triangle, diagonal halved (Murray 2016)."""
        lower, g = (t(y), t(gy)) if self.upper else (y, gy)
        phi = _half(np.tril(t(lower) @ g))
        inner = np.linalg.solve(t(lower), phi)
        return _read(t(np.linalg.solve(t(lower), t(inner))), "U" if self.upper else "L")


class EighResult(NamedTuple):
    """What np.linalg.eigh gives; the eigenvalues ascend."""

    eigenvalues: Any
    eigenvectors: Any


class Eigh(Function):
    """Eigenvalues w and eigenvectors v of symmetric matrices: np.linalg.eigh. a: (..., n, n).

    UPLO: the triangle that NumPy reads, "L" or "U"; the gradient is 0 in the other.

    Where eigenvalues are equal, eigenvectors are arbitrary within their space and have no
    derivative: the terms with 1 / (wᵢ - wⱼ) are then taken as 0. The first derivatives of what
    does not depend on that choice (the sum of all eigenvalues, say) are right all the same.

    Raises LinAlgError if the computation does not converge.

    >>> from tinypt_core import Variable
    >>> np.linalg.eigh(Variable(np.diag([1.0, 2.0]))).eigenvalues
    variable([1. 2.])
    """

    __slots__ = ("UPLO",)

    def __init__(self, UPLO: Any = "L") -> None:
        self.UPLO = UPLO

    def forward(self, a: Any) -> Any:
        return tuple(np.linalg.eigh(a, self.UPLO))

    def backward(self, gw: Any, gv: Any, y0: Any, y1: Any) -> Any:
        """gA = v (diag(gw) + F ∘ (vᵀ gv)) vᵀ with Fᵢⱼ = 1 / (wⱼ - wᵢ) (Giles 2008, 3.1)."""
        w, v = y0, y1
        gaps = np.expand_dims(w, -2) - np.expand_dims(w, -1)
        inner = _reciprocal(gaps, w) * (t(v) @ gv) + _diagonal(gw)
        return _read(v @ inner @ t(v), self.UPLO.upper())

    @classmethod
    def apply(cls, a: Any, UPLO: Any = "L") -> Any:
        """As np.linalg.eigh."""
        return EighResult(*cls(UPLO)(a))


class SVDResult(NamedTuple):
    """What np.linalg.svd gives; the singular values descend."""

    U: Any
    S: Any
    Vh: Any


class SVD(Function):
    """Singular values, as a = (U * S) @ Vh: np.linalg.svd with full_matrices=False.

    a: (..., m, n), U: (..., m, k), S: (..., k), Vh: (..., k, n) with k = min(m, n). For a square
    matrix full_matrices makes no difference; for another, True is refused, since the columns it
    adds to U or Vh are arbitrary and have no derivative. compute_uv=False gives S alone.

    Where singular values are equal (or 0) the singular vectors are arbitrary and have no
    derivative: the terms with 1 / (sᵢ² - sⱼ²) (or 1 / sᵢ) are then taken as 0. The first
    derivatives of what does not depend on that choice are right all the same.

    Raises ValueError for full_matrices=True and m != n; LinAlgError without convergence.

    >>> from tinypt_core import Variable
    >>> np.linalg.svd(Variable(np.diag([3.0, 2.0]))).S
    variable([3. 2.])
    """

    __slots__ = ("full_matrices",)
    samples = sampled((normal(3, 2), False), (normal(2, 3), False), (normal(2, 2),))

    def __init__(self, full_matrices: bool = True) -> None:
        self.full_matrices = full_matrices

    def forward(self, a: Any) -> Any:
        if self.full_matrices and a.ndim > 1 and a.shape[-1] != a.shape[-2]:
            raise ValueError(
                f"the full matrices of shape {a.shape} have no derivative; "
                "write np.linalg.svd(a, full_matrices=False)"
            )
        return tuple(np.linalg.svd(a, full_matrices=False))

    def backward(self, gu: Any, gs: Any, gvt: Any, y0: Any, y1: Any, y2: Any) -> Any:
        """Townsend, Differentiating the singular value decomposition (2016)."""
        u, s, vt = y0, y1, y2
        row, column = np.expand_dims(s, -2), np.expand_dims(s, -1)
        f = _reciprocal((row - column) * (row + column), s * s)
        ugu, vgv = t(u) @ gu, vt @ t(gvt)
        inner = f * (ugu - t(ugu)) * row + column * (f * (vgv - t(vgv))) + _diagonal(gs)
        gx = u @ inner @ vt
        m, n = u.shape[-2], vt.shape[-1]
        if m > n:  # what of gu lies outside the space of u
            gx = gx + ((gu - u @ ugu) * _reciprocal(row, s)) @ vt
        if n > m:
            gx = gx + (u * _reciprocal(row, s)) @ (gvt - t(vgv) @ vt)
        return gx

    @classmethod
    def apply(cls, a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
        """As np.linalg.svd."""
        y = SVDResult(*cls(full_matrices and compute_uv)(a))
        return y if compute_uv else y.S


class QRResult(NamedTuple):
    """What np.linalg.qr gives."""

    Q: Any
    R: Any


class QR(Function):
    """Orthonormal Q and upper triangular R with a = Q R: np.linalg.qr. a: (..., m, n).

    mode: "reduced", "r" for R alone, or "complete" where that is no larger (m <= n).

    Raises ValueError for the other modes, whose results have no derivative. Going backward,
    GradientError if the first min(m, n) columns of a matrix depend on each other.

    >>> from tinypt_core import Variable
    >>> np.linalg.qr(Variable(np.eye(2))).R.shape
    (2, 2)
    """

    __slots__ = ("mode",)

    def __init__(self, mode: str = "reduced") -> None:
        self.mode = mode

    def forward(self, a: Any) -> Any:
        if self.mode == "complete" and a.shape[-2] > a.shape[-1]:
            raise ValueError("the added columns of Q have no derivative; write mode='reduced'")
        if self.mode not in ("reduced", "complete", "r"):
            raise ValueError(f"mode {self.mode!r} is not supported; write mode='reduced' or 'r'")
        return tuple(np.linalg.qr(a))

    def backward(self, gq: Any, gr: Any, y0: Any, y1: Any) -> Any:
        """gA = (gQ + Q sym(R gRᵀ - gQᵀ Q)) R⁻ᵀ; the columns of a wide a beyond m are Q Rₙ."""
        q, r = y0, y1
        m, n = q.shape[-2], r.shape[-1]
        if n <= m:
            return _qr_gradient(q, r, gq, gr)
        square, beyond = r[..., :m], r[..., m:]
        g_square, g_beyond = gr[..., :m], gr[..., m:]
        gq = gq + q @ beyond @ t(g_beyond)
        return np.concatenate([_qr_gradient(q, square, gq, g_square), q @ g_beyond], axis=-1)

    @classmethod
    def apply(cls, a: Any, mode: str = "reduced") -> Any:
        """As np.linalg.qr."""
        y = QRResult(*cls(mode)(a))
        return y.R if mode == "r" else y


def _qr_gradient(q: Any, r: Any, gq: Any, gr: Any) -> Any:
    inner = np.tril(r @ t(gr) - t(gq) @ q)
    symmetric = inner + t(np.tril(inner, -1))
    return t(np.linalg.solve(r, t(gq + q @ symmetric)))


def _half(a: Any) -> Any:
    """a with its diagonal halved."""
    return a * (1 - 0.5 * np.eye(a.shape[-1], dtype=a.dtype))


def _diagonal(values: Any) -> Any:
    """Matrices with the values on their diagonals."""
    return np.expand_dims(values, -1) * np.eye(values.shape[-1], dtype=values.dtype)


def _read(g: Any, triangle: str) -> Any:
    """The gradient of a symmetric matrix of which one triangle is read, at that triangle."""
    both = _half(g + t(g))
    return np.tril(both) if triangle == "L" else np.triu(both)


def _reciprocal(x: Any, scale: Any) -> Any:
    """1 / x, and 0 where x is 0 beside the largest of scale, to working precision."""
    size = np.max(np.abs(plain(scale)), axis=-1, initial=0)[..., None, None]
    zero = np.abs(plain(x)) <= x.shape[-1] * np.finfo(x.dtype).eps * size
    return np.where(zero, 0, 1 / np.where(zero, 1, x)) if anywhere(zero) else 1 / x
