"""More axes and repeated elements: broadcasting and the atleast family."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import normal, sampled
from tinypt_ops_basic.reduction import SumTo
from tinypt_ops_basic.reshaping import _Reshaping


class BroadcastTo(Function):
    """The elements repeated along new or longer axes, without a copy. shape: an int or a tuple.

    The result is read-only, as NumPy's is. The rule sums gy down to the shape of the input.

    Raises ValueError if the shape of array does not broadcast to shape.

    >>> from tinypt_core import Variable
    >>> np.broadcast_to(Variable(np.array([1.0, 2.0])), (2, 2))
    variable([[1. 2.]
              [1. 2.]])
    """

    __slots__ = ("shape",)
    samples = sampled((normal(2, 1), (3, 2, 4)), (normal(), (2,)))
    keeps_nothing = True
    is_view = True

    def __init__(self, shape: Any) -> None:
        self.shape = shape

    def forward(self, array: Any) -> Any:
        return np.broadcast_to(array, self.shape)

    def backward(self, gy: Any) -> Any:
        return SumTo(self.shapes[0]).of(gy)


def broadcast_arrays(*args: Any) -> Any:
    """Every array broadcast to the shape they have in common, as a tuple.

    >>> from tinypt_core import Variable
    >>> x, y = np.broadcast_arrays(Variable(np.ones(2)), np.ones((3, 1)))
    >>> x.shape, y.shape
    ((3, 2), (3, 2))
    """
    shape = np.broadcast_shapes(*(np.shape(a) for a in args))
    return tuple(BroadcastTo(shape)(a) for a in args)


class AtLeast1d(_Reshaping):
    """Every array with one axis at least; several arrays give a tuple.

    >>> from tinypt_core import Variable
    >>> np.atleast_1d(Variable(np.array(2.0)))
    variable([2.])
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.atleast_1d(a)

    @classmethod
    def apply(cls, *arys: Any) -> Any:
        """As np.atleast_1d."""
        results = tuple(cls()(a) for a in arys)
        return results[0] if len(results) == 1 else results


class AtLeast2d(AtLeast1d):
    """Every array with two axes at least, new ones in front; several arrays give a tuple.

    >>> from tinypt_core import Variable
    >>> np.atleast_2d(Variable(np.ones(3))).shape
    (1, 3)
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.atleast_2d(a)


class AtLeast3d(AtLeast1d):
    """Every array with three axes at least: (n,) -> (1, n, 1), (m, n) -> (m, n, 1).

    >>> from tinypt_core import Variable
    >>> np.atleast_3d(Variable(np.ones(3))).shape
    (1, 3, 1)
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.atleast_3d(a)
