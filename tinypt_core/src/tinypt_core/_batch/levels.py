"""Levels: which batches an array is in, which of them run, and over which a gradient is summed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from tinypt_core._batch.batched import Batched, levels_of

#: the levels of the vmaps that run their function now: what is done there is done per element
running: ContextVar[tuple[int, ...]] = ContextVar("tinypt_running_levels", default=())


@contextmanager
def inside(level: int) -> Iterator[None]:
    """Inside the `with` block everything is done once for each element of a batch."""
    token = running.set((*running.get(), level))
    try:
        yield
    finally:
        running.reset(token)


def surplus(shape: Any, place: Any) -> list[int]:
    """The levels that a gradient has, by its shape, and the place it goes to has not.

    It is to be summed over them: there one value served all elements. Not so over the batch of a
    vmap that still runs: for each of its elements a gradient of its own is asked for.
    """
    return [n for n in levels_of(shape) if n not in levels_of(place) and n not in running.get()]


def is_at(x: Any, level: int) -> bool:
    """Whether x is batched at this level, and none above."""
    return isinstance(x, Batched) and x.level == level


def wide(x: Any, level: int, ndim: int) -> Any:
    """x so that elements of `ndim` axes broadcast with it: more axes behind the hidden one."""
    if not isinstance(x, Batched) or x.level != level:
        return x
    shape = x.shape
    if len(shape) >= ndim:
        return x.data
    gap = (1,) * (ndim - len(shape))
    return np.reshape(x.data, (x._whole_shape()[0], *gap, *shape))


def top(values: Any) -> int:
    """The highest level among values; 0 if none is batched."""
    return max((x.level for x in values if isinstance(x, Batched)), default=0)


def length(values: Any, level: int) -> int:
    """How many elements the batch of this level has."""
    sizes = {int(x._whole_shape()[0]) for x in values if is_at(x, level)}
    if len(sizes) != 1:
        raise ValueError(f"batches of different lengths met: {sorted(sizes)}")
    return sizes.pop()
