"""Stretches: operators of a graph, elementwise on arrays of one shape, that only they read.

Where the gradient of a stretch's youngest node, its root, is complete, so are all that its rules
compute for one another: the whole stretch can run as one step.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np
from tinypt_core._graph.places import Constant
from tinypt_core._operator.signature import authored

from tinypt_compile._program import frozen
from tinypt_core import Function

#: elements from which on it pays to run in blocks
HUGE = 500_000


class Stretch:
    """A root and what is behind it, youngest first."""

    def __init__(self, root: Any) -> None:
        self.nodes = [root]
        self.arrays: list[Any] = []  #: what rules asked for: whole arrays, and NumPy scalars
        self._at: dict[int, int] = {}

    @property
    def root(self) -> Any:
        """The node whose gradient it starts from."""
        return self.nodes[0]

    def key(self) -> Any:
        """What its program depends on, but for the values of its arrays."""
        places: dict[Any, Any] = {node: -i for i, node in enumerate(self.nodes)}
        return self.root._shape, self.root._dtype, tuple(self._key(n, places) for n in self.nodes)

    def _key(self, node: Any, places: dict[Any, Any]) -> Any:
        edges = tuple(
            None if e.__class__ is Constant
            else (places.setdefault(e, len(places)), e._shape == node._shape, e._dtype)
            for e in node._edges
        )  # fmt: skip
        kept = tuple(map(self._kept, node._keeps.values(node)))
        return type(node), frozen(node.__getstate__()), numbers_of(type(node)), edges, kept

    def _kept(self, value: Any) -> Any:
        if not isinstance(value, (np.ndarray, np.generic)):
            return frozen(value)
        return "array", self.at(value), value.ndim, value.dtype

    def at(self, array: Any) -> int:
        """Which of its arrays this is."""
        if id(array) not in self._at:
            self._at[id(array)] = len(self.arrays)
            self.arrays.append(array)
        return self._at[id(array)]


def stretches(nodes: list[Any], wanted: set[Any]) -> dict[Any, Stretch]:
    """Those of two nodes and more, by their roots."""
    readers: dict[Any, set[Any]] = defaultdict(set)
    home: dict[Any, Stretch] = {}
    for node in nodes:
        if _joins(node):
            homes = readers[node]
            stretch = next(iter(homes)) if len(homes) == 1 else None
            if stretch is None or node in wanted or stretch.root._shape != node._shape:
                home[node] = Stretch(node)
            else:
                home[node] = stretch
                stretch.nodes.append(node)
        for edge in getattr(node, "_edges", ()):
            readers[edge].add(home.get(node))
    return {s.root: s for s in home.values() if len(s.nodes) > 1}


def _joins(node: Any) -> bool:
    """Whether a node computes element by element, as far as one can see, on large plain arrays."""
    if not isinstance(node, Function) or not node.elementwise or not node._plain:
        return False
    shape = node._shape
    if shape.__class__ is not tuple or math.prod(shape) < HUGE or node._keeps.textbook:
        return False
    if not all(value is None or isinstance(value, _PLAIN) for value in node.params.values()):
        return False
    if node.passes_over is not None or any(e._dtype is not node._dtype for e in _inputs(node)):
        return False
    return all(_flows(value, shape) for value in node._keeps.values(node))


def _inputs(node: Any) -> list[Any]:
    return [edge for edge in node._edges if edge.__class__ is not Constant]


_PLAIN = (bool, int, float, str)


def numbers_of(cls: Any) -> tuple[Any, ...]:
    """Its forward and rule, and the numbers that they may read from class, module and closure:
    with others they are another program."""
    found = [v for base in authored(cls) for v in vars(base).items() if isinstance(v[1], _PLAIN)]
    for function in (cls.forward, cls._rule):
        code = getattr(function, "__code__", None)
        spaces = [function.__globals__.get(name) for name in code.co_names] if code else []
        spaces += [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
        found += [function, *(frozen(v) for v in spaces if isinstance(v, _PLAIN))]
    return tuple(found)


def _flows(value: Any, shape: tuple[int, ...]) -> bool:
    if value.__class__ is np.ndarray:
        return value.shape == shape or not value.shape
    return isinstance(value, (int, float, np.generic))
