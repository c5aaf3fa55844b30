"""Assignment as an operator: the array that `x[index] = value` makes, as a new one."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from tinypt_core.writing import assigned, opened, picks_once

from tinypt_core import Function, Variable
from tinypt_ops_basic._composites import writes
from tinypt_ops_basic._samples import normal, sampled
from tinypt_ops_basic.constants import plain
from tinypt_ops_basic.reduction import SumTo
from tinypt_ops_basic.taking import along


class SetItem(Function):
    """A copy of x with value at x[index], for every kind of index; value broadcasts to it.

    The gradient outside the index goes to x, inside to value; where an index names a place
    twice, the last one holds, for values and for gradients. Assigning again to the result, and
    picking elements of it, costs no more than the elements, forward and backward.

    The result has the dtype of x. Raises TypeError for floating point values in an integer
    array, or complex ones in a real array, which would lose them; IndexError and ValueError as
    NumPy does.

    >>> from tinypt_core import Variable
    >>> from tinypt_core.ops import setitem
    >>> x, value = Variable(np.array([1.0, 2.0, 3.0])), Variable(np.array(5.0))
    >>> y = setitem(x, slice(1, None), value)
    >>> y.backward()
    >>> y, x.grad, value.grad
    (variable([1. 5. 5.]), array([1., 0., 0.]), array(2.))
    """

    __slots__ = ("index",)
    keeps_nothing = True
    samples = sampled(
        (normal(3), 1, 2.0),
        (normal(2, 3), (slice(None), [2, 0, 2]), [1.0, 2.0, 3.0]),
        (normal(2, 3), np.array([[True, False, True], [False, True, False]]), 2.0),
        (normal(2, 3), (..., -1), [1.0, 2.0]),
        (normal(), (), 2.0),
    )

    def __init__(self, index: Any) -> None:
        self.index = index if isinstance(index, int) else deepcopy(plain(index))

    def forward(self, x: Any, value: Any) -> Any:
        return assigned(x, self.index, holdable(value, x.dtype))

    def backward(self, gy: Any) -> Any:
        gvalue = gy[self.index]
        if not picks_once(self.index):
            gvalue = np.where(_holds(self.index, gy.shape), gvalue, 0)
        gx = Cleared(self.index).of(gy) if self.needs[0] else None
        return gx, _gathered(gvalue, self.shapes[1])

    @classmethod
    def apply(cls, x: Any, index: Any, value: Any) -> Any:
        """The array after `x[index] = value`."""
        return cls._call(opened(x), value, index)


class Cleared(Function):
    """A copy of x with zeros at x[index]: its own adjoint, linear in x."""

    __slots__ = ("index",)
    keeps_nothing = True

    def __init__(self, index: Any) -> None:
        self.index = index

    def __call__(self, x: Any) -> Any:
        return super().__call__(opened(x))

    def forward(self, x: Any) -> Any:
        return assigned(x, self.index, 0)

    def backward(self, gy: Any) -> Any:
        return Cleared(self.index).of(gy)


def holdable(value: Any, dtype: Any) -> Any:
    """value, unless an array of this dtype would drop what makes it differentiable."""
    if "fc".find(value.dtype.kind) > "fc".find(dtype.kind):
        raise TypeError(
            f"{value.dtype} values do not fit into an array of {dtype}; "
            f"write x.astype({value.dtype.name!r}) and assign to that"
        )
    return value


def _holds(index: Any, shape: tuple[int, ...]) -> Any:
    """Which of the elements that an index picks hold where they were assigned: the last ones."""
    last = np.zeros(shape, int)
    number = np.reshape(np.arange(np.size(last[index])), np.shape(last[index]))
    last[index] = number
    return last[index] == number


def _gathered(g: Any, shape: tuple[int, ...]) -> Any:
    """g summed down to the shape of what was broadcast when it was assigned."""
    if g.shape == shape:
        return g
    narrow = shape[max(len(shape) - np.ndim(g), 0) :]  # axes of length 1 may lead
    return np.reshape(SumTo(narrow).of(g), shape)


# -- NumPy's functions that write into their argument ---------------------------------------------


@writes([0, 3], 1.0)
def put(a: Any, ind: Any, v: Any, mode: Any = "raise") -> None:
    """Assign to elements of the flattened Variable a: a.flat[ind] = v; v is repeated as needed.

    mode: what becomes of indices out of range: "raise", "wrap" or "clip".

    Raises TypeError if a is an array and the value a Variable.
    """
    require_variable(a, "put", v)
    ind = np.ravel(_array(ind))
    places = np.take(np.asarray(np.arange(a.size), like=ind), ind, mode=mode)
    a[np.unravel_index(places, a.shape)] = np.resize(v, places.shape)


@writes([[True, False], [False, True]], 1.0)
def place(arr: Any, mask: Any, vals: Any) -> None:
    """Assign to the elements of the Variable arr where mask holds; vals is repeated as needed.

    Raises TypeError if arr is an array and the value a Variable.
    """
    require_variable(arr, "place", vals)
    where, vals = np.reshape(_mask(mask), arr.shape), np.ravel(vals)
    turn = np.reshape(np.cumsum(np.ravel(where)) - 1, arr.shape) % vals.size
    arr[...] = np.where(where, np.take(vals, turn), arr)


@writes([[True, False], [False, True]], 1.0)
def putmask(a: Any, mask: Any, values: Any) -> None:
    """Assign to the Variable a where mask holds, from the same place of values, repeated.

    Raises TypeError if a is an array and the value a Variable.
    """
    require_variable(a, "putmask", values)
    a[...] = np.where(_mask(mask), np.resize(values, a.shape), a)


@writes(1.0)
def copyto(dst: Any, src: Any, casting: Any = "same_kind", where: Any = True) -> None:
    """Assign src to the Variable dst, where `where` holds; both broadcast to dst.

    Raises TypeError if dst is an array and the value a Variable.
    """
    require_variable(dst, "copyto", src)
    dst[...] = src if where is True else np.where(_mask(where), src, dst)


@writes(1.0)
def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """Assign val to the main diagonal of the Variable a; val is repeated as needed.

    wrap: go on after the last column of a tall matrix, as np.fill_diagonal does.

    Raises TypeError if a is an array and the value a Variable; ValueError if a has less
    than two axes, or more of unequal length.
    """
    require_variable(a, "fill_diagonal", val)
    pattern = np.zeros(a.shape, bool)
    np.fill_diagonal(pattern, True, wrap)
    a[pattern] = np.resize(val, np.count_nonzero(pattern))


@writes([[0, 1]], 1.0, 0)
def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> None:
    """Assign to one element of the Variable arr for every index along an axis.

    axis None counts in the flattened arr.

    Raises TypeError if arr is an array and the value a Variable.
    """
    require_variable(arr, "put_along_axis", values)
    indices = _array(indices)
    if axis is None:
        arr[np.unravel_index(np.arange(arr.size)[indices], arr.shape)] = values
    else:
        arr[along(indices, axis, arr.shape)] = values


def _array(x: Any) -> Any:
    """An index as an array, or what is like one."""
    x = plain(x)
    return x if hasattr(x, "dtype") else np.asarray(x)


def _mask(x: Any) -> Any:
    return _array(x).astype(bool)


def require_variable(a: Any, name: str, value: Any) -> None:
    """Raise TypeError if a function would write a Variable into an array."""
    if isinstance(value, Variable) and not isinstance(a, Variable):
        raise TypeError(
            f"{name}: an array cannot hold a Variable. Write into a Variable, as "
            f"Variable(np.zeros(3)), or use np.broadcast_to for one value everywhere, "
            f"np.where for a choice, np.stack for many"
        )
