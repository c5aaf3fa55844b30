"""SciPy's solvers, of which the solution is differentiated, not the steps towards it.

Each has SciPy's own signature; `args` is what the solution depends on: arrays, numbers or
Variables. Where an interval or a first guess is a Variable, its value is used: the solution does
not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
from tinypt_core import Variable, grad

from tinypt_ops_scipy._functions import OnArrays
from tinypt_ops_scipy._scipy import optimize
from tinypt_ops_scipy.optimize.theorem import implicit


def root(fun: Callable[..., Any], x0: Any, args: Any = (), **options: Any) -> Any:
    """A root of the vector function fun(x, *args), found from x0: scipy.optimize.root.

    Its `.x` is differentiable by args. Raises RuntimeError if SciPy finds none.

    >>> from tinypt_core import Variable
    >>> a = Variable(np.array([4.0, 9.0]))
    >>> root(lambda x, a: x**2 - a, np.ones(2), args=(a,)).x
    variable([2. 3.])
    """
    found = _run(optimize.root, fun, _value(x0), args, options)
    found.x = implicit(fun, lambda *_: found.x)(*_tuple(args))
    return found


def root_scalar(f: Callable[..., Any], args: Any = (), **options: Any) -> Any:
    """A root of the scalar function f(x, *args): scipy.optimize.root_scalar.

    Its `.root` is differentiable by args. Raises RuntimeError if SciPy finds none.

    >>> round(float(root_scalar(lambda x, a: x**2 - a, args=(4.0,), bracket=(0, 5)).root), 9)
    2.0
    """
    options = {name: _value(value) for name, value in options.items()}
    plain, values = OnArrays(f, "f"), _values(args)
    found = optimize.root_scalar(lambda x: plain(x, *values), **_bound(options, values))
    if not found.converged:
        raise RuntimeError(f"root_scalar: {found.flag}")
    found.root = implicit(f, lambda *_: np.asarray(found.root))(*_tuple(args))
    return found


def brentq(f: Callable[..., Any], a: float, b: float, args: Any = (), **options: Any) -> Any:
    """The root of f(x, *args) between a and b: scipy.optimize.brentq, differentiable by args.

    >>> round(float(brentq(lambda x, a: x**3 - a, 0, 5, args=(8.0,))), 9)
    2.0
    """
    plain = OnArrays(f, "f")
    return implicit(
        f, lambda *v: optimize.brentq(lambda x: plain(x, *v), _value(a), _value(b), **options)
    )(*_tuple(args))


def newton(func: Callable[..., Any], x0: Any, args: Any = (), **options: Any) -> Any:
    """A root of func(x, *args) near x0: scipy.optimize.newton, differentiable by args.

    fprime: by tinypt where it is not given.

    >>> round(float(newton(lambda x, a: x**3 - a, 1.0, args=(8.0,))), 9)
    2.0
    """
    plain, start = OnArrays(func, "func"), np.asarray(_value(x0), float)

    def solve(*values: Any) -> Any:
        slope = grad(lambda x, *values: np.sum(func(x, *values)))
        rules = _bound({"fprime": slope, **options}, values)
        return optimize.newton(lambda x: plain(x, *values), start, **rules)

    return implicit(func, solve)(*_tuple(args))


def fixed_point(func: Callable[..., Any], x0: Any, args: Any = (), **options: Any) -> Any:
    """The x with func(x, *args) = x: scipy.optimize.fixed_point, differentiable by args.

    >>> round(float(fixed_point(lambda x, a: (x + a / x) / 2, 1.0, args=(4.0,))), 9)
    2.0
    """
    plain, start = OnArrays(func, "func"), np.asarray(_value(x0), float)
    return implicit(
        lambda x, *a: func(x, *a) - x,
        lambda *values: optimize.fixed_point(lambda x: plain(x, *values), start, **options),
    )(*_tuple(args))


def minimize(fun: Callable[..., Any], x0: Any, args: Any = (), **options: Any) -> Any:
    """A minimum of the scalar fun(x, *args), found from x0: scipy.optimize.minimize.

    `.x` is differentiable by args, as the root of the gradient: for minima inside the domain,
    where the Hessian is regular. jac: by tinypt where it is not given. bounds and constraints
    are refused. After SciPy's, one step of Newton's method makes x as exact as its gradient
    needs. Raises RuntimeError if SciPy finds none.

    >>> from tinypt_core import Variable
    >>> a = Variable(np.array([1.0, 3.0]))
    >>> minimize(lambda x, a: np.sum((x - a) ** 2), np.zeros(2), args=(a,)).x
    variable([1. 3.])
    """
    for name in {"bounds", "constraints"} & options.keys():
        raise TypeError(f"minimize: {name}= is not supported; transform the variables instead")
    slope = grad(fun)
    rules = {"jac": slope, **options}
    found = _run(optimize.minimize, fun, _value(x0), args, rules)
    found.x = implicit(slope, lambda *values: _polished(slope, found.x, values))(*_tuple(args))
    return found


def linear_sum_assignment(*args: Any, **kwargs: Any) -> NoReturn:
    """Refused: an assignment jumps, and has no derivative but 0."""
    raise TypeError(
        "linear_sum_assignment has no derivative: the assignment is constant until it jumps; "
        "use scipy.optimize.linear_sum_assignment(cost.data) and index cost with the result"
    )


def _polished(slope: Callable[..., Any], x: Any, values: Any) -> Any:
    """x after one step of Newton's method, where that brings the gradient nearer to 0."""
    from tinypt_core import jacobian

    before = slope(x, *values)
    try:
        step = np.linalg.solve(jacobian(slope)(x, *values).reshape(x.size, x.size), before.ravel())
    except np.linalg.LinAlgError:
        return x
    better = x - step.reshape(x.shape)
    return better if np.abs(slope(better, *values)).max() <= np.abs(before).max() else x


def _run(solver: Any, fun: Any, x0: Any, args: Any, options: dict[str, Any]) -> Any:
    plain, values = OnArrays(fun, "fun"), _values(args)
    start = np.asarray(x0, float)
    found = solver(lambda x: plain(x, *values), start, **_bound(options, values))
    if not found.success and np.abs(found.get("jac", 1)).max() > 1e-4:
        raise RuntimeError(f"{solver.__name__}: {found.message}")
    return found


def _bound(options: dict[str, Any], values: tuple[Any, ...]) -> dict[str, Any]:
    """The options, their derivatives of the function with its other arguments filled in."""

    def filled(name: str, f: Callable[..., Any]) -> Callable[..., Any]:
        plain = OnArrays(f, name)
        return lambda *xs: plain(*xs, *values)

    names = {"jac", "hess", "hessp", "fprime", "fprime2"}
    return {n: filled(n, f) if n in names and callable(f) else f for n, f in options.items()}


def _tuple(args: Any) -> tuple[Any, ...]:
    return args if isinstance(args, tuple) else (args,)


def _values(args: Any) -> tuple[Any, ...]:
    return tuple(map(_value, _tuple(args)))


def _value(x: Any) -> Any:
    """The array of a Variable, also inside a pair: a place to start from."""
    if isinstance(x, (tuple, list)):
        return type(x)(map(_value, x))
    return x.data if isinstance(x, Variable) else x
