"""Hyperbolic functions and their inverses, elementwise; arguments are dimensionless."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_trig._riccati import RiccatiDerivative
from tinypt_ops_trig._slopes import OneMinusSquare, RootOnePlusSquare


class Sinh(Function):
    """Hyperbolic sine, elementwise: y = (eˣ - e⁻ˣ) / 2; y' = cosh(x).

    >>> from tinypt_core import Variable
    >>> np.sinh(Variable(np.array(0.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.sinh(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * np.cosh(x)


class Cosh(Function):
    """Hyperbolic cosine, elementwise: y = (eˣ + e⁻ˣ) / 2; y' = sinh(x).

    >>> from tinypt_core import Variable
    >>> np.cosh(Variable(np.array(0.0)))
    variable(1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.cosh(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * np.sinh(x)


class Tanh(Function):
    """Hyperbolic tangent, elementwise: y = tanh(x); y' = 1 - y².

    Only y is kept. Under create_graph the n-th derivative takes about n operators. Being computed
    from y, the derivatives are right to some 1e-16 of the largest of them, 1, not of their own
    size: where |x| > 19 they are 0. Keeping x as well would cost half as much time again. So the
    conformance kit is given |x| <= 3, where no more than two digits are lost.

    >>> from tinypt_core import Variable
    >>> x = Variable(np.array(0.0))
    >>> y = np.tanh(x)
    >>> y.backward()
    >>> y, x.grad
    (variable(0.0), array(1.))
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.tanh(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * RiccatiDerivative(-1).along(self, y)

    @staticmethod
    def samples(rng: np.random.Generator) -> Iterator[np.ndarray]:
        """Arguments for the conformance kit: |x| <= 3."""
        yield np.linspace(-3.0, 3.0, 7)
        yield rng.uniform(-3, 3, (2, 3))
        yield rng.uniform(-3, 3, (2, 1, 4))


class Arcsinh(Function):
    """Inverse hyperbolic sine, elementwise: y' = 1 / √(x² + 1).

    >>> from tinypt_core import Variable
    >>> np.arcsinh(Variable(np.array(0.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.arcsinh(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / RootOnePlusSquare().of(x)


class Arccosh(Function):
    """Inverse hyperbolic cosine, elementwise: y' = 1 / √(x² - 1). x: at least 1.

    Below 1, NaN; at 1 the derivative is infinite.

    >>> from tinypt_core import Variable
    >>> np.arccosh(Variable(np.array(1.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.arccosh(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / (np.sqrt(x - 1) * np.sqrt(x + 1))


class Arctanh(Function):
    """Inverse hyperbolic tangent, elementwise: y' = 1 / (1 - x²). x: in [-1, 1].

    Outside, NaN; at -1 and 1 value and derivative are infinite.

    >>> from tinypt_core import Variable
    >>> np.arctanh(Variable(np.array(0.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.arctanh(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / OneMinusSquare().of(x)
