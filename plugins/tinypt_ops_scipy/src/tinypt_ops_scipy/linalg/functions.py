"""Functions of square matrices: exponential, logarithm, root, powers.

Their gradients are values of the Fréchet derivative L at the transposed matrix: gA = L(Aᵀ, gy).

>>> from tinypt_core import Variable
>>> from tinypt_ops_scipy.linalg import expm
>>> expm(Variable(np.zeros((2, 2))))
variable([[1. 0.]
          [0. 1.]])
"""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import definite, normal, sampled
from tinypt_ops_scipy._scipy import linalg
from tinypt_ops_scipy.linalg._adjoint import t
from tinypt_ops_scipy.linalg.solving import SolveSylvester


def _blocks(a: Any, e: Any) -> Any:
    """[[a, e], [0, a]], of which a function is [[f(a), L(a, e)], [0, f(a)]]."""
    zero = np.zeros(a.shape, a.dtype)
    top = np.concatenate([a, e], axis=-1)
    return np.concatenate([top, np.concatenate([zero, a], axis=-1)], axis=-2)


def _corner(y: Any, n: int) -> Any:
    return y[..., :n, n:]


class Expm(Function):
    """The matrix exponential: scipy.linalg.expm. a: (..., n, n).

    gA is the upper right block of exp([[Aᵀ, gy], [0, Aᵀ]]) (Higham, Functions of Matrices,
    2008, theorem 3.6).
    """

    __slots__ = ()
    samples = sampled((normal(3, 3),), (normal(2, 2, 2),))

    def forward(self, a: Any) -> Any:
        return linalg.expm(a)

    def backward(self, gy: Any, a: Any) -> Any:
        return _corner(Expm().of(_blocks(t(a), gy)), self.shapes[0][-1])


class Logm(Function):
    """The principal matrix logarithm: scipy.linalg.logm. a: (n, n), no eigenvalue <= 0.

    gA is the upper right block of log([[Aᵀ, gy], [0, Aᵀ]]) (Higham, Functions of Matrices,
    2008, theorem 3.6). Raises ValueError where the logarithm of a real matrix is complex.
    """

    __slots__ = ()
    samples = sampled((definite(2, 2),))

    def forward(self, a: Any) -> Any:
        return _real_part("logm", linalg.logm(a), a)

    def backward(self, gy: Any, a: Any) -> Any:
        return _corner(Logm().of(_blocks(t(a), gy)), self.shapes[0][-1])


class Sqrtm(Function):
    """The principal square root of a matrix: scipy.linalg.sqrtm. a: (n, n), nonsingular.

    From Y Y = A: gA solves Yᵀ gA + gA Yᵀ = gy. As SciPy's, the root of a real matrix that has
    negative eigenvalues is complex.
    """

    __slots__ = ()
    samples = sampled((definite(3, 3),), (lambda rng: np.diag([2.0, -1.5]) + 0.2 * rng.random(2),))

    def forward(self, a: Any) -> Any:
        y = linalg.sqrtm(a)
        if np.iscomplexobj(y) and not np.iscomplexobj(a) and _is_noise(y):
            y = y.real
        if a.dtype.kind not in "fc":
            return y
        dtype = np.result_type(a, np.complex64) if np.iscomplexobj(y) else a.dtype
        return y.astype(dtype, copy=False)

    def backward(self, gy: Any, y: Any) -> Any:
        return SolveSylvester().of(t(y), t(y), gy)


def fractional_matrix_power(A: Any, t: float) -> Any:
    """Aᵗ = exp(t log A) for a constant or Variable t: scipy.linalg.fractional_matrix_power.

    A: (n, n), no eigenvalue <= 0.

    >>> fractional_matrix_power(np.array([[4.0]]), 0.5).round(12)
    array([[2.]])
    """
    return Expm().of(t * Logm().of(A))


def _real_part(name: str, y: Any, a: Any) -> Any:
    if np.iscomplexobj(y) and not np.iscomplexobj(a):
        if not _is_noise(y):
            raise ValueError(f"{name}: the matrix has eigenvalues <= 0, so the result is complex")
        y = y.real
    return y.astype(a.dtype, copy=False) if a.dtype.kind in "fc" else y


def _is_noise(y: Any) -> bool:
    """Whether the imaginary part comes of rounding."""
    return bool(np.max(np.abs(y.imag)) <= 1e-10 * np.max(np.abs(y)))
