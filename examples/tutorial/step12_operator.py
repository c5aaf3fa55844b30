"""An operator of your own: forward, and a rule that asks by name for what it needs."""

from typing import Any

import numpy as np

from tinypt_core import Function, Variable, grad


class Softplus(Function):
    """Softplus, elementwise: y = ln(1 + exp(x)); y' = exp(x - y)."""

    def forward(self, x: Any) -> Any:
        return np.logaddexp(0, x)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * np.exp(x - y)


class Scale(Function):
    """Multiplied by a constant: y = c x."""

    def __init__(self, c: float) -> None:
        self.c = c

    def forward(self, x: Any) -> Any:
        return self.c * x

    def backward(self, gy: Any) -> Any:
        return self.c * gy


x = Variable(np.array([-1.0, 0.0, 1.0]))
y = Scale(2.0)(Softplus()(x))
y.backward()
print(x.grad)
print(grad(Softplus())(0.0), grad(grad(Softplus()))(0.0), grad(grad(grad(Softplus())))(0.0))
try:

    class Unclear(Function):
        def forward(self, x: Any) -> Any:
            return x**2

        def backward(self, gy: Any, w: Any) -> Any:
            return 2 * w * gy

except TypeError as error:
    print(error)
