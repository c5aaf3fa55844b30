"""What checkers say of expressions: never run, only checked, by test_expected.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_type

import numpy as np

from tinypt_core import (
    Variable,
    checkpoint,
    detect_anomaly,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    numerical_diff,
    ops,
    using_config,
    value_and_grad,
    vjp,
    vmap,
)

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Pullback = Callable[[Any], "tuple[Any, ...]"]


def expected(x: Variable, array: np.ndarray) -> None:
    # what a Variable has
    assert_type(x, Variable)
    assert_type(x.grad, np.ndarray | Any)
    assert_type(x.name, str | None)
    assert_type(x.shape, tuple[int, ...])
    assert_type(x.ndim, int)
    assert_type(x.size, int)
    assert_type(x.nbytes, int)
    assert_type(x.T, Variable)
    assert_type(x.mT, Variable)
    assert_type(x.real, Variable)
    assert_type(x.imag, Variable)
    assert_type(len(x), int)
    assert_type(repr(x), str)
    assert_type(float(x), float)
    assert_type(int(x), int)
    assert_type(bool(x), bool)
    assert_type(x.detach(), Variable)
    assert_type([v for v in x], list[Variable])  # noqa: C416

    # operators
    assert_type(x + 1, Variable)
    assert_type(1 + x, Variable)
    assert_type(x - x, Variable)
    assert_type(2.0 * x, Variable)
    assert_type(x * array, Variable)
    assert_type(x / 3, Variable)
    assert_type(3 / x, Variable)
    assert_type(x**2, Variable)
    assert_type(2**x, Variable)
    assert_type(x @ x, Variable)
    assert_type(x % 2, Variable)
    assert_type(-x, Variable)
    assert_type(+x, Variable)
    assert_type(abs(x), Variable)
    assert_type(round(x), Variable)
    assert_type(x[0], Variable)
    assert_type(x[x > 0], Variable)
    assert_type(x // 2, np.ndarray)
    assert_type(divmod(x, 2), tuple[np.ndarray, Variable])

    # comparisons give masks
    assert_type(x > 0, Mask)
    assert_type(x >= x, Mask)
    assert_type(x < 0, Mask)
    assert_type(x <= 0, Mask)
    assert_type(x == 0, Mask)
    assert_type(x != 0, Mask)

    # methods
    assert_type(x.sum(), Variable)
    assert_type(x.mean(axis=0), Variable)
    assert_type(x.max(), Variable)
    assert_type(x.reshape(3, 1), Variable)
    assert_type(x.astype(np.float32), Variable)
    assert_type(x.conj(), Variable)
    assert_type(np.clip(x, 0, 1), Variable)

    # NumPy's functions: nobody claims an ndarray
    assert_type(np.exp(x), Any)
    assert_type(np.sin(x), Any)
    assert_type(np.abs(x), Any)
    assert_type(np.add(x, x), Any)
    assert_type(np.maximum(x, 0), Any)
    assert_type(np.sum(x), Any)
    assert_type(np.sum(x, axis=0), Any)
    assert_type(np.dot(x, x), Any)

    # gradients and transforms

    def f(a: Any, b: float = 1.0) -> Any:
        return np.sum(a * b)

    assert_type(gradients(x.sum(), x), tuple[np.ndarray, ...])
    assert_type(gradients(x.sum(), [x, x], create_graph=True), tuple[Variable, ...])
    assert_type(numerical_diff(f, array), np.ndarray)
    assert_type(vjp(f, array), tuple[Any, Pullback])
    assert_type(vjp(f, array, has_aux=True), tuple[Any, Pullback, Any])
    assert_type(jvp(f, (array,), (array,)), tuple[Any, Any])
    assert_type(jvp(f, (array,), (array,), has_aux=True), tuple[Any, Any, Any])
    assert_type(value_and_grad(f)(array, 2.0), tuple[Any, Any])
    assert_type(grad(grad(np.sin))(0.0), Any)
    assert_type(hvp(f, array, array), Any)
    assert_type(vmap(f)(array), Any)

    # the derivative of f has f's parameters
    grad(f)(array, b=2.0)
    grad(f, argnum=(0, 1))(array, 2.0)
    jacobian(f)(array, b=2.0)
    hessian(f)(array)
    grad(lambda a: a * 2)(array)

    @checkpoint
    def block(a: Variable, n: int) -> Variable:
        return a * n

    assert_type(block(x, 2), Variable)

    # blocks
    with no_grad(), using_config("enable_backprop", False), detect_anomaly():
        x.data -= 0.1 * x.grad

    def first(v: Variable) -> Variable:
        with no_grad():  # a checker knows that it swallows no exception
            return v

    # operators, from the stubs
    assert_type(ops.sin(x), Variable)
    assert_type(ops.sin.provider, str)
    assert_type(ops.sum(x, axis=0, keepdims=True), Variable)
    assert_type(ops.linalg.norm(x), Variable)
