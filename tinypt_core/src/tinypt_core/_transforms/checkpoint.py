"""checkpoint: keep a function's inputs instead of everything inside it, and compute it twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from tinypt_core._arrays import DIFFERENTIABLE
from tinypt_core._batch.entering import whole
from tinypt_core._engine.gradients import gradients
from tinypt_core._errors import GradientError
from tinypt_core._function import Function
from tinypt_core._graph.changes import next_order
from tinypt_core._graph.places import Output
from tinypt_core._modes import get_mode, using_mode
from tinypt_core._transforms.tree import leaves, rebuild
from tinypt_core._variable import Variable, array_of, handle

P = ParamSpec("P")
R = TypeVar("R")


def checkpoint(f: Callable[P, R]) -> Callable[P, R]:
    """The same function with a graph of one node: memory traded for recomputation.

    Everything that goes into `f` gets its gradient, of any order: its arguments (also in tuples,
    lists and dicts) and Variables from outside, such as parameters. What `f` computes in between
    is dropped, and computed anew when a gradient is asked for, so `f` must give the same result
    twice. It returns a Variable, or a tuple, list or dict of them.

    A chain of n layers, cut into pieces of sqrt(n), needs memory for about 2 sqrt(n) of them.

    Raises GradientError when a gradient is asked for and `f` computes another result than the
    first time, as with random numbers or parameters changed in place.

    >>> import numpy as np
    >>> x = Variable(np.array(0.0))
    >>> y = checkpoint(lambda x: np.sin(np.sin(x)))(x)
    >>> y.backward()
    >>> x.grad, type(y.creator).__name__
    (array(1.), 'Checkpoint')
    """

    @wraps(f, updated=())
    def checkpointed(*args: P.args, **kwargs: P.kwargs) -> Any:
        if not get_mode().enable_backprop:
            return f(*args, **kwargs)
        segment = Segment(lambda: f(*args, **kwargs), getattr(f, "__name__", type(f).__name__))
        like = segment.first()
        outputs = Checkpoint(segment)(*(handle(_blank(p), p) for p in segment.places))
        return rebuild(like, outputs if isinstance(outputs, tuple) else (outputs,))

    return checkpointed


class Checkpoint(Function):
    """One call of a checkpointed function. Inputs: every Variable that goes into it."""

    __slots__ = ("segment",)
    keeps_nothing = True

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def forward(self, *xs: Any) -> Any:
        """What the first evaluation computed."""
        results = self.segment.results
        del self.segment.results
        return results if len(results) > 1 else results[0]

    def backward(self, *gys: Any) -> tuple[Any, ...]:
        """Evaluate it again, and pull the gradients through."""
        return self.segment.pull(gys, self._edges)


class Segment:
    """A call that can be made again. places: the nodes it reads from, behind its inputs."""

    results: tuple[np.ndarray, ...]  #: of the first evaluation, until the node takes them
    places: list[Any]

    def __init__(self, run: Callable[[], Any], name: str) -> None:
        self._run = run
        self._name = name
        self._within_transform = get_mode().transform

    def __repr__(self) -> str:
        return self._name

    def first(self) -> Any:
        """Evaluate it and drop the graph; what it returned."""
        before = next_order()
        tree = self._run()
        ys = leaves(tree)
        if not ys or not all(isinstance(y, Variable) for y in ys):
            raise TypeError(
                "a checkpointed function returns a Variable, or a tuple, list or dict of them; "
                f"this one returned {type(tree).__name__}"
            )
        self.results = tuple(array_of(y) for y in ys)
        self._then = _values(ys)
        self.places = _places(_made_since(before, ys), ys, before)
        return tree

    def pull(self, gys: Sequence[Any], edges: Sequence[Any]) -> tuple[Any, ...]:
        """The gradient at each place, from those of the results.

        edges: where these are to hang in the graph of the gradients. They are the places, but
        not for a checkpoint within another, whose node has been hung elsewhere.
        """
        create_graph = get_mode().recording_rule
        before = next_order()
        ys = self._again()
        nodes = _made_since(before, ys)
        self._require_known(_places(nodes, ys, before))
        own = {place: _stand_in(place) for place in self.places}
        _hang(nodes, {place: x._edge for place, x in own.items()})
        pairs = [(own.get(y._edge, y), gy) for y, gy in zip(ys, gys, strict=True)]
        floats = [(y, gy) for y, gy in pairs if y.dtype.kind in DIFFERENTIABLE]
        xs = list(own.values())
        gxs = gradients([y for y, _ in floats], xs, [gy for _, gy in floats], create_graph)
        if create_graph:
            moves = zip((x._edge for x in xs), edges, strict=True)
            _hang(_made_since(before, gxs), dict(moves))
        return gxs

    def _again(self) -> list[Any]:
        as_then = {"recording_rule": False, "transform": self._within_transform}
        with using_mode(enable_backprop=True, **as_then):
            ys = leaves(self._run())
        now = _values(ys)
        if len(now) != len(self._then) or not all(map(_agree, self._then, now)):
            raise GradientError(
                "a checkpointed function computed another result the second time; it must not "
                "depend on random numbers, nor its arguments or parameters change before backward"
            )
        return ys

    def _require_known(self, places: list[Any]) -> None:
        if any(place._order and place not in self.places for place in places):
            raise GradientError("a checkpointed function read other Variables the second time")


def _made_since(before: int, ys: Iterable[Variable]) -> list[Any]:
    """The nodes behind ys that are younger than `before`."""
    nodes = [y._edge for y in ys if y._edge._order > before]
    seen = set(nodes)
    for node in nodes:
        for edge in node._edges:
            if edge._order > before and edge not in seen:
                seen.add(edge)
                nodes.append(edge)
    return nodes


def _places(nodes: list[Any], ys: Iterable[Variable], before: int) -> list[Any]:
    """Where these nodes read from: older nodes, and leaves that somebody still holds."""
    edges = [edge for node in nodes for edge in node._edges] + [y._edge for y in ys]
    older = dict.fromkeys(e for e in edges if e._order <= before)
    return [e for e in older if e._dtype.kind in DIFFERENTIABLE and _alive(e)]


def _alive(edge: Any) -> bool:
    return bool(edge._order) or getattr(edge, "_ref", _nobody)() is not None


def _nobody() -> None:
    return None


def _hang(nodes: list[Any], moved: dict[Any, Any]) -> None:
    """Hang nodes, which nobody else has seen yet, onto other places."""
    for node in nodes:
        if type(node) is not Output:
            node._edges = tuple(moved.get(edge, edge) for edge in node._edges)


def _blank(edge: Any) -> np.ndarray:
    """Shape and dtype without memory: only the place of an input counts."""
    return np.broadcast_to(np.zeros((), edge._dtype), edge._shape)


def _stand_in(place: Any) -> Variable:
    """A Variable for what a segment reads, batched as that is."""
    x = Variable(_blank(place))
    x._edge._shape = place._shape
    return x


def _values(ys: Iterable[Any]) -> list[np.ndarray]:
    """The arrays of the results, which their readers keep alive anyway."""
    return [np.asarray(whole(y._array)) for y in ys]


def _agree(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether a result is the same, but for the order in which a processor adds."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if np.array_equal(a, b) or a.dtype.kind not in DIFFERENTIABLE:
        return np.array_equal(a, b)
    size = np.max(np.abs(a), where=np.isfinite(a), initial=0.0)
    slack = 128 * float(np.finfo(a.dtype).eps) * float(size)
    return np.allclose(a, b, rtol=0, atol=slack, equal_nan=True)
