"""Numbers and arrays taken apart: integer parts and fractions, mantissas, piece by piece."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, sampled, tried_on
from tinypt_ops_basic.assignment import SetItem
from tinypt_ops_basic.constants import plain


def fix(x: Any) -> Any:
    """The integer part, rounded towards 0; its derivative is 0.

    >>> from tinypt_core import Variable
    >>> np.fix(Variable(np.array([-1.5, 1.5])))
    variable([-1.  1.])
    """
    return np.trunc(array(x))


def modf(x: Any) -> Any:
    """The fractional and the integer part, both with the sign of x. dx goes to the first.

    >>> from tinypt_core import Variable
    >>> np.modf(Variable(np.array(2.5)))
    (variable(0.5), variable(2.0))
    """
    x = array(x)
    whole = np.trunc(x)
    return np.where(np.isinf(x), 0, x - np.where(np.isinf(x), 0, whole)), whole


class DivMod(Function):
    """Quotient, rounded down, and remainder: x1 = q x2 + r. The quotient is constant.

    >>> from tinypt_core import Variable
    >>> np.divmod(Variable(np.array(7.0)), 2.0)
    (variable(3.0), variable(1.0))
    """

    __slots__ = ()

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.divmod(x1, x2)

    def backward(self, gq: Any, gr: Any, y0: Any) -> Any:
        return gr, -gr * y0


class Ldexp(Function):
    """x1 times a power of two: y = x1 2^x2. x2: integers, constant.

    >>> from tinypt_core import Variable
    >>> np.ldexp(Variable(np.array(3.0)), 2)
    variable(12.0)
    """

    __slots__ = ("x2",)
    elementwise = keeps_nothing = True
    samples = sampled((normal(3), np.array([0, 1, -2])), (normal(2, 1), np.array([3, -1])))

    def __init__(self, x2: Any) -> None:
        self.x2 = np.positive(plain(x2))

    def forward(self, x1: Any) -> Any:
        return np.ldexp(x1, self.x2)

    def backward(self, gy: Any) -> Any:
        return np.ldexp(gy, self.x2)


class NextAfter(Function):
    """The next number after x1 in the direction of x2: x1 plus a constant.

    >>> from tinypt_core import Variable
    >>> float(np.nextafter(Variable(np.array(1.0)), 2.0).data - 1)
    2.220446049250313e-16
    """

    __slots__ = ()
    elementwise = keeps_nothing = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.nextafter(x1, x2)

    def backward(self, gy: Any) -> Any:
        return gy, None


def frexp(x: Any) -> Any:
    """Mantissa in [0.5, 1) with the sign of x, and exponent, constant: x = y 2^e.

    >>> from tinypt_core import Variable
    >>> np.frexp(Variable(np.array(12.0)))
    (variable(0.75), np.int32(4))
    """
    exponent = np.frexp(plain(x))[1]
    return np.ldexp(x, -exponent), exponent


@tried_on(
    (normal(4), [np.array([True, False, False, True])], [np.square, np.negative]),
    (normal(2), [np.array([True, False])], [3.0, np.sin]),
)
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """For each condition the function of the elements of x where it holds, and nothing else of x.

    funclist: a function or a number for each condition, and one more for the rest (0 if none);
    functions get args and kw after x. Where several conditions hold, the last one counts.

    >>> from tinypt_core import Variable
    >>> x = Variable(np.array([-1.0, 4.0]))
    >>> np.piecewise(x, [x > 0], [np.sqrt, 0.0])
    variable([0. 2.])
    """
    x = array(x)
    if np.isscalar(condlist) or (not isinstance(condlist[0], (list, np.ndarray)) and x.ndim):
        condlist = [condlist]
    conditions = [np.broadcast_to(np.asarray(plain(c), bool), x.shape) for c in condlist]
    if len(funclist) == len(conditions) + 1:
        conditions.append(~np.any(conditions, axis=0))
    elif len(funclist) != len(conditions):
        raise ValueError(f"piecewise: {len(conditions)} conditions need as many functions, or one "
                         f"more, not {len(funclist)}")  # fmt: skip
    y = np.zeros(x.shape, x.dtype)
    for where, function in zip(conditions, funclist, strict=True):
        if where.any():
            part = function(x[where], *args, **kw) if callable(function) else function
            y = SetItem(where).of(y, array(part))
    return y


@tried_on((np.sum, 1, normal(2, 3)), (np.cumprod, 0, normal(2, 3)))
def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """func1d of every vector along an axis; what it returns takes the place of that axis.

    >>> from tinypt_core import Variable
    >>> np.apply_along_axis(np.sum, 1, Variable(np.ones((2, 3))))
    variable([3. 3.])
    """
    arr = array(arr)
    moved = np.moveaxis(arr, axis, -1)
    places = list(np.ndindex(*moved.shape[:-1]))
    if not places:
        raise ValueError("apply_along_axis: there is no vector to apply the function to")
    parts = [array(func1d(moved[i], *args, **kwargs)) for i in places]
    y = np.reshape(np.stack(parts), (*moved.shape[:-1], *parts[0].shape))
    n = moved.ndim - 1
    axis %= arr.ndim
    order = [*range(axis), *range(n, y.ndim), *range(axis, n)]
    return np.transpose(y, order)


@tried_on((np.sum, normal(2, 3), [0]), (np.max, normal(2, 2, 2), [0, 2]))
def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    """func(a, axis) for one axis after the other; the axes stay, with length 1 if it drops them.

    >>> from tinypt_core import Variable
    >>> np.apply_over_axes(np.sum, Variable(np.ones((2, 3, 4))), [0, 2]).shape
    (1, 3, 1)
    """
    y = array(a)
    for axis in np.ravel(plain(axes)).tolist():
        shape, axis = list(y.shape), axis % y.ndim
        shape[axis] = 1
        y = array(func(y, axis))
        y = np.reshape(y, shape) if y.ndim < len(shape) else y
    return y
