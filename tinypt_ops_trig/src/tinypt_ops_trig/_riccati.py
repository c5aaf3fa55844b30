"""Derivatives of functions that satisfy y' = 1 + s y²: tanh (s = -1) and tan (s = 1).

All of them are polynomials in y: P₀ = y, Pₙ₊₁ = (1 + s y²) dPₙ/dy. Written as a product, the
n-th derivative under create_graph would grow like 3ⁿ operators; as one operator that knows its
own derivative it grows like n.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from tinypt_core import Function


class RiccatiDerivative(Function):
    """The n-th derivative of y(x) where y' = 1 + s y², computed from y.

    x is there only to be differentiated along: its array is not read, and need not be kept.
    The way through y is no second one, so y gets no gradient; asked for one, the core refuses.
    """

    __slots__ = ("n", "s")
    passes_over = 1

    def __init__(self, s: int, n: int = 1) -> None:
        self.s = s
        self.n = n

    def forward(self, x: Any, y: Any) -> Any:
        return slope(self.s, y) * _horner(factor(self.s, self.n), y)

    def backward(self, gy: Any, y: Any) -> Any:
        higher = RiccatiDerivative(self.s, self.n + 1)
        return gy * higher(self.inputs[0], y), None


def slope(s: int, y: Any) -> Any:
    """y' = 1 + s y², from arrays; for s = -1 as (1 - y)(1 + y), which is exact near |y| = 1."""
    return 1 + y * y if s > 0 else (1 - y) * (1 + y)


@cache
def factor(s: int, n: int) -> tuple[float, ...]:
    """The coefficients of Pₙ / (1 + s y²), lowest first.

    >>> factor(-1, 2)
    (0.0, -2.0)
    """
    if n == 1:
        return (1.0,)
    q = factor(s, n - 1)
    p = [a + s * b for a, b in zip((*q, 0.0, 0.0), (0.0, 0.0, *q), strict=True)]  # (1 + s y²) q
    return tuple(i * c for i, c in enumerate(p))[1:]


def _horner(coefficients: tuple[float, ...], y: Any) -> Any:
    total = coefficients[-1] * np.ones_like(y)
    for c in coefficients[-2::-1]:
        total = total * y + c
    return total
