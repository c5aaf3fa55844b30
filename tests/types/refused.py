"""What checkers refuse: one mistake a line, told by its comment."""

import numpy as np

from tinypt_core import Variable, grad, no_grad, ops, value_and_grad


def takes_array(a: np.ndarray) -> None: ...
def takes_number(n: int) -> None: ...


def refused(x: Variable) -> None:
    def f(a: float, b: int = 1) -> float:
        return a * b

    grad(f)("one")  # argument
    grad(f)(1.0, c=2)  # "c"
    value_and_grad(f)(1.0, 2, 3)  # argument
    takes_array(x + 1)  # Variable
    takes_number(x * 2)  # Variable
    x.bakward()  # bakward
    x.backward(retain=True)  # retain
    x.grad.shpe()  # shpe
    Variable(1.0)  # argument
    Variable([1.0])  # argument
    no_grad(True)  # argument
    x.name = 3  # assign
    ops.sinn(x)  # sinn
    ops.sin(x, x)  # argument
    (x > 0).backward()  # backward
