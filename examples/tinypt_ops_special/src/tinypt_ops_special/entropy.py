"""Entropies: xlogy, entr, kl_div, elementwise, with SciPy's limits where an argument is 0.

x, y: shapes that broadcast, dimensionless, positive. float32 in gives float32 out.
The operators of two arguments leave `elementwise` off: SciPy's ufuncs of two arguments would
compute xlogy(2.0, x) in float64 for a float32 x, so the number is made an array of x's dtype first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special
from tinypt_core import Function


class Xlogy(Function):
    """x ln(y), and 0 where x is 0, elementwise.

    ∂/∂x = ln y, ∂/∂y = x/y; at x = y = 0 the latter is taken as 0.

    >>> from tinypt_core.ops import xlogy
    >>> xlogy(np.array([0.0, 2.0]), np.array([0.0, 1.0]))
    variable([0. 0.])
    """

    __slots__ = ()

    def forward(self, x0: Any, x1: Any) -> Any:
        return special.xlogy(x0, x1)

    def backward(self, gy: Any, x0: Any, x1: Any) -> Any:
        n0, n1 = self.needs
        return gy * np.log(x1) if n0 else None, gy * _ratio(x0, x1) if n1 else None

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        yield from _positive_pairs(rng)


class Entr(Function):
    """Elementwise entropy: y = -x ln x, 0 at x = 0; y' = -1 - ln x. x: 0 or more.

    >>> from tinypt_core.ops import entr
    >>> entr(np.array([0.0, 0.5, 2.0]))
    variable([ 0.          0.34657359 -1.38629436])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return special.entr(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (-1 - np.log(x))

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        for shape in ((), (3,), (2, 3), (0, 3)):
            yield (rng.uniform(0.2, 3, size=shape),)


class KlDiv(Function):
    """Elementwise Kullback-Leibler divergence: x ln(x/y) - x + y, and y where x is 0.

    ∂/∂x = ln(x/y), ∂/∂y = 1 - x/y; at x = y = 0 the ratio is taken as 0.

    >>> from tinypt_core.ops import kl_div
    >>> kl_div(np.array([0.0, 1.0, 2.0]), np.array([3.0, 1.0, 1.0]))
    variable([3.         0.         0.38629436])
    """

    __slots__ = ()

    def forward(self, x0: Any, x1: Any) -> Any:
        return special.kl_div(x0, x1)

    def backward(self, gy: Any, x0: Any, x1: Any) -> Any:
        ratio = _ratio(x0, x1)
        n0, n1 = self.needs
        return gy * np.log(ratio) if n0 else None, gy * (1 - ratio) if n1 else None

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        yield from _positive_pairs(rng)


def _ratio(x0: Any, x1: Any) -> Any:
    """x0/x1, with 0/0 = 0. Only 0/0 is masked: at x0 = 0 alone its slope is still 1/x1."""
    return x0 / (x1 + ((x0 == 0) & (x1 == 0)))


def _positive_pairs(rng: np.random.Generator) -> Any:
    for shapes in (((), ()), ((3,), (2, 3)), ((2, 1), (1, 3)), ((0, 3), (3,))):
        x0, x1 = (rng.uniform(0.2, 3, size=shape) for shape in shapes)
        yield x0, x1
