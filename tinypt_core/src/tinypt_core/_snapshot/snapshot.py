"""Graph: a snapshot of what a Variable was computed from. Every picture and export reads it.

The walk is iterative and linear. The snapshot holds text and numbers only, no array and no node,
so it keeps nothing alive and its exporters are pure functions of it. Ids follow the order of the
walk (`v0` is the first output, `f0` what made it), so two runs give the same snapshot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Any

import numpy as np

from tinypt_core._graph.places import Constant, index_at, node_at
from tinypt_core._names import provider
from tinypt_core._operator.signature import parameters
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
        fid, use = self._functions[id(function)], (_derivative(function), _scope(function))
        shares = _recorded(function, "shares")
        for position, edge in enumerate(getattr(function, "_edges", ())):
            if edge.__class__ is Constant:
                source = self._constant(function, edge)
            else:
                source = self.variable(edge)
                known = self._uses.get(source)
                if known is not use:
                    self._uses[source] = use if known is None else _both(known, use)
            share = shares[position] if position < len(shares) else None
            self.edges.append(Edge(source, fid, position, share))

    def _constant(self, function: Any, edge: Any) -> str:
        cid = f"c{self._constants}"
        self._constants += 1
        value = edge.value
        large = value is None and edge._print is not None  # too large to keep
        dtype = edge.dtype if large else getattr(value, "dtype", None)
        size = _size(edge._shape, dtype)
        text = f"{edge._shape} {dtype}" if large else short(value)
        self.nodes.append(
            Node(cid, "constant", rounded(value, text), value=text, **size,
                 code="" if large else exact(value), measure=measured(value),
                 derivative=_derivative(function), scope=_scope(function))
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
                yield _function_node(vid, edge, self._providers[type(edge)], order[vid])
            else:
                data = self._arrays.get(edge)
                yield _variable_node(vid, edge, data, self._uses.get(vid, (0, ())), self._summary)


def _both(a: tuple[int, tuple[str, ...]], b: tuple[int, tuple[str, ...]]) -> Any:
    """The lower derivative, and the scopes that two uses share."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a[1], b[1], strict=False)))
    return min(a[0], b[0]), a[1][:same]


def _variable_node(
    vid: str, edge: Any, data: Any, use: tuple[int, tuple[str, ...]], summary: Summary
) -> Node:
    alive: Variable | None = edge._ref()
    function, index = node_at(edge), index_at(edge)
    name = _name(alive, edge, function, index)
    shape, dtype = edge._shape, edge._dtype
    data, grad = data if alive is None else alive._array, edge._grad
    if isinstance(data, (np.ndarray, np.generic)):
        shape, dtype = data.shape, data.dtype
    grad = getattr(grad, "_array", grad)
    value, slope = summary.measure(data), summary.measure(grad)
    return Node(
        vid, "variable", name or "", name, **_size(shape, dtype),
        value=summary(data), gradient=summary(grad),
        code="" if function is not None else exact(data),
        measure=value or _one(_recorded(function, "values"), index),
        slope=_one(_recorded(function, "gradients"), index) or slope,
        derivative=_derivative(function) if function is not None else use[0],
        scope=_scope(function) if function is not None else use[1],
        output_index=index,
        output_count=len(_outputs(function)) or 1,
    )  # fmt: skip


def _name(alive: Variable | None, edge: Any, function: Any, index: int) -> str | None:
    """The Variable's name, also after its owner dropped it."""
    name = alive._name if alive is not None else None
    if name is None and function is None:
        name = getattr(edge, "_name", None)
    elif name is None and hasattr(function, "_info"):
        name = function._info.get("names", {}).get(index)
    return None if name is None else str(name)


def _function_node(fid: str, function: Any, provider: str, order: int) -> Node:
    label = type(function).__name__
    sizes = [_size(shape, dtype) for shape, dtype in _outputs(function)]
    size = dict(sizes[0], nbytes=sum(one["nbytes"] for one in sizes)) if sizes else {}
    notes = dict(getattr(function, "_info", {}))
    for key in ("names", *_RECORDED):
        notes.pop(key, None)
    return Node(
        fid, "function", label, op=label, provider=provider,
        params=_params(function), exact=_exact(function), **size,
        derivative=_derivative(function), scope=_scope(function),
        site=str(notes.pop("site", "")),
        info={str(k): v if isinstance(v, (int, float)) else short(v) for k, v in notes.items()},
        output_count=len(sizes), order=order,
    )  # fmt: skip


def _outputs(function: Any) -> list[tuple[Any, Any]]:
    """Shape and dtype of each output."""
    return [] if function is None else function._outputs  # type: ignore[no-any-return]


def _params(function: Any) -> dict[str, str]:
    names = _parameters(type(function))
    return {name: short(getattr(function, name)) for name in names if hasattr(function, name)}


def _exact(function: Any) -> dict[str, str]:
    names = _parameters(type(function))
    return {name: exact(getattr(function, name)) for name in names if hasattr(function, name)}


#: what `tinypt_viz.record` notes on a Function, each a tuple of `Measure` or None
_RECORDED = ("values", "gradients", "shares")


def _recorded(function: Any, key: str) -> tuple[Measure | None, ...]:
    found = getattr(function, "_info", {}).get(key, ())
    return found if isinstance(found, tuple) else ()


def _one(measures: tuple[Measure | None, ...], index: int) -> Measure | None:
    return measures[index] if index < len(measures) else None


_parameters: Any = lru_cache(parameters)
_text = lru_cache(str)


def _derivative(function: Any) -> int:
    return function._mode.derivative if hasattr(function, "_mode") else 0


def _scope(function: Any) -> tuple[str, ...]:
    return tuple(map(str, function._mode.scope)) if hasattr(function, "_mode") else ()


def _size(shape: Any, dtype: Any) -> dict[str, Any]:
    nbytes = None if shape is None or dtype is None else math.prod(shape) * dtype.itemsize
    return {"shape": shape, "dtype": None if dtype is None else _text(dtype), "nbytes": nbytes}
