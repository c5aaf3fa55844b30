"""Ordinary differential equations: solve_ivp and odeint, by initial value, parameters and times.

The gradient is that of the adjoint method: λ, the gradient by the state, obeys
dλ/dt = -(∂f/∂y)ᵀ λ backward in time, and the gradient by a parameter is ∫ λᵀ ∂f/∂θ dt. State,
λ and integrals are solved by the same method with the same tolerances, from each time asked for
to the one before, where the state is known; so the gradient is as accurate as `rtol` and `atol`
ask, and neither more nor less. Source: Pontryagin et al. 1962; Chen et al., Neural ordinary
differential equations, 2018, appendix B.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tinypt_core import Function, Variable

from tinypt_ops_scipy._functions import OnArrays, joined, pulled
from tinypt_ops_scipy._scipy import integrate


class Trajectory(Function):
    """The states at times t of the solution of dy/dt = fun(t, y, *args) with y(t[0]) = y0.

    y0: (n,), t: (k,) ascending or descending; y: (k, n). args: arrays.
    options: those of scipy.integrate.solve_ivp.
    """

    __slots__ = ("fun", "options")

    def __init__(self, fun: Callable[..., Any], options: dict[str, Any]) -> None:
        self.fun, self.options = fun, options

    def forward(self, *inputs: Any) -> Any:
        y0, t, *args = inputs
        fun = OnArrays(self.fun, "fun")
        span = float(t[0]), float(t[-1])
        if span[0] == span[1]:
            return np.stack([y0] * len(t))
        found = integrate.solve_ivp(
            lambda s, y: fun(s, y, *args), span, y0, t_eval=t[1:], **self.options
        )
        if not found.success:
            raise RuntimeError(f"solve_ivp: {found.message}")
        return np.concatenate([y0[None], found.y.T])

    def backward(self, gy: Any, y: Any, inputs: Any) -> Any:
        (_, t, *args), (k, n) = inputs, gy.shape
        wanted = [i for i, need in enumerate(self.needs[2:]) if need]
        sizes = [int(np.prod(self.shapes[2 + i])) for i in wanted]
        adjoint = Trajectory(_backward_in_time(self.fun, n, wanted), self.options)
        weight, total, times = gy[-1] * 0, np.zeros(sum(sizes)), []
        for i in reversed(range(1, k)):
            times.append(np.sum(gy[i] * joined(self.fun(t[i], y[i], *args))))
            state = np.concatenate([y[i], weight + gy[i], np.zeros(sum(sizes))])
            state = adjoint.of(state, np.stack([t[i], t[i - 1]]), *args)[-1]
            weight, total = state[n : 2 * n], total + state[2 * n :]
        times.append(-np.sum(weight * joined(self.fun(t[0], y[0], *args))))
        ends = np.cumsum([0, *sizes])
        by_args = {
            i: np.reshape(total[ends[j] : ends[j + 1]], self.shapes[2 + i])
            for j, i in enumerate(wanted)
        }
        return (weight + gy[0], np.stack(times[::-1]), *map(by_args.get, range(len(args))))


def _backward_in_time(fun: Callable[..., Any], n: int, wanted: list[int]) -> Callable[..., Any]:
    """d/dt of (y, λ, the integrals by the wanted arguments)."""

    def adjoint(t: Any, state: Any, *args: Any) -> Any:
        y, weight = state[:n], state[n : 2 * n]
        gy, *gargs = pulled(lambda y, *args: fun(t, y, *args), [y, *args], weight)
        flows = [np.reshape(gargs[i], (-1,)) for i in wanted]
        return np.concatenate([joined(fun(t, y, *args)), *(-g for g in (gy, *flows))])

    return adjoint


def odeint(
    func: Callable[..., Any],
    y0: Any,
    t: Any,
    args: Any = (),
    *,
    tfirst: bool = False,
    rtol: float = 1.49012e-8,
    atol: float = 1.49012e-8,
) -> Any:
    """The states (k, n) at times t (k,) of dy/dt = func(y, t, *args), y(t[0]) = y0 (n,).

    As scipy.integrate.odeint, by LSODA; tfirst: func(t, y, *args). Differentiable by y0, t and
    args, with an accuracy of about rtol.

    >>> from tinypt_core import Variable
    >>> k = Variable(np.array(2.0))
    >>> y = odeint(lambda y, t, k: -k * y, np.array([1.0]), np.array([0.0, 1.0]), args=(k,))
    >>> y[1, 0].backward()
    >>> round(float(k.grad), 6)  # -exp(-2)
    -0.135335
    """
    fun = func if tfirst else lambda t, y, *args: func(y, t, *args)
    options = {"method": "LSODA", "rtol": rtol, "atol": atol}
    return Trajectory(fun, options).of(_array(y0), _array(t), *_arrays(args))


def solve_ivp(
    fun: Callable[..., Any],
    t_span: Any,
    y0: Any,
    method: str = "RK45",
    t_eval: Any = None,
    args: Any = (),
    **options: Any,
) -> Any:
    """The solution of dy/dt = fun(t, y, *args), y(t_span[0]) = y0 (n,): scipy.integrate.solve_ivp.

    t_eval: times (k,) to give the solution at; None for those of SciPy's steps, then constants
    but for the ends. options: rtol, atol, first_step, max_step. The result has `t` (k,) and `y`
    (n, k), differentiable by y0, args, t_eval and t_span, with an accuracy of about rtol:
    the default, 1e-3, is coarse. Raises TypeError for dense_output, events and jac.

    >>> found = solve_ivp(lambda t, y: -y, (0.0, 1.0), np.array([1.0]), rtol=1e-8, atol=1e-10)
    >>> round(float(found.y[0, -1]), 7)
    0.3678794
    """
    for name in options.keys() - {"rtol", "atol", "first_step", "max_step"}:
        raise TypeError(f"solve_ivp: {name}= is not supported; it takes rtol, atol and max_step")
    args = _arrays(args if isinstance(args, (tuple, list)) else (args,))
    y0, options = _array(y0), {"method": method, **options}
    if t_eval is None:
        t = _steps(fun, t_span, y0, args, options)
    else:
        t = _array(t_eval)
        if _plain(t)[0] != float(_plain(t_span[0])):
            t = np.concatenate([np.reshape(_array(t_span[0]), (1,)), t])
    y = np.transpose(Trajectory(fun, options).of(y0, t, *args))
    kept = slice(None) if t_eval is None else slice(t.shape[0] - np.shape(_plain(t_eval))[0], None)
    return integrate._ivp.ivp.OdeResult(
        t=t[kept], y=y[:, kept], sol=None, success=True, status=0, message="reached the last time"
    )


def _steps(fun: Any, t_span: Any, y0: Any, args: Any, options: dict[str, Any]) -> Any:
    """The times of SciPy's own steps."""
    plain, values = OnArrays(fun, "fun"), [_plain(a) for a in args]
    ends = [float(_plain(t)) for t in t_span]
    found = integrate.solve_ivp(lambda t, y: plain(t, y, *values), ends, _plain(y0), **options)
    if not found.success:
        raise RuntimeError(f"solve_ivp: {found.message}")
    if not any(isinstance(t, Variable) for t in t_span):
        return found.t
    return np.stack([_array(t_span[0]), *map(np.asarray, found.t[1:-1]), _array(t_span[1])])


def _plain(x: Any) -> Any:
    return x.data if isinstance(x, Variable) else x


def _array(x: Any) -> Any:
    x = joined(x)
    return x if isinstance(x, Variable) else np.asarray(x, float)


def _arrays(args: Any) -> tuple[Any, ...]:
    return tuple(a if isinstance(a, Variable) else np.asarray(a) for a in args)
