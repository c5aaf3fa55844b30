"""The same elements in another shape or order of axes. Every operator here is linear."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import normal, sampled
from tinypt_ops_basic.constants import plain


class _Reshaping(Function):
    """Base of what keeps the elements in C order: the rule gives them their old shape back."""

    __slots__ = ()
    keeps_nothing = True
    is_view = True

    def backward(self, gy: Any) -> Any:
        return np.reshape(gy, self.shapes[0])


class Reshape(Function):
    """The elements of a in another shape. shape: an int or a tuple, -1 for one size to infer.

    order: "C", "F" or "A", how elements are read and placed.

    Raises ValueError if the sizes differ.

    >>> from tinypt_core import Variable
    >>> np.reshape(Variable(np.arange(6.0)), (2, 3))
    variable([[0. 1. 2.]
              [3. 4. 5.]])
    """

    __slots__ = ("order", "shape")
    samples = sampled((normal(2, 3), (3, 2)), (normal(0, 3), (3, 0)), (normal(4), (2, -1), "F"))
    keeps_nothing = True
    is_view = True

    def __init__(self, shape: Any, order: str = "C") -> None:
        self.shape = shape if isinstance(shape, (tuple, list)) else (shape,)
        self.order: Any = order

    def forward(self, a: Any) -> Any:
        return np.reshape(a, self.shape, **self._order_words())

    def backward(self, gy: Any) -> Any:
        return np.reshape(gy, self.shapes[0], **self._order_words())

    def _order_words(self) -> dict[str, Any]:
        return {} if self.order == "C" else {"order": self.order}  # Dask knows only that one

    @classmethod
    def apply(cls, a: Any, shape: Any, order: str = "C") -> Any:
        """As np.reshape."""
        return cls._call(a, shape, _settled(a, order))


class Ravel(Reshape):
    """The elements of a in one row. order: "C", "F" or "A".

    Raises ValueError for the order "K", which depends on how a lies in memory.

    >>> from tinypt_core import Variable
    >>> np.ravel(Variable(np.eye(2)))
    variable([1. 0. 0. 1.])
    """

    __slots__ = ()
    samples = sampled((normal(2, 3),), (normal(4), "F"), (normal(),))

    def __init__(self, order: str = "C") -> None:
        if order == "K":
            raise ValueError("order 'K' is not supported; write order='C', 'F' or 'A'")
        super().__init__(-1, order)

    @classmethod
    def apply(cls, a: Any, order: str = "C") -> Any:  # type: ignore[override]
        """As np.ravel."""
        return cls._call(a, _settled(a, order))


def _settled(a: Any, order: str) -> str:
    """The order "A" is "F" for what lies in memory that way, else "C"."""
    return order if order != "A" else "F" if plain(a).flags.fnc else "C"


class Transpose(Function):
    """The axes of a in another order. axes: a permutation; None reverses them.

    Raises ValueError if axes is no permutation of a's axes.

    >>> from tinypt_core import Variable
    >>> np.transpose(Variable(np.ones((2, 3, 4))), (1, 2, 0)).shape
    (3, 4, 2)
    """

    __slots__ = ("axes",)
    keeps_nothing = True
    is_view = True

    def __init__(self, axes: Any = None) -> None:
        self.axes = axes

    def forward(self, a: Any) -> Any:
        return a.transpose() if self.axes is None else a.transpose(self.axes)

    def backward(self, gy: Any) -> Any:
        if self.axes is None:
            return gy.T
        n = len(self.axes)
        return np.transpose(gy, tuple(int(i) for i in np.argsort([i % n for i in self.axes])))


class MatrixTranspose(Function):
    """The last two axes of a exchanged. x: (..., m, n) -> (..., n, m).

    >>> from tinypt_core import Variable
    >>> np.matrix_transpose(Variable(np.ones((5, 2, 3)))).shape
    (5, 3, 2)
    """

    __slots__ = ()
    keeps_nothing = True
    is_view = True

    def forward(self, x: Any) -> Any:
        return np.swapaxes(x, -1, -2)

    def backward(self, gy: Any) -> Any:
        return np.swapaxes(gy, -1, -2)


class SwapAxes(Function):
    """Two axes of a exchanged.

    >>> from tinypt_core import Variable
    >>> np.swapaxes(Variable(np.ones((2, 3, 4))), 0, -1).shape
    (4, 3, 2)
    """

    __slots__ = ("axis1", "axis2")
    samples = sampled((normal(2, 3, 4), 0, -1))
    keeps_nothing = True
    is_view = True

    def __init__(self, axis1: int, axis2: int) -> None:
        self.axis1 = axis1
        self.axis2 = axis2

    def forward(self, a: Any) -> Any:
        return np.swapaxes(a, self.axis1, self.axis2)

    def backward(self, gy: Any) -> Any:
        return np.swapaxes(gy, self.axis1, self.axis2)


class MoveAxis(Function):
    """Axes of a moved to new places, the others staying in order. source, destination: ints or
    sequences of ints.

    >>> from tinypt_core import Variable
    >>> np.moveaxis(Variable(np.ones((2, 3, 4))), 0, -1).shape
    (3, 4, 2)
    """

    __slots__ = ("destination", "source")
    samples = sampled((normal(2, 3, 4), (0, -1), (1, 0)))
    keeps_nothing = True
    is_view = True

    def __init__(self, source: Any, destination: Any) -> None:
        self.source = source
        self.destination = destination

    def forward(self, a: Any) -> Any:
        return np.moveaxis(a, self.source, self.destination)

    def backward(self, gy: Any) -> Any:
        return np.moveaxis(gy, self.destination, self.source)


class RollAxis(Function):
    """The given axis moved until it lies before the axis start.

    >>> from tinypt_core import Variable
    >>> np.rollaxis(Variable(np.ones((2, 3, 4))), 2).shape
    (4, 2, 3)
    """

    __slots__ = ("axis", "start")
    samples = sampled((normal(2, 3, 4), 2), (normal(2, 3), 0, 2))
    keeps_nothing = True
    is_view = True

    def __init__(self, axis: int, start: int = 0) -> None:
        self.axis = axis
        self.start = start

    def forward(self, a: Any) -> Any:
        return np.rollaxis(a, self.axis, self.start)

    def backward(self, gy: Any) -> Any:
        n = gy.ndim
        axis, start = self.axis % n, self.start + n * (self.start < 0)
        return np.moveaxis(gy, start - (axis < start), axis)


class Squeeze(_Reshaping):
    """a without its axes of length 1, or without those named. axis: None, an int or a tuple.

    Raises ValueError if a named axis is longer.

    >>> from tinypt_core import Variable
    >>> np.squeeze(Variable(np.ones((1, 3, 1)))).shape
    (3,)
    """

    __slots__ = ("axis",)

    def __init__(self, axis: Any = None) -> None:
        self.axis = axis

    def forward(self, a: Any) -> Any:
        return np.squeeze(a, self.axis)


class ExpandDims(_Reshaping):
    """a with new axes of length 1 at the places named in the result. axis: an int or a tuple.

    >>> from tinypt_core import Variable
    >>> np.expand_dims(Variable(np.ones(3)), (0, 2)).shape
    (1, 3, 1)
    """

    __slots__ = ("axis",)
    samples = sampled((normal(2, 3), (0, -1)), (normal(), 0))

    def __init__(self, axis: Any) -> None:
        self.axis = axis

    def forward(self, a: Any) -> Any:
        return np.expand_dims(a, self.axis)
