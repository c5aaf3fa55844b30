"""Picking elements: getitem, take and their relatives, and the one adjoint they share."""

from __future__ import annotations

from typing import Any

from tinypt_core.writing import piece, scattered

from tinypt_core import Function, Variable
from tinypt_ops_basic._samples import normal, sampled


class GetItem(Function):
    """The elements x[slices]: ints, slices, newaxis, ellipsis, boolean and integer arrays.

    An element picked several times gets the sum of its gradients. Basic indexing gives a view.

    Raises IndexError as NumPy does.

    >>> import numpy as np
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
        return Piece(self.slices, self.shapes[0]).of(gy)


class GetItemGrad(Function):
    """Zeros of a shape with gy added at x[slices]: the adjoint of GetItem, linear in gy."""

    __slots__ = ("shape", "slices")
    keeps_nothing = True

    def __init__(self, slices: Any, shape: tuple[int, ...]) -> None:
        self.slices = slices
        self.shape = shape

    def forward(self, gy: Any) -> Any:
        return scattered(gy, self.slices, self.shape)

    def backward(self, ggx: Any) -> Any:
        return ggx[self.slices]


class Piece(GetItemGrad):
    """The same where it is only going to be added to other gradients: no zeros are made for it."""

    __slots__ = ()

    def forward(self, gy: Any) -> Any:
        return piece(gy, self.slices, self.shape)


def _plain(slices: Any) -> Any:
    """An index may hold Variables of integers; their arrays are what indexes."""
    if isinstance(slices, tuple):
        return tuple(map(_plain, slices))
    return slices.data if isinstance(slices, Variable) else slices
