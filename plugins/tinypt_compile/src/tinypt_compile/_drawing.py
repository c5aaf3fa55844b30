"""A program as the snapshot of a graph: its calls are the functions, its values the variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_compile._names import Names
from tinypt_compile._program import Program, Step, refs_in
from tinypt_compile._report import case_of
from tinypt_core import Edge, Graph, Node


def graph(compiled: Any, args: Any, kwargs: Any) -> Graph:
    """The graph of the program for these arguments."""
    program = case_of(compiled, args, kwargs).program
    names = Names(program)
    leaves = [*program.inputs, *program.constants]
    nodes = [_variable(program, names, at) for at in leaves]
    edges: list[Edge] = []
    for n, step in enumerate(program.calls()):
        nodes += [_function(program, step, n), _variable(program, names, step.out)]
        edges += _edges(step, n)
    return Graph(tuple(nodes), tuple(edges), tuple(f"v{at}" for at in refs_in(program.outputs)))


def _variable(program: Program, names: Names, at: int) -> Node:
    """A value; only names that somebody gave are shown."""
    given = at in program.names or at in program.inputs
    name = names[at] if given else None
    return Node(f"v{at}", "variable", label=name or "", name=name, **_array(program, at))


def _function(program: Program, step: Step, n: int) -> Node:
    """A call; the operator it belongs to is its scope."""
    word = str(getattr(step.fn, "__name__", None) or getattr(step.fn, "words", "call"))
    operator, _, provider = step.label.rpartition(" (")
    params = {f"{i}": repr(v) for i, v in enumerate(step.args) if _is_parameter(v)}
    params |= {k: repr(v) for k, v in step.kwargs.items()}
    return Node(f"f{n}", "function", label=word, op=word, provider=provider.rstrip(")"),
                params=params, scope=(operator,) if operator else (), order=n + 1,
                **_array(program, step.out))  # fmt: skip


def _is_parameter(value: Any) -> bool:
    return not list(refs_in(value)) and not isinstance(value, np.ndarray)


def _edges(step: Step, n: int) -> Iterator[Edge]:
    for position, at in enumerate(step.refs()):
        yield Edge(f"v{at}", f"f{n}", position)
    yield Edge(f"f{n}", f"v{step.out}")


def _array(program: Program, at: int) -> dict[str, Any]:
    info = program.info[at]
    if info.dtype is None:
        return {}
    size = int(np.prod(info.shape, dtype=int)) * info.dtype.itemsize
    return {"shape": tuple(info.shape), "dtype": str(info.dtype), "nbytes": size}
