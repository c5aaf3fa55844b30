"""Means and running sums whose rounding errors do not grow with the number of terms."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core.sums import wide_total

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
    """Running sums along the first axis: y_k = Σ_{i≤k} a_i, added in float64 at least.

    Sums in blocks would cost three times as much in float64, where the error of n additions, some
    √n units in the last place, is left as NumPy's.

    >>> running(np.ones(300, np.float32))[-1]
    np.float32(300.0)
    """
    dtype = np.result_type(a.dtype, np.float64) if a.dtype.kind in "fc" else None
    y = np.cumsum(a, axis=0, dtype=dtype)
    return y.astype(a.dtype) if dtype is not None and dtype != a.dtype else y
