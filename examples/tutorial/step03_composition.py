"""Functions compose, since each takes what the other makes."""

import numpy as np


class Variable:
    def __init__(self, data: np.ndarray) -> None:
        self.data = data


class Function:
    def __call__(self, x: Variable) -> Variable:
        return Variable(np.asarray(self.forward(x.data)))

    def forward(self, x: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class Square(Function):
    def forward(self, x: np.ndarray) -> np.ndarray:
        return x**2


class Exp(Function):
    def forward(self, x: np.ndarray) -> np.ndarray:
        return np.exp(x)


A, B, C = Square(), Exp(), Square()
x = Variable(np.array(0.5))
a = A(x)
b = B(a)
y = C(b)
print(f"{x.data} -> {a.data} -> {b.data} -> {y.data}")
