"""Graph: a snapshot of what a Variable was computed from. Every picture and export reads it.

The walk is iterative and linear. The snapshot holds text and numbers only, no array and no node,
so it keeps nothing alive and its exporters are pure functions of it. Ids follow the order of the
walk (`v0` is the first output, `f0` what made it), so two runs give the same snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from tinypt_core._graph.places import Constant, index_at, node_at
from tinypt_core._names import provider
from tinypt_core._snapshot.nodes import (
    both,
    derivative,
    function_node,
    recorded,
    scope,
    size,
    variable_node,
)
from tinypt_core._snapshot.records import Edge, Graph, Node
from tinypt_core._snapshot.summary import Measure, Summary, exact, measured, rounded, short
from tinypt_core._variable import Variable


def graph(output: Variable | Iterable[Variable], nearest: int | None = None) -> Graph:
    """The graph that a Variable, or each of several, was computed from.

    nearest: stop after about so many nodes, those nearest to the outputs; `notes` says so.

    Raises TypeError for anything else.

    >>> from tinypt_core.ops import sin
    >>> x = Variable(np.array(0.0), name="x")
    >>> g = graph(sin(x))
    >>> [(node.id, node.label) for node in g.nodes]
    [('v0', ''), ('f0', 'Sin'), ('v1', 'x')]
    >>> [(edge.source, edge.target) for edge in g.edges]
    [('f0', 'v0'), ('v1', 'f0')]
    """
    walk = _Walk()
    outputs = tuple(dict.fromkeys(walk.output(y) for y in _variables(output)))
    notes: tuple[str, ...] = ()
    for function in walk.functions:  # grows as the walk finds more
        if nearest is not None and len(walk.nodes) >= nearest:
            notes = (f"only the {len(walk.nodes)} nodes nearest to the output are shown",)
            break
        walk.inputs_of(function)
    return Graph(tuple(walk.finish()), tuple(walk.edges), outputs, notes)


def _variables(output: Any) -> list[Variable]:
    ys = [output] if isinstance(output, Variable) else output
    ys = list(ys) if isinstance(ys, Iterable) and not isinstance(ys, (str, np.ndarray)) else [ys]
    for y in ys:
        if not isinstance(y, Variable):
            raise TypeError(f"a graph is that of a Variable, or of several; found {type(y)}")
    if not ys:
        raise TypeError("a graph is that of at least one Variable; found none")
    return ys


class _Walk:
    """What was found so far: the places of the graph, their ids, and the edges between."""

    def __init__(self) -> None:
        self.nodes: list[Node | tuple[str, Any]] = []  # until all uses and the order are known
        self.edges: list[Edge] = []
        self.functions: list[Any] = []
        self._variables: dict[Any, str] = {}
        self._functions: dict[Any, str] = {}
        self._uses: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._providers: dict[type, str] = {}
        self._constants = 0
        self._arrays: dict[Any, Any] = {}  # of Variables, where the graph has them
        self._noted: dict[Any, Measure | None] = {}  # how large an operator noted that they were
        self._summary = Summary()

    def output(self, y: Variable) -> str:
        """The id of a Variable that was asked for."""
        self._arrays[y._edge] = y._array
        return self.variable(y._edge)

    def variable(self, edge: Any) -> str:
        """The id of the Variable at a place of the graph."""
        found = self._variables.get(edge)
        if found is not None:
            return found
        self._variables[edge] = vid = f"v{len(self._variables)}"
        self.nodes.append((vid, edge))
        function = node_at(edge)
        if function is not None:
            self.edges.append(Edge(self._function(function), vid, index_at(edge)))
        return vid

    def _function(self, function: Any) -> str:
        found = self._functions.get(id(function))
        if found is None:
            self._functions[id(function)] = found = f"f{len(self.functions)}"
            self.functions.append(function)
            cls = type(function)
            if cls not in self._providers:
                self._providers[cls] = provider(cls)
            self.nodes.append((found, function))
        return found

    def inputs_of(self, function: Any) -> None:
        """Go on to the inputs of a Function."""
        if hasattr(function, "_keeps"):
            self._arrays.update(
                (place, array) for place, array, _ in function._keeps.items(function)
            )
        fid, use = self._functions[id(function)], (derivative(function), scope(function))
        shares, operands = recorded(function, "shares"), recorded(function, "operands")
        for position, edge in enumerate(getattr(function, "_edges", ())):
            if edge.__class__ is Constant:
                source = self._constant(function, edge)
            else:
                source = self.variable(edge)
                if position < len(operands):
                    self._noted[edge] = operands[position]
                known = self._uses.get(source)
                if known is not use:
                    self._uses[source] = use if known is None else both(known, use)
            share = shares[position] if position < len(shares) else None
            self.edges.append(Edge(source, fid, position, share))

    def _constant(self, function: Any, edge: Any) -> str:
        cid = f"c{self._constants}"
        self._constants += 1
        value = edge.value
        large = value is None and edge._print is not None  # too large to keep
        dtype = edge.dtype if large else getattr(value, "dtype", None)
        measures = size(edge._shape, dtype)
        text = f"{edge._shape} {dtype}" if large else short(value)
        self.nodes.append(
            Node(cid, "constant", rounded(value, text), value=text, **measures,
                 code="" if large else exact(value), measure=measured(value),
                 derivative=derivative(function), scope=scope(function))
        )  # fmt: skip
        return cid

    def finish(self) -> Iterator[Node]:
        """All nodes; a leaf belongs to the first derivative and the innermost scope that hold
        all its uses."""
        ran = sorted(self.functions, key=lambda function: getattr(function, "_order", 0))
        order = {self._functions[id(function)]: i for i, function in enumerate(ran, 1)}
        for node in self.nodes:
            if isinstance(node, Node):
                yield node
                continue
            vid, edge = node
            if vid in order:
                yield function_node(vid, edge, self._providers[type(edge)], order[vid])
            else:
                data = self._arrays.get(edge)
                use, noted = self._uses.get(vid, (0, ())), self._noted.get(edge)
                yield variable_node(vid, edge, data, use, self._summary, noted)
