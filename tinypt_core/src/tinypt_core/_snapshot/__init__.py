"""The graph as text and numbers: what pictures and exports read."""

from tinypt_core._snapshot.snapshot import Edge, Graph, Node, graph

__all__ = ["Edge", "Graph", "Node", "graph"]
