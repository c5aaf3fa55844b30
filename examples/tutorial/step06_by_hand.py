"""Backpropagation by hand: from the gradient of the output to that of the input."""

from collections.abc import Callable
from typing import Any

import numpy as np


class Variable:
    def __init__(self, data: np.ndarray) -> None:
        self.data = data
        self.grad = np.array(0.0)


class Function:
    forward: Callable[[Any], Any]
    backward: Callable[[Any], Any]

    def __call__(self, x: Variable) -> Variable:
        self.input = x  # backward will want it
        return Variable(np.asarray(self.forward(x.data)))


class Square(Function):
    def forward(self, x: Any) -> Any:
        return x**2

    def backward(self, gy: Any) -> Any:
        return 2 * self.input.data * gy


class Exp(Function):
    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def backward(self, gy: Any) -> Any:
        return np.exp(self.input.data) * gy


A, B, C = Square(), Exp(), Square()
x = Variable(np.array(0.5))
a = A(x)
b = B(a)
y = C(b)

y.grad = np.array(1.0)
b.grad = C.backward(y.grad)
a.grad = B.backward(b.grad)
x.grad = A.backward(a.grad)
print(x.grad)
