"""The action of the matrix exponential."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import linalg
from tinypt_core import Function

from tinypt_ops_scipy._samples import normal, sampled
from tinypt_ops_scipy.sparse.arrays import (
    SQUARE,
    Pattern,
    at_pattern,
    csr_array,
    matrix,
    transposed,
)  # fmt: skip

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


class ExpmMultiply(Function):
    """y = exp(A) b, A: (n, n) sparse of `data`; b: (n,) or (n, k).

    gb = exp(Aᵀ) gy; the gradient by data is ∫₀¹ exp((1 - s) Aᵀ) gy (exp(s A) b)ᵀ ds at the
    elements, by Gauss' formula with 24 points, which is exact to rounding for norms of A up to
    about 10; scale A down and multiply repeatedly beyond.
    """

    __slots__ = ("pattern",)
    samples = sampled((normal(5), normal(3), SQUARE), (normal(5), normal(3, 2), SQUARE))

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern

    def forward(self, data: Any, b: Any) -> Any:
        return np.asarray(linalg.expm_multiply(matrix(data, self.pattern), b))

    def backward(self, gy: Any, data: Any, b: Any) -> Any:
        there, back = ExpmMultiply(self.pattern), ExpmMultiply(transposed(self.pattern))
        gb = back.of(data, gy)
        if not self.needs[0]:
            return None, gb
        total = data * 0
        for node, weight in zip(_NODES.tolist(), _WEIGHTS.tolist(), strict=True):
            s = (node + 1) / 2
            left, right = back.of((1 - s) * data, gy), there.of(s * data, b)
            total = total + 0.5 * weight * at_pattern(left, right, self.pattern)
        return total, gb


def expm_multiply(A: Any, B: Any) -> Any:
    """exp(A) B without exp(A): scipy.sparse.linalg.expm_multiply, by B and by A's data.

    >>> expm_multiply(csr_array(np.diag([0.0, 1.0])), np.ones(2)).round(6)
    array([1.      , 2.718282])
    """
    A = csr_array(A)
    return ExpmMultiply(A.pattern).of(A.data, B)
