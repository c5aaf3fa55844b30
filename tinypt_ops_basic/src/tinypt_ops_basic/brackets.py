"""Joining written with brackets: r_[x, 1.0, y] and c_[x, y], as np.r_ and np.c_.

NumPy's own np.r_ cannot see that a Variable is inside, and raises.

>>> from tinypt_core.ops import c_, r_
>>> from tinypt_core import Variable
>>> x = Variable(np.array([1.0, 2.0]))
>>> r_[x, 0.5, 0:2]
variable([1.  2.  0.5 0.  1. ])
>>> c_[x, [3.0, 4.0]]
variable([[1. 3.]
          [2. 4.]])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, tried_on

_NUMBERS = (bool, int, float, complex)  #: Python's, which take the dtype of the rest


@tried_on((normal(3), 0.5, normal(2)), ("0,2,0", normal(3), normal(3)))
def r_(*items: Any) -> Any:
    """The items one after the other, along the first axis: np.r_.

    An item is an array, a list, a number or a slice start:stop:step (of numbers; an imaginary
    step counts the points). The first may be text: "axis", "axis,ndim" or "axis,ndim,place", of
    the axis to join along, how many axes the items get at least, and where theirs go in that.
    Raises ValueError for other text: np.r_["r", ...] makes matrices, which are not supported.
    """
    return _joined(items, 0, 1, -1)


@tried_on((normal(3), normal(3)), (normal(2, 2), normal(2)))
def c_(*items: Any) -> Any:
    """The items beside each other, vectors being columns: np.c_. See `r_`."""
    return _joined(items, -1, 2, 0)


r_.indexed = c_.indexed = True  # type: ignore[attr-defined]


def _joined(items: tuple[Any, ...], axis: int, ndim: int, place: int) -> Any:
    if items and isinstance(items[0], str):
        axis, ndim, place = _directive(items[0], (axis, ndim, place))
        items = items[1:]
    parts = [item if type(item) in _NUMBERS else _part(item, ndim, place) for item in items]
    dtype = np.result_type(*(getattr(part, "dtype", part) for part in parts))
    parts = [np.full((1,) * ndim, p, dtype) if type(p) in _NUMBERS else p for p in parts]
    return np.concatenate(parts, axis)


def _directive(text: str, usual: tuple[int, int, int]) -> tuple[int, ...]:
    try:
        given = [int(word) for word in text.split(",")]
    except ValueError:
        given = []
    if not 0 < len(given) < 4:
        raise ValueError(f"{text!r}: write three integers, as '0,2,1', or leave it out")
    return (*given, *usual[len(given) :])


def _part(item: Any, ndim: int, place: int) -> Any:
    part = np.r_[item] if isinstance(item, slice) else array(item)
    missing = ndim - part.ndim
    if missing <= 0:
        return part
    wide = np.reshape(part, (1,) * missing + part.shape)
    if not part.ndim:
        return wide
    k = place if place >= 0 else place + missing + 1
    axes = list(range(ndim))
    return np.transpose(wide, axes[:k] + axes[missing:] + axes[k:missing])
