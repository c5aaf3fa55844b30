"""When an operator fails: a picture of everything up to it, and of itself in red."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from tinypt_core import Edge, Function, Graph, Node, Variable, graph
from tinypt_viz._core import is_run, provider, short
from tinypt_viz.options import read
from tinypt_viz.render import plot_dot_graph


@contextmanager
def on_error(to_file: str | os.PathLike[str] = "error.svg", **options: Any) -> Iterator[None]:
    """Draw the graph if an operator fails inside a `with` block, the operator in red.

    The shapes of its inputs stand on the arrows. The error goes on its way as it is; its notes
    (Python 3.11 or later) say where the picture is, or why there is none. Costs nothing until an
    operator fails. options: see `Options`.

    >>> import numpy as np, pathlib, tempfile
    >>> from tinypt_core.ops import add
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     try:
    ...         with on_error(folder + "/g.svg"):
    ...             y = add(Variable(np.ones(2)), Variable(np.ones(3)))
    ...     except ValueError:
    ...         pathlib.Path(folder, "g.svg").exists()
    True
    """
    read(**options)  # a misspelt option shows at once
    try:
        yield
    except Exception as error:
        call = _failed_call(error.__traceback__)
        if call is not None:
            _draw(call, error, to_file, options)
        raise


def _failed_call(trace: TracebackType | None) -> tuple[Function, tuple[Any, ...]] | None:
    """The operator whose forward raised, and what it was called with: the innermost call."""
    found = None
    while trace is not None:
        names = trace.tb_frame.f_locals
        if is_run(trace.tb_frame.f_code):
            found = names["node"], tuple(names["inputs"])
        trace = trace.tb_next
    return found


def _draw(
    call: tuple[Function, tuple[Any, ...]],
    error: Exception,
    to_file: str | os.PathLike[str],
    options: dict[str, Any],
) -> None:
    """A picture that fails must not hide the error it is about."""
    try:
        g = partial_graph(*call, str(error))
        path = plot_dot_graph(g, to_file=to_file, **{"edge_shapes": True, **options})
        note = f"the graph up to here is drawn in {path}"
    except Exception as problem:
        note = f"the graph could not be drawn: {problem}"
    if hasattr(error, "add_note"):
        error.add_note(note)


def partial_graph(function: Function, inputs: tuple[Any, ...], message: str) -> Graph:
    """The graph behind the inputs of a Function that failed, and the Function itself."""
    variables = [x for x in inputs if isinstance(x, Variable)]
    g = graph(variables) if variables else Graph((), ())
    ids = dict(zip(dict.fromkeys(x._edge for x in variables), g.outputs, strict=True))
    failed = _failed_node(function, message, f"f{_count(g, 'function')}")
    constants: list[Node] = []
    edges: list[Edge] = []
    for position, x in enumerate(inputs):
        if isinstance(x, Variable):
            source = ids[x._edge]
        else:
            source = f"c{_count(g, 'constant') + len(constants)}"
            constants.append(_constant(source, x))
        edges.append(Edge(source, failed.id, position))
    nodes, edges = [failed, *constants, *g.nodes], [*edges, *g.edges]
    return Graph(tuple(nodes), tuple(edges), (failed.id, *g.outputs))


def _count(g: Graph, kind: str) -> int:
    return sum(node.kind == kind for node in g.nodes)


def _failed_node(function: Function, message: str, id: str) -> Node:
    name = type(function).__name__
    params = {key: short(value) for key, value in function.params.items()}
    who = provider(type(function))
    return Node(id, "function", name, op=name, provider=who, params=params,
                info={"failed": message})  # fmt: skip


def _constant(id: str, value: Any) -> Node:
    text, dtype = short(value), getattr(value, "dtype", None)
    return Node(id, "constant", text, value=text, shape=getattr(value, "shape", ()),
                dtype=None if dtype is None else str(dtype))  # fmt: skip
