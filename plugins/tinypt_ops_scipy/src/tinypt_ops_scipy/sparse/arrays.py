"""Sparse matrices whose data may be a Variable: the pattern is constant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from tinypt_core import Function, Variable

from tinypt_ops_scipy._samples import normal, sampled
from tinypt_ops_scipy._scipy import sparse

Pattern = tuple[Any, Any, tuple[int, int]]

#: [[., 0, .], [0, ., .]]: a pattern for the conformance kit
PATTERN: Pattern = (np.array([0, 0, 1, 1]), np.array([0, 2, 1, 2]), (2, 3))
SQUARE: Pattern = (np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 0, 2]), (3, 3))


def matrix(data: Any, pattern: Pattern) -> Any:
    """SciPy's matrix of plain data."""
    row, column, shape = pattern
    return sparse.csr_array((data, (row, column)), shape=shape)


def transposed(pattern: Pattern) -> Pattern:
    """The pattern of the transposed matrix, of the same data."""
    row, column, (m, n) = pattern
    return column, row, (n, m)


def at_pattern(left: Any, right: Any, pattern: Pattern) -> Any:
    """left rightᵀ where the matrix has elements: the gradient of its data."""
    row, column, _ = pattern
    products = left[row] * right[column]
    return products if left.ndim == 1 else np.sum(products, axis=-1)


class SpMatMul(Function):
    """The product of a sparse matrix and a dense vector (n,) or matrix (n, k).

    data: (elements,). pattern: their rows and columns, and the shape (m, n). gx = Aᵀ gy; the
    gradient by data is gy xᵀ at the elements.
    """

    __slots__ = ("pattern",)
    samples = sampled((normal(4), normal(3), PATTERN), (normal(4), normal(3, 2), PATTERN))

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern

    def forward(self, data: Any, x: Any) -> Any:
        return matrix(data, self.pattern) @ x

    def backward(self, gy: Any, data: Any, x: Any) -> Any:
        n0, n1 = self.needs
        gdata = at_pattern(gy, x, self.pattern) if n0 else None
        return gdata, SpMatMul(transposed(self.pattern)).of(data, gy) if n1 else None


class SparseArray:
    """A sparse matrix: `data`, an array or a Variable of its elements, and their places.

    `a @ x`, `x @ a` (for a Variable x write `a.T @ x.T`), `a * number`, `a.T`, `a.toarray()`,
    `a.diagonal()`; `a.with_data(data)` is the same pattern with other elements.
    """

    __array_ufunc__ = None  # so that an array on the left leaves `@` to `__rmatmul__`

    def __init__(self, data: Any, pattern: Pattern) -> None:
        self.data, self.pattern = data, pattern
        if np.shape(data) != np.shape(pattern[0]):
            raise ValueError(f"data has shape {np.shape(data)}, its places {np.shape(pattern[0])}")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.pattern[2]

    @property
    def T(self) -> SparseArray:
        """The transposed matrix, of the same data."""
        return SparseArray(self.data, transposed(self.pattern))

    def __matmul__(self, x: Any) -> Any:
        return SpMatMul(self.pattern).of(self.data, x)

    def __rmatmul__(self, x: Any) -> Any:
        return np.transpose(self.T @ np.transpose(x))

    def __mul__(self, factor: Any) -> SparseArray:
        return self.with_data(self.data * factor)

    __rmul__ = __mul__

    def with_data(self, data: Any) -> SparseArray:
        """The same pattern with other elements."""
        return SparseArray(data, self.pattern)

    def diagonal(self) -> Any:
        """The elements on the main diagonal."""
        row, column, (m, n) = self.pattern
        (on,) = np.nonzero(row == column)
        places = np.zeros((min(m, n), on.size))
        places[row[on], np.arange(on.size)] = 1
        return places @ self.data[on]

    def toarray(self) -> Any:
        """The dense matrix."""
        return self @ np.eye(self.shape[1])

    def plain(self) -> Any:
        """SciPy's own matrix, of constants."""
        data = self.data.data if isinstance(self.data, Variable) else self.data
        return matrix(data, self.pattern)


def csr_array(arg: Any, shape: tuple[int, int] | None = None) -> SparseArray:
    """A sparse matrix from (data, indices, indptr), (data, (row, column)), SciPy's or a dense one.

    data may be a Variable. Elements that stand for the same place add up.

    >>> csr_array((np.array([1.0, 2.0]), ([0, 1], [1, 0]))).toarray()
    array([[0., 1.],
           [2., 0.]])
    """
    if isinstance(arg, SparseArray):
        return arg
    if isinstance(arg, tuple) and len(arg) == 3:
        data, indices, indptr = arg
        arg = data, (np.repeat(np.arange(len(indptr) - 1), np.diff(indptr)), np.asarray(indices))
        shape = shape or (len(indptr) - 1, int(np.max(indices, initial=-1)) + 1)
    elif not isinstance(arg, tuple):
        found = sparse.coo_array(arg)
        arg, shape = (found.data, found.coords), found.shape
    data, (row, column) = arg
    row, column = np.asarray(row), np.asarray(column)
    size = shape or (int(np.max(row)) + 1, int(np.max(column)) + 1)
    return SparseArray(
        data if isinstance(data, Variable) else np.asarray(data), (row, column, size)
    )


coo_array = csr_array


def csc_array(arg: Any, shape: tuple[int, int] | None = None) -> SparseArray:
    """The same with (data, indices, indptr) by columns, as scipy.sparse.csc_array."""
    if isinstance(arg, tuple) and len(arg) == 3:
        return csr_array(arg, shape[::-1] if shape else None).T
    return csr_array(arg, shape)


def diags_array(diagonals: Sequence[Any], offsets: Sequence[int], shape: tuple[int, int]) -> Any:
    """The matrix with these diagonals, each of its full length: scipy.sparse.diags_array.

    >>> diags_array([np.ones(2), np.ones(1)], [0, 1], (2, 2)).toarray()
    array([[1., 1.],
           [0., 1.]])
    """
    rows = [np.arange(d.shape[0]) + max(-k, 0) for d, k in zip(diagonals, offsets, strict=True)]
    columns = [r + k for r, k in zip(rows, offsets, strict=True)]
    data = np.concatenate(list(diagonals))
    return SparseArray(data, (np.concatenate(rows), np.concatenate(columns), shape))
