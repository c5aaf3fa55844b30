"""Triangular factors of the matrices in the last two axes: np.linalg's cholesky and qr."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import definite, sampled
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
        return np.conjugate(read(g, "U" if self.upper else "L"))


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


def read(g: Any, triangle: str) -> Any:
    """The gradient of a symmetric matrix of which one triangle is read, at that triangle."""
    both = _half(g + h(g))
    return np.tril(both) if triangle == "L" else np.triu(both)
