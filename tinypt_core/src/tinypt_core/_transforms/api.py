"""Transforms: functions of arrays -> their derivatives, as functions of arrays.

Each runs `f` once on Variables of its own and asks `gradients` for the rest. Inside another
transform the Variables hang on the outer ones, and the results stay in the outer graph; that is
all there is to nesting.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Literal, ParamSpec, TypeAlias, overload

import numpy as np

from tinypt_core._arrays import copied, given_array
from tinypt_core._errors import GradientError
from tinypt_core._modes import get_mode
from tinypt_core._transforms.rows import rows
from tinypt_core._transforms.run import Run, floats, is_constant, pull_back
from tinypt_core._transforms.tree import leaves, rebuild, structure, tree_map
from tinypt_core._variable import Variable

P = ParamSpec("P")  # the parameters of a function, which its derivative has too
Pullback: TypeAlias = Callable[[Any], "tuple[Any, ...]"]


@overload
def grad(
    f: np.ufunc, argnum: Any = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]: ...
@overload
def grad(
    f: Callable[P, Any], argnum: Any = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[P, Any]: ...
def grad(
    f: Callable[..., Any], argnum: Any = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """The function that computes the gradient of `f`, a function with a scalar result.

    grad(f)(x)[i] = df(x)/dx[i], of x's shape, dtype and structure.

    argnum: which argument, or a tuple of them for a tuple of gradients. An argument is a float,
    an array, or a tuple, list or dict of them, nested. Where Variables come
    in, as arguments or from outside, Variables come out that hang on them. has_aux: `f` returns
    (result, aux); the new function returns (gradient, aux). holomorphic: `f` is a holomorphic
    function of complex arguments, and its derivative f'(z) is wanted. Of a real `f` of complex
    arguments, the gradient g has df = Re(sum(g dz)).

    Raises GradientError if an argument is not of floating point, or if `f` returns anything but
    a real Variable with one element (complex, if it is holomorphic).

    >>> import numpy as np
    >>> grad(np.sin)(0.0)
    array(1.)
    >>> grad(grad(np.sin))(0.0)
    array(-0.)
    >>> grad(lambda p: np.sum(p["w"] ** 2) * p["b"])({"w": np.array([1.0, 2.0]), "b": 3.0})
    {'w': array([ 6., 12.]), 'b': array(5.)}
    >>> grad(lambda z: z**2, holomorphic=True)(1j)
    array(0.+2.j)
    """

    def gradient(*args: Any, **kwargs: Any) -> Any:
        run = Run(f, args, kwargs, argnum, has_aux)
        gradient = run.gradient(holomorphic)
        return (gradient, run.aux) if has_aux else gradient

    return _named(gradient, f)


def value_and_grad(
    f: Callable[P, Any], argnum: Any = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[P, tuple[Any, Any]]:
    """The function that computes (f(x), gradient) in one go; see `grad`.

    With has_aux it returns ((f(x), aux), gradient).

    >>> import numpy as np
    >>> value_and_grad(np.exp)(0.0)
    (array(1.), array(1.))
    """

    def value_and_gradient(*args: Any, **kwargs: Any) -> Any:
        run = Run(f, args, kwargs, argnum, has_aux)
        gradient = run.gradient(holomorphic)
        value = run.give(run.output)
        return ((value, run.aux) if has_aux else value), gradient

    return _named(value_and_gradient, f)


@overload
def vjp(
    f: Callable[..., Any], *xs: Any, has_aux: Literal[False] = False
) -> tuple[Any, Pullback]: ...
@overload
def vjp(f: Callable[..., Any], *xs: Any, has_aux: bool) -> tuple[Any, Pullback, Any]: ...
def vjp(f: Callable[..., Any], *xs: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """(y, pullback) with y = f(*xs) and pullback(gy) = gy^T J, one per argument, as a tuple.

    gy has the shape (and structure) of y; each result that of its argument. The pullback may be
    called any number of times. With has_aux, (y, pullback, aux).

    >>> import numpy as np
    >>> y, pullback = vjp(np.multiply, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> y, pullback(np.array([1.0, 10.0]))
    (array([3., 8.]), (array([ 3., 40.]), array([ 1., 20.])))
    """
    own = tree_map(_copied, xs)
    run = Run(f, own, {}, tuple(range(len(xs))), has_aux)
    run.finish()

    def pullback(gy: Any) -> tuple[Any, ...]:
        gys = _like(run.output, gy, "gy", "f's result")
        return run.shaped(run.pull(gys, run.connected or _come_in(gys)))  # type: ignore[no-any-return]

    y = run.give(run.output)
    return (y, pullback, run.aux) if has_aux else (y, pullback)


@overload
def jvp(
    f: Callable[..., Any], xs: Any, vs: Any, has_aux: Literal[False] = False
) -> tuple[Any, Any]: ...
@overload
def jvp(f: Callable[..., Any], xs: Any, vs: Any, has_aux: bool) -> tuple[Any, Any, Any]: ...
def jvp(f: Callable[..., Any], xs: Any, vs: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """(y, tangent) with y = f(*xs) and tangent = J v, the derivative of f along vs.

    xs, vs: tuples of one value per argument, alike in shape and structure; a bare array is a
    single argument. The tangent has the shape (and structure) of y. With has_aux,
    (y, tangent, aux).

    A pullback u -> u^T J is linear in u, and its own gradient along v is J v: so the rules that
    go backward also go forward.

    >>> import numpy as np
    >>> jvp(np.sin, (0.0,), (2.0,))
    (array(0.), array(2.))
    """
    if not isinstance(xs, (tuple, list)):
        xs, vs = (xs,), (vs,)
    xs, vs = tuple(xs), tuple(vs)
    run = Run(f, xs, {}, tuple(range(len(xs))), has_aux)
    tangents = _like(rebuild(xs, run.xs), vs, "vs", "xs")
    cotangents = [Variable(np.ones(y.shape, y.dtype)) for y in leaves(run.output)]
    linked = run.connected or _come_in(tangents)
    pulled = run.pull(cotangents, create_graph=True)
    pushed = rebuild(run.output, pull_back(pulled, cotangents, tangents, linked))
    y = run.give(run.output)
    return (y, pushed, run.aux) if has_aux else (y, pushed)


def jacobian(
    f: Callable[P, Any],
    argnum: Any = 0,
    has_aux: bool = False,
    chunk: int | None = None,
    holomorphic: bool = False,
) -> Callable[P, Any]:
    """The function that computes the Jacobian of `f`, of shape y.shape + x.shape.

    jacobian(f)(x)[i, j] = dy[i]/dx[j], one pullback per element of y, all as one batch. If y is
    a tree, one Jacobian per leaf of y; if x is one, each of these is a tree like x; argnum,
    has_aux and holomorphic as in `grad`. chunk: so many pullbacks at a time, which bounds memory.

    >>> import numpy as np
    >>> jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    def jacobian_of(*args: Any, **kwargs: Any) -> Any:
        run = Run(f, args, kwargs, argnum, has_aux)
        run.require_plane(holomorphic)
        ys = leaves(run.output)
        found = rebuild(run.output, [run.shaped(rows(run, i, chunk)) for i in range(len(ys))])
        return (found, run.aux) if has_aux else found

    return _named(jacobian_of, f)


def hessian(
    f: Callable[P, Any], argnum: Any = 0, has_aux: bool = False, chunk: int | None = None
) -> Callable[P, Any]:
    """The function that computes the Hessian of a scalar `f`, of shape x.shape + x.shape.

    hessian(f)(x)[i, j] = d²f/dx[i]dx[j]; the Jacobian of the gradient. For a tree x, a tree of
    trees; argnum and has_aux as in `grad`, chunk as in `jacobian`.

    >>> import numpy as np
    >>> hessian(lambda x: np.sum(x) * np.sum(x**2))(np.array([1.0, 2.0]))
    array([[10.,  6.],
           [ 6., 14.]])
    """
    return jacobian(grad(f, argnum, has_aux), argnum, has_aux, chunk)


def hvp(f: Callable[..., Any], x: Any, v: Any) -> Any:
    """The product of the Hessian of a scalar `f` at x with v, without the Hessian: H v.

    v and the result have the shape and structure of x. It costs a few evaluations of f.

    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x**3), np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    array([ 6., 12.])
    """
    _, pullback = vjp(grad(f), x)
    return pullback(v)[0]  # the Hessian is symmetric


def _come_in(values: list[Any]) -> bool:
    """Whether there are Variables among the values, to which the result must stay connected."""
    found = [v for v in values if isinstance(v, Variable) and not is_constant(v)]
    return bool(found) and get_mode().enable_backprop


def _copied(leaf: Any) -> Any:
    """The caller may change its array before it calls the pullback."""
    if isinstance(leaf, Variable):
        return leaf if get_mode().enable_backprop else copied(floats(leaf))
    return copied(given_array(leaf))


def _like(expected: Any, tree: Any, name: str, what: str) -> list[Any]:
    """The leaves of `tree`, which is of the structure that is expected, and of its shapes."""
    if structure(tree) != structure(expected):
        raise GradientError(
            f"{name} is {structure(tree)}; expected the structure of {what}, {structure(expected)}"
        )
    found = [v if isinstance(v, Variable) else given_array(v) for v in leaves(tree)]
    shapes = [x.shape for x in leaves(expected)]
    if [v.shape for v in found] != shapes:
        raise GradientError(
            f"{name} has shapes {[v.shape for v in found]}; expected those of {what}, {shapes}"
        )
    return found


def _named(g: Callable[..., Any], f: Callable[P, Any]) -> Callable[P, Any]:
    """Keep f's name and signature, but not its doc."""
    update_wrapper(g, f, assigned=("__module__", "__name__", "__qualname__"), updated=())
    return g
