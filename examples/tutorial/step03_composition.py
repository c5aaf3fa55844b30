"""Functions compose, since each takes what the other makes."""

from collections.abc import Callable
from typing import Any

import numpy as np


class Variable:
    def __init__(self, data: np.ndarray) -> None:
        self.data = data


class Function:
    forward: Callable[[Any], Any]

    def __call__(self, x: Variable) -> Variable:
        return Variable(np.asarray(self.forward(x.data)))


class Square(Function):
    def forward(self, x: Any) -> Any:
        return x**2


class Exp(Function):
    def forward(self, x: Any) -> Any:
        return np.exp(x)


A, B, C = Square(), Exp(), Square()
x = Variable(np.array(0.5))
a = A(x)
b = B(a)
y = C(b)
print(f"{x.data} -> {a.data} -> {b.data} -> {y.data}")
