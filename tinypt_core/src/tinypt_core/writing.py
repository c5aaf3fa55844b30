"""How operators assign and scatter: arrays that are written at the cost of the piece.

>>> assigned(np.zeros(3), 1, 5.0), scattered(np.ones(3), [0, 2, 2], (3,))
(array([0., 5., 0.]), array([1., 0., 2.]))
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tinypt_core._arrays import copied
from tinypt_core._buffer import opened
from tinypt_core._written import Written, picks_once, placed

__all__ = ["assigned", "opened", "picks_once", "piece", "scattered"]

#: elements from which on a copy costs more than keeping account
LARGE = 1_000


def assigned(x: Any, index: Any, value: Any) -> Any:
    """x with value at x[index], as a new array."""
    if x.__class__ is Written:
        return x.put(index, value)
    y = copied(x)
    y[index] = value
    return Written(y.shape, y.dtype, y) if y.__class__ is np.ndarray and y.size >= LARGE else y


def scattered(value: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of a shape with value added at index, as often as that names a place."""
    zeros = np.zeros_like(value, shape=shape)
    try:
        return placed(zeros, index, value)
    except (TypeError, NotImplementedError):  # of a kind that cannot be written there (Dask)
        return _counted(value, index, shape)


def piece(value: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """The same, as something that costs no more than value to add."""
    if value.__class__ in (np.ndarray, np.float64) and prod(shape) >= LARGE:
        return Written(shape, value.dtype, None, (index, value))
    return scattered(value, index, shape)


def _counted(value: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """The same by counting, with the numbers for weights."""
    n = prod(shape)
    at = np.reshape(np.arange(n), shape)[index]
    weights = np.ravel(value)
    at = np.zeros_like(weights.real, dtype=int) + np.ravel(at)  # an array of the same kind
    if value.dtype.kind == "c":
        real, imag = (np.bincount(at, part, n) for part in (weights.real, weights.imag))
        return np.reshape(real + 1j * imag, shape).astype(value.dtype)
    return np.reshape(np.bincount(at, weights, n), shape).astype(value.dtype)
