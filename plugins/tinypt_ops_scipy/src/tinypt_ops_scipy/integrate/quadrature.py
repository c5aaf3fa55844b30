"""The integral of a function: quad, by its limits and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tinypt_core import Function, Variable

from tinypt_ops_scipy._functions import OnArrays, joined, pulled
from tinypt_ops_scipy._scipy import integrate


class Integral(Function):
    """∫ func(x, *args) dx from a to b, a number or an array, by SciPy's adaptive quadrature.

    ∂/∂b = func(b), ∂/∂a = -func(a), ∂/∂θ = ∫ ∂func/∂θ dx (Leibniz), the last by quadrature too.
    options: epsabs, epsrel, limit.
    """

    __slots__ = ("func", "options")

    def __init__(self, func: Callable[..., Any], options: dict[str, Any]) -> None:
        self.func, self.options = func, options

    def forward(self, *inputs: Any) -> Any:
        a, b, *args = inputs
        func = OnArrays(self.func, "func")
        value = integrate.quad_vec(
            lambda x: np.asarray(func(x, *args), float), float(a), float(b), **self.options
        )[0]
        return np.asarray(value)

    def backward(self, gy: Any, inputs: Any) -> Any:
        a, b, *args = inputs
        need_a, need_b, *_ = self.needs
        ga = -np.sum(gy * joined(self.func(a, *args))) if need_a else None
        gb = np.sum(gy * joined(self.func(b, *args))) if need_b else None
        by_args = [self._by(i, gy, a, b, args) if need else None
                   for i, need in enumerate(self.needs[2:])]  # fmt: skip
        return ga, gb, *by_args

    def _by(self, i: int, gy: Any, a: Any, b: Any, args: Any) -> Any:
        def slope(x: Any, gy: Any, *args: Any) -> Any:
            return pulled(lambda *args: self.func(x, *args), args, gy)[i]

        return Integral(slope, self.options).of(a, b, gy, *args)


def quad(
    func: Callable[..., Any],
    a: Any,
    b: Any,
    args: Any = (),
    *,
    epsabs: float = 1.49e-8,
    epsrel: float = 1.49e-8,
    limit: int = 1000,
) -> tuple[Any, float]:
    """∫ func(x, *args) dx from a to b, and the error that was allowed: scipy.integrate.quad.

    a, b: numbers, ±inf or Variables; args: arrays, numbers or Variables. Differentiable by all.

    >>> from tinypt_core import Variable
    >>> k = Variable(np.array(2.0))
    >>> y, error = quad(lambda x, k: np.exp(-k * x), 0, np.inf, args=(k,))
    >>> y.backward()
    >>> round(y.data.item(), 6), round(k.grad.item(), 6)  # 1/k and -1/k²
    (0.5, -0.25)
    """
    args = args if isinstance(args, tuple) else (args,)
    options = {"epsabs": epsabs, "epsrel": epsrel, "limit": limit}
    inputs = [x if isinstance(x, Variable) else np.asarray(x, float) for x in (a, b, *args)]
    value = Integral(func, options).of(*inputs)
    plain = value.data if isinstance(value, Variable) else value
    return value, max(epsabs, epsrel * float(np.abs(plain)))
