"""The implicit function theorem: one tool for every solver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tinypt_core import Function, jacobian

from tinypt_ops_scipy._functions import OnArrays, joined, pulled


def implicit(residual: Callable[..., Any], solver: Callable[..., Any]) -> Callable[..., Any]:
    """The solution x of residual(x, *args) = 0 as a differentiable function of args.

    residual: written in NumPy, of the shape of x. solver(*args): an array x, found anyhow; its
    steps are not differentiated. args: arrays, numbers or Variables.

    From ∂r/∂x dx + ∂r/∂args dargs = 0: the gradient by args is -(∂r/∂args)ᵀ (∂r/∂x)⁻ᵀ gx. It is
    that of the exact solution near x, of any order; a solver that stops early leaves an error of
    the size of its own.

    Raises LinAlgError going backward where ∂r/∂x is singular, and TypeError if residual uses a
    Variable that is not among its arguments.

    >>> from tinypt_core import Variable
    >>> root = implicit(lambda x, a: x * x - a, lambda a: np.sqrt(a))
    >>> a = Variable(np.array(4.0))
    >>> x = root(a)
    >>> x.backward()
    >>> x, a.grad
    (variable(2.0), array(0.25))
    """
    return lambda *args: Implicit(residual, solver).of(*args)


class Implicit(Function):
    """The solution of an equation as an operator: see `implicit`."""

    __slots__ = ("residual", "solver")

    def __init__(self, residual: Callable[..., Any], solver: Callable[..., Any]) -> None:
        self.residual, self.solver = residual, solver

    def forward(self, *args: Any) -> Any:
        x = np.asarray(OnArrays(self.solver, "the solver")(*args), float)
        shape = np.shape(OnArrays(self.residual, "the residual")(x, *args))
        if shape != x.shape:
            raise ValueError(f"the residual has shape {shape}; expected that of x, {x.shape}")
        return x

    def backward(self, gy: Any, y: Any, args: Any) -> Any:
        n = gy.size
        slope = jacobian(lambda x: joined(self.residual(x, *args)))(y)
        matrix = np.reshape(slope, (n, n))
        weight = np.linalg.solve(np.transpose(matrix), np.reshape(gy, (n,)))
        return tuple(pulled(lambda *a: self.residual(y, *a), args, -np.reshape(weight, gy.shape)))
