"""Transforms: functions of arrays -> their derivatives, as functions of arrays.

Each runs `f` once on Variables of its own and asks `gradients` for the rest. Inside another
transform the Variables hang on the outer ones, and the results stay in the outer graph; that is
all there is to nesting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from typing import Any

import numpy as np

from tinypt_core._backward import gradients
from tinypt_core._errors import GradientError
from tinypt_core._function import Function
from tinypt_core._modes import get_mode, using_mode
from tinypt_core._registry import OPS
from tinypt_core._tree import leaves, rebuild, tree_map
from tinypt_core._variable import Variable, array_of

#: whether a transform is running its function, so that inner results must stay connected
inside: ContextVar[bool] = ContextVar("tinypt_inside_transform", default=False)


class Argument(Function):
    """The argument of an inner transform: the same value, at a place of its own in the graph.

    Without it the inner derivative would also see the outer uses of the same Variable.
    """

    __slots__ = ()
    elementwise = keeps_nothing = True

    def forward(self, x: Any) -> Any:
        """The value itself."""
        return x

    def backward(self, gy: Any) -> Any:
        """Its gradient, unchanged."""
        return gy


def grad(f: Callable[..., Any], argnum: Any = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The function that computes the gradient of `f`, a function with a scalar result.

    grad(f)(x)[i] = df(x)/dx[i], of x's shape, dtype and structure.

    argnum: which argument, or a tuple of them for a tuple of gradients. An argument is a float,
    an array, or a tuple, list or dict of them, nested. Variables that `f` takes from outside are
    constants. has_aux: `f` returns (result, aux); the new function returns (gradient, aux).

    Raises GradientError if an argument is not of floating point, or if `f` returns anything but
    a Variable with one element.

    >>> import numpy as np
    >>> grad(np.sin)(0.0)
    array(1.)
    >>> grad(grad(np.sin))(0.0)
    array(-0.)
    >>> grad(lambda p: np.sum(p["w"] ** 2) * p["b"])({"w": np.array([1.0, 2.0]), "b": 3.0})
    {'w': array([ 6., 12.]), 'b': array(5.)}
    """

    def gradient(*args: Any, **kwargs: Any) -> Any:
        run = _Run(f, args, kwargs, argnum, has_aux)
        gradient = run.gradient()
        return (gradient, run.aux) if has_aux else gradient

    return _named(gradient, f)


def value_and_grad(
    f: Callable[..., Any], argnum: Any = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that computes (f(x), gradient) in one go; see `grad`.

    With has_aux it returns ((f(x), aux), gradient).

    >>> import numpy as np
    >>> value_and_grad(np.exp)(0.0)
    (array(1.), array(1.))
    """

    def value_and_gradient(*args: Any, **kwargs: Any) -> Any:
        run = _Run(f, args, kwargs, argnum, has_aux)
        gradient = run.gradient()
        value = run.give(run.output)
        return ((value, run.aux) if has_aux else value), gradient

    return _named(value_and_gradient, f)


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
    run = _Run(f, own, {}, tuple(range(len(xs))), has_aux)

    def pullback(gy: Any) -> tuple[Any, ...]:
        gys = _like(leaves(run.output), gy, "gy", "f's result")
        return run.shaped(run.pull(gys, _nested()))  # type: ignore[no-any-return]

    y = run.give(run.output)
    return (y, pullback, run.aux) if has_aux else (y, pullback)


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
    run = _Run(f, xs, {}, tuple(range(len(xs))), has_aux)
    tangents = _like(run.xs, vs, "vs", "xs")
    cotangents = [Variable(np.ones(y.shape, y.dtype)) for y in leaves(run.output)]
    pulled = run.pull(cotangents, create_graph=True)
    pushed = rebuild(run.output, _gradients(pulled, cotangents, tangents, run.nested))
    y = run.give(run.output)
    return (y, pushed, run.aux) if has_aux else (y, pushed)


def jacobian(f: Callable[..., Any], argnum: Any = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The function that computes the Jacobian of `f`, of shape y.shape + x.shape.

    jacobian(f)(x)[i, j] = dy[i]/dx[j], one pullback per element of y. If y is a tree, one
    Jacobian per leaf of y; if x is one, each of these is a tree like x; argnum and has_aux as
    in `grad`.

    >>> import numpy as np
    >>> jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    def jacobian_of(*args: Any, **kwargs: Any) -> Any:
        run = _Run(f, args, kwargs, argnum, has_aux)
        ys = leaves(run.output)
        rows = rebuild(run.output, [run.shaped(run.rows(i)) for i in range(len(ys))])
        return (rows, run.aux) if has_aux else rows

    return _named(jacobian_of, f)


def hessian(f: Callable[..., Any], argnum: Any = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The function that computes the Hessian of a scalar `f`, of shape x.shape + x.shape.

    hessian(f)(x)[i, j] = d²f/dx[i]dx[j]; the Jacobian of the gradient. For a tree x, a tree of
    trees; argnum and has_aux as in `grad`.

    >>> import numpy as np
    >>> hessian(lambda x: np.sum(x) * np.sum(x**2))(np.array([1.0, 2.0]))
    array([[10.,  6.],
           [ 6., 14.]])
    """
    return jacobian(grad(f, argnum, has_aux), argnum, has_aux)


def hvp(f: Callable[..., Any], x: Any, v: Any) -> Any:
    """The product of the Hessian of a scalar `f` at x with v, without the Hessian: H v.

    v and the result have the shape and structure of x. It costs a few evaluations of f.

    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x**3), np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    array([ 6., 12.])
    """
    _, pullback = vjp(grad(f), x)
    return pullback(v)[0]  # the Hessian is symmetric


def numerical_diff(f: Callable[..., Any], x: Any, eps: float = 1e-4) -> np.ndarray:
    """The gradient of sum(f(x)) by central differences: (f(x + eps) - f(x - eps)) / (2 eps).

    x: an array or Variable; its elements are moved one at a time, in double precision. `f` gets
    a Variable and returns a Variable or array. Result: x's shape and dtype, with an error
    of order eps² f'''(x).

    >>> import numpy as np
    >>> numerical_diff(lambda x: x**2, np.array([1.0, 2.0])).round(6)
    array([2., 4.])
    """
    if _nested():
        raise GradientError(
            "numerical_diff gives a plain array, which an outer derivative cannot see; use grad, "
            "or write `with no_grad():` around it"
        )
    start = _floats(x)
    out = np.empty(start.shape, start.dtype)
    for i in np.ndindex(start.shape):
        ahead, behind = (_moved(f, start, i, step) for step in (eps, -eps))
        out[i] = np.sum(ahead - behind) / (2 * eps)
    return out


class _Run:
    """One evaluation of f on fresh Variables, and the way back from its output to them."""

    def __init__(
        self, f: Callable[..., Any], args: Any, kwargs: Any, argnum: Any, has_aux: bool
    ) -> None:
        self.name = getattr(f, "__name__", type(f).__name__)
        self.argnum = argnum
        self.nested = _nested()
        self.chosen = [args[i] for i in self._positions(len(args))]
        with _recording(self.nested), inside_transform():
            self.xs = [self._fresh(leaf) for leaf in leaves(self.chosen)]
            self.output = f(*self._replaced(args), **kwargs)
        self.aux = None
        if has_aux:
            self._split()
        for y in leaves(self.output) or [None]:
            self._require_variable(y)

    # -- the arguments -----------------------------------------------------------------------

    def _positions(self, n: int) -> Sequence[int]:
        wanted = self.argnum if isinstance(self.argnum, tuple) else (self.argnum,)
        for i in wanted:
            if not -n <= i < n:
                raise TypeError(
                    f"the derivative of {self.name} by argument {i}, but it was called with {n} "
                    f"positional argument{'s' * (n != 1)}; argnum counts from 0"
                )
        return wanted

    def _replaced(self, args: Sequence[Any]) -> list[Any]:
        """The arguments of f: the chosen ones with this run's Variables for leaves."""
        fresh = rebuild(self.chosen, self.xs)
        given = dict(enumerate(args))
        for i, tree in zip(self._positions(len(args)), fresh, strict=True):
            given[i % len(args)] = tree
        return list(given.values())

    def _fresh(self, leaf: Any) -> Variable:
        """A Variable of this run's own; inside another transform, one that hangs on the outer."""
        if self.nested and isinstance(leaf, Variable):
            _floats(leaf)
            return Argument()(leaf)  # type: ignore[no-any-return]
        return Variable(_floats(leaf))

    # -- the result --------------------------------------------------------------------------

    def _split(self) -> None:
        if not isinstance(self.output, tuple) or len(self.output) != 2:
            raise GradientError(
                f"has_aux=True, but {self.name} returned {type(self.output).__name__}; "
                f"return a pair (result, aux)"
            )
        self.output, aux = self.output
        self.aux = self.give(aux)

    def _require_variable(self, y: Any) -> None:
        if not isinstance(y, Variable):
            raise GradientError(
                f"{self.name} returned {type(y).__name__}, not a Variable, so nothing is known "
                f"about its derivative; compute with the argument itself, not with its .data "
                f"(a constant is Variable(np.array(...)))"
            )

    def _require_scalar(self) -> Variable:
        y = self.output
        if not isinstance(y, Variable) or y.size != 1:
            found = f"shape {y.shape}" if isinstance(y, Variable) else type(y).__name__
            raise GradientError(
                f"the gradient of {self.name}, whose result has {found}: it must be a scalar; "
                f"sum or average it first, or ask for the jacobian or vjp"
            )
        return y

    def give(self, tree: Any) -> Any:
        """What the caller gets: Variables inside another transform, else arrays."""
        if self.nested:
            return tree
        return tree_map(lambda v: np.array(v._data) if isinstance(v, Variable) else v, tree)

    def shaped(self, values: Sequence[Any]) -> Any:
        """One value per Variable of the run -> the structure of the arguments."""
        trees = rebuild(self.chosen, values)
        return tuple(trees) if isinstance(self.argnum, tuple) else trees[0]

    # -- the way back --------------------------------------------------------------------------

    def pull(self, gys: Sequence[Any] | None, create_graph: bool) -> tuple[Any, ...]:
        """The gradients of sum(gys * output) by each Variable."""
        return _gradients(leaves(self.output), self.xs, gys, create_graph)

    def gradient(self) -> Any:
        """The gradient of the scalar output, in the structure of the arguments."""
        self._require_scalar()
        return self.shaped(self.pull(None, self.nested))

    def rows(self, i: int) -> list[Any]:
        """The Jacobian of output leaf i by each Variable."""
        y = leaves(self.output)[i]
        rows = [_gradients([y], self.xs, [unit], self.nested) for unit in _units(y)]
        if not rows:
            return [np.zeros(y.shape + x.shape, x.dtype) for x in self.xs]
        columns = zip(*rows, strict=True)
        return [_stack(column, y.shape + column[0].shape, self.nested) for column in columns]


def _nested() -> bool:
    """Whether an outer derivative looks on, to which the results must stay connected."""
    mode = get_mode()
    return mode.enable_backprop and (inside.get() or mode.recording_rule)


@contextmanager
def _recording(nested: bool) -> Iterator[None]:
    """Record the graph, even inside `no_grad`; an outer rule looks on only if nested."""
    rule = nested and get_mode().recording_rule
    with using_mode(enable_backprop=True, recording_rule=rule):
        yield


def _gradients(ys: Any, xs: Any, gys: Any, create_graph: bool) -> tuple[Any, ...]:
    with _recording(create_graph):
        return gradients(ys, xs, gys, create_graph)


@contextmanager
def inside_transform(value: bool = True) -> Iterator[None]:
    """Inside the `with` block a transform runs its function."""
    token = inside.set(value)
    try:
        yield
    finally:
        inside.reset(token)


def _floats(value: Any) -> np.ndarray:
    """An argument as an array of floating point, or an error that says what to write."""
    array = array_of(value) if isinstance(value, Variable) else np.asarray(value)
    if array is None or array.dtype.kind not in "fc":
        found = "a Variable without data" if array is None else f"{value!r:.40} ({array.dtype})"
        raise GradientError(
            f"cannot differentiate with respect to {found}: only floating point can be; "
            f"write 1.0 instead of 1, or np.array(..., dtype=float)"
        )
    return array


def _copied(leaf: Any) -> Any:
    """The caller may change its array before it calls the pullback."""
    return leaf if isinstance(leaf, Variable) else np.array(leaf)


def _like(expected: list[Any], tree: Any, name: str, what: str) -> list[Any]:
    """The leaves of `tree`: one for each that is expected, of its shape."""
    found = [v if isinstance(v, Variable) else np.asarray(v) for v in leaves(tree)]
    if [v.shape for v in found] != [x.shape for x in expected]:
        raise GradientError(
            f"{name} has shapes {[v.shape for v in found]}; "
            f"expected those of {what}, {[x.shape for x in expected]}"
        )
    return found


def _units(y: Variable) -> Iterator[np.ndarray]:
    for i in range(y.size):
        unit = np.zeros(y.shape, y.dtype)
        unit.flat[i] = 1
        yield unit


def _stack(rows: Sequence[Any], shape: tuple[int, ...], nested: bool) -> Any:
    if nested:
        return OPS["reshape"](OPS["stack"](rows), shape)
    return np.stack(rows).reshape(shape)


def _moved(f: Callable[..., Any], x: np.ndarray, i: tuple[int, ...], step: float) -> Any:
    moved = np.array(x, float)
    moved[i] += step
    with using_mode(enable_backprop=False):
        y = f(Variable(moved))
    return y._data if isinstance(y, Variable) else np.asarray(y)


def _named(g: Callable[..., Any], f: Callable[..., Any]) -> Callable[..., Any]:
    """Keep f's name and signature, but not its doc."""
    update_wrapper(g, f, assigned=("__module__", "__name__", "__qualname__"), updated=())
    return g
