"""Tests: a derivative by trying is the judge of every rule."""

from typing import Any

import numpy as np
from tinypt_core.ops import square
from tinypt_core.testing import check_op

from tinypt_core import Function, Variable, numerical_diff


def test_value() -> None:
    x = Variable(np.array(2.0))
    assert square(x).data == 4.0


def test_gradient() -> None:
    x = Variable(np.random.default_rng(0).normal(size=3))
    square(x).backward()
    assert np.allclose(x.grad, numerical_diff(square, x.data))


class Wrong(Function):
    def forward(self, x: Any) -> Any:
        return x**2

    def backward(self, gy: Any, x: Any) -> Any:
        return 3 * x * gy


if __name__ == "__main__":
    test_value()
    test_gradient()
    check_op(square)  # values, gradients of three orders, shapes, dtypes, and more
    print("square is right")
    try:
        check_op(Wrong, np.array([1.0, 2.0]))
    except AssertionError as error:
        print(str(error).splitlines()[0])
