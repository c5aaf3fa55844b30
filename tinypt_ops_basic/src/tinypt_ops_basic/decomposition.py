"""Eigenvalues and singular values of the matrices in the last two axes: np.linalg."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic import _ties
from tinypt_ops_basic._samples import normal, sampled, tried_on
from tinypt_ops_basic.factors import read
from tinypt_ops_basic.matrices import h


class EighResult(NamedTuple):
    """What np.linalg.eigh gives; the eigenvalues ascend."""

    eigenvalues: Any
    eigenvectors: Any


class Eigh(Function):
    """Eigenvalues w and eigenvectors v of Hermitian matrices: np.linalg.eigh. a: (..., n, n).

    UPLO: the triangle that NumPy reads, "L" or "U"; the gradient is 0 in the other.

    Where eigenvalues are equal, eigenvectors are arbitrary within their space and have no
    derivative: what depends on them gets NaN, also where it does not depend on the choice, as
    v w² vᴴ. The first derivatives of what depends on the eigenvalues alone are right (of one of
    equal ones, a subgradient); their second ones are NaN. A difference of 1e-15 counts; only what
    has no digit left by it is NaN too. The phase of an eigenvector is arbitrary: the derivative is
    for what does not depend on it.

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
        return self._gradient(gw, gv, None, y0, y1)

    def _gradient(self, gw: Any, gv: Any, gseen: Any, w: Any, v: Any) -> Any:
        """gA = v (diag(gw) + F ∘ (vᴴ gv)) vᴴ with Fᵢⱼ = 1 / (wⱼ - wᵢ) (Giles 2008, 3.1).

        Of F ∘ (vᴴ gv) only the Hermitian part counts.
        """
        vgv = h(v) @ np.conjugate(gv)
        inner = _ties.between(
            0.5 * (vgv - h(vgv)), w, _ties.size_of(gv), gw, gseen
        ) + _ties.diagonal(gw)
        return np.conjugate(read(v @ inner @ h(v), self.UPLO.upper()))

    @classmethod
    def apply(cls, a: Any, UPLO: Any = "L") -> Any:
        """As np.linalg.eigh."""
        w, v = cls(UPLO)(a)
        if not _ties.tied(w):
            return EighResult(w, v)
        w, v, mark = TiedEigh(UPLO)(a)
        return EighResult(w, _ties.Seen().of(v, mark))


class TiedEigh(Eigh):
    """The same where eigenvalues are equal, with a mark of whether vectors are used."""

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return *super().forward(a), _ties.unseen(a)

    def backward(self, *gys: Any, y0: Any, y1: Any) -> Any:  # type: ignore[override]
        gw, gv, gseen = gys
        return self._gradient(gw, gv, gseen, y0, y1)


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
        return self._gradient(gw, gv, None, y0, y1)

    def _gradient(self, gw: Any, gv: Any, gseen: Any, w: Any, v: Any) -> Any:
        """gA = v⁻ᴴ (diag(gw) + conj(F) ∘ (vᴴ gv - vᴴ v Re diag(vᴴ gv))) vᴴ with
        Fᵢⱼ = 1 / (wⱼ - wᵢ), of dv = v (F ∘ (v⁻¹ dA v)) and columns of length 1 (Giles 2008, 3.1).
        """
        vgv = h(v) @ np.conjugate(gv)
        stretch = np.real(np.diagonal(vgv, axis1=-2, axis2=-1))
        moved = vgv - h(v) @ (v * np.expand_dims(stretch, -2))
        inner = _ties.between(moved, np.conjugate(w), _ties.size_of(gv), gw, gseen)
        inner = inner + _ties.diagonal(np.conjugate(gw))
        return np.conjugate(np.linalg.solve(h(v), inner @ h(v)))

    @classmethod
    def apply(cls, a: Any) -> Any:
        """As np.linalg.eig."""
        w, v = cls()(a)
        if not _ties.tied(w):
            return EigResult(w, v)
        w, v, mark = TiedEig()(a)
        return EigResult(w, _ties.Seen().of(v, mark))


class TiedEig(Eig):
    """The same where eigenvalues are equal, with a mark of whether vectors are used."""

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return *super().forward(a), _ties.unseen(a)

    def backward(self, *gys: Any, y0: Any, y1: Any) -> Any:  # type: ignore[override]
        gw, gv, gseen = gys
        return self._gradient(gw, gv, gseen, y0, y1)


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

    Where singular values are equal (or 0) the singular vectors are arbitrary and have no
    derivative: what depends on them gets NaN, also where it does not depend on the choice, as
    (U * S) @ Vh; U @ Vh has one at equal values that are not 0. The first derivatives of what
    depends on the singular values alone are right all the same; their second ones are NaN. A
    difference of 1e-15 counts, as in eigh. The common phase of a pair of singular vectors is
    arbitrary too: the derivative is for what does not depend on it.

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
        return self._gradient(gu, gs, gvt, None, (y0, y1, y2))

    def _gradient(self, gu: Any, gs: Any, gvt: Any, gseen: Any, y: Any) -> Any:
        """Townsend, Differentiating the singular value decomposition (2016).

        Its F ∘ du s + s (F ∘ dv), with du and dv the antihermitian parts of uᴴ gu and vᴴ gv and
        Fᵢⱼ = 1 / (sⱼ² - sᵢ²), is (du + dv) / (sⱼ - sᵢ) + (du - dv) / (sⱼ + sᵢ), halved.
        """
        (u, s, vh), gu, gvh = y, np.conjugate(gu), np.conjugate(gvt)
        ugu, vgv = h(u) @ gu, vh @ h(gvh)
        du, dv, size = ugu - h(ugu), vgv - h(vgv), np.maximum(_ties.size_of(gu), _ties.size_of(gvh))
        inner = _ties.between(0.5 * (du + dv), s, size, gs, gseen) + _ties.together(
            0.5 * (du - dv), s, size
        )
        gx = u @ (inner + _ties.diagonal(gs + _ties.phase(ugu, s))) @ vh
        m, n = u.shape[-2], vh.shape[-1]
        if m > n:  # what of gu lies outside the space of u
            gx = gx + _ties.outside(gu - u @ ugu, s, _ties.size_of(gu), gs, gseen) @ vh
        if n > m:
            gx = gx + u @ h(_ties.outside(h(gvh) - h(vh) @ vgv, s, _ties.size_of(gvh), gs, gseen))
        return np.conjugate(gx)

    @classmethod
    def apply(cls, a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
        """As np.linalg.svd."""
        u, s, vh = cls(full_matrices and compute_uv)(a)
        if not compute_uv or not _ties.tied(s, zero=True):
            return SVDResult(u, s, vh) if compute_uv else s
        u, s, vh, mark = TiedSVD(full_matrices)(a)
        return SVDResult(_ties.Seen().of(u, mark), s, _ties.Seen().of(vh, mark))


class TiedSVD(SVD):
    """The same where singular values are equal or 0, with a mark of whether vectors are used."""

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return *super().forward(a), _ties.unseen(a)

    def backward(self, *gys: Any, y0: Any, y1: Any, y2: Any) -> Any:  # type: ignore[override]
        gu, gs, gvt, gseen = gys
        return self._gradient(gu, gs, gvt, gseen, (y0, y1, y2))
