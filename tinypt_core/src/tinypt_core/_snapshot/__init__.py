"""The graph as text and numbers: what pictures and exports read."""

from tinypt_core._snapshot.records import Edge, Graph, Node
from tinypt_core._snapshot.snapshot import graph

__all__ = ["Edge", "Graph", "Node", "graph"]
