"""From recursion to a loop: a list of what is still to do."""

from __future__ import annotations

from typing import Any

import numpy as np


class Variable:
    def __init__(self, data: np.ndarray, creator: Negative | None = None) -> None:
        self.data = data
        self.grad = np.array(0.0)
        self.creator = creator

    def backward_recursive(self) -> None:
        f = self.creator
        if f is not None:
            f.input.grad = f.backward(self.grad)
            f.input.backward_recursive()

    def backward(self) -> None:
        todo: list[Variable] = [self]
        while todo:
            y = todo.pop()
            f = y.creator
            if f is not None:
                f.input.grad = f.backward(y.grad)
                todo.append(f.input)


class Negative:
    def __call__(self, x: Variable) -> Variable:
        self.input = x
        return Variable(-x.data, creator=self)

    def backward(self, gy: Any) -> Any:
        return -gy


x = y = Variable(np.array(1.0))
for _ in range(10_000):
    y = Negative()(y)
y.grad = np.array(1.0)
try:
    y.backward_recursive()
except RecursionError:
    print("recursion: 10,000 calls are too many")
y.backward()
print("loop:", x.grad)
