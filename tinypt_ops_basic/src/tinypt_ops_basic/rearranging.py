"""Putting elements in, taking them out, laying them out anew."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, tried_on
from tinypt_ops_basic.assignment import holdable
from tinypt_ops_basic.constants import plain


@tried_on((normal(2, 3), normal(2)), (normal(2, 3), normal(1, 3), 0))
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """values after arr along an axis; axis None flattens both first.

    >>> from tinypt_core import Variable
    >>> np.append(Variable(np.ones(2)), 5.0)
    variable([1. 1. 5.])
    """
    arr, values = array(arr), array(values)
    if axis is None:
        arr, values, axis = np.ravel(arr), np.ravel(values), 0
    return np.concatenate([arr, values], axis=axis)


@tried_on((normal(2, 3), [0, 4]), (normal(2, 3), slice(None, None, 2), 1), (normal(3), 1))
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """arr without what obj (an int, a slice, a list, a mask) picks along an axis.

    axis None flattens arr first.

    >>> from tinypt_core import Variable
    >>> np.delete(Variable(np.array([1.0, 2.0, 3.0])), 1)
    variable([1. 3.])
    """
    arr = array(arr)
    if axis is None:
        arr, axis = np.ravel(arr), 0
    return np.take(arr, np.delete(np.arange(arr.shape[axis]), plain(obj)), axis=axis)


@tried_on(
    (normal(3), 1, normal()),
    (normal(3), [0, 3, 1], normal(3)),
    (normal(2, 3), 1, normal(2), 1),
    (normal(2, 3), [2], normal(1, 3), 0),
    (normal(2, 2), slice(0, 2), normal(2, 1)),
)
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """arr with values before the places obj (an int, a slice, a list) along an axis.

    axis None flattens arr first. The result has the dtype of arr.

    Raises TypeError for floating point values in an integer array.

    >>> from tinypt_core import Variable
    >>> np.insert(Variable(np.array([1.0, 2.0])), 1, 5.0)
    variable([1. 5. 2.])
    """
    arr, values = array(arr), array(values)
    if axis is None:
        arr, axis = np.ravel(arr), 0
        values = np.ravel(values) if np.ndim(values) > 1 else values
    n = arr.shape[axis]
    places = np.arange(*obj.indices(n)) if isinstance(obj, slice) else np.asarray(plain(obj))
    if places.size == 1:
        values = np.reshape(values, (1,) * (arr.ndim - values.ndim) + values.shape)
        values = values if places.ndim else np.moveaxis(values, 0, axis)
    order = np.insert(np.arange(n), *_arrivals(n, places, values, axis))
    wide = list(arr.shape)
    wide[axis] = order.size - n
    values = np.broadcast_to(holdable(values, arr.dtype).astype(arr.dtype), tuple(wide))
    return np.take(np.concatenate([arr, values], axis=axis), order, axis=axis)


def _arrivals(n: int, places: Any, values: Any, axis: int) -> tuple[Any, Any]:
    """Where new elements go among n, and the numbers they have after those."""
    if places.size == 1:
        return places.item(), np.arange(n, n + values.shape[axis])
    return places, np.arange(n, n + places.size)


@tried_on((normal(2, 3), (2, 4)), (normal(3), 2), (normal(), (2, 2)))
def resize(a: Any, new_shape: Any) -> Any:
    """The elements of a in another shape: repeated from the start where they do not suffice.

    >>> from tinypt_core import Variable
    >>> np.resize(Variable(np.array([1.0, 2.0])), (1, 3))
    variable([[1. 2. 1.]])
    """
    a = np.ravel(array(a))
    shape = new_shape if isinstance(new_shape, tuple) else tuple(np.ravel(new_shape).tolist())
    if not a.size:
        return np.zeros(shape, a.dtype)
    return np.reshape(np.take(a, np.arange(prod(shape)) % a.size), shape)


@tried_on((normal(3),), (normal(2, 2), 1))
def diagflat(v: Any, k: int = 0) -> Any:
    """A matrix with the elements of v on its k-th diagonal.

    >>> from tinypt_core import Variable
    >>> np.diagflat(Variable(np.array([1.0, 2.0])))
    variable([[1. 0.]
              [0. 2.]])
    """
    return np.diag(np.ravel(array(v)), k)


@tried_on(([normal(2, 2), normal(2, 1)],))
def block(arrays: Any) -> Any:
    """Arrays laid out as the nested lists say: the innermost side by side, and so on outward.

    >>> from tinypt_core import Variable
    >>> np.block([[Variable(np.ones((1, 1))), np.zeros((1, 1))], [np.zeros((1, 2))]])
    variable([[1. 0.]
              [0. 0.]])
    """
    depth = _depth(arrays)
    ndim = max([depth, *map(np.ndim, _leaves(arrays))])
    return _joined(arrays, depth, ndim)


def _joined(part: Any, depth: int, ndim: int) -> Any:
    if isinstance(part, list):
        return np.concatenate([_joined(p, depth - 1, ndim) for p in part], axis=-depth)
    part = array(part)
    return np.reshape(part, (1,) * (ndim - part.ndim) + part.shape)


def _depth(part: Any) -> int:
    return 1 + max(map(_depth, part)) if isinstance(part, list) else 0


def _leaves(part: Any) -> list[Any]:
    return [x for p in part for x in _leaves(p)] if isinstance(part, list) else [part]


@tried_on(
    (np.array([0, 1, 1]), [normal(3), normal(3)]), (np.array([[1], [0]]), [normal(2), normal()])
)
def choose(a: Any, choices: Any, out: None = None, mode: Any = "raise") -> Any:
    """For each element the choice whose number a holds; all broadcast. a: integers.

    mode: what becomes of numbers out of range: "raise", "wrap" or "clip".

    Raises ValueError for a number out of range under "raise".

    >>> from tinypt_core import Variable
    >>> np.choose([1, 0], [Variable(np.array([1.0, 2.0])), np.array([3.0, 4.0])])
    variable([3. 2.])
    """
    number, *wide = np.broadcast_arrays(np.asarray(plain(a)), *map(array, choices))
    number = np.choose(number, list(range(len(wide))), mode=mode)
    return np.take_along_axis(np.stack(wide), number[None], axis=0)[0]


@tried_on(([True, False, True], normal(3)))
def extract(condition: Any, arr: Any) -> Any:
    """The elements of arr where condition holds, flattened.

    >>> from tinypt_core import Variable
    >>> np.extract([True, False], Variable(np.array([1.0, 2.0])))
    variable([1.])
    """
    return np.compress(np.ravel(plain(condition)), np.ravel(array(arr)))


def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """filt without its leading ("f" in trim) and trailing ("b") zeros, along axes.

    >>> from tinypt_core import Variable
    >>> np.trim_zeros(Variable(np.array([0.0, 1.0, 0.0])))
    variable([1.])
    """
    filt = array(filt)
    mask = np.not_equal(plain(filt), 0)
    axes = range(filt.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    key = [slice(None)] * filt.ndim
    for i in axes:
        others = tuple(j for j in range(filt.ndim) if j != i % filt.ndim)
        found = np.flatnonzero(mask.any(axis=others))
        first, last = (found[0], found[-1] + 1) if found.size else (filt.shape[i], filt.shape[i])
        front, back = "f" in trim.lower(), "b" in trim.lower()
        key[i] = slice(int(first) if front else 0, int(last) if back else filt.shape[i])
    return np.copy(filt[tuple(key)])
