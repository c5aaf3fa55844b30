"""Structured matrices, and what NumPy's operators of the same name compute already.

Plain functions of differentiable NumPy functions: arrays in, arrays out; Variables in, Variables
out.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def det(a: Any) -> Any:
    """The determinant of each matrix, a: (..., n, n).

    >>> float(det(np.diag([2.0, 3.0])))
    6.0
    """
    return np.linalg.det(a)


def inv(a: Any) -> Any:
    """The inverse of each matrix, a: (..., n, n). Raises LinAlgError for a singular one.

    >>> inv(np.array([[2.0]]))
    array([[0.5]])
    """
    return np.linalg.inv(a)


def pinv(a: Any, *, rtol: float | None = None) -> Any:
    """The pseudo-inverse of a: (m, n). Singular values below rtol times the largest count as 0.

    >>> pinv(np.array([[2.0], [0.0]]))
    array([[0.5, 0. ]])
    """
    eps = np.finfo(a.dtype).eps if a.dtype.kind in "fc" else np.finfo(float).eps
    return np.linalg.pinv(a, rtol=max(a.shape[-2:]) * float(eps) if rtol is None else rtol)


def block_diag(*arrs: Any) -> Any:
    """The matrices (or rows, or numbers) along the diagonal of a matrix of zeros.

    >>> block_diag(np.array([[1.0, 2.0]]), np.array([[3.0]]))
    array([[1., 2., 0.],
           [0., 0., 3.]])
    """
    blocks = [a if np.ndim(a) == 2 else np.reshape(a, (1, -1)) for a in arrs]
    width, start, rows = sum(b.shape[1] for b in blocks), 0, []
    for b in blocks:
        end = start + b.shape[1]
        rows.append(np.pad(b, ((0, 0), (start, width - end))))
        start = end
    return np.concatenate(rows, axis=0)


def toeplitz(c: Any, r: Any = None) -> Any:
    """The matrix with constant diagonals, c its first column and r its first row (r[0] unused).

    >>> toeplitz(np.array([1.0, 2.0]), np.array([9.0, 5.0, 6.0]))
    array([[1., 5., 6.],
           [2., 1., 5.]])
    """
    r = c if r is None else r
    line = np.concatenate([np.flip(c, 0), r[1:]])
    n = c.shape[0]
    return line[n - 1 - np.arange(n)[:, None] + np.arange(r.shape[0])]
