"""Cutting an array along an axis. The pieces are views of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._compute import compute
from tinypt_ops_basic._samples import normal, sampled
from tinypt_ops_basic.indexing import GetItemGrad


class ArraySplit(Function):
    """The pieces of ary along an axis, as a tuple.

    indices_or_sections: a number of pieces, as equal as can be, or the indices to cut at.

    >>> from tinypt_core import Variable
    >>> np.array_split(Variable(np.arange(3.0)), 2)
    (variable([0. 1.]), variable([2.]))
    """

    __slots__ = ("axis", "indices_or_sections", "shape_in", "sizes")
    samples = sampled((normal(5, 2), 3), (normal(2, 5), [3, 1], -1))
    keeps_nothing = True
    is_view = True

    def __init__(self, indices_or_sections: Any, axis: int = 0) -> None:
        self.indices_or_sections = indices_or_sections
        self.axis = axis

    def forward(self, ary: Any) -> Any:
        pieces = self._cut(ary)
        self.shape_in = ary.shape
        self.sizes = [piece.shape[self.axis] for piece in pieces]
        return pieces

    def _cut(self, ary: Any) -> Any:
        return np.array_split(ary, self.indices_or_sections, self.axis)

    def backward(self, *gys: Any) -> Any:
        if sum(self.sizes) == self.shape_in[self.axis]:
            return np.concatenate(gys, self.axis)
        return self._overlapping(gys)

    def _overlapping(self, gys: Any) -> Any:
        """The same where the indices to cut at do not ascend."""
        total: Any = 0
        cuts = [int(i) for i in self.indices_or_sections]
        for start, stop, gy in zip([0, *cuts], [*cuts, None], gys, strict=True):
            axes = self.axis % len(self.shape_in)
            key = (*(slice(None),) * axes, slice(start, stop))
            total = total + compute(GetItemGrad(key, self.shape_in), gy)
        return total


class Split(ArraySplit):
    """The pieces of ary along an axis, as a tuple.

    indices_or_sections: a number of equal pieces, or the indices to cut at.

    Raises ValueError if ary cannot be cut into that many equal pieces.

    >>> from tinypt_core import Variable
    >>> np.split(Variable(np.arange(3.0)), [1])
    (variable([0.]), variable([1. 2.]))
    """

    __slots__ = ()
    samples = sampled((normal(2, 6), 3, 1), (normal(5), [1, 3]))

    def _cut(self, ary: Any) -> Any:
        return np.split(ary, self.indices_or_sections, self.axis)


class Hsplit(ArraySplit):
    """The pieces of ary along its second axis; of a vector along its only one.

    >>> from tinypt_core import Variable
    >>> np.hsplit(Variable(np.eye(2)), 2)[0].shape
    (2, 1)
    """

    __slots__ = ()
    samples = sampled((normal(2, 4), 2))

    def __init__(self, indices_or_sections: Any) -> None:
        super().__init__(indices_or_sections)

    def _cut(self, ary: Any) -> Any:
        self.axis = min(ary.ndim - 1, 1)
        return np.hsplit(ary, self.indices_or_sections)


class Vsplit(ArraySplit):
    """The pieces of ary along its first axis; it has two at least.

    >>> from tinypt_core import Variable
    >>> np.vsplit(Variable(np.eye(2)), 2)[0].shape
    (1, 2)
    """

    __slots__ = ()
    samples = sampled((normal(4, 2), 2))

    def __init__(self, indices_or_sections: Any) -> None:
        super().__init__(indices_or_sections)

    def _cut(self, ary: Any) -> Any:
        return np.vsplit(ary, self.indices_or_sections)


class Dsplit(ArraySplit):
    """The pieces of ary along its third axis; it has three at least.

    >>> from tinypt_core import Variable
    >>> np.dsplit(Variable(np.ones((1, 2, 4))), 2)[0].shape
    (1, 2, 2)
    """

    __slots__ = ()
    samples = sampled((normal(1, 2, 4), [1, 3]))

    def __init__(self, indices_or_sections: Any) -> None:
        super().__init__(indices_or_sections, 2)

    def _cut(self, ary: Any) -> Any:
        return np.dsplit(ary, self.indices_or_sections)
