"""Running sums and products under the names of the array API standard."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, tried_on


@tried_on((normal(3),), (normal(2, 3), {"axis": -1, "include_initial": True}))
def cumulative_sum(
    x: Any, /, *, axis: int | None = None, dtype: Any = None, out: None = None,
    include_initial: bool = False,
) -> Any:  # fmt: skip
    """Running sum along an axis. include_initial: begin with 0.

    >>> from tinypt_core import Variable
    >>> np.cumulative_sum(Variable(np.ones(2)), include_initial=True)
    variable([0. 1. 2.])
    """
    return _running(np.cumsum, 0, x, axis, dtype, include_initial)


@tried_on((normal(3),), (normal(2, 3), {"axis": -1, "include_initial": True}))
def cumulative_prod(
    x: Any, /, *, axis: int | None = None, dtype: Any = None, out: None = None,
    include_initial: bool = False,
) -> Any:  # fmt: skip
    """Running product along an axis. include_initial: begin with 1.

    >>> from tinypt_core import Variable
    >>> np.cumulative_prod(Variable(np.array([2.0, 3.0])), include_initial=True)
    variable([1. 2. 6.])
    """
    return _running(np.cumprod, 1, x, axis, dtype, include_initial)


def _running(run: Any, first: int, x: Any, axis: int | None, dtype: Any, initial: bool) -> Any:
    x = np.atleast_1d(array(x))
    if axis is None:
        if x.ndim > 1:
            raise ValueError("for an array of more than one axis, `axis` must be given")
        axis = 0
    y = run(x if dtype is None else x.astype(dtype), axis=axis)
    if not initial:
        return y
    shape = list(y.shape)
    shape[axis] = 1
    return np.concatenate([np.full(shape, first, y.dtype), y], axis=axis)
