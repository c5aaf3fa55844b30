"""Circular."""
import numpy as np
from tinypt_core import Function


class Sin(Function):
    """Sine."""

    __slots__ = ()
    elementwise = True

    def forward(self, x):
        return np.sin(x)

    def backward(self, gy, x):
        return gy * np.cos(x)


class Cos(Function):
    """Cosine."""

    __slots__ = ()
    elementwise = True

    def forward(self, x):
        return np.cos(x)

    def backward(self, gy, x):
        return -gy * np.sin(x)
class Tanh(Function):
    """Tanh."""

    __slots__ = ()
    elementwise = True

    def forward(self, x):
        return np.tanh(x)

    def backward(self, gy, y):
        return gy * (1 - y * y)
