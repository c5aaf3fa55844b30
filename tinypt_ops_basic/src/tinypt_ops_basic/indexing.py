"""Picking elements: getitem, take and their relatives, and the one adjoint they share."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function, Variable
from tinypt_ops_basic._samples import normal, sampled


class GetItem(Function):
    """The elements x[slices]: ints, slices, newaxis, ellipsis, boolean and integer arrays.

    An element picked several times gets the sum of its gradients. Basic indexing gives a view.

    Raises IndexError as NumPy does.

    >>> from tinypt_core import Variable
    >>> x = Variable(np.array([1.0, 2.0, 3.0]))
    >>> y = x[[0, 2, 2]]
    >>> y.backward()
    >>> y, x.grad
    (variable([1. 3. 3.]), array([1., 0., 2.]))
    """

    __slots__ = ("slices",)
    samples = sampled((normal(3, 4), (slice(None, None, -2), [0, 0, 3])), (normal(3), 0))
    keeps_nothing = True
    is_view = True

    def __init__(self, slices: Any) -> None:
        self.slices = _plain(slices)

    def forward(self, x: Any) -> Any:
        return x[self.slices]

    def backward(self, gy: Any) -> Any:
        return GetItemGrad(self.slices, self.shapes[0]).of(gy)


class GetItemGrad(Function):
    """Zeros of a shape with gy added at x[slices]: the adjoint of GetItem, linear in gy.

    NumPy has no function for it, so this forward is the one that writes into its own new array.
    """

    __slots__ = ("shape", "slices")
    keeps_nothing = True

    def __init__(self, slices: Any, shape: tuple[int, ...]) -> None:
        self.slices = slices
        self.shape = shape

    def forward(self, gy: Any) -> Any:
        gx = np.zeros_like(gy, shape=self.shape)
        if picks_once(self.slices):
            gx[self.slices] = gy
        else:
            np.add.at(gx, self.slices, gy)
        return gx

    def backward(self, ggx: Any) -> Any:
        return ggx[self.slices]


def picks_once(slices: Any) -> bool:
    """Whether an index picks no element twice: everything but integer arrays.

    >>> picks_once((0, slice(None), None)), picks_once((0, (1, 1)))
    (True, False)
    """
    parts = slices if isinstance(slices, tuple) else (slices,)
    return all(
        part is None
        or part is Ellipsis
        or isinstance(part, (int, slice, np.integer))
        or np.asarray(part).dtype == bool
        for part in parts
    )


def _plain(slices: Any) -> Any:
    """An index may hold Variables of integers; their arrays are what indexes."""
    if isinstance(slices, tuple):
        return tuple(map(_plain, slices))
    return slices.data if isinstance(slices, Variable) else slices
