"""A function takes a variable and makes another one."""

from collections.abc import Callable
from typing import Any

import numpy as np


class Variable:
    def __init__(self, data: np.ndarray) -> None:
        self.data = data


class Function:
    forward: Callable[[Any], Any]

    def __call__(self, x: Variable) -> Variable:
        return Variable(self.forward(x.data))


class Square(Function):
    def forward(self, x: Any) -> Any:
        return x**2


x = Variable(np.array(10.0))
y = Square()(x)
print(type(y).__name__, y.data)
