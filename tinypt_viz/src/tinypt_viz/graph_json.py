"""Graph -> JSON text; the schema is docs/graph-json.md."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from tinypt_core import Edge, Graph, Node, Variable
from tinypt_viz.options import read, snapshot

FORMAT = "tinypt-graph"
VERSION = 1

_ALWAYS = ("id", "kind", "label")
_DEFAULTS = {field.name: getattr(Node("", ""), field.name) for field in fields(Node)}


def to_json(output: Variable | Iterable[Variable] | Graph, **options: Any) -> str:
    """The graph behind a Variable (or several, or a Graph) as JSON text, one node a line.

    Nothing is folded unless `collapse=` or `max_nodes=` asks for it. A field that is unknown or
    at its default is left out; text is ASCII, with escapes. docs/graph-json.md has the schema.

    Raises TypeError for anything that has no graph and for an option that does not exist.

    >>> import numpy as np
    >>> from tinypt_core.ops import sin
    >>> print(to_json(sin(Variable(np.array(0.0), name="x"))))  # doctest: +ELLIPSIS
    {"format": "tinypt-graph", "version": 1, "outputs": ["v0"], "notes": [],
    "nodes": [
    {"id": "v0", "kind": "variable", "label": "", ...},
    {"id": "f0", "kind": "function", "label": "Sin", "op": "Sin", ...},
    {"id": "v1", "kind": "variable", "label": "x", "name": "x", ...}
    ],
    "edges": [
    {"source": "f0", "target": "v0", "position": 0},
    {"source": "v1", "target": "f0", "position": 0}
    ]}
    """
    parts = document(snapshot(output, read(**options), picture=False))
    nodes, edges = (_lines(parts.pop(key)) for key in ("nodes", "edges"))
    head = json.dumps(parts)[:-1]
    return f'{head},\n"nodes": [{nodes}],\n"edges": [{edges}]}}'


def document(g: Graph) -> dict[str, Any]:
    """The graph as plain dictionaries, lists, numbers and text."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "outputs": list(g.outputs),
        "notes": list(g.notes),
        "nodes": [_node(node) for node in g.nodes],
        "edges": [_edge(edge) for edge in g.edges],
    }


def _node(node: Node) -> dict[str, Any]:
    found = {}
    for name, default in _DEFAULTS.items():
        value = getattr(node, name)
        if name in _ALWAYS or value != default:
            found[name] = _plain(value)
    return found


def _edge(edge: Edge) -> dict[str, Any]:
    found = {"source": edge.source, "target": edge.target, "position": edge.position}
    return found if edge.slope is None else found | {"slope": _plain(edge.slope)}


def _plain(value: Any) -> Any:
    """JSON knows no NaN and no Infinity: they become text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


def _lines(rows: list[dict[str, Any]]) -> str:
    return "\n" + ",\n".join(map(json.dumps, rows)) + "\n" if rows else ""
