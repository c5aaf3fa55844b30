"""Piecewise linear interpolation: np.interp."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, tried_on
from tinypt_ops_basic.constants import plain


@tried_on(
    (normal(4), np.array([-1.0, 0.2, 0.7, 2.0]), normal(4)),
    (normal(2, 3), np.array([-0.5, 0.1, 0.3]), normal(3), normal(), normal()),
)
def interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """The polygon through the points (xp, fp), at x. xp: (n,), ascending; fp: (n,); x: any shape.

    left, right: the values below the first xp and above the last; those of the first and last
    fp if None. period: that of x and xp. Differentiable by all of them; at a point xp the
    slope of x is that of the piece to its right.

    Raises ValueError for empty points, or as many xp as fp are not.

    >>> from tinypt_core import Variable
    >>> x = Variable(np.array(1.5))
    >>> y = np.interp(x, [1.0, 2.0], [10.0, 30.0])
    >>> y.backward()
    >>> y, x.grad
    (variable(20.0), array(20.))
    """
    x, xp, fp = array(x), array(xp), array(fp)
    if xp.ndim != 1 or xp.shape != fp.shape or not xp.size:
        raise ValueError(f"interp: xp and fp need one axis of one length, not {xp.shape, fp.shape}")
    if period is not None:
        x, xp, fp = _unrolled(x, xp, fp, period)
        left = right = None
    y = _on_polygon(x, xp, fp)
    y = np.where(np.less(x, xp[0]), fp[0] if left is None else left, y)
    return np.where(np.greater(x, xp[-1]), fp[-1] if right is None else right, y)


def _on_polygon(x: Any, xp: Any, fp: Any) -> Any:
    if xp.size == 1:
        return x * 0 + fp[0]
    i = np.clip(np.searchsorted(plain(xp), plain(x), "right") - 1, 0, xp.size - 2)
    x0, x1, f0, f1 = xp[i], xp[i + 1], fp[i], fp[i + 1]
    inside = np.greater_equal(x, xp[0]) & np.less_equal(x, xp[-1])  # far away, inf * 0 is NaN
    return f0 + (f1 - f0) * np.where(inside | np.isnan(x), (x - x0) / (x1 - x0), 0)


def _unrolled(x: Any, xp: Any, fp: Any, period: Any) -> tuple[Any, Any, Any]:
    """x in [0, period), and the points there with a neighbour beyond either end."""
    if not np.all(np.not_equal(period, 0)):
        raise ValueError("interp: the period must not be 0")
    period = np.abs(period)
    xp = np.mod(xp, period)
    order = np.argsort(xp)
    xp, fp = xp[order], fp[order]
    xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
    return np.mod(x, period), xp, np.concatenate([fp[-1:], fp, fp[:1]])
