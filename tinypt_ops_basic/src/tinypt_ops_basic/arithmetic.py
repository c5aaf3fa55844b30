"""Arithmetic, elementwise and broadcasting as NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Function, Variable


class Add(Function):
    """Sum, elementwise: y = x0 + x1."""

    __slots__ = ()
    elementwise = True
    keeps_nothing = elementwise = True

    def forward(self, x0, x1):
        return x0 + x1

    def backward(self, gy):
        return gy, gy


class Sub(Function):
    """Difference, elementwise: y = x0 - x1."""

    __slots__ = ()
    elementwise = True
    keeps_nothing = elementwise = True

    def forward(self, x0, x1):
        return x0 - x1

    def backward(self, gy):
        return gy, -gy


class Mul(Function):
    """Product, elementwise: y = x0 x1."""

    __slots__ = ()
    elementwise = True

    def forward(self, x0, x1):
        return x0 * x1

    def backward(self, gy, x0, x1):
        n0, n1 = self.needs
        return gy * x1 if n0 else None, gy * x0 if n1 else None


class Div(Function):
    """Quotient, elementwise: y = x0 / x1."""

    __slots__ = ()
    elementwise = True

    def forward(self, x0, x1):
        return x0 / x1

    def backward(self, gy, x0, x1):
        n0, n1 = self.needs
        return gy / x1 if n0 else None, -gy * x0 / x1**2 if n1 else None


class Neg(Function):
    """Negative, elementwise: y = -x."""

    __slots__ = ()
    elementwise = True
    keeps_nothing = elementwise = True

    def forward(self, x):
        return -x

    def backward(self, gy):
        return -gy


class Positive(Function):
    """A copy: y = +x."""

    __slots__ = ()
    elementwise = True
    keeps_nothing = elementwise = True

    def forward(self, x):
        return +x

    def backward(self, gy):
        return gy


class Square(Function):
    """Square, elementwise: y = x²."""

    __slots__ = ()
    elementwise = True

    def forward(self, x):
        return x * x

    def backward(self, gy, x):
        return gy * (2 * x)


class Pow(Function):
    """Power with a constant exponent, elementwise: y = x^c. c: a number."""

    __slots__ = ("c",)
    elementwise = True

    def __init__(self, c):
        self.c = c

    def forward(self, x):
        return x**self.c

    def backward(self, gy, x):
        c = self.c
        if c == 2:
            return gy * (2 * x)
        if c == 0:
            return gy * np.zeros_like(x)
        return gy * (c * x ** (c - 1))

    @classmethod
    def apply(cls, x1, x2):
        if isinstance(x2, (int, float)) and isinstance(x1, Variable):
            return cls._call(x1, x2)
        return Power.apply(x1, x2)


class Power(Function):
    """Power, elementwise: y = x1^x2."""

    __slots__ = ()
    elementwise = True

    def forward(self, x1, x2):
        return np.power(x1, x2)

    def backward(self, gy, x1, x2, y):
        return gy * x2 * x1 ** (x2 - 1), gy * y * np.log(x1)
