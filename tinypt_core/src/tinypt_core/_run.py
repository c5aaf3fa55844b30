"""One run of a function that a transform differentiates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from tinypt_core._backward import gradients
from tinypt_core._errors import GradientError
from tinypt_core._function import Function
from tinypt_core._links import OPS
from tinypt_core._modes import get_mode, using_mode
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


class Run:
    """One evaluation of f on fresh Variables, and the way back from its output to them."""

    def __init__(
        self, f: Callable[..., Any], args: Any, kwargs: Any, argnum: Any, has_aux: bool
    ) -> None:
        self.name = getattr(f, "__name__", type(f).__name__)
        self.argnum = tuple(argnum) if isinstance(argnum, list) else argnum
        self.nested = is_nested()
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
        """Which arguments: argnum, checked."""
        wanted = self.argnum if isinstance(self.argnum, tuple) else (self.argnum,)
        if n and len({i % n for i in wanted}) < len(wanted):
            raise TypeError(f"argnum {self.argnum} asks for one argument twice")
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
            floats(leaf)
            return Argument()(leaf)  # type: ignore[no-any-return]
        return Variable(floats(leaf))

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
        return pull_back(leaves(self.output), self.xs, gys, create_graph)

    def gradient(self) -> Any:
        """The gradient of the scalar output, in the structure of the arguments."""
        self._require_scalar()
        return self.shaped(self.pull(None, self.nested))

    def rows(self, i: int) -> list[Any]:
        """The Jacobian of output leaf i by each Variable."""
        y = leaves(self.output)[i]
        rows = [pull_back([y], self.xs, [unit], self.nested) for unit in _units(y)]
        if not rows:
            return [np.zeros(y.shape + x.shape, x.dtype) for x in self.xs]
        columns = zip(*rows, strict=True)
        return [_stack(column, y.shape + column[0].shape, self.nested) for column in columns]


def is_nested() -> bool:
    """Whether an outer derivative looks on, to which the results must stay connected."""
    mode = get_mode()
    return mode.enable_backprop and (inside.get() or mode.recording_rule)


@contextmanager
def _recording(nested: bool) -> Iterator[None]:
    """Record the graph, even inside `no_grad`; an outer rule looks on only if nested."""
    rule = nested and get_mode().recording_rule
    with using_mode(enable_backprop=True, recording_rule=rule):
        yield


def pull_back(ys: Any, xs: Any, gys: Any, create_graph: bool) -> tuple[Any, ...]:
    """`gradients`, wherever it is called."""
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


def floats(value: Any) -> np.ndarray:
    """An argument as an array of floating point, or an error that says what to write."""
    array = array_of(value) if isinstance(value, Variable) else np.asarray(value)
    if array is None or array.dtype.kind not in "fc":
        found = "a Variable without data" if array is None else f"{value!r:.40} ({array.dtype})"
        raise GradientError(
            f"cannot differentiate with respect to {found}: only floating point can be; "
            f"write 1.0 instead of 1, or np.array(..., dtype=float)"
        )
    return array


def _units(y: Variable) -> Iterator[np.ndarray]:
    for i in range(y.size):
        unit = np.zeros(y.shape, y.dtype)
        unit.flat[i] = 1
        yield unit


def _stack(rows: Sequence[Any], shape: tuple[int, ...], nested: bool) -> Any:
    if nested:
        return OPS["reshape"](OPS["stack"](rows), shape)
    return np.stack(rows).reshape(shape)
