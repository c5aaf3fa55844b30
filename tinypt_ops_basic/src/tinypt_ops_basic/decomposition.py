"""Decompositions of the matrices in the last two axes: np.linalg's cholesky, eigh, svd and qr."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._rules import anywhere
from tinypt_ops_basic._samples import definite, normal, sampled
from tinypt_ops_basic._undefined import Undefined
from tinypt_ops_basic.matrices import h, t


class Cholesky(Function):
    """The lower triangular L with L Lᴴ = a: np.linalg.cholesky. a: (..., n, n), Hermitian.

    upper: give Lᴴ. NumPy reads one triangle of a only (the lower, or under `upper` the upper
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
        """gA = L⁻ᴴ Φ(Lᴴ gL) L⁻¹ with Φ: lower triangle, diagonal halved (Murray 2016)."""
        lower, g = (h(y), t(gy)) if self.upper else (y, np.conjugate(gy))
        phi = _half(np.tril(h(lower) @ g))
        inner = np.linalg.solve(h(lower), phi)
        g = h(np.linalg.solve(h(lower), h(inner)))
        return np.conjugate(_read(g, "U" if self.upper else "L"))


class EighResult(NamedTuple):
    """What np.linalg.eigh gives; the eigenvalues ascend."""

    eigenvalues: Any
    eigenvectors: Any


class Eigh(Function):
    """Eigenvalues w and eigenvectors v of Hermitian matrices: np.linalg.eigh. a: (..., n, n).

    UPLO: the triangle that NumPy reads, "L" or "U"; the gradient is 0 in the other.

    Where eigenvalues are equal (to the last digit), eigenvectors are arbitrary within their space
    and have no derivative: what depends on them gets NaN, also where it does not depend on the
    choice, as v w² vᴴ. The first derivatives of what depends on all eigenvalues alike, their sum
    say, are right all the same; their second ones are NaN. The phase of an eigenvector is
    arbitrary too: the derivative is for what does not depend on it.

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
        """gA = v (diag(gw) + F ∘ (vᴴ gv)) vᴴ with Fᵢⱼ = 1 / (wⱼ - wᵢ) (Giles 2008, 3.1)."""
        w, v = y0, y1
        row, column = np.expand_dims(w, -2), np.expand_dims(w, -1)
        vgv = h(v) @ np.conjugate(gv)
        inner = _between(vgv, row - column, row, column, vgv) + _diagonal(gw)
        return np.conjugate(_read(v @ inner @ h(v), self.UPLO.upper()))

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

    Where singular values are equal to the last digit (or 0) the singular vectors are arbitrary
    and have no derivative: what depends on them gets NaN, also where it does not depend on the
    choice, as (U * S) @ Vh. The first derivatives of what depends on all singular values alike are
    right all the same; their second ones are NaN. The common phase of a pair of singular vectors
    is arbitrary too: the derivative is for what does not depend on it.

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
        u, s, vh, gu, gvh = y0, y1, y2, np.conjugate(gu), np.conjugate(gvt)
        row, column = np.expand_dims(s, -2), np.expand_dims(s, -1)
        ugu, vgv = h(u) @ gu, vh @ h(gvh)
        gap = (row - column) * (row + column)
        of_u, of_v = (_between(x - h(x), gap, row, column, x) for x in (ugu, vgv))
        inner = of_u * row + column * of_v + _diagonal(gs + _phase(ugu, s))
        gx = u @ inner @ vh
        m, n = u.shape[-2], vh.shape[-1]
        if m > n:  # what of gu lies outside the space of u
            gx = gx + _outside(gu - u @ ugu, row, row) @ vh
        if n > m:
            gx = gx + u @ _outside(gvh - h(vgv) @ vh, column, row)
        return np.conjugate(gx)

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
        """gA = (gQ + Q sym(R gRᴴ - gQᴴ Q)) R⁻ᴴ; the columns of a wide a beyond m are Q Rₙ."""
        q, r, gq, gr = y0, y1, np.conjugate(gq), np.conjugate(gr)
        m, n = q.shape[-2], r.shape[-1]
        if n <= m:
            return np.conjugate(_qr_gradient(q, r, gq, gr))
        square, beyond = r[..., :m], r[..., m:]
        g_square, g_beyond = gr[..., :m], gr[..., m:]
        gq = gq + q @ beyond @ h(g_beyond)
        g_square = _qr_gradient(q, square, gq, g_square)
        return np.conjugate(np.concatenate([g_square, q @ g_beyond], axis=-1))

    @classmethod
    def apply(cls, a: Any, mode: str = "reduced") -> Any:
        """As np.linalg.qr."""
        y = QRResult(*cls(mode)(a))
        return y.R if mode == "r" else y


def _qr_gradient(q: Any, r: Any, gq: Any, gr: Any) -> Any:
    inner = np.tril(r @ h(gr) - h(gq) @ q)
    symmetric = _half(inner + h(inner))
    return h(np.linalg.solve(r, h(gq + q @ symmetric)))


def _half(a: Any) -> Any:
    """a with its diagonal halved."""
    return a * (1 - 0.5 * np.eye(a.shape[-1], dtype=a.dtype))


def _diagonal(values: Any) -> Any:
    """Matrices with the values on their diagonals."""
    return np.expand_dims(values, -1) * np.eye(values.shape[-1], dtype=values.dtype)


def _read(g: Any, triangle: str) -> Any:
    """The gradient of a symmetric matrix of which one triangle is read, at that triangle."""
    both = _half(g + h(g))
    return np.tril(both) if triangle == "L" else np.triu(both)


def _between(x: Any, gap: Any, row: Any, column: Any, source: Any) -> Any:
    """xᵢⱼ / gapᵢⱼ, the part of a gradient that goes through the vectors of a decomposition.

    On the diagonal, and where values are equal (row = column, to the last digit): 0 where the
    source is 0, so that the pair of vectors was not used, else NaN; the next derivative is NaN.
    """
    limit = np.finfo(row.dtype).eps * np.max(np.abs(row), axis=-1, keepdims=True, initial=0)
    tied = np.abs(row - column) <= limit
    y = np.where(tied, 0, x / np.where(tied, 1, gap))
    ties = tied & ~np.eye(x.shape[-1], dtype=bool)
    if not anywhere(ties):
        return y
    used = np.abs(source) + np.abs(t(source)) > 0
    return Undefined(ties).of(np.where(ties & used, np.nan, y), x)


def _outside(x: Any, s: Any, row: Any) -> Any:
    """x / s; where s is 0 beside the largest of its row, NaN for an x that is not."""
    limit = np.finfo(row.dtype).eps * np.max(row, axis=-1, keepdims=True, initial=0)
    zero = s <= limit
    y = np.where(zero, 0, x / np.where(zero, 1, s))
    if not anywhere(zero):
        return y
    return Undefined(zero).of(np.where(zero & np.not_equal(x, 0), np.nan, y), x)


def _phase(ugu: Any, s: Any) -> Any:
    """What turns the common phase of a pair of singular vectors; 0 for reals."""
    turn = np.diagonal(ugu - h(ugu), axis1=-2, axis2=-1)
    zero = np.equal(s, 0)
    return 0.5 * turn / np.where(zero, 1, s)
