"""Products of vectors and matrices under the names of the array API standard, and multi_dot."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, tried_on


@tried_on((normal(3), normal(2, 3)), (normal(3, 2), normal(3, 1), {"axis": 0}))
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """Dot products of vectors along an axis: y = Σ conj(x1) x2. The other axes broadcast.

    >>> from tinypt_core import Variable
    >>> np.vecdot(Variable(np.array([1.0, 2.0])), np.array([3.0, 4.0]))
    variable(11.0)
    """
    x1, x2 = np.moveaxis(array(x1), axis, -1), np.moveaxis(array(x2), axis, -1)
    return _without((np.expand_dims(np.conj(x1), -2) @ np.expand_dims(x2, -1)), (-2, -1))


@tried_on((normal(2, 3), normal(3)), (normal(2, 3), normal(4, 3)))
def matvec(x1: Any, x2: Any, /) -> Any:
    """Matrix times vector: y[i] = Σⱼ x1[i, j] x2[j]. x1: (..., m, n), x2: (..., n).

    >>> from tinypt_core import Variable
    >>> np.matvec(Variable(np.eye(2)), np.array([3.0, 4.0]))
    variable([3. 4.])
    """
    return _without(array(x1) @ np.expand_dims(array(x2), -1), (-1,))


@tried_on((normal(2), normal(2, 3)), (normal(4, 2), normal(2, 3)))
def vecmat(x1: Any, x2: Any, /) -> Any:
    """Vector times matrix: y[j] = Σᵢ conj(x1[i]) x2[i, j]. x1: (..., m), x2: (..., m, n).

    >>> from tinypt_core import Variable
    >>> np.vecmat(np.array([3.0, 4.0]), Variable(np.eye(2)))
    variable([3. 4.])
    """
    return _without(np.expand_dims(np.conj(array(x1)), -2) @ array(x2), (-2,))


def _without(y: Any, axes: tuple[int, ...]) -> Any:
    return np.squeeze(y, axis=axes)


@tried_on(([normal(2, 3), normal(3, 2), normal(2, 2)],), ([normal(3), normal(3, 2), normal(2)],))
def multi_dot(arrays: Any, *, out: None = None) -> Any:
    """The product of several matrices, from the left; the first and the last may be vectors.

    Raises ValueError for less than two.

    >>> from tinypt_core import Variable
    >>> np.linalg.multi_dot([Variable(np.eye(2)), np.ones((2, 1)), np.array([[3.0]])])
    variable([[3.]
              [3.]])
    """
    if len(arrays) < 2:
        raise ValueError("multi_dot: expecting at least two arrays")
    return reduce(np.dot, map(array, arrays))
