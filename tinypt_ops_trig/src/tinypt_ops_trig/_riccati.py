"""Derivatives of functions that satisfy y' = 1 + s y²: tanh (s = -1) and tan (s = 1).

All of them are polynomials in y: P₀ = y, Pₙ₊₁ = (1 + s y²) dPₙ/dy. Written as a product, the
n-th derivative under create_graph would grow like 3ⁿ operators; as one operator that knows its
own derivative it grows like n.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from tinypt_core import Function, Variable


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

    def along(self, node: Function, y: Any) -> Any:
        """This derivative of y = node(x), where y is an array, or a Variable of a graph."""
        if isinstance(y, Variable):
            return self.apply(node.inputs[0], y, self.s, self.n)
        return self.forward(None, y)

    def forward(self, x: Any, y: Any) -> Any:
        slope = 1 + self.s * y * y
        return slope if self.n == 1 else slope * _horner(factor(self.s, self.n), y)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * RiccatiDerivative(self.s, self.n + 1).along(self, y), None


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
    total: Any = coefficients[-1]
    for c in coefficients[-2::-1]:
        total = total * y + c
    return total
