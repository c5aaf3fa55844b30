"""The same elements at other places: flips, rolls, quarter turns. All linear."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import normal, sampled


class Flip(Function):
    """m with the elements along the axes in reverse order. axis: None for all, int or tuple.

    >>> from tinypt_core import Variable
    >>> np.flip(Variable(np.array([1.0, 2.0])))
    variable([2. 1.])
    """

    __slots__ = ("axis",)
    keeps_nothing = True
    is_view = True

    def __init__(self, axis: Any = None) -> None:
        self.axis = axis

    def forward(self, m: Any) -> Any:
        return np.flip(m, self.axis)

    def backward(self, gy: Any) -> Any:
        return np.flip(gy, self.axis)


class Fliplr(Function):
    """m with its columns (its second axis) in reverse order.

    Raises ValueError if m has less than two axes.

    >>> from tinypt_core import Variable
    >>> np.fliplr(Variable(np.array([[1.0, 2.0]])))
    variable([[2. 1.]])
    """

    __slots__ = ()
    keeps_nothing = True
    is_view = True

    def forward(self, m: Any) -> Any:
        return np.fliplr(m)

    def backward(self, gy: Any) -> Any:
        return np.fliplr(gy)


class Flipud(Function):
    """m with its rows (its first axis) in reverse order.

    Raises ValueError if m is 0-d.

    >>> from tinypt_core import Variable
    >>> np.flipud(Variable(np.array([1.0, 2.0])))
    variable([2. 1.])
    """

    __slots__ = ()
    keeps_nothing = True
    is_view = True

    def forward(self, m: Any) -> Any:
        return np.flipud(m)

    def backward(self, gy: Any) -> Any:
        return np.flipud(gy)


class Roll(Function):
    """a with its elements moved on by shift, those pushed out coming back at the front.

    shift: an int, or one for every axis named. axis: None rolls the flattened array.

    >>> from tinypt_core import Variable
    >>> np.roll(Variable(np.array([1.0, 2.0, 3.0])), 1)
    variable([3. 1. 2.])
    """

    __slots__ = ("axis", "shift")
    samples = sampled((normal(2, 3), (1, 2), (0, 1)), (normal(4), -3))
    keeps_nothing = True

    def __init__(self, shift: Any, axis: Any = None) -> None:
        self.shift = shift
        self.axis = axis

    def forward(self, a: Any) -> Any:
        return np.roll(a, self.shift, self.axis)

    def backward(self, gy: Any) -> Any:
        return np.roll(gy, np.negative(self.shift), self.axis)


class Rot90(Function):
    """m turned by k quarter turns in the plane of two axes, from the first towards the second.

    >>> from tinypt_core import Variable
    >>> np.rot90(Variable(np.array([[1.0, 2.0], [3.0, 4.0]])))
    variable([[2. 4.]
              [1. 3.]])
    """

    __slots__ = ("axes", "k")
    keeps_nothing = True
    is_view = True

    def __init__(self, k: int = 1, axes: tuple[int, int] = (0, 1)) -> None:
        self.k = k
        self.axes = axes

    def forward(self, m: Any) -> Any:
        return np.rot90(m, self.k, self.axes)

    def backward(self, gy: Any) -> Any:
        return np.rot90(gy, -self.k, self.axes)
