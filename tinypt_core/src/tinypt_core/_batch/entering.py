"""The way into a batch and out of it, for arrays: an axis becomes the hidden one, and back."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np

from tinypt_core._batch.batched import Batched
from tinypt_core._batch.levels import is_at

#: a number of its own for every call of vmap; one that begins later lies inside, and is higher
next_level = count(1).__next__


def enter(x: Any, level: int, axis: int, returning: bool = False) -> Batched:
    """The slices of x along an axis as a batch."""
    return at_level(np.moveaxis(x, axis, 0), level, returning)


def collect(xs: Any, level: int) -> Batched:
    """Values of one shape as the elements of a batch."""
    return at_level(np.stack(xs), level)


def at_level(data: Any, level: int, returning: bool = False) -> Batched:
    """An array whose first axis is the batch of a level, with the highest level outermost."""
    if isinstance(data, Batched) and data.level > level:
        inner = at_level(np.swapaxes(data.data, 0, 1), level)
        return Batched(inner, data.level, returning)
    return Batched(data, level, returning)


def element(x: Any, level: int, i: int) -> Any:
    """Element i of the batch of a level; x itself if it is the same for all."""
    if not isinstance(x, Batched) or x.level < level:
        return x
    if x.level > level:
        return Batched(element(x.data, level, i), x.level, x.returning)
    return x.data[i, ...]


def leave(y: Any, level: int, axis: int, n: int) -> Any:
    """The n elements of a batch along an axis; n times y if it is the same for all."""
    if isinstance(y, Batched) and y.level > level:
        behind = 1 + axis % (y.ndim + 1)
        return Batched(leave(y.data, level, behind, n), y.level, y.returning)
    data = y.data if is_at(y, level) else np.broadcast_to(y, (n, *np.shape(y)))
    return data if axis == 0 else np.moveaxis(data, 0, axis)


def length_along(x: Any, axis: int, what: str) -> int:
    """How many slices an argument has along an axis, or an error that names it."""
    shape = tuple(np.shape(x))
    if not -len(shape) <= axis < len(shape):
        raise ValueError(
            f"{what} has shape {shape} and no axis {axis}; give None in in_axes for what is the "
            f"same for every element"
        )
    return int(shape[axis])


def elements(x: Batched, level: int) -> int:
    """How many elements the batch of a level has, of an array that is batched at it."""
    return int(x.data.shape[0]) if x.level == level else elements(x.data, level)


def whole(x: Any) -> Any:
    """All elements of all batches as one array, the hidden axes first; any other as it is."""
    while isinstance(x, Batched):
        x = x.data
    return x
