"""Exponentials and logarithms, elementwise, broadcasting as NumPy's. x is dimensionless."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinypt_core import Function

_LN2 = math.log(2)
_LN10 = math.log(10)


class Exp(Function):
    """Exponential, elementwise: y = e^x.

    >>> from tinypt_core.ops import exp
    >>> exp(0.0)
    variable(1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * y


class Exp2(Function):
    """Power of two, elementwise: y = 2^x.

    >>> from tinypt_core.ops import exp2
    >>> exp2(3.0)
    variable(8.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.exp2(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * (_LN2 * y)


class Expm1(Function):
    """y = e^x - 1, elementwise, exact near 0.

    >>> from tinypt_core.ops import expm1
    >>> expm1(1e-20)
    variable(1e-20)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.expm1(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * np.exp(x)  # y + 1 would lose it for x << 0


class Log(Function):
    """Natural logarithm, elementwise: y = ln x.

    >>> from tinypt_core.ops import log
    >>> log(1.0)
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.log(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / x


class Log2(Function):
    """Logarithm to base 2, elementwise: y = ln x / ln 2.

    >>> from tinypt_core.ops import log2
    >>> log2(8.0)
    variable(3.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.log2(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (1 / _LN2 / x)


class Log10(Function):
    """Logarithm to base 10, elementwise: y = ln x / ln 10.

    >>> from tinypt_core.ops import log10
    >>> log10(1000.0)
    variable(3.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.log10(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (1 / _LN10 / x)


class Log1p(Function):
    """y = ln(1 + x), elementwise, exact near 0.

    >>> from tinypt_core.ops import log1p
    >>> log1p(1e-20)
    variable(1e-20)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.log1p(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / (1 + x)
