"""One run of a function that a transform differentiates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from tinypt_core._arrays import DIFFERENTIABLE, as_array, copied, given_array
from tinypt_core._engine.gradients import gradients
from tinypt_core._errors import GradientError
from tinypt_core._function import Function
from tinypt_core._graph.changes import next_order
from tinypt_core._modes import get_mode, using_mode
from tinypt_core._transforms.tree import leaves, rebuild, tree_map
from tinypt_core._variable import Variable


class Argument(Function):
    """The argument of an inner transform: the same value, at a place of its own in the graph.

    Without it the inner derivative would also see the outer uses of the same Variable.
    """

    __slots__ = ()
    elementwise = keeps_nothing = True

    def forward(self, x: Any) -> Any:
        """The value itself, in memory of its own."""
        return +x

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
        mode = get_mode()
        self.outer = mode.enable_backprop
        self.before = next_order()
        self.positions = self._positions(len(args))
        self.chosen = [args[i] for i in self.positions]
        with running(transform=True, recording_rule=self.outer and mode.recording_rule):
            self.xs = [self._fresh(leaf) for leaf in leaves(self.chosen)]
            self.output = f(*self._replaced(args), **kwargs)
        self.aux = None
        if has_aux:
            self._split()
        for y in leaves(self.output) or [None]:
            self._require_variable(y)
        #: whether the results hang on Variables that came in from outside
        self.connected = self.outer and self._reaches_out()
        if has_aux:
            self.aux = self.give(self.aux)

    # -- the arguments -----------------------------------------------------------------------

    def _positions(self, n: int) -> Sequence[int]:
        """Which arguments: argnum, checked."""
        if self.argnum.__class__ is int and -n <= self.argnum < n:
            return (self.argnum,)
        wanted = self.argnum if isinstance(self.argnum, tuple) else (self.argnum,)
        if not all(isinstance(i, int) for i in wanted):
            raise TypeError(
                f"argnum={self.argnum!r}: it says by position which arguments, an int or a tuple "
                f"of ints; write argnum=0, or a function of positional arguments"
            )
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
        for i, tree in zip(self.positions, fresh, strict=True):
            given[i % len(args)] = tree
        return list(given.values())

    def _fresh(self, leaf: Any) -> Variable:
        """A Variable of this run's own; of a Variable from outside, one that hangs on it."""
        array = floats(leaf)
        if self.outer and isinstance(leaf, Variable) and not is_constant(leaf):
            return Argument.apply(leaf)  # type: ignore[no-any-return]
        return Variable(array)

    def _reaches_out(self) -> bool:
        """Whether the output was made from Variables that were there before this run."""
        own = {x._edge for x in self.xs if not x._edge._order}
        places = [y._edge for y in leaves(self.output)]
        seen = set(places)
        for place in places:  # grows
            if place._order > self.before:
                behind = place._behind
                for edge in behind if behind.__class__ is tuple else (behind,):
                    if edge not in seen:
                        seen.add(edge)
                        places.append(edge)
            elif place not in own and self._is_outside(place):
                return True
        return False

    def _is_outside(self, place: Any) -> bool:
        if place._order:
            return True
        if getattr(place, "born", inf) > self.before or place._dtype is None:
            return False
        return not (place.constant or place.unrecorded) and place._dtype.kind in DIFFERENTIABLE

    def finish(self) -> None:
        """The Variables of this run are nobody's from now on: no other run hangs on them."""
        for x in self.xs:
            if not x._edge._order:
                x._edge.born = inf

    # -- the result --------------------------------------------------------------------------

    def _split(self) -> None:
        if not isinstance(self.output, tuple) or len(self.output) != 2:
            raise GradientError(
                f"has_aux=True, but {self.name} returned {type(self.output).__name__}; "
                f"return a pair (result, aux)"
            )
        self.output, self.aux = self.output

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

    def require_plane(self, holomorphic: bool) -> None:
        """Real results; or complex arguments and results, if the function is said to be
        holomorphic: else the derivative of a complex result is no single number."""
        ys = leaves(self.output)
        if not holomorphic:
            if "c" in [y.dtype.kind for y in ys]:
                raise GradientError(
                    f"the derivative of {self.name}, whose result is complex: take np.real, "
                    f"np.imag or np.abs of it; or say holomorphic=True if it is so, of complex "
                    f"arguments; or ask for jvp or vjp"
                )
            return
        for what, values in (("argument", self.xs), ("result", ys)):
            real = [v for v in values if v.dtype.kind == "f"]
            if real:
                raise GradientError(
                    f"{self.name} is said to be holomorphic, but has a real {what} "
                    f"({real[0].dtype}): both are complex; write x + 0j, or leave "
                    f"holomorphic=True out"
                )

    def give(self, tree: Any) -> Any:
        """What the caller gets: Variables where Variables came in, else arrays."""
        if self.connected:
            return tree
        return tree_map(lambda v: copied(v._array) if isinstance(v, Variable) else v, tree)

    def shaped(self, values: Sequence[Any]) -> Any:
        """One value per Variable of the run -> the structure of the arguments."""
        trees = rebuild(self.chosen, values)
        return tuple(trees) if isinstance(self.argnum, tuple) else trees[0]

    # -- the way back --------------------------------------------------------------------------

    def pull(self, gys: Sequence[Any] | None, create_graph: bool) -> tuple[Any, ...]:
        """The gradients of sum(gys * output) by each Variable."""
        return pull_back(leaves(self.output), self.xs, gys, create_graph)

    def gradient(self, holomorphic: bool) -> Any:
        """The gradient of the scalar output, in the structure of the arguments."""
        self._require_scalar()
        self.require_plane(holomorphic)
        return self.shaped(self.pull(None, self.connected))


def is_constant(x: Variable) -> bool:
    """Whether it was detached."""
    return bool(getattr(x._edge, "constant", False))


def running(**changes: Any) -> using_mode:
    """Record the graph inside a `with` block, even inside `no_grad`."""
    return using_mode(enable_backprop=True, **changes)


def pull_back(ys: Any, xs: Any, gys: Any, create_graph: bool) -> tuple[Any, ...]:
    """`gradients`, wherever it is called."""
    with running(recording_rule=create_graph and get_mode().recording_rule):
        return gradients(ys, xs, gys, create_graph)


def floats(value: Any) -> Any:
    """An argument as an array of floating point, or an error that says what to write."""
    array = value._array if isinstance(value, Variable) else given_array(value)
    if array is None or array.dtype.kind not in DIFFERENTIABLE:
        found = "a Variable without data" if array is None else f"{value!r:.40} ({array.dtype})"
        raise GradientError(
            f"cannot differentiate with respect to {found}: only floating point can be; "
            f"write 1.0 instead of 1, or np.array(..., dtype=float)"
        )
    return as_array(array)
