"""Sums whose rounding errors do not grow with the number of terms.

NumPy adds the rows of an array one after the other, so that the error of a sum along the first
axis grows like the number of rows; only along the fastest axis it goes by halves. Here every
axis is summed in blocks of 128, and the sums of the blocks in blocks again: the error grows like
the logarithm (Higham 1993, The accuracy of floating point summation). float16 is summed in float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_basic._rules import count, reduced

#: terms that are added one after the other
BLOCK = 128


def total(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Σ a along axes, in the dtype that NumPy's sum has.

    >>> total(np.ones((300, 2), np.float32), 0)
    array([300., 300.], dtype=float32)
    """
    y = wide_total(a, axis, keepdims)
    return y.astype(a.dtype) if a.dtype == np.float16 else y


def mean(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Σ a / n along axes, in the dtype that NumPy's mean has.

    >>> mean(np.full(70_000, 2, np.float16))
    np.float16(2.0)
    """
    if not a.size or a.dtype.kind not in "fc":
        return np.mean(a, axis=axis, keepdims=keepdims)
    y = wide_total(a, axis, keepdims) / count(a.shape, axis)
    return y.astype(a.dtype) if a.dtype == np.float16 else y


def wide_total(a: Any, axis: Any, keepdims: bool) -> Any:
    """Σ a, in float32 for float16."""
    if a.size > BLOCK and a.dtype.kind in "fc" and not in_chunks(a):
        summed = reduced(a.ndim, axis)
        for i in range(0 if all(summed) else a.ndim):  # all of them go by halves already
            a = _in_blocks(a, i) if summed[i] else a
    return np.sum(a, axis=axis, keepdims=keepdims, dtype=_wide(a))


def in_chunks(a: Any) -> bool:
    """Whether a Dask array, whose sums of chunks are summed by halves already."""
    return hasattr(a, "__dask_graph__")


def _wide(a: Any) -> Any:
    """The dtype to sum a in; None for NumPy's choice."""
    return np.float32 if a.dtype == np.float16 else None


def _in_blocks(a: Any, axis: int) -> Any:
    """Partial sums along an axis, no more than BLOCK of them."""
    while (n := a.shape[axis]) > BLOCK:
        before, after = a.shape[:axis], a.shape[axis + 1 :]
        whole = n - n % BLOCK
        first = (*(slice(None),) * axis, slice(whole))
        rest = (*(slice(None),) * axis, slice(whole, None))
        blocks = np.reshape(a[first], (*before, n // BLOCK, BLOCK, *after))
        sums = np.sum(blocks, axis=axis + 1, dtype=_wide(a))
        tail = np.sum(a[rest], axis=axis, keepdims=True, dtype=_wide(a))
        a = np.concatenate([sums, tail], axis=axis)
    return a


def running(a: Any) -> Any:
    """Running sums along the first axis, in float32 at least: y_k = Σ_{i≤k} a_i.

    >>> running(np.ones(300, np.float32))[[0, 127, 128, 299]]
    array([  1., 128., 129., 300.], dtype=float32)
    """
    n, wide = len(a), _wide(a)
    if n <= BLOCK or a.dtype.kind not in "fc" or in_chunks(a):
        return np.cumsum(a, axis=0, dtype=wide)
    blocks = -(-n // BLOCK)
    if n % BLOCK:
        a = np.concatenate([a, np.zeros_like(a[: blocks * BLOCK - n])])
    inside = np.cumsum(np.reshape(a, (blocks, BLOCK, *a.shape[1:])), axis=1, dtype=wide)
    sums = inside[:, -1]
    before = np.concatenate([np.zeros_like(sums[:1]), running(sums[:-1])])
    return np.reshape(inside + before[:, None], a.shape)[:n]
