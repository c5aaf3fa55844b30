"""Batching rules of what joins arrays and cuts them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._batch.table import Batch, rule


@rule(np.concatenate)
def concatenate(
    batch: Batch, f: Any, arrays: Any, /, axis: Any = 0, out: Any = None, **kwargs: Any
) -> Any:
    """One after the other along an axis; None flattens them."""
    if axis is None:
        return np.concatenate([batch.along(a, None)[0] for a in arrays], 1, **kwargs)
    i = batch.axis(axis, np.ndim(arrays[0]))
    return np.concatenate([batch.front(a) for a in arrays], i, **kwargs)


@rule(np.stack)
def stack(batch: Batch, f: Any, arrays: Any, axis: int = 0, out: Any = None, **kwargs: Any) -> Any:
    """Along a new axis."""
    i = batch.axis(axis, np.ndim(arrays[0]) + 1)
    return np.stack([batch.front(a) for a in arrays], i, **kwargs)


@rule(np.vstack, np.hstack, np.dstack, np.column_stack)
def stack_like(batch: Batch, f: Any, tup: Any, **kwargs: Any) -> Any:
    """Along the axis of that name."""
    if f is np.column_stack:
        rows = [a if np.ndim(a) > 1 else np.reshape(a, (-1, 1)) for a in tup]
    else:
        widen = {np.vstack: np.atleast_2d, np.hstack: np.atleast_1d, np.dstack: np.atleast_3d}[f]
        rows = [widen(a) for a in tup]
    axis = {np.vstack: 0, np.dstack: 2}.get(f, 1 if np.ndim(rows[0]) > 1 else 0)
    return concatenate(batch, np.concatenate, rows, axis, **kwargs)


@rule(np.split, np.array_split)
def split(batch: Batch, f: Any, ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """Cut along an axis."""
    return f(batch.front(ary), indices_or_sections, batch.axis(axis, np.ndim(ary)))


@rule(np.vsplit, np.hsplit, np.dsplit)
def split_like(batch: Batch, f: Any, ary: Any, indices_or_sections: Any) -> Any:
    """Cut along the axis of that name."""
    least = {np.vsplit: 2, np.hsplit: 1, np.dsplit: 3}[f]
    if np.ndim(ary) < least:
        raise ValueError(f"{f.__name__} only works on arrays of {least} or more dimensions")
    axis = {np.vsplit: 0, np.dsplit: 2}.get(f, 1 if np.ndim(ary) > 1 else 0)
    return split(batch, np.split, ary, indices_or_sections, axis)


if hasattr(np, "unstack"):  # NumPy 2.1

    @rule(np.unstack)
    def unstack(batch: Batch, f: Any, x: Any, /, *, axis: int = 0) -> Any:
        """The slices along an axis."""
        moved = np.moveaxis(batch.front(x), batch.axis(axis, np.ndim(x)), 0)
        return tuple(moved[i] for i in range(moved.shape[0]))
