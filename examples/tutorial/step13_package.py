"""Operators are packages: a name leads to whoever provides it."""

from typing import Any

import numpy as np

from tinypt_core import Function, OpNotFoundError, Variable, ops, registry

print(ops.sin.provider.split()[0])
print(ops.matmul.provider.split()[0])
try:
    registry.get("cube")
except OpNotFoundError as error:
    print(str(error).partition(";")[0])


class Cube(Function):
    """Cube, elementwise: y = x³."""

    def forward(self, x: Any) -> Any:
        return x**3

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * 3 * x**2


with registry.temporary_op("cube", Cube):  # what a line of a package's pyproject.toml does for good
    x = Variable(np.array(2.0))
    y = registry.get("cube")(x)
    y.backward()
    print(y, x.grad)
