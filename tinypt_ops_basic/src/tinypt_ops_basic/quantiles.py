"""Quantiles and percentiles along axes, with NaN counted or left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array, rows
from tinypt_ops_basic._samples import normal, tried_on
from tinypt_ops_basic.constants import plain

#: the place of the quantile q among n sorted elements: n q + alpha + q (1 - alpha - beta) - 1
_PLACES = {
    "linear": (1, 1),
    "hazen": (0.5, 0.5),
    "weibull": (0, 0),
    "interpolated_inverted_cdf": (0, 1),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}
#: what becomes of a place between two elements
_STEPS = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint}


@tried_on(
    (normal(5), np.array([0.3, 0.8])),
    (normal(2, 5), np.array(0.45), 1),
    (normal(3, 2), 0.3, (0, 1), None, False, "lower"),
)
def quantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: None = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: None = None,
) -> Any:
    """The value below which the fraction q of the elements lies, along axes: np.quantile.

    q: in [0, 1], any shape; its axes come first in the result. method: "linear", "hazen",
    "weibull", "interpolated_inverted_cdf", "median_unbiased", "normal_unbiased", "lower",
    "higher", "nearest" or "midpoint". The gradient goes to the two elements next to the place,
    and to q where the method interpolates.

    Raises ValueError for another method, for weights, or q outside [0, 1].

    >>> from tinypt_core import Variable
    >>> np.quantile(Variable(np.array([1.0, 2.0, 4.0])), 0.75)
    variable(3.0)
    """
    if weights is not None:
        raise ValueError("quantile: weights= is not supported")
    a = _ordered(a)
    x, axes = rows(a, axis)
    missing = np.isnan(x).any(axis=-1)
    y = _among(np.sort(x, axis=-1), x.shape[-1], _fraction(q, a.dtype), method)
    return _laid_out(np.where(missing[..., None], np.nan, y), a, q, axes, keepdims)


@tried_on((normal(5), np.array([30.0, 80.0])), (normal(2, 5), np.array(45.0), 1))
def percentile(a: Any, q: Any, axis: Any = None, *args: Any, **options: Any) -> Any:
    """The quantile at q / 100. q: in [0, 100].

    >>> from tinypt_core import Variable
    >>> np.percentile(Variable(np.array([1.0, 2.0, 4.0])), 75)
    variable(3.0)
    """
    return quantile(a, _hundredth(q), axis, *args, **options)


@tried_on(
    (normal(4), np.array(0.4)),
    (normal(2, 3), np.array([0.3]), 1),
)
def nanquantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: None = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    *,
    weights: None = None,
) -> Any:
    """The quantile of what is not NaN; NaN where nothing is left, as np.nanquantile.

    >>> from tinypt_core import Variable
    >>> np.nanquantile(Variable(np.array([1.0, np.nan, 2.0])), 0.5)
    variable(1.5)
    """
    if weights is not None:
        raise ValueError("nanquantile: weights= is not supported")
    a = _ordered(a)
    x, axes = rows(a, axis)
    if not x.shape[-1]:
        x = np.full((*x.shape[:-1], 1), np.nan, x.dtype)
    n = np.count_nonzero(~np.isnan(x), axis=-1)[..., None]
    y = _among(np.sort(x, axis=-1), n, _fraction(q, a.dtype), method)
    return _laid_out(y, a, q, axes, keepdims)


@tried_on((normal(4), np.array(40.0)))
def nanpercentile(a: Any, q: Any, axis: Any = None, *args: Any, **options: Any) -> Any:
    """The percentile of what is not NaN.

    >>> from tinypt_core import Variable
    >>> np.nanpercentile(Variable(np.array([1.0, np.nan, 2.0])), 50)
    variable(1.5)
    """
    return nanquantile(a, _hundredth(q), axis, *args, **options)


def nanmedian(
    a: Any,
    axis: Any = None,
    out: None = None,
    overwrite_input: bool = False,
    keepdims: bool = False,
) -> Any:
    """The median of what is not NaN.

    >>> from tinypt_core import Variable
    >>> np.nanmedian(Variable(np.array([1.0, np.nan, 2.0])))
    variable(1.5)
    """
    return nanquantile(a, 0.5, axis, keepdims=bool(keepdims))


def _ordered(a: Any) -> Any:
    """a as an array. Raises TypeError for complex numbers, which have no order."""
    a = array(a)
    if a.dtype.kind == "c":
        raise TypeError("quantiles are of real numbers; take np.real(a), np.imag(a) or np.abs(a)")
    return a


def _hundredth(q: Any) -> Any:
    return q / 100 if isinstance(q, (int, float)) else array(q) / 100


def _fraction(q: Any, dtype: Any) -> Any:
    """q on one axis. A Python number takes the precision of the data."""
    if not np.all(np.greater_equal(q, 0) & np.less_equal(q, 1)):
        raise ValueError("quantiles must be in the range [0, 1], percentiles in [0, 100]")
    if isinstance(q, (int, float)):
        q = np.asarray(q, dtype if dtype.kind == "f" else float)
    return np.reshape(array(q), (-1,))


def _among(x: Any, n: Any, q: Any, method: str) -> Any:
    """The quantiles q of the first n elements, which ascend, of the last axis of x."""
    if method == "midpoint":
        return (_among(x, n, q, "lower") + _among(x, n, q, "higher")) / 2
    if method in _STEPS:
        place = _STEPS[method](plain((n - 1) * q))
    elif method in _PLACES:
        alpha, beta = _PLACES[method]
        place = n * q + (alpha + q * (1 - alpha - beta)) - 1
    else:
        raise ValueError(f"method {method!r} is not supported; write one of "
                         f"{', '.join([*_PLACES, *_STEPS, 'midpoint'])}")  # fmt: skip
    last = np.maximum(n - 1, 0)
    place = np.clip(place, 0, last)
    low = np.floor(plain(place)).astype(int)
    wide = (*x.shape[:-1], q.size)
    low, high = np.broadcast_to(low, wide), np.broadcast_to(np.minimum(low + 1, last), wide)
    first = np.take_along_axis(x, low, -1)
    return first + (np.take_along_axis(x, high, -1) - first) * (place - low).astype(
        np.result_type(x, q)
    )


def _laid_out(y: Any, a: Any, q: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """The quantiles, on the last axis of y, on axes of their own in front."""
    rest = [n for i, n in enumerate(a.shape) if i not in axes]
    if keepdims:
        rest = [1 if i in axes else n for i, n in enumerate(a.shape)]
    return np.reshape(np.moveaxis(y, -1, 0), (*np.shape(q), *rest))
