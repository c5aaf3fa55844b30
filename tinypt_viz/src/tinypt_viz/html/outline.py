"""The groups of a page: what folds into one node, and what is folded at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinypt_core import Graph
from tinypt_core._graph import Node


def outline(g: Graph, max_nodes: int, group_by: str) -> dict[str, Any]:
    large = len(g.nodes) > max_nodes
    groups: dict[tuple[str, ...], dict[str, Any]] = {}
    for node in g.nodes:
        path = node.scope
        for k in range(1, len(path) + 1):
            if path[:k] not in groups:
                groups[path[:k]] = {"id": f"g{len(groups)}", "label": path[k-1], "kind": "scope",
                   "parent": groups[path[:k-1]]["id"] if k > 1 else None, "open": not large, "members": []}
        if path:
            groups[path]["members"].append(node.id)
    state = {"hideConstants": large, "hideIntermediates": large, "repeatLeaves": large}
    return {"groups": list(groups.values()), "state": state}
