"""The same thing grown up: tinypt takes the classes of the last step as they stand."""

from typing import Any

import numpy as np
from tinypt_core.ops import add, exp, square

from tinypt_core import Function, Variable


class Square(Function):  # word for word
    def forward(self, x: Any) -> Any:
        return x**2

    def backward(self, gy: Any) -> Any:
        return 2 * self.input.data * gy


x = Variable(np.array(0.5))
y = Square()(exp(Square()(x)))
y.backward()
print("your Square, its exp: ", x.grad)

x = Variable(np.array(0.5))
y = square(exp(square(x)))
y.backward()
print("both from a package:  ", x.grad)

# several inputs; a variable that is used twice; operators as Python writes them
x0, x1 = Variable(np.array(2.0)), Variable(np.array(3.0))
z = add(square(x0), square(x1)) + x0 * x1
z.backward()
print(z, x0.grad, x1.grad)
