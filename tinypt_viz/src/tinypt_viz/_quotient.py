"""What the folding steps share: neighbours, and drawing several nodes as one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from tinypt_core import Edge, Graph, Node


def inputs_of(g: Graph) -> dict[str, list[Edge]]:
    """The edges into each node, by position."""
    inputs: dict[str, list[Edge]] = defaultdict(list)
    for edge in g.edges:
        inputs[edge.target].append(edge)
    return inputs


def followers(g: Graph) -> dict[str, list[str]]:
    """The nodes that each node leads to."""
    found: dict[str, list[str]] = defaultdict(list)
    for edge in g.edges:
        found[edge.source].append(edge.target)
    return found


def quotient(g: Graph, into: dict[str, Node]) -> Graph:
    """Draw each node of `into` as the Node given for it; parallel edges become one."""
    nodes = dict.fromkeys(into.get(node.id, node).id for node in g.nodes)
    inside: dict[str, list[str]] = defaultdict(list)
    for node in g.nodes:
        if node.id in into:
            inside[into[node.id].id] += node.members or (node.id.partition("_")[0],)
    joined = {n.id: n for n in into.values()}
    by_id = {n.id: n for n in g.nodes} | {
        id: replace(n, members=tuple(dict.fromkeys(inside[id]))) for id, n in joined.items()
    }
    edges: dict[tuple[str, str, int], Edge] = {}
    for edge in g.edges:
        source = into[edge.source].id if edge.source in into else edge.source
        target = into[edge.target].id if edge.target in into else edge.target
        if source == target and edge.source != edge.target:
            continue
        grouped = "group" in (by_id[source].kind, by_id[target].kind)
        key = source, target, 0 if grouped else edge.position
        edges.setdefault(key, replace(edge, source=source, target=target))
    outputs = dict.fromkeys(into[id].id if id in into else id for id in g.outputs)
    return Graph(tuple(by_id[id] for id in nodes), tuple(edges.values()), tuple(outputs), g.notes)


def topological(g: Graph) -> list[str]:
    """Node ids, inputs first, in the order of a depth-first walk from the outputs.

    Where folding has made a cycle, it is cut at the edge that closes it.
    """
    inputs = inputs_of(g)
    done: dict[str, None] = {}
    entered: set[str] = set()
    starts = [*g.outputs, *(node.id for node in g.nodes)]
    stack = [(id, False) for id in reversed(starts)]
    while stack:
        id, leaving = stack.pop()
        if leaving:
            done[id] = None
        elif id not in entered:
            entered.add(id)
            stack.append((id, True))
            stack.extend((e.source, False) for e in reversed(inputs.get(id, ())))
    return list(done)
