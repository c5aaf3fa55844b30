"""More of np.linalg, written with its decompositions and norms."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array
from tinypt_ops_basic._rules import squared
from tinypt_ops_basic._samples import definite, normal, tried_on
from tinypt_ops_basic.constants import plain


@tried_on(
    (normal(4, 2), np.array([1, -2, 0, 3], np.int8)), (normal(2, 3), np.array([[1], [2]], np.int8))
)
def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    """The x that makes |a x - b| least, the squared residuals, the rank, and singular values.

    a: (m, n), b: (m,) or (m, k). x is the shortest of several: the pseudo-inverse of a times b.
    rcond: singular values below rcond times the largest count as 0. The rank is constant, and
    the derivatives are those at constant rank.

    >>> from tinypt_core import Variable
    >>> np.linalg.lstsq(Variable(np.eye(2)), np.array([1.0, 2.0]))[0]
    variable([1. 2.])
    """
    a, b = array(a), np.copy(array(b))
    m, n = a.shape
    rcond = max(m, n) * np.finfo(np.result_type(a, 1.0)).eps if rcond is None else rcond
    x = np.linalg.pinv(a, rcond) @ b
    s = np.linalg.svd(a, compute_uv=False)
    rank = np.int32(np.count_nonzero(plain(s) > rcond * np.max(plain(s), initial=0)))
    if rank < n or m <= n:
        return x, np.zeros(0, s.dtype), rank, s
    rest = b - a @ x
    squares = np.sum(squared(rest), axis=0)
    return x, np.reshape(squares, (-1,)), rank, s


@tried_on((definite(3, 3),))
def eigvalsh(a: Any, UPLO: Any = "L") -> Any:
    """The eigenvalues of symmetric matrices, ascending: those of `linalg.eigh`.

    >>> from tinypt_core import Variable
    >>> np.linalg.eigvalsh(Variable(np.diag([2.0, 1.0])))
    variable([1. 2.])
    """
    return np.linalg.eigh(a, UPLO)[0]


@tried_on((normal(3, 2),), (normal(2, 2, 2),))
def svdvals(x: Any, /) -> Any:
    """The singular values of matrices, descending: those of `linalg.svd`.

    >>> from tinypt_core import Variable
    >>> np.linalg.svdvals(Variable(np.diag([1.0, 2.0])))
    variable([2. 1.])
    """
    return np.linalg.svd(x, compute_uv=False)


@tried_on((normal(3, 3),), (normal(3, 2), 2), (normal(2, 2), "fro"), (normal(2, 2, 2), 1))
def cond(x: Any, p: Any = None) -> Any:
    """The condition number |x| |x⁻¹| in the norm p; None and 2: largest by smallest singular value.

    >>> from tinypt_core import Variable
    >>> np.linalg.cond(Variable(np.diag([4.0, 2.0])))
    variable(2.0)
    """
    x = array(x)
    if p in (None, 2, -2):
        s = svdvals(x)
        first, last = s[..., 0], s[..., -1]
        return last / first if p == -2 else first / last
    inverse = np.linalg.inv(x)
    return np.linalg.norm(x, p, axis=(-2, -1)) * np.linalg.norm(inverse, p, axis=(-2, -1))


@tried_on((normal(2, 3, 6), normal(2, 3)), (normal(4, 2, 2), normal(4)))
def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    """The x with tensordot(a, x, x.ndim) = b. axes: those of a to move to its end first.

    >>> from tinypt_core import Variable
    >>> np.linalg.tensorsolve(Variable(np.eye(4).reshape(2, 2, 4)), np.ones((2, 2)))
    variable([1. 1. 1. 1.])
    """
    a, b = array(a), array(b)
    for axis in () if axes is None else axes:
        a = np.moveaxis(a, axis, -1)
    shape = a.shape[b.ndim :]
    matrix = np.reshape(a, (-1, prod(shape)))
    return np.reshape(np.linalg.solve(matrix, np.ravel(b)), shape)


@tried_on((normal(2, 3, 6),), (normal(4, 2, 2), 1))
def tensorinv(a: Any, ind: int = 2) -> Any:
    """The inverse of a under tensordot over `ind` axes: np.linalg.tensorinv.

    >>> from tinypt_core import Variable
    >>> np.linalg.tensorinv(Variable(np.eye(4).reshape(4, 2, 2)), ind=1).shape
    (2, 2, 4)
    """
    a = array(a)
    if ind <= 0:
        raise ValueError("tensorinv: ind must be positive")
    rows = a.shape[:ind]
    inverse = np.linalg.inv(np.reshape(a, (prod(rows), -1)))
    return np.reshape(inverse, (*a.shape[ind:], *rows))


@tried_on((normal(2, 3),), (normal(2, 3), {"axis": 0, "ord": 1}))
def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The norm of vectors along axes; axis None: of all elements. ord as in `linalg.norm`.

    >>> from tinypt_core import Variable
    >>> np.linalg.vector_norm(Variable(np.array([[3.0], [4.0]])))
    variable(5.0)
    """
    x = array(x)
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(int(i) % x.ndim for i in axes)
    rest = [i for i in range(x.ndim) if i not in axes]
    moved = np.transpose(x, (*rest, *axes))
    n = prod(x.shape[i] for i in axes)
    y = np.linalg.norm(np.reshape(moved, (*(x.shape[i] for i in rest), n)), ord, axis=-1)
    shape = [1 if i in axes else k for i, k in enumerate(x.shape)]
    return np.reshape(y, shape) if keepdims else y


@tried_on((normal(2, 3),), (normal(2, 2, 2), {"ord": 1}))
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The norm of the matrices in the last two axes. ord as in `linalg.norm`.

    >>> from tinypt_core import Variable
    >>> np.linalg.matrix_norm(Variable(np.array([[3.0, 4.0]])))
    variable(5.0)
    """
    return np.linalg.norm(array(x), ord, axis=(-2, -1), keepdims=keepdims)
