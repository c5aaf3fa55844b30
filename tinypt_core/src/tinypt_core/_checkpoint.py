"""checkpoint: keep a function's inputs instead of everything inside it, and compute it twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import numpy as np

from tinypt_core._backward import gradients
from tinypt_core._errors import GradientError
from tinypt_core._function import Function, _next_order
from tinypt_core._modes import get_mode, using_mode
from tinypt_core._transforms import inside, inside_transform
from tinypt_core._tree import leaves, rebuild
from tinypt_core._variable import Output, Variable, array_of, handle


def checkpoint(f: Callable[..., Any]) -> Callable[..., Any]:
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
    def checkpointed(*args: Any, **kwargs: Any) -> Any:
        if not get_mode().enable_backprop:
            return f(*args, **kwargs)
        node = Checkpoint(lambda: f(*args, **kwargs))
        like, inputs = node.first()
        outputs = node(*inputs)
        return rebuild(like, outputs if isinstance(outputs, tuple) else (outputs,))

    return checkpointed


class Checkpoint(Function):
    """One call of a checkpointed function. Inputs: every Variable that goes into it.

    run: the call, without arguments.
    """

    __slots__ = ("places", "results", "run", "sums", "within_transform")
    keeps_nothing = True

    def __init__(self, run: Callable[[], Any]) -> None:
        self.run = run
        self.within_transform = inside.get()

    def first(self) -> tuple[Any, list[Variable]]:
        """Evaluate it; what it returned, and a Variable at each place it read from."""
        before = _next_order()
        tree = self.run()
        ys = leaves(tree)
        if not ys or not all(isinstance(y, Variable) for y in ys):
            raise TypeError(
                "a checkpointed function returns a Variable, or a tuple, list or dict of them; "
                f"this one returned {type(tree).__name__}"
            )
        self.results = tuple(array_of(y) for y in ys)
        self.sums = _sums(ys)
        self.places = _places(_made_since(before, ys), ys, before)
        return tree, [handle(_blank(place), place) for place in self.places]

    def forward(self, *xs: Any) -> Any:
        """What the first evaluation computed."""
        results = self.results
        del self.results
        return results if len(results) > 1 else results[0]

    def backward(self, *gys: Any) -> tuple[Any, ...]:
        """Evaluate it again, and pull the gradients through."""
        create_graph = get_mode().recording_rule
        before = _next_order()
        ys = self._again()
        nodes = _made_since(before, ys)
        self._require_known(_places(nodes, ys, before))
        own = {place: Variable(_blank(place)) for place in self.places}
        _hang(nodes, {place: x._edge for place, x in own.items()})
        ys = [own.get(y._edge, y) for y in ys]
        pairs = [(y, gy) for y, gy in zip(ys, gys, strict=True) if y.dtype.kind == "f"]
        gxs = gradients(*_columns(pairs, list(own.values())), create_graph)
        if create_graph:  # not onto self.places: within another checkpoint, this node has moved
            moves = zip((x._edge for x in own.values()), self._edges, strict=True)
            _hang(_made_since(before, gxs), dict(moves))
        return gxs

    def _again(self) -> list[Any]:
        rules_end_here = using_mode(enable_backprop=True, recording_rule=False)
        with rules_end_here, inside_transform(self.within_transform):
            ys = leaves(self.run())
        if not np.allclose(_sums(ys), self.sums, rtol=1e-4, equal_nan=True):
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
            if edge is not None and edge._order > before and edge not in seen:
                seen.add(edge)
                nodes.append(edge)
    return nodes


def _places(nodes: list[Any], ys: Iterable[Variable], before: int) -> list[Any]:
    """Where these nodes read from: older nodes, and leaves that somebody still holds."""
    edges = [edge for node in nodes for edge in node._edges] + [y._edge for y in ys]
    older = dict.fromkeys(e for e in edges if e is not None and e._order <= before)
    return [e for e in older if e._dtype.kind == "f" and (e._order or e._ref() is not None)]


def _hang(nodes: list[Any], moved: dict[Any, Any]) -> None:
    """Hang nodes, which nobody else has seen yet, onto other places."""
    for node in nodes:
        if type(node) is not Output:
            node._edges = tuple(moved.get(edge, edge) for edge in node._edges)


def _columns(pairs: list[tuple[Any, Any]], xs: list[Any]) -> tuple[Any, Any, Any]:
    return [y for y, _ in pairs], xs, [gy for _, gy in pairs]


def _blank(edge: Any) -> np.ndarray:
    """Shape and dtype without memory: only the place of an input counts."""
    return np.broadcast_to(np.zeros((), edge._dtype), edge._shape)


def _sums(ys: list[Any]) -> list[float]:
    return [float(np.sum(y._data, dtype=float)) for y in ys]
