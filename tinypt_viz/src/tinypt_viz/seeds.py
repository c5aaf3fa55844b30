"""Gradient seeds are ones that multiply: a picture reads better without them."""

from __future__ import annotations

from dataclasses import replace

from tinypt_core import Edge, Graph, Node
from tinypt_viz._quotient import inputs_of, topological


def is_seed(node: Node) -> bool:
    """Whether a leaf is what a differentiation started from: ones, without a name."""
    ones = node.measure is not None and node.measure[:3] == (1.0, 0, 0)
    same = not node.shape or node.value.startswith("min 1 max 1 ") or _all_ones(node.value)
    return node.kind == "variable" and not node.name and node.derivative > 0 and ones and same


def _all_ones(text: str) -> bool:
    return set(text.replace("[", " ").replace("]", " ").split()) == {"1."}


def fold_seeds(g: Graph, max_nodes: int = 0) -> Graph:
    """Leave out the multiplications by a seed, and what only makes the seed."""
    by_id = {node.id: node for node in g.nodes}
    inputs = inputs_of(g)
    ones: set[str] = set()  # nodes whose value is all ones
    instead: dict[str, str] = {}  # a Variable -> the Variable of the same value

    def at(id: str) -> str:
        return instead.get(id, id)

    for id in topological(g):
        node, sources = by_id[id], [at(e.source) for e in inputs.get(id, ())]
        if not sources:
            if is_seed(node):
                ones.add(id)
        elif node.kind == "function" and _is_ours(node):
            if node.op in ("Mul", "BroadcastTo") and ones.issuperset(sources):
                ones.add(id)
            elif node.op == "Mul" and (kept := _kept(node, sources, ones, by_id)):
                instead[id] = kept
        elif sources[0] in ones:
            ones.add(id)
        elif sources[0] in instead and id not in g.outputs and not node.name:
            instead[id] = at(instead[sources[0]])
    return _without(g, instead, ones, by_id) if instead else g


def _is_ours(node: Node) -> bool:
    return node.provider.startswith("tinypt-ops-basic ")


def _kept(node: Node, sources: list[str], ones: set[str], by_id: dict[str, Node]) -> str:
    """The other factor of a multiplication by ones that changes neither shape nor dtype."""
    others = [id for id in sources if id not in ones]
    if len(sources) != 2 or len(others) != 1:
        return ""
    other = by_id[others[0]]
    same = (other.shape, other.dtype) == (node.shape, node.dtype)
    return other.id if same and other.kind == "variable" else ""


def _without(g: Graph, instead: dict[str, str], ones: set[str], by_id: dict[str, Node]) -> Graph:
    edges: list[Edge] = []
    made = {edge.target: edge.source for edge in g.edges if edge.source in instead}
    for edge in g.edges:
        if edge.target in instead:
            continue
        if by_id[edge.source].kind == "function" and edge.source in instead:
            # an output, or a name, that is the other factor itself: what made that makes it
            continue
        edges.append(replace(edge, source=instead.get(edge.source, edge.source)))
    return _reachable(_renamed(g, edges, made, instead))


def _renamed(g: Graph, edges: list[Edge], made: dict[str, str], instead: dict[str, str]) -> Graph:
    """A named product by 1 takes the place of its factor, if that has no name of its own."""
    by_id = {node.id: node for node in g.nodes}
    into = {}
    for target, source in made.items():
        if target in instead:
            continue
        factor = instead[source]
        makers = [e for e in edges if e.target == factor]
        if by_id[factor].name or factor in into or not makers or factor in g.outputs:
            return g  # two names for one value: nothing is left out
        into[factor] = target
    edges = [
        replace(e, source=into.get(e.source, e.source), target=into.get(e.target, e.target))
        for e in edges
    ]
    nodes = tuple(node for node in g.nodes if node.id not in into)
    return Graph(nodes, tuple(edges), g.outputs, g.notes)


def _reachable(g: Graph) -> Graph:
    inputs = inputs_of(g)
    seen = dict.fromkeys(g.outputs)
    work = list(seen)
    for id in work:  # grows
        for edge in inputs.get(id, ()):
            if edge.source not in seen:
                seen[edge.source] = None
                work.append(edge.source)
    nodes = tuple(node for node in g.nodes if node.id in seen)
    edges = tuple(e for e in g.edges if e.source in seen and e.target in seen)
    return Graph(nodes, edges, g.outputs, g.notes)
