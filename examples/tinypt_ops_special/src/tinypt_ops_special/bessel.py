"""Modified Bessel functions of the first kind: i0, i1, iv.

Elementwise; x: any shape, dimensionless. float32 in gives float32 out.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np
from scipy import special
from tinypt_core import Function


class I0(Function):
    """Modified Bessel function of order 0, elementwise: y = I₀(x); y' = I₁(x).

    Source: DLMF 10.29.3.

    >>> from tinypt_core.ops import i0
    >>> i0(np.array([0.0, 1.0]))
    variable([1.         1.26606588])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return special.i0(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * special.i1(x)


class I1(Function):
    """Modified Bessel function of order 1, elementwise: y = I₁(x); y' = (I₀(x) + I₂(x))/2.

    Source: DLMF 10.29.1. The other form, I₀(x) - I₁(x)/x, would be 0/0 at 0.

    >>> from tinypt_core.ops import i1
    >>> i1(np.array([0.0, 1.0]))
    variable([0.        0.5651591])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return special.i1(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (0.5 * (special.i0(x) + special.iv(2, x)))


class Iv(Function):
    """Modified Bessel function of integer order v, elementwise: y = Iᵥ(x).

    y' = (Iᵥ₋₁(x) + Iᵥ₊₁(x))/2. Called as SciPy's: iv(v, x). v: an integer; a constant.
    Source: DLMF 10.29.1. Raises TypeError if v is no integer.

    >>> from tinypt_core.ops import iv
    >>> iv(2, np.array([0.0, 1.0]))
    variable([0.         0.13574767])
    """

    __slots__ = ("v",)
    elementwise = True

    def __init__(self, v: int) -> None:
        self.v = index(v)

    def forward(self, x: Any) -> Any:
        return special.iv(self.v, x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (0.5 * (special.iv(self.v - 1, x) + special.iv(self.v + 1, x)))

    @classmethod
    def apply(cls, v: int, x: Any) -> Any:
        """Call it with SciPy's order of arguments."""
        return cls(v)(x)

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        for v in range(4):
            yield v, rng.normal(size=(2, 3))
