"""Arrays made of a few numbers: grids, ranges, and what is filled with one value."""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, tried_on
from tinypt_ops_basic.assignment import holdable


def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    """Coordinates of all points of a grid with the coordinates xi along its axes, as a tuple.

    indexing: "xy" has the first two axes exchanged, "ij" has not. sparse: leave the arrays to
    broadcast.

    >>> from tinypt_core import Variable
    >>> np.meshgrid(Variable(np.array([1.0, 2.0])), np.array([0.0]))[0]
    variable([[1. 2.]])
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing is 'xy' or 'ij', not {indexing!r}")
    n = len(xi)
    order = [1, 0, *range(2, n)] if indexing == "xy" and n > 1 else range(n)
    arrays = [
        np.reshape(array(x), (1,) * i + (-1,) + (1,) * (n - 1 - i))
        for x, i in zip(xi, order, strict=True)
    ]
    wide: Any = arrays if sparse else np.broadcast_arrays(*arrays)
    return tuple(map(np.copy, wide) if copy else wide)


@tried_on((normal(), normal(), 5), (normal(2), normal(3, 1), 4), (normal(2), normal(2), 3, False))
def linspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    """num numbers at equal steps from start to stop: y = start (1 - t) + stop t, t in [0, 1].

    endpoint: whether stop is one of them. retstep: give the step as well.

    >>> from tinypt_core import Variable
    >>> np.linspace(0.0, Variable(np.array(1.0)), 3)
    variable([0.  0.5 1. ])
    """
    start, stop = array(start) * 1.0, array(stop) * 1.0
    t, pieces = _fractions(num, endpoint, np.result_type(start, stop))
    t = np.reshape(t, (-1,) + (1,) * max(np.ndim(start), np.ndim(stop)))
    y = _cast(np.moveaxis(start * (1 - t) + stop * t, 0, axis), dtype)
    return (y, (stop - start) / pieces if pieces else np.nan) if retstep else y


def _fractions(num: Any, endpoint: bool, dtype: Any) -> tuple[Any, int]:
    """The numbers from 0 to 1, of the real dtype beside dtype; and into how many pieces."""
    num = index(num)
    if num < 0:
        raise ValueError(f"the number of samples is {num}; it cannot be negative")
    pieces = num - 1 if endpoint else num
    return (np.arange(num) / max(pieces, 1)).astype(np.finfo(dtype).dtype), pieces


def _cast(y: Any, dtype: Any) -> Any:
    if dtype is None:
        return y
    return (np.floor(y) if np.dtype(dtype).kind in "iu" else y).astype(dtype)


@tried_on((np.array(1.5), np.array(4.0), 5), (np.array([-1.0, 2.0]), np.array([-3.0, 0.5]), 4))
def geomspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """num numbers at equal ratios from start to stop: y = start (stop / start)^t, t in [0, 1].

    Raises ValueError if one of them is 0.

    >>> from tinypt_core import Variable
    >>> np.geomspace(1.0, Variable(np.array(4.0)), 3)
    variable([1. 2. 4.])
    """
    start, stop = array(start) * 1.0, array(stop) * 1.0
    if np.any(np.equal(start, 0)) or np.any(np.equal(stop, 0)):
        raise ValueError("geomspace: a geometric sequence cannot start or stop at 0")
    t, _ = _fractions(num, endpoint, np.result_type(start, stop))
    t = np.reshape(t, (-1,) + (1,) * max(np.ndim(start), np.ndim(stop)))
    return _cast(np.moveaxis(start * (stop / start) ** t, 0, axis), dtype)


@tried_on((normal(), normal(), 5), (normal(2), normal(), 3))
def logspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """num numbers from base^start to base^stop: y = base ** linspace(start, stop, num).

    >>> from tinypt_core import Variable
    >>> np.logspace(0.0, Variable(np.array(2.0)), 3)
    variable([  1.  10. 100.])
    """
    if np.ndim(base):
        wide = np.broadcast_shapes(np.shape(start), np.shape(stop), np.shape(base))
        start, base = np.broadcast_to(start, wide), np.expand_dims(array(base), axis)
    exponents = linspace(start, stop, num, endpoint, axis=axis)
    return _cast(np.power(base, exponents), dtype)


@tried_on(((2, 3), normal()), ((2, 3), normal(3)), (2, normal(1)))
def full(shape: Any, fill_value: Any, dtype: Any = None, order: str = "C", **options: Any) -> Any:
    """An array of this shape filled with a value, which broadcasts to it.

    >>> from tinypt_core import Variable
    >>> from tinypt_core.ops import full
    >>> full((1, 2), Variable(np.array(3.0)))
    variable([[3. 3.]])
    """
    y = np.copy(np.broadcast_to(array(fill_value), shape))
    return y if dtype is None else y.astype(dtype)


@tried_on(([0.0, 0.0, 0.0], normal()), ([[0.0], [0.0]], normal(1)))
def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    **options: Any,
) -> Any:
    """An array of the shape and dtype of a filled with a value, which is differentiable.

    Raises TypeError for a floating point value in an integer array.

    >>> from tinypt_core import Variable
    >>> np.full_like(Variable(np.zeros(2)), 3.0)
    array([3., 3.])
    """
    dtype = array(a).dtype if dtype is None else np.dtype(dtype)
    fill = holdable(array(fill_value), dtype)
    return full(np.shape(a) if shape is None else shape, fill, dtype)


@tried_on((normal(3),), (normal(3), 2), (normal(2), 3, True))
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """The matrix of powers of a vector: y[i, j] = x[i]^(N-1-j), or x[i]^j if increasing.

    >>> from tinypt_core import Variable
    >>> np.vander(Variable(np.array([2.0, 3.0])), 3)
    variable([[4. 2. 1.]
              [9. 3. 1.]])
    """
    x = array(x)
    if x.ndim != 1:
        raise ValueError(f"vander: x needs one axis; its shape is {x.shape}")
    columns = [np.ones_like(x)]
    for _ in range(1, x.size if N is None else N):
        columns.append(columns[-1] * x)
    columns = columns[: x.size if N is None else N]
    if not columns:
        return np.ones((x.size, 0), x.dtype)
    return np.stack(columns if increasing else columns[::-1], axis=1)
