"""Conveniences: plain functions, no seed to set, and a check of what goes into the box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Variable:
    def __init__(self, data: np.ndarray, creator: Function | None = None) -> None:
        if not isinstance(data, np.ndarray):
            raise TypeError(f"{type(data)} is not supported; write np.array(...)")
        self.data = data
        self.grad: np.ndarray | None = None
        self.creator = creator

    def backward(self) -> None:
        self.grad = np.ones_like(self.data)  # dy/dy
        todo: list[Variable] = [self]
        while todo:
            y = todo.pop()
            f = y.creator
            if f is not None and y.grad is not None:
                f.input.grad = f.backward(y.grad)
                todo.append(f.input)


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


def square(x: Variable) -> Variable:
    return Square()(x)


def exp(x: Variable) -> Variable:
    return Exp()(x)


x = Variable(np.array(0.5))
y = square(exp(square(x)))
y.backward()
print(x.grad)
try:
    Variable(0.5)  # type: ignore[arg-type]
except TypeError as error:
    print(error)
