"""Powers and roots, elementwise, broadcasting as NumPy's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinypt_core import Function, Variable

_NUMBERS = (int, float)


class Square(Function):
    """Square, elementwise: y = x².

    >>> from tinypt_core.ops import square
    >>> square(3.0)
    variable(9.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return x * x

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (2.0 * x)


class Sqrt(Function):
    """Square root, elementwise: y = √x. Its derivative at 0 is infinite.

    >>> from tinypt_core.ops import sqrt
    >>> sqrt(9.0)
    variable(3.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.sqrt(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy / (2 * y)


class Cbrt(Function):
    """Cube root, elementwise: y = ∛x, for x of either sign. Its derivative at 0 is infinite.

    >>> from tinypt_core.ops import cbrt
    >>> cbrt(-8.0)
    variable(-2.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.cbrt(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy / (3 * (y * y))


class Pow(Function):
    """Power, elementwise: y = x1^x2. `Pow(c)(x)` is the power with a constant exponent c.

    x1, x2: arrays or numbers that broadcast. Decided: 0^0 = 1 and its derivatives are 0; a
    negative base works with integer exponents; the derivative by the exponent, y ln x1, is 0 at
    x1 = 0 and NaN for x1 < 0, where there is none.

    Raises ValueError for an integer base with a negative integer exponent, as NumPy does.

    >>> from tinypt_core.ops import pow
    >>> pow(-2.0, 3), Pow(2)(np.array([1.0, 2.0]))
    (variable(-8.0), variable([1. 4.]))
    """

    __slots__ = ("c",)
    elementwise = True

    def __init__(self, c: float) -> None:
        self.c = c

    def forward(self, x: Any) -> Any:
        return x**self.c

    def backward(self, gy: Any, x: Any) -> Any:
        c = self.c
        if c == 2:
            return gy * (2.0 * x)
        if c == 0:
            return gy * (0 * x**0)  # x^0 = 1 everywhere, so that x = 0 or inf makes no NaN
        return gy * (c * x ** (c - 1))

    @classmethod
    def apply(cls, x1: Any, x2: Any) -> Any:
        if isinstance(x2, _NUMBERS) and isinstance(x1, Variable):
            return cls._call(x1, x2)
        return Power._call(x1, x2)


class Power(Function):
    """Power with an exponent of its own for each element, elementwise: y = x1^x2.

    What `power` does unless the exponent is a number; see `Pow`.

    >>> Power()(np.array([2.0, 3.0]), np.array([3.0, 2.0]))
    variable([8. 9.])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.power(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any, y: Any) -> Any:
        g1 = g2 = None
        if self.needs[0]:
            # at 0^0 the power is left as it is: 0 * 0^0 is 0, but 0 * 0^-1 would be NaN
            one = np.not_equal(x1, 0) | np.not_equal(x2, 0)
            with np.errstate(over="ignore", divide="ignore"):  # no matter if times 0
                g1 = Multiple().of(gy * x2, x1 ** (x2 - one))
        if self.needs[1]:
            g2 = Multiple().of(gy, y * _log(x1))
        return g1, g2


class Multiple(Function):
    """c p, elementwise, where c = 0 makes it 0, also of an infinite p."""

    __slots__ = ()
    elementwise = True

    def forward(self, c: Any, p: Any) -> Any:
        zero = np.equal(c, 0)
        return c * np.where(zero & np.isinf(p), 0, p)

    def backward(self, gy: Any, c: Any, p: Any) -> Any:
        need_c, need_p = self.needs
        return Multiple().of(gy, p) if need_c else None, gy * c if need_p else None


def _log(x: Any) -> Any:
    """ln x, with 0 at 0, and NaN below for reals; weak for a Python number."""
    if isinstance(x, (int, float)) and not isinstance(x, np.generic):
        return math.log(x) if x > 0 else 0 if x == 0 else math.nan
    with np.errstate(invalid="ignore"):
        return np.log(np.where(np.equal(x, 0), 1, x))


class FloatPower(Power):
    """Power in floating point, elementwise: y = x1^x2, also for integers; see `Pow`.

    Integers give float64. float32 stays float32, where NumPy's own `float_power` gives float64.

    >>> from tinypt_core.ops import float_power
    >>> float_power(2, -1)
    variable(0.5)
    """

    __slots__ = ()

    def forward(self, x1: Any, x2: Any) -> Any:
        if np.result_type(x1, x2).kind in "fc":
            return np.power(x1, x2)
        return np.float_power(x1, x2)
