"""Elements of batched arrays: x[index], x[index] = v and np.add.at, batched index or not."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from tinypt_core._batch.batched import Batched, NeedsLoop
from tinypt_core._batch.levels import is_at, length, top
from tinypt_core._batch.looping import batched_in, looped

_ALL = slice(None)


def getitem(x: Batched, index: Any) -> Any:
    """x[index] for every element of the batch."""
    level = top([x, *batched_in(index)])
    try:
        return _getitem(x, index, level)
    except NeedsLoop:
        return looped("x[index]", operator.getitem, (x, index), {}, level)


def _getitem(x: Batched, index: Any, level: int) -> Any:
    if x.level < level:
        return take_everywhere(x, index, level)
    if any(is_at(i, level) for i in batched_in(index)):
        key, back = _keys(x.shape, index, level)
        return Batched(back(x.data[key]), level, x.returning)
    if _is_basic(index):
        return Batched(x.data[_behind(index)], level, x.returning)
    n = length((x,), level)
    flat = np.reshape(x.data, (n, x.size))
    return Batched(np.take(flat, _places(x.shape, index), axis=1), level, x.returning)


def take_everywhere(x: Any, index: Any, level: int) -> Any:
    """x[index] of an x that is the same for the whole batch, at a batched index."""
    n = length(batched_in(index), level)
    wide = Batched(np.broadcast_to(x, (n, *np.shape(x))), level)
    return getitem(wide, index)


def setitem(x: Batched, index: Any, value: Any) -> None:
    """x[index] = value, in an array of the batch's own."""
    _write(x, index, value, _assign)


def add_at(x: Any, index: Any, value: Any) -> None:
    """np.add.at(x, index, value), in an array of the batch's own."""
    _write(x, index, value, np.add.at)


def _assign(a: Any, key: Any, value: Any) -> None:
    a[key] = value


def require_own(x: Any, level: int) -> None:
    """Raise unless x has elements of its own for the batch of a level, to write into."""
    if not isinstance(x, Batched) or x.level < level:
        raise NeedsLoop(
            "a batched value does not fit into an array that is the same for the whole batch; "
            "write np.where or np.concatenate, or start from np.zeros_like(x, shape=...)"
        )
    if getattr(x.data, "base", None) is not None:
        raise NeedsLoop("writing into a batched array that may be seen elsewhere; use np.where")


def _write(x: Any, index: Any, value: Any, write: Any) -> None:
    require_own(x, top([value, *batched_in(index)]))
    level = x.level
    if any(is_at(i, level) for i in batched_in(index)):
        key, back = _keys(x.shape, index, level)
        shape = back(np.broadcast_to(0, x._whole_shape())[_plain(key)]).shape
        write(x.data, key, back(_fitting(value, shape, level), undo=True))
    elif _is_basic(index):
        shape = np.broadcast_to(0, x._whole_shape())[_behind(index)].shape
        write(x.data, _behind(index), _fitting(value, shape, level))
    else:
        n, places = length((x,), level), _places(x.shape, index)
        key = (_ALL, *np.unravel_index(places, x.shape))
        write(x.data, key, _fitting(value, (n, *places.shape), level))


def _fitting(value: Any, shape: tuple[int, ...], level: int) -> Any:
    """A value with the hidden axis, as wide as the place it goes to."""
    if is_at(value, level):
        gap = len(shape) - 1 - value.ndim
        value = np.reshape(value.data, (shape[0], *(1,) * gap, *value.shape))
    return np.broadcast_to(value, shape)


# -- what an index means ---------------------------------------------------------------------------


def _parts(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _behind(index: Any) -> tuple[Any, ...]:
    """The index of elements, behind the hidden axis."""
    return (_ALL, *_parts(index))


def _is_basic(index: Any) -> bool:
    return all(
        i is None or i is Ellipsis or isinstance(i, (slice, np.integer))
        or (isinstance(i, int) and not isinstance(i, bool))
        for i in _parts(index)
    )  # fmt: skip


def _places(shape: tuple[int, ...], index: Any) -> Any:
    """Where in the flattened element the numbers lie that an index of arrays picks."""
    if batched_in(index):
        raise NeedsLoop("an index that is batched at a lower level")
    return np.arange(int(np.prod(shape))).reshape(shape)[index]


def _plain(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(np.zeros(k.shape, int) if isinstance(k, Batched) else k for k in key)


def _keys(shape: tuple[int, ...], index: Any, level: int) -> tuple[tuple[Any, ...], Any]:
    """An index that picks element by element, and what puts the axes of its result in order.

    NumPy puts the axes of index arrays first where they do not stand together. The hidden axis
    gets an index array of its own, so here they always come first.
    """
    parts = _spelled_out(shape, index)
    arrays = [i for i in parts if i is not None and not isinstance(i, slice)]
    if any(_is_mask(i) for i in arrays):
        raise NeedsLoop("the number of elements under a batched mask depends on it; use np.where")
    n = length(arrays, level)
    ndim = max(np.ndim(i) for i in arrays)
    hidden = np.arange(n).reshape(n, *(1,) * ndim)
    key = (hidden, *(_aligned(i, n, ndim, level) for i in parts))
    where = [k for k, i in enumerate(parts) if i is not None and not isinstance(i, slice)]
    together = where == list(range(where[0], where[-1] + 1))
    before = where[0] if together else 0
    front, to = tuple(range(1, 1 + ndim)), tuple(range(1 + before, 1 + before + ndim))

    def back(a: Any, undo: bool = False) -> Any:
        return np.moveaxis(a, to, front) if undo else np.moveaxis(a, front, to)

    return key, back


def _is_mask(i: Any) -> bool:
    return hasattr(i, "dtype") and i.dtype.kind == "b"


def _aligned(i: Any, n: int, ndim: int, level: int) -> Any:
    if not is_at(i, level):
        return i
    return np.reshape(i.data, (n, *(1,) * (ndim - i.ndim), *i.shape))


def _spelled_out(shape: tuple[int, ...], index: Any) -> list[Any]:
    """The parts of an index with one slice for each axis that an ellipsis stands for."""
    parts = [np.asarray(i) if isinstance(i, list) else i for i in _parts(index)]
    used = sum(i.ndim if _is_mask(i) else 1 for i in parts if i is not None and i is not Ellipsis)
    free = [_ALL] * (len(shape) - used)
    dots = [k for k, i in enumerate(parts) if i is Ellipsis]
    at = dots[0] if dots else len(parts)
    return [*parts[:at], *free, *parts[at + 1 :]]
