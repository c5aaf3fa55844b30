"""Sparse linear systems, direct and iterative: the adjoint is solved the same way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import linalg
from tinypt_core import Function

from tinypt_ops_scipy._samples import between, normal, sampled
from tinypt_ops_scipy.sparse.arrays import (
    SQUARE,
    Pattern,
    SparseArray,
    at_pattern,
    csr_array,
    matrix,
    transposed,
)  # fmt: skip


def _direct(a: Any, b: Any) -> Any:
    """Solve with a factorization."""
    return linalg.splu(a.tocsc()).solve(b)


class SpSolve(Function):
    """The solution of A y = b, A: (n, n) sparse of `data`; b: (n,) or (n, k).

    gb = A⁻ᵀ gy, found by the same `solver(A, b)`; the gradient by data is -gb yᵀ at the elements.
    """

    __slots__ = ("pattern", "solver")
    samples = sampled(
        (between(1, 2, 5), normal(3), SQUARE), (between(2, 3, 5), normal(3, 2), SQUARE)
    )

    def __init__(self, pattern: Pattern, solver: Callable[..., Any] = _direct) -> None:
        self.pattern, self.solver = pattern, solver

    def forward(self, data: Any, b: Any) -> Any:
        dtype = np.result_type(data, b)
        return self.solver(matrix(data.astype(dtype), self.pattern), b.astype(dtype))

    def backward(self, gy: Any, data: Any, y: Any) -> Any:
        gb = SpSolve(transposed(self.pattern), self.solver).of(data, gy)
        return -at_pattern(gb, y, self.pattern) if self.needs[0] else None, gb


def spsolve(A: Any, b: Any) -> Any:
    """The solution of A x = b: scipy.sparse.linalg.spsolve, by b and by A's data.

    A: what `tinypt_ops_scipy.sparse.csr_array` gives, or SciPy's own matrix, then a constant.
    Raises RuntimeError if A is singular.

    >>> spsolve(csr_array(np.diag([2.0, 4.0])), np.ones(2))
    array([0.5 , 0.25])
    """
    return _solve(A, b, _direct)


class SuperLU:
    """A factorized sparse matrix: `solve(b)` and, for the transposed one, `solve(b, "T")`."""

    def __init__(self, A: SparseArray) -> None:
        self.A = A
        self._factors = linalg.splu(A.plain().tocsc())

    def solve(self, rhs: Any, trans: str = "N") -> Any:
        """The solution of A x = rhs, or Aᵀ x = rhs, without another factorization."""
        flip = trans != "N"
        pattern = transposed(self.A.pattern) if flip else self.A.pattern
        return _Factorized(pattern, self._factors, flip).of(self.A.data, rhs)


class _Factorized(SpSolve):
    """`SpSolve` with a factorization of A, or of Aᵀ (flip), that is there already."""

    __slots__ = ("factors", "flip")

    def __init__(self, pattern: Pattern, factors: Any, flip: bool) -> None:
        super().__init__(pattern)
        self.factors, self.flip = factors, flip

    def forward(self, data: Any, b: Any) -> Any:
        return self.factors.solve(b, "T" if self.flip else "N")

    def backward(self, gy: Any, data: Any, y: Any) -> Any:
        twin = _Factorized(transposed(self.pattern), self.factors, not self.flip)
        gb = twin.of(data, gy)
        return -at_pattern(gb, y, self.pattern) if self.needs[0] else None, gb


def splu(A: Any) -> SuperLU:
    """A factorization of A, for many right sides: scipy.sparse.linalg.splu.

    >>> splu(csr_array(np.diag([2.0, 4.0]))).solve(np.ones(2))
    array([0.5 , 0.25])
    """
    return SuperLU(csr_array(A))


def factorized(A: Any) -> Callable[[Any], Any]:
    """The function that solves A x = b for any b: scipy.sparse.linalg.factorized."""
    return splu(A).solve


def _iterative(method: Any, options: dict[str, Any]) -> Callable[[Any, Any], Any]:
    def solver(a: Any, b: Any) -> Any:
        x, info = method(a, b, **options)
        if info:
            raise RuntimeError(f"{method.__name__} did not converge (info = {info}); raise maxiter")
        return x

    return solver


def cg(A: Any, b: Any, *, rtol: float = 1e-5, atol: float = 0.0, maxiter: Any = None) -> Any:
    """The solution of A x = b, A symmetric positive definite, by conjugate gradients: (x, 0).

    The gradient is as accurate as rtol. Raises RuntimeError without convergence.

    >>> cg(csr_array(np.diag([2.0, 4.0])), np.ones(2))[0]
    array([0.5 , 0.25])
    """
    return _solve(A, b, _iterative(linalg.cg, {"rtol": rtol, "atol": atol, "maxiter": maxiter})), 0


def gmres(A: Any, b: Any, *, rtol: float = 1e-5, atol: float = 0.0, maxiter: Any = None) -> Any:
    """The solution of A x = b by GMRES: (x, 0); see `cg`."""
    options = {"rtol": rtol, "atol": atol, "maxiter": maxiter}
    return _solve(A, b, _iterative(linalg.gmres, options)), 0


def bicgstab(A: Any, b: Any, *, rtol: float = 1e-5, atol: float = 0.0, maxiter: Any = None) -> Any:
    """The solution of A x = b by BiCGSTAB: (x, 0); see `cg`."""
    options = {"rtol": rtol, "atol": atol, "maxiter": maxiter}
    return _solve(A, b, _iterative(linalg.bicgstab, options)), 0


def _solve(A: Any, b: Any, solver: Callable[..., Any]) -> Any:
    A = csr_array(A)
    return SpSolve(A.pattern, solver).of(A.data, b)
