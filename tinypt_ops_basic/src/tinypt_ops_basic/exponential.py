"""Exponentials and logarithms."""
import numpy as np
from tinypt_core import Function


class Exp(Function):
    """Exponential, elementwise: y = e^x."""

    __slots__ = ()
    elementwise = True

    def forward(self, x):
        return np.exp(x)

    def backward(self, gy, y):
        return gy * y


class Log(Function):
    """Natural logarithm, elementwise: y = ln x."""

    __slots__ = ()
    elementwise = True

    def forward(self, x):
        return np.log(x)

    def backward(self, gy, x):
        return gy / x
