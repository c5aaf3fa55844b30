"""Batching rules of what moves elements: shapes, axes, triangles, repeating."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._batch.batched import NeedsLoop
from tinypt_core._batch.table import _ALL, Batch, rule


@rule(np.reshape)
def reshape(
    batch: Batch, f: Any, a: Any, /, shape: Any = None, order: Any = "C", **kwargs: Any
) -> Any:
    """Other axes for the same numbers; in Fortran's order those of the transposed array."""
    if order not in ("C", "F") or shape is None or kwargs:
        raise NeedsLoop
    wanted = np.broadcast_to(0, np.shape(a)).reshape(shape).shape
    if order == "C":
        return np.reshape(batch.front(a), (batch.size, *wanted))
    flipped = np.reshape(_reversed(batch.front(a)), (batch.size, *wanted[::-1]))
    return _reversed(flipped)


def _reversed(a: Any) -> Any:
    """The axes behind the hidden one in reverse order."""
    return np.transpose(a, (0, *range(a.ndim - 1, 0, -1)))


@rule(np.ravel)
def ravel(batch: Batch, f: Any, a: Any, order: Any = "C") -> Any:
    """One axis."""
    return reshape(batch, f, a, (-1,), "F" if order == "F" else "C")


@rule(np.transpose, np.permute_dims)
def transpose(batch: Batch, f: Any, a: Any, axes: Any = None) -> Any:
    """The axes in another order, reversed by default."""
    order = range(np.ndim(a), 0, -1) if axes is None else batch.axes(tuple(axes), np.ndim(a))
    return np.transpose(batch.front(a), (0, *order))


@rule(np.matrix_transpose, np.linalg.matrix_transpose)
def matrix_transpose(batch: Batch, f: Any, x: Any, /) -> Any:
    """The last two axes exchanged."""
    return np.swapaxes(batch.front(x), batch.axis(-1, np.ndim(x)), batch.axis(-2, np.ndim(x)))


@rule(np.swapaxes)
def swapaxes(batch: Batch, f: Any, a: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged."""
    return np.swapaxes(batch.front(a), batch.axis(axis1, np.ndim(a)), batch.axis(axis2, np.ndim(a)))


@rule(np.moveaxis)
def moveaxis(batch: Batch, f: Any, a: Any, source: Any, destination: Any) -> Any:
    """Axes at other places."""
    ndim = np.ndim(a)
    return np.moveaxis(batch.front(a), batch.axes(source, ndim), batch.axes(destination, ndim))


@rule(np.rollaxis)
def rollaxis(batch: Batch, f: Any, a: Any, axis: int, start: int = 0) -> Any:
    """An axis moved before another."""
    ndim = np.ndim(a)
    start = start + ndim if start < 0 else start
    return np.rollaxis(batch.front(a), batch.axis(axis, ndim), start + 1)


@rule(np.expand_dims)
def expand_dims(batch: Batch, f: Any, a: Any, axis: Any) -> Any:
    """New axes of length 1, counted in the result."""
    new = len(axis) if isinstance(axis, (tuple, list)) else 1
    return np.expand_dims(batch.front(a), batch.axes(axis, np.ndim(a) + new))


@rule(np.squeeze)
def squeeze(batch: Batch, f: Any, a: Any, axis: Any = None) -> Any:
    """Without axes of length 1."""
    if axis is None:
        axis = tuple(i for i, n in enumerate(np.shape(a)) if n == 1)
    return np.squeeze(batch.front(a), batch.axes(axis, np.ndim(a)))


@rule(np.broadcast_to)
def broadcast_to(batch: Batch, f: Any, array: Any, shape: Any, subok: bool = False) -> Any:
    """Repeated to a shape."""
    wanted = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    return np.broadcast_to(batch.wide(array, len(wanted)), (batch.size, *wanted))


@rule(np.broadcast_arrays, arrays=_ALL)
def broadcast_arrays(batch: Batch, f: Any, *args: Any, subok: bool = False) -> Any:
    """All repeated to one shape."""
    shape = np.broadcast_shapes(*(tuple(np.shape(a)) for a in args))
    wide = [batch.wide(a, len(shape)) for a in args]
    return tuple(np.broadcast_to(a, (batch.size, *shape)) for a in wide)


@rule(np.atleast_1d, np.atleast_2d, np.atleast_3d, arrays=_ALL)
def atleast(batch: Batch, f: Any, *arys: Any) -> Any:
    """As many axes at least."""
    made = [np.reshape(batch.front(a), (batch.size, *_shape_of(f, a))) for a in arys]
    return made[0] if len(made) == 1 else tuple(made)


def _shape_of(f: Any, a: Any) -> Any:
    return f(np.broadcast_to(0, np.shape(a))).shape


@rule(np.tril, np.triu)
def triangle(batch: Batch, f: Any, m: Any, k: int = 0) -> Any:
    """Zeros beside a diagonal; of a vector as of equal rows."""
    if np.ndim(m) == 1:
        m = np.broadcast_to(m, (*np.shape(m), *np.shape(m)))
    return f(batch.front(m), k)


@rule(np.diag)
def diag(batch: Batch, f: Any, v: Any, k: int = 0) -> Any:
    """The diagonal of a matrix, or the matrix with a vector on it."""
    a, ndim = batch.front(v), np.ndim(v)
    if ndim == 2:
        return np.diagonal(a, k, 1, 2)
    if ndim != 1:
        raise ValueError("Input must be 1- or 2-d.")
    wide = np.eye(a.shape[1] + abs(k), k=k, dtype=bool)
    padded = np.pad(a, ((0, 0), (max(k, 0), max(-k, 0))))
    return np.where(wide, np.expand_dims(padded, 1), np.zeros((), a.dtype))


@rule(np.diagonal, np.trace)
def diagonal(
    batch: Batch, f: Any, a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, **kwargs: Any
) -> Any:
    """Over two axes."""
    ndim = np.ndim(a)
    return f(batch.front(a), offset, batch.axis(axis1, ndim), batch.axis(axis2, ndim), **kwargs)


@rule(np.linalg.diagonal, np.linalg.trace)
def matrix_diagonal(batch: Batch, f: Any, x: Any, /, *, offset: int = 0) -> Any:
    """Over the last two axes."""
    _needs_matrix(x)
    return f(batch.front(x), offset=offset)


def _needs_matrix(x: Any) -> None:
    if np.ndim(x) < 2:
        raise ValueError(f"{np.ndim(x)}-d elements of a batch; at least two axes are needed")


@rule(np.fliplr)
def fliplr(batch: Batch, f: Any, m: Any) -> Any:
    """Backwards along the second axis."""
    return np.flip(batch.front(m), batch.axis(1, np.ndim(m)))


@rule(np.flipud)
def flipud(batch: Batch, f: Any, m: Any) -> Any:
    """Backwards along the first axis."""
    return np.flip(batch.front(m), batch.axis(0, np.ndim(m)))


@rule(np.rot90)
def rot90(batch: Batch, f: Any, m: Any, k: int = 1, axes: Any = (0, 1)) -> Any:
    """Turned by right angles in the plane of two axes."""
    return np.rot90(batch.front(m), k, batch.axes(tuple(axes), np.ndim(m)))


@rule(np.tile)
def tile(batch: Batch, f: Any, A: Any, reps: Any) -> Any:
    """Laid side by side."""
    reps = tuple(reps) if np.ndim(reps) else (reps,)
    reps = (1,) * (np.ndim(A) - len(reps)) + reps
    return np.tile(batch.wide(A, len(reps)), (1, *reps))


@rule(np.repeat)
def repeat(batch: Batch, f: Any, a: Any, repeats: Any, axis: Any = None) -> Any:
    """Each element several times."""
    moved, i = batch.along(a, axis)
    return np.repeat(moved, repeats, i)


@rule(np.pad)
def pad(batch: Batch, f: Any, array: Any, pad_width: Any, *args: Any, **kwargs: Any) -> Any:
    """More around it; nothing along the hidden axis."""
    ndim = np.ndim(array)
    if isinstance(pad_width, dict) or any(np.ndim(v) for v in kwargs.values()):
        raise NeedsLoop
    widths = [tuple(int(i) for i in row) for row in np.broadcast_to(pad_width, (ndim, 2))]
    return np.pad(batch.front(array), [(0, 0), *widths], *args, **kwargs)
