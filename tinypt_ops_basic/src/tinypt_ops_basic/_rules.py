"""What several gradient rules share. Everything here runs on arrays and on Variables alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Variable


def zeros(gy: Any) -> Any:
    """The gradient of something that is constant almost everywhere: zeros like gy."""
    zero = np.zeros_like(gy)
    return Variable(zero) if isinstance(gy, Variable) else zero


def kept(shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    """The shape that is left of `shape` by a reduction with keepdims=True.

    >>> kept((2, 3, 4), (0, -1))
    (1, 3, 1)
    """
    if axis is None:
        return (1,) * len(shape)
    axes = {i % len(shape) for i in (axis if isinstance(axis, tuple) else (axis,))}
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def spread(gy: Any, shape: tuple[int, ...], axis: Any, keepdims: bool) -> Any:
    """The adjoint of a sum: gy repeated along the reduced axes, as a view."""
    if axis is not None and not keepdims:
        gy = gy.reshape(kept(shape, axis))
    return np.broadcast_to(gy, shape)


def share(gy: Any, wins: Any, ties: Any) -> Any:
    """The part of gy that goes to an operand where it wins; at a tie, one half of it."""
    if ties.any():
        return gy * wins + 0.5 * gy * ties
    return gy * wins
