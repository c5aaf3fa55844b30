"""What several gradient rules share. Everything here runs on arrays and on Variables alike."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tinypt_core.sums import repeated

from tinypt_core import Variable, anywhere
from tinypt_ops_basic._undefined import Undefined


def reduced(ndim: int, axis: Any) -> list[bool]:
    """For each axis whether a reduction runs along it.

    >>> reduced(3, (0, -1))
    [True, False, True]
    """
    if axis is None:
        return [True] * ndim
    axes = {i % ndim for i in (axis if isinstance(axis, tuple) else (axis,))}
    return [i in axes for i in range(ndim)]


def count(shape: tuple[int, ...], axis: Any) -> int:
    """How many elements go into each result of a reduction.

    >>> count((2, 3, 4), (0, -1))
    8
    """
    return math.prod(n for n, k in zip(shape, reduced(len(shape), axis), strict=True) if k)


def kept(shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    """The shape that is left of `shape` by a reduction with keepdims=True.

    >>> kept((2, 3, 4), (0, -1))
    (1, 3, 1)
    """
    return tuple(1 if k else n for n, k in zip(shape, reduced(len(shape), axis), strict=True))


def spread(gy: Any, shape: tuple[int, ...], axis: Any, keepdims: bool) -> Any:
    """The adjoint of a sum: gy repeated along the reduced axes, as a view."""
    if axis is not None and not keepdims:
        gy = gy.reshape(kept(shape, axis))
    return repeated(gy, shape)


def squared(z: Any) -> Any:
    """|z|², elementwise.

    >>> squared(np.array([3 + 4j]))
    array([25.])
    """
    return np.real(z * np.conjugate(z)) if z.dtype.kind == "c" else z * z


def constants(**values: Any) -> None:
    """Refuse Variables as parameters, which take no gradient.

    Raises TypeError that says what to write.
    """
    for name, value in values.items():
        if isinstance(value, Variable) and value.dtype.kind in "fc":
            raise TypeError(
                f"{name}= is a constant and takes no gradient, but got a Variable; "
                f"write {name}=value.item() to use its value as a constant"
            )


def share(gy: Any, wins: Any, ties: Any, *xs: Any) -> Any:
    """The part of gy that goes to an operand where it wins; at a tie, one half of it.

    That half is a convention: there is no derivative of it by the operands xs.
    """
    if anywhere(ties):
        return Undefined(ties).of(gy * wins + 0.5 * gy * ties, *xs)
    return gy * wins
