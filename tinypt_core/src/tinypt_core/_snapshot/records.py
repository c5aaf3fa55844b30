"""Graph, Node, Edge: text and numbers, no array and no node of the graph itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tinypt_core._snapshot.summary import Measure


@dataclass(frozen=True, slots=True)
class Node:
    """One Variable, Function or constant, or a group that stands for several.

    id: "v0" for a Variable, "f0" for a Function, "c0" for a constant, in the order of the walk.
    kind: "variable", "function", "constant" or "group".
    label: the name of a Variable, the class name of a Function, the value of a constant.
    name: the Variable's name, or None. op: the class name of the Function. provider: its package
    and version. params: the parameters of the Function by name, as text.
    shape, dtype, nbytes: of the array, also of one that is gone; None if unknown. A Function has
    those of its output (nbytes: of all its outputs).
    value, gradient: what is in `data` and `grad`, in short; "" for a Variable that was dropped.
    derivative: the differentiation that made it; 0 for the computation itself.
    scope: the scopes it was made in, the outermost first. site: the source line of the call, "" if
    not recorded. info: what observers and users noted on the Function: numbers, else text.
    output_index, output_count: which output of its Function a Variable is.
    hidden: how many nodes of the full graph a node stands for besides itself.
    merged: how many equal expressions it stands for.
    members: the ids of all that it stands for, if those are several.
    exact: the parameters as Python code, which gives the very values; code: the same for what a
    constant or a leaf holds. "" for what is too large or has no such code.
    order: the place of a Function among all, in the order in which they ran, from 1 on.
    measure, slope: how large value and gradient are, also where `record` of tinypt-viz noted it.
    """

    id: str
    kind: str
    label: str = ""
    name: str | None = None
    op: str = ""
    provider: str = ""
    params: dict[str, str] = field(default_factory=dict)
    exact: dict[str, str] = field(default_factory=dict)
    code: str = ""
    shape: tuple[int, ...] | None = None
    dtype: str | None = None
    nbytes: int | None = None
    value: str = ""
    gradient: str = ""
    derivative: int = 0
    scope: tuple[str, ...] = ()
    site: str = ""
    info: dict[str, Any] = field(default_factory=dict)
    output_index: int = 0
    output_count: int = 1
    hidden: int = 0
    merged: int = 1
    members: tuple[str, ...] = ()
    order: int = 0
    measure: Measure | None = None
    slope: Measure | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from `source` to `target`, both ids; position: which input (or output) it is.

    slope: how large the gradient is that this use of `source` handed back, where it was recorded.
    """

    source: str
    target: str
    position: int = 0
    slope: Measure | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges in the order of the walk.

    outputs: the ids of what was asked for. notes: one sentence for each thing that is not shown.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    outputs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
