"""Diagonals and triangles of matrices. Every operator here is linear."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic.indexing import GetItemGrad


class Diag(Function):
    """The k-th diagonal of a matrix v as a vector, or a matrix with the vector v there.

    Raises ValueError if v has other than one or two axes.

    >>> from tinypt_core import Variable
    >>> np.diag(Variable(np.array([1.0, 2.0])))
    variable([[1. 0.]
              [0. 2.]])
    """

    __slots__ = ("k",)
    keeps_nothing = True
    is_view = True

    def __init__(self, k: int = 0) -> None:
        self.k = k

    def forward(self, v: Any) -> Any:
        return np.diag(v, self.k)

    def backward(self, gy: Any) -> Any:
        if len(self.shapes[0]) == 1:
            return np.diagonal(gy, self.k)
        return on_diagonal(gy, self.shapes[0], self.k, 0, 1)


class Diagonal(Function):
    """The diagonals of a over two axes, along a new last axis; a view, read-only as NumPy's.

    offset: above the main diagonal if positive.

    Raises ValueError if a has less than two axes.

    >>> from tinypt_core import Variable
    >>> np.diagonal(Variable(np.array([[1.0, 2.0], [3.0, 4.0]])))
    variable([1. 4.])
    """

    __slots__ = ("axis1", "axis2", "offset")
    keeps_nothing = True
    is_view = True

    def __init__(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> None:
        self.offset = offset
        self.axis1 = axis1
        self.axis2 = axis2

    def forward(self, a: Any) -> Any:
        return np.diagonal(a, self.offset, self.axis1, self.axis2)

    def backward(self, gy: Any) -> Any:
        return on_diagonal(gy, self.shapes[0], self.offset, self.axis1, self.axis2)


class MatrixDiagonal(Diagonal):
    """The diagonals of the matrices in the last two axes: np.linalg.diagonal.

    >>> from tinypt_core import Variable
    >>> np.linalg.diagonal(Variable(np.ones((5, 2, 3)))).shape
    (5, 2)
    """

    __slots__ = ()

    def __init__(self, *, offset: int = 0) -> None:
        super().__init__(offset, -2, -1)


class Trace(Function):
    """The sum of the diagonal over two axes.

    >>> from tinypt_core import Variable
    >>> np.trace(Variable(np.array([[1.0, 2.0], [3.0, 4.0]])))
    variable(5.0)
    """

    __slots__ = ("axis1", "axis2", "offset")
    keeps_nothing = True

    def __init__(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> None:
        self.offset = offset
        self.axis1 = axis1
        self.axis2 = axis2

    def forward(self, a: Any) -> Any:
        return np.trace(a, self.offset, self.axis1, self.axis2)

    def backward(self, gy: Any) -> Any:
        rows, columns = self.shapes[0][self.axis1], self.shapes[0][self.axis2]
        n = max(0, min(rows + min(self.offset, 0), columns - max(self.offset, 0)))
        g = np.broadcast_to(np.expand_dims(gy, -1), (*gy.shape, n))
        return on_diagonal(g, self.shapes[0], self.offset, self.axis1, self.axis2)


class MatrixTrace(Trace):
    """The traces of the matrices in the last two axes: np.linalg.trace.

    >>> from tinypt_core import Variable
    >>> np.linalg.trace(Variable(np.ones((5, 2, 2)))).shape
    (5,)
    """

    __slots__ = ()

    def __init__(self, *, offset: int = 0) -> None:
        super().__init__(offset, -2, -1)


class Tril(Function):
    """The matrices in the last two axes of m with zeros above the k-th diagonal.

    >>> from tinypt_core import Variable
    >>> np.tril(Variable(np.ones((2, 2))))
    variable([[1. 0.]
              [1. 1.]])
    """

    __slots__ = ("k",)
    keeps_nothing = True

    def __init__(self, k: int = 0) -> None:
        self.k = k

    def forward(self, m: Any) -> Any:
        return np.tril(m, self.k)

    def backward(self, gy: Any) -> Any:
        return np.tril(gy, self.k)


class Triu(Function):
    """The matrices in the last two axes of m with zeros below the k-th diagonal.

    >>> from tinypt_core import Variable
    >>> np.triu(Variable(np.ones((2, 2))))
    variable([[1. 1.]
              [0. 1.]])
    """

    __slots__ = ("k",)
    keeps_nothing = True

    def __init__(self, k: int = 0) -> None:
        self.k = k

    def forward(self, m: Any) -> Any:
        return np.triu(m, self.k)

    def backward(self, gy: Any) -> Any:
        return np.triu(gy, self.k)


def on_diagonal(g: Any, shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> Any:
    """Zeros of `shape` with g, of which the last axis runs along them, on the diagonals."""
    rest = list(shape)
    first, second = axis1 % len(shape), axis2 % len(shape)
    for axis in sorted((first, second), reverse=True):
        del rest[axis]
    steps = np.arange(g.shape[-1])
    key = (..., steps + max(-offset, 0), steps + max(offset, 0))
    moved = GetItemGrad(key, (*rest, shape[first], shape[second])).of(g)
    return np.moveaxis(moved, (-2, -1), (first, second))
