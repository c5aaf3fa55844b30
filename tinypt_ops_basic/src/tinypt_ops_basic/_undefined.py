"""Where the first derivative is a convention, the second does not exist."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function


class Undefined(Function):
    """A gradient as it is, of which the derivative by xs does not exist where a mask holds.

    A norm at 0 or a tie has a first derivative by convention. It must not be differentiated as if
    it were one, so that the second derivative there is NaN. Along `gradient` the rule stays
    linear: forward mode and vector products of first order see the convention.

    mask: broadcasts to the shape of `gradient`, as xs do.

    >>> Undefined(np.array([True, False])).of(np.array([0.0, 2.0]), np.array([1.0, 1.0]))
    array([0., 2.])
    """

    __slots__ = ("mask",)
    keeps_nothing = True

    def __init__(self, mask: Any) -> None:
        self.mask = mask

    def forward(self, gradient: Any, *xs: Any) -> Any:
        return gradient

    def backward(self, gy: Any) -> Any:
        nowhere = np.where(self.mask, np.nan, 0 * gy)
        return gy, *(nowhere for _ in self.needs[1:])
