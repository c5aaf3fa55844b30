"""Cutting an array along an axis. The pieces are views of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import normal, sampled, tried_on
from tinypt_ops_basic.indexing import GetItemGrad


class ArraySplit(Function):
    """The pieces of ary along an axis, as a tuple.

    indices_or_sections: a number of pieces, as equal as can be, or the indices to cut at.

    >>> from tinypt_core import Variable
    >>> np.array_split(Variable(np.arange(3.0)), 2)
    (variable([0. 1.]), variable([2.]))
    """

    __slots__ = ("axis", "indices_or_sections")
    samples = sampled((normal(5, 2), 3), (normal(2, 5), [3, 1], -1))
    keeps_nothing = True
    is_view = True

    def __init__(self, indices_or_sections: Any, axis: int = 0) -> None:
        self.indices_or_sections = indices_or_sections
        self.axis = axis

    def forward(self, ary: Any) -> Any:
        return np.array_split(ary, self.indices_or_sections, self.axis)

    def backward(self, *gys: Any) -> Any:
        if sum(gy.shape[self.axis] for gy in gys) == self.shapes[0][self.axis]:
            return np.concatenate(gys, self.axis)
        return self._overlapping(gys)

    def _overlapping(self, gys: Any) -> Any:
        """The same where the indices to cut at do not ascend."""
        total: Any = 0
        shape = self.shapes[0]
        cuts = [int(i) for i in self.indices_or_sections]
        for start, stop, gy in zip([0, *cuts], [*cuts, None], gys, strict=True):
            axes = self.axis % len(shape)
            key = (*(slice(None),) * axes, slice(start, stop))
            total = total + GetItemGrad(key, shape).of(gy)
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

    def forward(self, ary: Any) -> Any:
        cuts = self.indices_or_sections
        if not isinstance(cuts, (list, tuple)):
            return np.split(ary, cuts, self.axis)
        before = (slice(None),) * (self.axis % ary.ndim)
        return tuple(ary[(*before, slice(*ends))] for ends in pairwise([0, *cuts, None]))


@tried_on((normal(2, 4), 2))
def hsplit(ary: Any, indices_or_sections: Any) -> Any:
    """The pieces of ary along its second axis; of a vector along its only one.

    Raises ValueError if ary is 0-d.

    >>> from tinypt_core import Variable
    >>> np.hsplit(Variable(np.eye(2)), 2)[0].shape
    (2, 1)
    """
    return _cut(ary, indices_or_sections, 0 if np.ndim(ary) == 1 else 1, "hsplit")


@tried_on((normal(4, 2), 2))
def vsplit(ary: Any, indices_or_sections: Any) -> Any:
    """The pieces of ary along its first axis.

    Raises ValueError if ary has less than two axes.

    >>> from tinypt_core import Variable
    >>> np.vsplit(Variable(np.eye(2)), 2)[0].shape
    (1, 2)
    """
    return _cut(ary, indices_or_sections, 0, "vsplit", 2)


@tried_on((normal(1, 2, 4), [1, 3]))
def dsplit(ary: Any, indices_or_sections: Any) -> Any:
    """The pieces of ary along its third axis.

    Raises ValueError if ary has less than three axes.

    >>> from tinypt_core import Variable
    >>> np.dsplit(Variable(np.ones((1, 2, 4))), 2)[0].shape
    (1, 2, 2)
    """
    return _cut(ary, indices_or_sections, 2, "dsplit", 3)


def _cut(ary: Any, indices_or_sections: Any, axis: int, name: str, least: int = 1) -> Any:
    """Split, for arrays of `least` axes."""
    if np.ndim(ary) < least:
        raise ValueError(f"{name}: only works on arrays of {least} or more dimensions")
    return Split.apply(ary, indices_or_sections, axis)
