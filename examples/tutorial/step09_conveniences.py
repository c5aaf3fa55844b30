"""Conveniences: plain functions, no seed to set, and a check of what goes into the box."""

from __future__ import annotations

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
        todo = [self]
        while todo:
            y = todo.pop()
            f = y.creator
            if f is not None and y.grad is not None:
                f.input.grad = f.backward(y.grad)
                todo.append(f.input)


class Function:
    def __call__(self, x: Variable) -> Variable:
        self.input = x
        return Variable(np.asarray(self.forward(x.data)), creator=self)

    def forward(self, x: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def backward(self, gy: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class Square(Function):
    def forward(self, x: np.ndarray) -> np.ndarray:
        return x**2

    def backward(self, gy: np.ndarray) -> np.ndarray:
        return 2 * self.input.data * gy


class Exp(Function):
    def forward(self, x: np.ndarray) -> np.ndarray:
        return np.exp(x)

    def backward(self, gy: np.ndarray) -> np.ndarray:
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
