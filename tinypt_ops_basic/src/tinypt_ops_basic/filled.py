"""Arrays filled with one number, made in the shape of another. They are constants: plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Function


class ZerosLike(Function):
    """Zeros in the shape and dtype of a, as a plain array: nothing to differentiate.

    >>> from tinypt_core import Variable
    >>> np.zeros_like(Variable(np.array([1.0, 2.0])))
    array([0., 0.])
    """

    __slots__ = ()

    @classmethod
    def apply(cls, a: Any, dtype: Any = None, shape: Any = None) -> Any:
        """As np.zeros_like."""
        return np.zeros(a.shape if shape is None else shape, dtype or a.dtype)


class OnesLike(Function):
    """Ones in the shape and dtype of a, as a plain array: nothing to differentiate.

    >>> from tinypt_core import Variable
    >>> np.ones_like(Variable(np.array([1.0, 2.0])))
    array([1., 1.])
    """

    __slots__ = ()

    @classmethod
    def apply(cls, a: Any, dtype: Any = None, shape: Any = None) -> Any:
        """As np.ones_like."""
        return np.ones(a.shape if shape is None else shape, dtype or a.dtype)


class EmptyLike(Function):
    """An array in the shape and dtype of a, not filled: nothing to differentiate.

    >>> from tinypt_core import Variable
    >>> np.empty_like(Variable(np.array([1.0, 2.0]))).shape
    (2,)
    """

    __slots__ = ()

    @classmethod
    def apply(cls, a: Any, dtype: Any = None, shape: Any = None) -> Any:
        """As np.empty_like."""
        return np.empty(a.shape if shape is None else shape, dtype or a.dtype)


class FullLike(Function):
    """The number fill_value in the shape and dtype of a, as a plain array.

    >>> from tinypt_core import Variable
    >>> np.full_like(Variable(np.array([1.0, 2.0])), 7)
    array([7., 7.])
    """

    __slots__ = ()

    @classmethod
    def apply(cls, a: Any, fill_value: Any, dtype: Any = None, shape: Any = None) -> Any:
        """As np.full_like."""
        return np.full(a.shape if shape is None else shape, fill_value, dtype or a.dtype)
