"""Batching rules of choosing, of new arrays, and of questions about arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._batch.batched import Batched, NeedsLoop
from tinypt_core._batch.indexing import getitem
from tinypt_core._batch.table import _ALL, Batch, Plain, rule

# -- elementwise, as ufuncs are --------------------------------------------------------------------


@rule(np.where, np.clip, arrays=_ALL)
def aligned(batch: Batch, f: Any, *xs: Any, **kwargs: Any) -> Any:
    """Of operands that broadcast."""
    if f is np.where and len(xs) < 3:
        raise NeedsLoop
    given = [*xs, *kwargs.values()]
    ndim = max(np.ndim(x) for x in given if x is not None)
    wide = [batch.wide(x, ndim) for x in given]
    return f(*wide[: len(xs)], **dict(zip(kwargs, wide[len(xs) :], strict=True)))


@rule(np.select, arrays=_ALL)
def select(batch: Batch, f: Any, condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """The first choice of which the condition holds."""
    ndim = max(np.ndim(x) for x in (*condlist, *choicelist, default))
    wide = [[batch.wide(x, ndim) for x in xs] for xs in (condlist, choicelist, [default])]
    shape = (
        batch.size,
        *np.broadcast_shapes(*(tuple(np.shape(x)) for x in (*condlist, *choicelist))),
    )
    wide[0][0] = np.broadcast_to(wide[0][0], shape)
    return np.select(wide[0], wide[1], wide[2][0])


@rule(
    np.real, np.imag, np.nan_to_num, np.round, np.around, np.fix, np.sinc, np.i0, np.angle,
    np.isposinf, np.isneginf, np.isreal, np.iscomplex, np.copy, np.array, np.asarray,
    np.asanyarray, np.ascontiguousarray,
)  # fmt: skip
def elementwise(batch: Batch, f: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    """Of each number by itself."""
    return f(batch.front(x), *args, **kwargs)


@rule(np.isclose, arrays=2)
def isclose(batch: Batch, f: Any, a: Any, b: Any, *args: Any, **kwargs: Any) -> Any:
    """Of pairs that broadcast."""
    ndim = max(np.ndim(a), np.ndim(b))
    return f(batch.wide(a, ndim), batch.wide(b, ndim), *args, **kwargs)


# -- new arrays ------------------------------------------------------------------------------------


@rule(np.zeros_like, np.ones_like, np.empty_like)
def new_like(
    batch: Batch, f: Any, a: Any, dtype: Any = None, order: Any = "K", subok: Any = True,
    shape: Any = None, **kwargs: Any,
) -> Any:  # fmt: skip
    """Batched too, of the same shape or another."""
    return f(a.data, dtype, shape=_whole(batch, a, shape))


@rule(np.full_like, arrays=2)
def full_like(
    batch: Batch, f: Any, a: Any, fill_value: Any, dtype: Any = None, order: Any = "K",
    subok: Any = True, shape: Any = None, **kwargs: Any,
) -> Any:  # fmt: skip
    """Filled with a value, which may differ from element to element."""
    whole = _whole(batch, a, shape)
    filled = np.broadcast_to(batch.wide(fill_value, len(whole) - 1), whole)
    return filled.astype(np.result_type(a) if dtype is None else dtype)


def _whole(batch: Batch, a: Any, shape: Any) -> tuple[int, ...]:
    if shape is None:
        shape = np.shape(a)
    return (batch.size, *(shape if isinstance(shape, (tuple, list)) else (shape,)))


# -- picking ---------------------------------------------------------------------------------------


@rule(np.take, arrays=2)
def take(
    batch: Batch,
    f: Any,
    a: Any,
    indices: Any,
    axis: Any = None,
    out: Any = None,
    mode: Any = "raise",
) -> Any:
    """Elements at indices along an axis."""
    if not batch.holds(indices):
        moved, i = batch.along(a, axis)
        return np.take(moved, indices, i, mode=mode)
    if axis is None:
        a, axis = np.ravel(a), 0
    n = np.shape(a)[axis]
    if mode != "raise":
        indices = indices % n if mode == "wrap" else np.clip(indices, 0, n - 1)
    if not batch.holds(a):
        where = batch.axis(axis, np.ndim(a)) - 1
        return np.moveaxis(np.take(a, indices.data, where), where, 0)
    index = (*(slice(None),) * (batch.axis(axis, np.ndim(a)) - 1), indices)
    return getitem(a, index).data


@rule(np.take_along_axis, arrays=2)
def take_along_axis(batch: Batch, f: Any, arr: Any, indices: Any, axis: Any = -1) -> Any:
    """One element for every index."""
    if axis is None:
        return np.take_along_axis(batch.along(arr, None)[0], batch.front(indices), 1)
    if np.ndim(arr) != np.ndim(indices):
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    return f(batch.front(arr), batch.front(indices), batch.axis(axis, np.ndim(arr)))


@rule(np.compress, arrays=2)
def compress(
    batch: Batch, f: Any, condition: Any, a: Any, axis: Any = None, out: Any = None
) -> Any:
    """Where a condition holds, which must be the same for all elements."""
    if batch.holds(condition):
        raise NeedsLoop
    moved, i = batch.along(a, axis)
    return np.compress(condition, moved, i)


# -- questions -------------------------------------------------------------------------------------


@rule(np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.iscomplexobj, np.isrealobj,
      np.min_scalar_type, np.common_type, arrays=_ALL)  # fmt: skip
def question(batch: Batch, f: Any, *args: Any, **kwargs: Any) -> Plain:
    """The same answer for all elements, so that of one array alike."""
    alike = [
        np.broadcast_to(np.empty((), x.dtype), x.shape) if isinstance(x, Batched) else x
        for x in args
    ]
    return Plain(f(*alike, **kwargs))
