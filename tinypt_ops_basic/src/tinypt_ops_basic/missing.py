"""Reductions and running sums that leave NaN out: np.nanmax and its relatives.

The gradient of an element that is NaN is 0. Where nothing is left, extrema, means and spreads
are NaN; NumPy warns of it, these do not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import anywhere
from tinypt_ops_basic._composites import array
from tinypt_ops_basic._rules import squared
from tinypt_ops_basic._scaling import power_of_two
from tinypt_ops_basic.constants import plain


def _filled(a: Any, value: Any) -> tuple[Any, Any]:
    """a with value for NaN, and where it is not NaN."""
    a = array(a)
    there = ~np.isnan(a)
    return np.where(there, a, value), there


def _or_nan(y: Any, there: Any, axis: Any, keepdims: bool) -> Any:
    """NaN where nothing was left."""
    some = np.any(there, axis=axis, keepdims=keepdims)
    return np.where(some, y, np.nan) if anywhere(~some) else y


def nanmax(a: Any, axis: Any = None, out: None = None, keepdims: bool = False) -> Any:
    """Largest element that is not NaN; equal ones share the gradient.

    >>> from tinypt_core import Variable
    >>> np.nanmax(Variable(np.array([1.0, np.nan])))
    variable(1.0)
    """
    x, there = _filled(a, -np.inf)
    return _or_nan(np.max(x, axis=axis, keepdims=bool(keepdims)), there, axis, bool(keepdims))


def nanmin(a: Any, axis: Any = None, out: None = None, keepdims: bool = False) -> Any:
    """Smallest element that is not NaN; equal ones share the gradient.

    >>> from tinypt_core import Variable
    >>> np.nanmin(Variable(np.array([1.0, np.nan])))
    variable(1.0)
    """
    x, there = _filled(a, np.inf)
    return _or_nan(np.min(x, axis=axis, keepdims=bool(keepdims)), there, axis, bool(keepdims))


def nanprod(a: Any, axis: Any = None, dtype: Any = None, out: None = None,
            keepdims: bool = False) -> Any:  # fmt: skip
    """Product of what is not NaN.

    >>> from tinypt_core import Variable
    >>> np.nanprod(Variable(np.array([2.0, np.nan])))
    variable(2.0)
    """
    y = np.prod(_filled(a, 1)[0], axis=axis, keepdims=bool(keepdims))
    return y if dtype is None else y.astype(dtype)


def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: None = None) -> Any:
    """Running sum with NaN counted as 0.

    >>> from tinypt_core import Variable
    >>> np.nancumsum(Variable(np.array([2.0, np.nan, 1.0])))
    variable([2. 2. 3.])
    """
    y = np.cumsum(_filled(a, 0)[0], axis=axis)
    return y if dtype is None else y.astype(dtype)


def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: None = None) -> Any:
    """Running product with NaN counted as 1.

    >>> from tinypt_core import Variable
    >>> np.nancumprod(Variable(np.array([2.0, np.nan, 3.0])))
    variable([2. 2. 6.])
    """
    y = np.cumprod(_filled(a, 1)[0], axis=axis)
    return y if dtype is None else y.astype(dtype)


def nanmean(a: Any, axis: Any = None, dtype: Any = None, out: None = None,
            keepdims: bool = False) -> Any:  # fmt: skip
    """Mean of what is not NaN.

    >>> from tinypt_core import Variable
    >>> np.nanmean(Variable(np.array([1.0, np.nan, 3.0])))
    variable(2.0)
    """
    x, there = _filled(a, 0)
    n = np.count_nonzero(there, axis=axis, keepdims=bool(keepdims))
    y = np.sum(x, axis=axis, keepdims=bool(keepdims))
    y = _or_nan(y / np.maximum(n, 1).astype(y.dtype), there, axis, bool(keepdims))
    return y if dtype is None else y.astype(dtype)


def nanvar(a: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: float = 0,
           keepdims: bool = False, *, correction: Any = None) -> Any:  # fmt: skip
    """Variance of what is not NaN: Σ |a - mean|² / (n - ddof).

    >>> from tinypt_core import Variable
    >>> np.nanvar(Variable(np.array([1.0, np.nan, 3.0])))
    variable(1.0)
    """
    x, there = _filled(a, 0)
    d = np.where(there, x - nanmean(a, axis, keepdims=True), 0)
    one = np.count_nonzero(there, axis=axis, keepdims=True)
    rest = np.sum(d, axis=axis, keepdims=True) / np.maximum(one, 1).astype(d.dtype)
    d = np.where(there, d - rest, 0)  # what rounding the mean left
    squares = squared(d)
    n = np.count_nonzero(there, axis=axis, keepdims=bool(keepdims))
    free = n - (ddof if correction is None else correction)
    y = np.sum(squares, axis=axis, keepdims=bool(keepdims))
    y = y / np.where(free > 0, free, np.nan).astype(y.dtype)
    return y if dtype is None else y.astype(dtype)


def nanstd(a: Any, axis: Any = None, dtype: Any = None, out: None = None, ddof: float = 0,
           keepdims: bool = False, *, correction: Any = None) -> Any:  # fmt: skip
    """Standard deviation of what is not NaN: √nanvar. Of equal numbers it has gradient 0.

    It does not overflow on the way.

    >>> from tinypt_core import Variable
    >>> np.nanstd(Variable(np.array([1.0, np.nan, 3.0])))
    variable(1.0)
    """
    x, _ = _filled(a, 0)
    if not x.size:
        return np.sqrt(nanvar(a, axis, dtype, None, ddof, keepdims, correction=correction))
    scale = power_of_two(plain(x), axis).astype(x.dtype)
    y = nanvar(array(a) / scale, axis, dtype, None, ddof, keepdims, correction=correction)
    equal = np.equal(y, 0)
    y = np.where(equal, 0, np.sqrt(np.where(equal, 1, y)))
    return y * np.reshape(scale, y.shape)
