"""Readable at any size: a pipeline of Graph -> Graph steps.

Each step is linear, hides one kind of thing, and says in `notes` what it hid. `fold` takes them
in order until the graph is small enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace

from tinypt_core import Edge, Graph, Node
from tinypt_viz._quotient import followers, inputs_of, quotient
from tinypt_viz._repeats import merge_equal, roll_repeats
from tinypt_viz.seeds import fold_seeds
from tinypt_viz.turns import fold_turns

MAX_NODES = 300
#: steps that only happen when they are asked for by name; "expressions" is one of pictures only
EXTRA = ("seeds", "siblings", "expressions")
_SHARED = 3  #: a leaf with more uses than this is drawn at each of them


def fold(g: Graph, max_nodes: int = MAX_NODES, steps: Collection[str] | None = None) -> Graph:
    """A smaller graph that says what it hides.

    steps: exactly these steps, whatever the size; by default as many as it takes, in order, to
    come down to `max_nodes`.

    Raises ValueError for a step that does not exist.

    >>> import numpy as np
    >>> from tinypt_core import Variable, graph
    >>> y = Variable(np.array(1.0), name="x")
    >>> for _ in range(1000):
    ...     y = y * 2
    >>> fold(graph(y)).notes[0]
    '1000 constants are written in the Function that uses them'
    """
    unknown = [step for step in steps or () if step not in STEPS and step not in EXTRA]
    if unknown:
        names = ", ".join((*STEPS, *EXTRA))
        raise ValueError(f"no folding step is called {unknown[0]!r}; there are {names}")
    if steps and "seeds" in steps:
        g = fold_seeds(g)
    if steps and "siblings" in steps:
        g, _ = fold_turns(g)
    for name, step in STEPS.items():
        if name in steps if steps is not None else len(g.nodes) > max_nodes:
            g = step(g, max_nodes)
    return g


def fold_constants(g: Graph, max_nodes: int = MAX_NODES) -> Graph:
    """Write short constants into the Function that uses them: `Mul(·, 2.0)`."""
    short = {n.id: n for n in g.nodes if n.kind == "constant" and not _is_summary(n)}
    if not short:
        return g
    inputs = inputs_of(g)
    nodes = []
    for node in g.nodes:
        sources = [edge.source for edge in inputs.get(node.id, ())]
        if node.kind == "function" and not short.keys().isdisjoint(sources):
            labels = ", ".join(short[s].label if s in short else "·" for s in sources)
            values = ", ".join(short[s].value if s in short else "·" for s in sources)
            folded = sum(s in short for s in sources)
            node = replace(
                node,
                label=f"{node.label}({labels})",
                value=values,
                hidden=node.hidden + folded,
            )
        if node.id not in short:
            nodes.append(node)
    edges = [edge for edge in g.edges if edge.source not in short]
    verb = "constants are" if len(short) > 1 else "constant is"
    note = f"{len(short)} {verb} written in the Function that uses them"
    return _noted(g, nodes, edges, note)


def _is_summary(node: Node) -> bool:
    return node.value == f"{node.shape} {node.dtype}"


def hide_intermediates(g: Graph, max_nodes: int = MAX_NODES) -> Graph:
    """Leave out Variables without a name between two Functions."""
    made = {edge.target: edge.source for edge in g.edges}
    used = {edge.source for edge in g.edges}
    hidden = {
        n.id
        for n in g.nodes
        if n.kind == "variable" and n.name is None and n.id in made and n.id in used
    }.difference(g.outputs)
    if not hidden:
        return g
    edges = [
        replace(edge, source=made[edge.source]) if edge.source in hidden else edge
        for edge in g.edges
        if edge.target not in hidden
    ]
    nodes = [node for node in g.nodes if node.id not in hidden]
    verb = "Variables without a name are" if len(hidden) > 1 else "Variable without a name is"
    return _noted(g, nodes, edges, f"{len(hidden)} {verb} not shown")


def repeat_leaves(g: Graph, max_nodes: int = MAX_NODES) -> Graph:
    """Draw a leaf that is used in many places again at each of them."""
    made = {edge.target for edge in g.edges}
    uses = followers(g)
    shared = {
        n.id: n for n in g.nodes if n.id not in made and len(set(uses.get(n.id, ()))) > _SHARED
    }
    if not shared:
        return g
    copies: dict[str, list[Node]] = defaultdict(list)
    of: dict[tuple[str, str], str] = {}
    edges = []
    for edge in g.edges:
        if edge.source in shared:
            place = edge.source, edge.target
            if place not in of:
                of[place] = f"{edge.source}_{len(copies[edge.source])}"
                copies[edge.source].append(replace(shared[edge.source], id=of[place]))
            edge = replace(edge, source=of[place])
        edges.append(edge)
    nodes = [copy for node in g.nodes for copy in copies.get(node.id, (node,))]
    outputs = tuple(out for id in g.outputs for out in (f"{id}_0" if id in shared else id,))
    verb = "leaves are" if len(shared) > 1 else "leaf is"
    note = f"{len(shared)} shared {verb} drawn again at each use"
    return _noted(replace(g, outputs=outputs), nodes, edges, note)


def fold_scopes(g: Graph, max_nodes: int = MAX_NODES) -> Graph:
    """Make one node of each scope, the innermost first, until the graph is small enough."""
    before = g
    for depth in range(max((len(n.scope) for n in g.nodes), default=0), 0, -1):
        g = _fold_scopes_at(g, depth)
        if len(g.nodes) <= max_nodes:
            break
    groups = sum(n.kind == "group" for n in g.nodes)
    if g is before or not groups:
        return before
    verb = "scopes are drawn as one node each" if groups > 1 else "scope is drawn as one node"
    return _noted(g, g.nodes, g.edges, f"{groups} {verb}")


def _fold_scopes_at(g: Graph, depth: int) -> Graph:
    members: dict[tuple[str, ...], list[Node]] = defaultdict(list)
    for node in g.nodes:
        if len(node.scope) >= depth and node.id not in g.outputs:
            members[node.scope[:depth]].append(node)
    groups = {scope: nodes for scope, nodes in members.items() if len(nodes) > 1}
    number = _next_group(g)
    into = {}
    for i, (scope, nodes) in enumerate(groups.items(), number):
        group = _group(f"g{i}", "/".join(scope), nodes)
        group = replace(group, scope=scope[:-1])
        into.update({node.id: group for node in nodes})
    return quotient(g, into)


def fold_depth(g: Graph, max_nodes: int = MAX_NODES) -> Graph:
    """Keep what is nearest to the outputs; everything behind becomes one node."""
    if len(g.nodes) <= max_nodes:
        return g
    inputs = inputs_of(g)
    made = {edge.target for edge in g.edges}
    names: set[str | None] = {None}
    leaves = []
    for n in g.nodes:
        if n.kind == "variable" and n.id not in made and n.name not in names:
            names.add(n.name)
            leaves.append(n.id)
    keep = dict.fromkeys(leaves[: max_nodes // 10])
    budget = max(max_nodes - len(keep) - 1, 1)
    near = list(dict.fromkeys(g.outputs))[:budget]
    seen = set(near)
    for id in near:  # grows: nearest first
        for edge in inputs.get(id, ()):
            if edge.source not in seen and len(near) < budget:
                seen.add(edge.source)
                near.append(edge.source)
    far = [node for node in g.nodes if node.id not in seen and node.id not in keep]
    group = _group(f"g{_next_group(g)}", "further back", far)
    outputs = tuple(id for id in g.outputs if id in seen) or (group.id,)
    g = quotient(replace(g, outputs=outputs), {node.id: group for node in far})
    return _noted(g, g.nodes, g.edges, f"{len(far)} nodes further back are drawn as one")


def _group(id: str, label: str, nodes: list[Node]) -> Node:
    count = sum(node.merged * (1 + node.hidden) for node in nodes)
    return Node(
        id,
        "group",
        label,
        hidden=count,
        nbytes=sum(n.nbytes or 0 for n in nodes if n.kind != "function"),
        derivative=min(n.derivative for n in nodes),
    )


def _next_group(g: Graph) -> int:
    return 1 + max((int(n.id[1:]) for n in g.nodes if n.kind == "group"), default=-1)


def _noted(g: Graph, nodes: Collection[Node], edges: Collection[Edge], note: str) -> Graph:
    return Graph(tuple(nodes), tuple(edges), g.outputs, (*g.notes, note))


#: the order in which a picture gives things up
STEPS: dict[str, Callable[[Graph, int], Graph]] = {
    "constants": fold_constants,
    "intermediates": hide_intermediates,
    "leaves": repeat_leaves,
    "equal": merge_equal,
    "repeats": roll_repeats,
    "scopes": fold_scopes,
    "depth": fold_depth,
}
