"""A function takes a variable and makes another one."""

import numpy as np


class Variable:
    def __init__(self, data: np.ndarray) -> None:
        self.data = data


class Function:
    def __call__(self, x: Variable) -> Variable:
        return Variable(self.forward(x.data))

    def forward(self, x: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class Square(Function):
    def forward(self, x: np.ndarray) -> np.ndarray:
        return x**2


x = Variable(np.array(10.0))
y = Square()(x)
print(type(y).__name__, y.data)
