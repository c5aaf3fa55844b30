"""Means and running sums whose rounding errors do not grow with the number of terms."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core.sums import BLOCK, in_chunks, wide, wide_total

from tinypt_ops_basic._rules import count


def mean(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Σ a / n along axes, in the dtype that NumPy's mean has.

    >>> mean(np.full(70_000, 2, np.float16))
    np.float16(2.0)
    """
    if not a.size or a.dtype.kind not in "fc":
        return np.mean(a, axis=axis, keepdims=keepdims)
    y = wide_total(a, axis, keepdims) / count(a.shape, axis)
    return y.astype(a.dtype) if a.dtype == np.float16 else y


def running(a: Any) -> Any:
    """Running sums along the first axis, in float32 at least: y_k = Σ_{i≤k} a_i.

    >>> running(np.ones(300, np.float32))[[0, 127, 128, 299]]
    array([  1., 128., 129., 300.], dtype=float32)
    """
    n, dtype = len(a), wide(a)
    if n <= BLOCK or a.dtype.kind not in "fc" or in_chunks(a):
        return np.cumsum(a, axis=0, dtype=dtype)
    blocks = -(-n // BLOCK)
    if n % BLOCK:
        a = np.concatenate([a, np.zeros_like(a[: blocks * BLOCK - n])])
    inside = np.cumsum(np.reshape(a, (blocks, BLOCK, *a.shape[1:])), axis=1, dtype=dtype)
    sums = inside[:, -1]
    before = np.concatenate([np.zeros_like(sums[:1]), running(sums[:-1])])
    return np.reshape(inside + before[:, None], a.shape)[:n]
