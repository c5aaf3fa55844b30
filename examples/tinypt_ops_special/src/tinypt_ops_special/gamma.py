"""The gamma function's family: gammaln, digamma (psi), polygamma, betaln.

Elementwise; x: any shape, dimensionless. float32 in gives float32 out.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np
from scipy import special
from tinypt_core import Function, Variable


class Gammaln(Function):
    """Logarithm of the gamma function, elementwise: y = ln |Γ(x)|; y' = ψ(x).

    Source: DLMF 5.2.2. Infinite at 0, -1, -2 ...

    >>> from tinypt_core.ops import gammaln
    >>> gammaln(np.array([1.0, 5.0]))
    variable([0.         3.17805383])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return special.gammaln(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * special.psi(x)

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        yield from _positive(rng)


class Digamma(Function):
    """Digamma function, elementwise: y = ψ(x) = Γ'(x)/Γ(x); y' = ψ⁽¹⁾(x), polygamma(1, x).

    Source: DLMF 5.2.2 and 5.15. Poles at 0, -1, -2 ...

    >>> from tinypt_core.ops import digamma
    >>> digamma(np.array([1.0, 2.0]))
    variable([-0.57721566  0.42278434])
    """

    __slots__ = ()

    def forward(self, x: Any) -> Any:
        return special.psi(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * _polygamma(1, x)

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        yield from _positive(rng)


class Polygamma(Function):
    """Polygamma function, elementwise: y = ψ⁽ⁿ⁾(x), derivative n of ψ; y' = ψ⁽ⁿ⁺¹⁾(x).

    Called as SciPy's: polygamma(n, x). n: an integer, 0 or more; a constant.
    Source: DLMF 5.15. Poles at 0, -1, -2 ...
    Raises TypeError if n is no integer, ValueError if it is negative.

    >>> from tinypt_core.ops import polygamma
    >>> polygamma(1, np.array([1.0, 2.0]))
    variable([1.64493407 0.64493407])
    """

    __slots__ = ("n",)

    def __init__(self, n: int) -> None:
        self.n = index(n)
        if self.n < 0:
            raise ValueError(f"polygamma: n is {n}, the order of a derivative; give 0 or more")

    def forward(self, x: Any) -> Any:
        return _polygamma(self.n, x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * _polygamma(self.n + 1, x)

    @classmethod
    def apply(cls, n: int, x: Any) -> Any:
        """Call it with SciPy's order of arguments."""
        return cls(n)(x)

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        for (x,) in _positive(rng):
            yield 1, x


class Betaln(Function):
    """Logarithm of the beta function, elementwise: y = ln |B(a, b)|.

    ∂y/∂a = ψ(a) - ψ(a + b), and the same in b. a, b: shapes that broadcast.
    Source: DLMF 5.12.1.

    >>> from tinypt_core.ops import betaln
    >>> betaln(np.array([1.0, 2.0]), 3.0)
    variable([-1.09861229 -2.48490665])
    """

    __slots__ = ()

    def forward(self, a: Any, b: Any) -> Any:
        return special.betaln(a, b)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        common = special.psi(a + b)
        return gy * (special.psi(a) - common), gy * (special.psi(b) - common)

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        yield rng.uniform(0.5, 4, size=(2, 3)), rng.uniform(0.5, 4, size=3)


def _polygamma(n: int, x: Any) -> Any:
    """SciPy's polygamma keeps no float32 and, being no ufunc, knows no Variable."""
    if isinstance(x, Variable):
        return Polygamma(n)(x)
    value = special.polygamma(n, x)
    return value.astype(x.dtype) if x.dtype.kind == "f" else value


def _positive(rng: np.random.Generator) -> Any:
    for shape in ((), (3,), (2, 3), (0, 3)):
        yield (rng.uniform(0.5, 4, size=shape),)
