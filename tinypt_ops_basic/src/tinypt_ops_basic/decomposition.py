"""Eigenvalues and singular values of the matrices in the last two axes: np.linalg."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinypt_core import Function, anywhere
from tinypt_ops_basic._samples import normal, sampled, tried_on
from tinypt_ops_basic._undefined import Undefined
from tinypt_ops_basic.factors import read
from tinypt_ops_basic.matrices import h, t


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

    up_to_phase = True

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
        inner = _between(vgv, row - column, row, column, np.not_equal(vgv, 0)) + _diagonal(gw)
        return np.conjugate(read(v @ inner @ h(v), self.UPLO.upper()))

    @classmethod
    def apply(cls, a: Any, UPLO: Any = "L") -> Any:
        """As np.linalg.eigh."""
        return EighResult(*cls(UPLO)(a))


class EigResult(NamedTuple):
    """What np.linalg.eig gives; the eigenvalues are in no order."""

    eigenvalues: Any
    eigenvectors: Any


class Eig(Function):
    """Eigenvalues w and eigenvectors v of square matrices: np.linalg.eig. a: (..., n, n).

    They are complex, unless all are real. The eigenvectors have length 1 and an arbitrary phase:
    the derivative is for what does not depend on it. Where eigenvalues are equal it is NaN, as
    that of eigh is.

    Raises LinAlgError if the computation does not converge, GradientError for a matrix that has
    no basis of eigenvectors.

    >>> from tinypt_core import Variable
    >>> np.linalg.eig(Variable(np.diag([1.0, 2.0]))).eigenvalues
    variable([1. 2.])
    """

    up_to_phase = True

    __slots__ = ()
    samples = sampled((np.diag([1.0, 3.0, 7.0]) + 0.1 * np.arange(9.0).reshape(3, 3) % 0.5,))

    def forward(self, a: Any) -> Any:
        return tuple(np.linalg.eig(a))

    def backward(self, gw: Any, gv: Any, y0: Any, y1: Any) -> Any:
        """gA = v⁻ᴴ (diag(gw) + conj(F) ∘ (vᴴ gv - vᴴ v Re diag(vᴴ gv))) vᴴ with
        Fᵢⱼ = 1 / (wⱼ - wᵢ), of dv = v (F ∘ (v⁻¹ dA v)) and columns of length 1 (Giles 2008, 3.1).
        """
        w, v = y0, y1
        row, column = np.expand_dims(w, -2), np.expand_dims(w, -1)
        vgv = h(v) @ np.conjugate(gv)
        stretch = np.real(np.diagonal(vgv, axis1=-2, axis2=-1))
        moved = vgv - h(v) @ (v * np.expand_dims(stretch, -2))
        inner = _between(moved, np.conjugate(row - column), row, column, np.not_equal(moved, 0))
        inner = inner + _diagonal(np.conjugate(gw))
        return np.conjugate(np.linalg.solve(h(v), inner @ h(v)))

    @classmethod
    def apply(cls, a: Any) -> Any:
        """As np.linalg.eig."""
        return EigResult(*cls()(a))


@tried_on((np.diag([1.0, 3.0, 7.0]) + 0.1 * np.arange(9.0).reshape(3, 3) % 0.5,))
def eigvals(a: Any) -> Any:
    """The eigenvalues of square matrices: np.linalg.eigvals.

    >>> from tinypt_core import Variable
    >>> np.linalg.eigvals(Variable(np.diag([1.0, 2.0])))
    variable([1. 2.])
    """
    return Eig.apply(a).eigenvalues


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

    up_to_phase = True

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
        # where two values are 0, so may be what comes through their vectors: (U * S) @ Vh
        differ = np.not_equal(np.expand_dims(gs, -2), np.expand_dims(gs, -1))
        lost = differ & np.equal(row, 0) & np.equal(column, 0)
        of_u, of_v = (
            _between(x - h(x), gap, row, column, lost | np.not_equal(x, 0)) for x in (ugu, vgv)
        )
        inner = of_u * row + column * of_v + _diagonal(gs + _phase(ugu, s))
        gx = u @ inner @ vh
        m, n = u.shape[-2], vh.shape[-1]
        if m > n:  # what of gu lies outside the space of u
            gx = gx + _outside(gu - u @ ugu, row, row, np.expand_dims(gs, -2)) @ vh
        if n > m:
            gx = gx + u @ _outside(gvh - h(vgv) @ vh, column, row, np.expand_dims(gs, -1))
        return np.conjugate(gx)

    @classmethod
    def apply(cls, a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
        """As np.linalg.svd."""
        y = SVDResult(*cls(full_matrices and compute_uv)(a))
        return y if compute_uv else y.S


def _diagonal(values: Any) -> Any:
    """Matrices with the values on their diagonals."""
    return np.expand_dims(values, -1) * np.eye(values.shape[-1], dtype=values.dtype)


def _between(x: Any, gap: Any, row: Any, column: Any, used: Any) -> Any:
    """xᵢⱼ / gapᵢⱼ, the part of a gradient that goes through the vectors of a decomposition.

    On the diagonal 0. Where values are equal (row = column, to the last digit): NaN where that
    pair of vectors was used, else 0; the next derivative is NaN.
    """
    limit = np.finfo(row.dtype).eps * np.max(np.abs(row), axis=-1, keepdims=True, initial=0)
    tied = np.abs(row - column) <= limit
    y = np.where(tied, 0, x / np.where(tied, 1, gap))
    ties = tied & ~np.eye(x.shape[-1], dtype=bool)
    if not anywhere(ties):
        return y
    return Undefined(ties).of(np.where(ties & (used | t(used)), np.nan, y), x)


def _outside(x: Any, s: Any, row: Any, gs: Any) -> Any:
    """x / s; where s is 0 beside the largest of its row, NaN for an x or a gs that is not."""
    zero = s <= np.finfo(row.dtype).eps * np.max(row, axis=-1, keepdims=True, initial=0)
    used = np.not_equal(x, 0) | (np.equal(s, 0) & np.not_equal(gs, 0))
    y = np.where(zero, 0, x / np.where(zero, 1, s))
    if not anywhere(zero):
        return y
    return Undefined(zero).of(np.where(zero & used, np.nan, y), x)


def _phase(ugu: Any, s: Any) -> Any:
    """What turns the common phase of a pair of singular vectors; 0 for reals."""
    turn = np.diagonal(ugu - h(ugu), axis1=-2, axis2=-1)
    zero = np.equal(s, 0)
    return 0.5 * turn / np.where(zero, 1, s)
