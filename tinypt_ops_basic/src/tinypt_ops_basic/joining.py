"""Joining arrays along an axis, old or new. Every operator here is linear."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, sampled
from tinypt_ops_basic.splitting import Split


class _Joining(Function):
    """Base of what puts arrays one after the other: the rule cuts the gradient where they meet."""

    __slots__ = ("axis",)
    keeps_nothing = True

    def __init__(self, axis: int = 0) -> None:
        self.axis = axis

    def forward(self, *arrays: Any) -> Any:
        return np.concatenate(arrays, self.axis)

    @classmethod
    def _joined(cls, arrays: Sequence[Any], axis: int, dtype: Any, casting: Any, out: Any) -> Any:
        y = super().apply(*arrays, axis=axis, out=out)
        if dtype is None:
            return y
        if not np.can_cast(y.dtype, dtype, casting):
            raise TypeError(f"cannot cast from {y.dtype} to {dtype} by the rule {casting!r}")
        return np.astype(y, dtype)

    def backward(self, gy: Any) -> Any:
        ends = accumulate(shape[self.axis] for shape in self.shapes)
        return tuple(Split(list(ends)[:-1], self.axis).of(gy))


class Concatenate(_Joining):
    """The arrays one after the other along an axis they have. axis: None flattens them first.

    Raises ValueError if their other sizes differ or there are none.

    >>> from tinypt_core import Variable
    >>> np.concatenate([Variable(np.array([1.0])), np.array([2.0, 3.0])])
    variable([1. 2. 3.])
    """

    __slots__ = ()
    samples = sampled(([normal(2, 3), normal(1, 3)],), ([normal(2, 3), normal(2, 0)], -1))

    @classmethod
    def apply(
        cls,
        arrays: Sequence[Any],
        /,
        axis: int | None = 0,
        out: None = None,
        *,
        dtype: Any = None,
        casting: Any = "same_kind",
    ) -> Any:
        """As np.concatenate."""
        if axis is None:
            arrays, axis = [np.ravel(array(a)) for a in arrays], 0
        return cls._joined(arrays, axis, dtype, casting, out)


class Vstack(_Joining):
    """The arrays below each other: along the first axis, vectors being rows.

    >>> from tinypt_core import Variable
    >>> np.vstack([Variable(np.ones(2)), np.zeros(2)])
    variable([[1. 1.]
              [0. 0.]])
    """

    __slots__ = ()
    samples = sampled(([normal(2, 3), normal(3)],))

    @classmethod
    def apply(cls, tup: Sequence[Any], *, dtype: Any = None, casting: Any = "same_kind") -> Any:
        """As np.vstack."""
        return cls._joined([np.atleast_2d(array(a)) for a in tup], 0, dtype, casting, None)


class Hstack(_Joining):
    """The arrays beside each other: along the second axis, vectors along their only one.

    >>> from tinypt_core import Variable
    >>> np.hstack([Variable(np.ones(2)), np.zeros(1)])
    variable([1. 1. 0.])
    """

    __slots__ = ()
    samples = sampled(([normal(2, 3), normal(2, 1)],))

    @classmethod
    def apply(cls, tup: Sequence[Any], *, dtype: Any = None, casting: Any = "same_kind") -> Any:
        """As np.hstack."""
        arrays = [np.atleast_1d(array(a)) for a in tup]
        axis = 0 if arrays and arrays[0].ndim == 1 else 1
        return cls._joined(arrays, axis, dtype, casting, None)


class Dstack(_Joining):
    """The arrays behind each other: along the third axis, (m, n) being (m, n, 1).

    >>> from tinypt_core import Variable
    >>> np.dstack([Variable(np.ones(2)), np.zeros(2)]).shape
    (1, 2, 2)
    """

    __slots__ = ()
    samples = sampled(([normal(2, 3), normal(2, 3)],))

    @classmethod
    def apply(cls, tup: Sequence[Any]) -> Any:
        """As np.dstack."""
        return cls(2)(*(np.atleast_3d(array(a)) for a in tup))


class ColumnStack(_Joining):
    """The arrays beside each other, vectors being columns.

    >>> from tinypt_core import Variable
    >>> np.column_stack([Variable(np.ones(2)), np.zeros((2, 2))]).shape
    (2, 3)
    """

    __slots__ = ()
    samples = sampled(([normal(2), normal(2, 3)],))

    @classmethod
    def apply(cls, tup: Sequence[Any]) -> Any:
        """As np.column_stack."""
        arrays = [a if a.ndim > 1 else np.reshape(a, (-1, 1)) for a in map(array, tup)]
        return cls(1)(*arrays)


class Stack(_Joining):
    """Arrays of one shape along a new axis.

    Raises ValueError if their shapes differ or there are none.

    >>> from tinypt_core import Variable
    >>> np.stack([Variable(np.ones(2)), np.zeros(2)], axis=1)
    variable([[1. 0.]
              [1. 0.]])
    """

    __slots__ = ()
    samples = sampled(([normal(2, 3), normal(2, 3)], -1))

    def forward(self, *arrays: Any) -> Any:
        return np.stack(arrays, self.axis)

    def backward(self, gy: Any) -> Any:
        return tuple(Unstack(self.axis).of(gy))

    @classmethod
    def apply(
        cls,
        arrays: Sequence[Any],
        axis: int = 0,
        out: None = None,
        *,
        dtype: Any = None,
        casting: Any = "same_kind",
    ) -> Any:
        """As np.stack."""
        return cls._joined(arrays, axis, dtype, casting, out)


class Unstack(Function):
    """The slices of x along an axis, as a tuple: the inverse of stack.

    >>> from tinypt_core.ops import unstack
    >>> unstack(np.eye(2))
    (variable([1. 0.]), variable([0. 1.]))
    """

    __slots__ = ("axis",)
    keeps_nothing = True
    is_view = True

    def __init__(self, axis: int = 0) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        return tuple(np.moveaxis(x, self.axis, 0)[i, ...] for i in range(x.shape[self.axis]))

    def backward(self, *gys: Any) -> Any:
        return np.stack(gys, self.axis)
