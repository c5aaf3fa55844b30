"""Backpropagation by itself: a variable remembers what made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Variable:
    def __init__(self, data: np.ndarray, creator: Function | None = None) -> None:
        self.data = data
        self.grad = np.array(0.0)
        self.creator = creator

    def backward(self) -> None:
        f = self.creator
        if f is not None:
            f.input.grad = f.backward(self.grad)
            f.input.backward()  # and on, to what made the input


class Function:
    forward: Callable[[Any], Any]
    backward: Callable[[Any], Any]

    def __call__(self, x: Variable) -> Variable:
        self.input = x
        return Variable(np.asarray(self.forward(x.data)), creator=self)


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


x = Variable(np.array(0.5))
y = Square()(Exp()(Square()(x)))
y.grad = np.array(1.0)
y.backward()
print(x.grad)
