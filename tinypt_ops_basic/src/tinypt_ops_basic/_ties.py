"""What comes through the vectors of a decomposition where two of its values w are equal.

There a gradient xᵢⱼ / (wⱼ - wᵢ) is 0 / 0 even for what does not depend on the choice of vectors,
such as v w² vᴴ, and its limit is not known to a rule. Nor is it where the two differ by rounding
errors and x is nothing but that. So it is NaN, unless it must be 0: nothing of the pair was used.
All decisions are made on plain arrays. n values w: (..., n); x: (..., n, n).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function, anywhere
from tinypt_ops_basic._undefined import Undefined
from tinypt_ops_basic.constants import plain
from tinypt_ops_basic.matrices import h


class Seen(Function):
    """Vectors as they are, noting that they are used: `mark` gets a gradient of ones.

    Their own gradient may add up to 0 and not tell, as of (v * w) @ inv(v).
    """

    __slots__ = ()
    keeps_nothing = True

    def forward(self, vectors: Any, mark: Any) -> Any:
        return np.copy(vectors)

    def backward(self, gy: Any) -> Any:
        return gy, np.ones_like(gy, shape=self.shapes[1])


def unseen(a: Any) -> Any:
    """The mark of vectors that nobody has used yet: an output of the decomposition, (..., 1, 1)."""
    return np.zeros_like(np.real(a), shape=(*a.shape[:-2], 1, 1))


def tied(w: Any, zero: bool = False) -> bool:
    """Whether any two of the values are nearly equal; zero: or one of them is nearly 0."""
    a = plain(w)
    off, limit = ~np.eye(a.shape[-1], dtype=bool), _limit(a)
    near = off & (np.abs(a[..., None, :] - a[..., :, None]) <= limit)
    return anywhere(near) or (zero and anywhere(np.abs(a)[..., None] <= limit))


def size_of(gv: Any) -> Any:
    """How large a gradient is, whose rounding errors are those of what is computed from it."""
    return np.max(np.abs(plain(gv)), axis=(-2, -1), keepdims=True, initial=0)


def between(x: Any, w: Any, size: Any, gw: Any, gseen: Any) -> Any:
    """xᵢⱼ / (wⱼ - wᵢ), 0 on the diagonal. size: of the gradients by vectors, as x has errors."""
    row, column = np.expand_dims(w, -2), np.expand_dims(w, -1)
    gap, eps = row - column, np.finfo(w.dtype).eps
    known, exact = plain(gap), np.equal(plain(gap), 0)
    n, off = w.shape[-1], ~np.eye(w.shape[-1], dtype=bool)
    near = off & (np.abs(known) <= _limit(w))
    if not anywhere(near):
        return np.where(off, x, 0) / np.where(off, gap, 1)
    used, slope = _used(gw, gseen), np.where(exact, 0, _largest(gw) * _largest(w))
    noise = 4 * eps * (n * size + slope)
    clear = ~(np.abs(plain(x)) <= noise)  # NaN is
    lost = near & (exact | ~clear)
    y = np.where(off & ~lost, x, 0) / np.where(off & ~lost, gap, 1)
    return Undefined(lost).of(np.where(lost & ((exact & clear) | _either(used)), np.nan, y), x)


def together(x: Any, w: Any, size: Any) -> Any:
    """xᵢⱼ / (wⱼ + wᵢ) of w >= 0, 0 on the diagonal; NaN where both are 0 and x is not."""
    total = np.expand_dims(w, -2) + np.expand_dims(w, -1)
    eps, off = np.finfo(w.dtype).eps, ~np.eye(w.shape[-1], dtype=bool)
    zero = off & (plain(total) <= eps * _largest(w))
    y = np.where(off & ~zero, x, 0) / np.where(off & ~zero, total, 1)
    if not anywhere(zero):
        return y
    clear = ~(np.abs(plain(x)) <= 4 * eps * w.shape[-1] * size)
    return Undefined(zero).of(np.where(zero & clear, np.nan, y), x)


def outside(x: Any, w: Any, size: Any, gw: Any, gseen: Any) -> Any:
    """Columns xⱼ / wⱼ of w >= 0; where wⱼ is 0 beside the largest, NaN unless nothing is used."""
    row, eps = np.expand_dims(w, -2), np.finfo(w.dtype).eps
    zero = plain(row) <= eps * _largest(w)
    y = np.where(zero, 0, x) / np.where(zero, 1, row)
    if not anywhere(zero):
        return y
    clear = ~np.all(np.abs(plain(x)) <= 4 * eps * w.shape[-1] * size, axis=-2, keepdims=True)
    return Undefined(zero).of(np.where(zero & (clear | _used(gw, gseen)), np.nan, y), x)


def diagonal(values: Any) -> Any:
    """Matrices with the values on their diagonals."""
    return np.expand_dims(values, -1) * np.eye(values.shape[-1], dtype=values.dtype)


def phase(ugu: Any, s: Any) -> Any:
    """What turns the common phase of a pair of singular vectors; 0 for reals."""
    turn = np.diagonal(ugu - h(ugu), axis1=-2, axis2=-1)
    zero = np.equal(s, 0)
    return 0.5 * turn / np.where(zero, 1, s)


def _largest(w: Any) -> Any:
    return np.max(np.abs(plain(w)), axis=-1, keepdims=True, initial=0)[..., None]


def _limit(w: Any) -> Any:
    """How far apart equal values may be computed."""
    return 16 * w.shape[-1] * np.finfo(w.dtype).eps * _largest(w)


def _used(gw: Any, gseen: Any) -> Any:
    """Which values something depends on, if it depends on the vectors as well: (..., 1, n)."""
    slope = np.abs(plain(gw))[..., None, :]
    eps = np.finfo(slope.dtype).eps
    some = slope > 4 * eps * slope.shape[-1] * np.max(slope, axis=-1, keepdims=True, initial=0)
    return some & (gseen is not None and np.not_equal(plain(gseen), 0))


def _either(row: Any) -> Any:
    return row | np.swapaxes(row, -1, -2)
