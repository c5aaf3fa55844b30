"""Keeps: how what a rule asked for is stored on a node. Nobody else knows.

An only value is kept as it is, and the inputs as the tuple that forward got: a container less
per op. A rule in the textbook style, which reads `self.inputs` and `self.outputs`, keeps all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

import numpy as np

from tinypt_core._graph.places import Constant
from tinypt_core._operator.signature import EVERY, Signature
from tinypt_core._variable import handle

_ndarray = np.ndarray


class Keeps:
    """The codec of one Function class.

    textbook: whether the rule asks for nothing and reads the node. save: (xs, y) -> what is kept
    (an only input comes as it is); True if that is xs; None if nothing is kept.
    """

    def __init__(self, signature: Signature, textbook: bool) -> None:
        self.asks = signature.asks
        self.arity = signature.arity
        self.names = signature.names
        self.textbook = textbook
        self.save = _saver(self.asks, self.arity)

    def save_several(self, xs: tuple[Any, ...], ys: list[Any]) -> Any:
        """What is kept by an operator with several outputs."""
        values = tuple(tuple(xs) if i == EVERY else xs[i] if i >= 0 else ys[~i] for i in self.asks)
        return values[0] if len(values) == 1 else values

    def values(self, node: Any) -> tuple[Any, ...]:
        """What the rule gets after its gradients."""
        if not self.asks or not hasattr(node, "_held"):
            return ()
        return (node._held,) if len(self.asks) == 1 else node._held

    def variables(self, node: Any) -> list[Any]:
        """The same as Variables at their places in the graph."""
        return [
            tuple(map(_at, value, node._edges)) if i == EVERY
            else _at(value, node._edges[i]) if i >= 0
            else handle(value, node._place(~i))
            for i, value in zip(self.asks, self.values(node), strict=True)
        ]  # fmt: skip

    def items(self, node: Any) -> Iterator[tuple[Any, Any, str]]:
        """The arrays that a node keeps: place, array, and words for it."""
        edges = getattr(node, "_edges", ())
        if self.textbook:
            yield from self._all(node, edges)
        for i, value in zip(self.asks, self.values(node), strict=False):
            if i == EVERY:
                yield from ((e, x, self.input(k)) for k, (e, x) in enumerate(zip(edges, value)))  # noqa: B905
            else:
                place = edges[i] if i >= 0 else node._place(~i)
                yield place, value, self.input(i) if i >= 0 else "the output"

    def _all(self, node: Any, edges: Any) -> Iterator[tuple[Any, Any, str]]:
        inputs, xs, ys = getattr(node, "_held", None) or ((), (), ())
        for i, (edge, v, x) in enumerate(zip(edges, inputs, xs, strict=False)):
            yield edge, getattr(v, "_array", x), self.input(i)
        yield from ((node._place(i), y, "the output") for i, y in enumerate(ys))

    def has(self, node: Any, array: Any) -> bool:
        """Whether a node keeps this very array."""
        return _among((getattr(node, "_held", None),), array)

    def whole(self, node: Any) -> Any:
        """(inputs, arrays, outputs) for a rule in the textbook style, else None."""
        return getattr(node, "_held", None) if self.textbook else None

    def input_of(self, node: Any, i: int) -> Any:
        """The array of input i, if it is kept."""
        return self.values(node)[self.asks.index(i)] if i in self.asks else None

    def output_of(self, node: Any, index: int) -> Any:
        """The array of an output, if it is kept."""
        whole = self.whole(node)
        if whole is not None:
            return whole[2][index]
        return self.input_of(node, ~index)

    def input(self, i: int) -> str:
        """Words for input i."""
        return f"input {i} ({self.names[i]})" if i < len(self.names) else f"input {i}"


def _among(values: Any, array: Any) -> bool:
    for value in values:
        if value is array:
            return True
        if value.__class__ is tuple:
            if _among(value, array):
                return True
        elif value.__class__ is not _ndarray and getattr(value, "_array", None) is array:
            return True
    return False


def _saver(asks: tuple[int, ...], arity: int) -> Callable[[Any, Any], Any] | bool | None:
    if not asks:
        return None
    if asks == tuple(range(arity)):
        return True
    if EVERY in asks:
        picks = [_picker(i) for i in asks]
        return picks[0] if len(picks) == 1 else lambda xs, y: tuple([p(xs, y) for p in picks])
    pick: Any = itemgetter(*(i if i >= 0 else -1 for i in asks))
    if arity == 1:
        return lambda x, y: pick((x, y))
    return lambda xs, y: pick((*xs, y))


def _picker(i: int) -> Callable[[Any, Any], Any]:
    if i == EVERY:
        return lambda xs, y: tuple(xs)
    return (lambda xs, y: xs[i]) if i >= 0 else (lambda xs, y: y)


def _at(value: Any, edge: Any) -> Any:
    """The Variable at a place; at that of a constant the constant itself."""
    return value if edge.__class__ is Constant else handle(value, edge)
