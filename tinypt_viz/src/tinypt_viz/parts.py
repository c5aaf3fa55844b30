"""A Graph as a reader sees it: operators with their constants, and the results that have a name.

Constants, gradient seeds and results without a name are no nodes of a styled picture; they are
parts of the operators that use or make them.
"""

from __future__ import annotations

import re
from collections import defaultdict

from tinypt_core import Graph, Node
from tinypt_viz._quotient import inputs_of
from tinypt_viz.expression.names import ask_again, is_ours, operator_name, parameters
from tinypt_viz.expression.signs import derivative_of, index_text, prime
from tinypt_viz.numbers import number, sized
from tinypt_viz.seeds import is_seed
from tinypt_viz.text import clipped

_DTYPE = re.compile(r"dtype\('([^']+)'\)")
_DERIVATIVES = ("RiccatiDerivative", "SincDerivative")


class Parts:
    """What a picture shows of a Graph.

    shown: the ids of its nodes. operands: of each shown node, what its arrows come from: a shown
    node, or None for a constant that is written inside; with the Variable or constant itself.
    """

    def __init__(self, g: Graph) -> None:
        ask_again()
        self.g = g
        self.nodes = {node.id: node for node in g.nodes}
        self.made = {e.target: e.source for e in g.edges if self.nodes[e.target].kind != "function"}
        self.uses: dict[str, list[str]] = defaultdict(list)
        for edge in g.edges:
            self.uses[edge.source].append(edge.target)
        self.inside = {n.id for n in g.nodes if self._is_inside(n)}
        self.inner = {n.id for n in g.nodes if self._is_inner(n)}
        self.shown = [n.id for n in g.nodes if n.id not in self.inside and n.id not in self.inner]
        self.operands: dict[str, list[tuple[str | None, Node, int]]] = {}
        inputs = inputs_of(g)
        for id in self.shown:
            edges = sorted(inputs.get(id, ()), key=lambda e: e.position)
            found = [(self.source(e.source), self.nodes[e.source], e.position) for e in edges]
            self.operands[id] = found
        self.edges = {(e.source, e.target, e.position): e for e in g.edges}

    def _is_inside(self, node: Node) -> bool:
        if node.id in self.made or node.id in self.g.outputs:
            return False
        return node.kind == "constant" or is_seed(node)

    def _is_inner(self, node: Node) -> bool:
        """A result without a name, made by an operator that is drawn."""
        maker = self.nodes.get(self.made.get(node.id, ""))
        if node.kind != "variable" or node.name or maker is None or maker.kind != "function":
            return False
        return node.output_count == 1 and node.id not in self.g.outputs and bool(self.uses[node.id])

    def source(self, id: str) -> str | None:
        """The shown node that an arrow from a node comes from."""
        if id in self.inside:
            return None
        return self.made[id] if id in self.inner else id

    def result(self, fid: str) -> Node | None:
        """The Variable that an operator made; the first of several."""
        found = self.uses.get(fid, ())
        return self.nodes[found[0]] if found else None

    def is_leaf(self, id: str) -> bool:
        """Whether no operator made a node."""
        return self.nodes[id].kind != "function" and id not in self.made

    # -- labels ----------------------------------------------------------------------------------

    def call(self, fid: str) -> str:
        """An operator by its class, with parameters and constants: `Pow 2`, `Mul(14, ·)`."""
        node = self.nodes[fid]
        text = operator_label(node)
        operands = self.operands.get(fid, [])
        if any(source is None for source, _, _ in operands):
            inside = [constant_text(n) if s is None else "·" for s, n, _ in operands]
            text = f"{text}({', '.join(inside)})"
        return text

    def variable(self, id: str) -> str:
        """What is written on a Variable (or a constant that stands alone)."""
        node = self.nodes[id]
        if node.name is not None and node.name.strip():
            return clipped(node.name)
        if node.output_count > 1:
            return f"[{node.output_index}]"
        if id in self.made and node.kind == "variable":
            return ""
        return constant_text(node) if node.kind != "group" else clipped(node.label)


def operator_label(node: Node) -> str:
    """`Pow 2`, `GetItem [3]`, `tanh″`, `Sum axis=0`: the class name and what is not usual."""
    if node.kind == "group" or ("failed" in node.info and not node.params):
        return clipped(node.label)
    if node.op in _DERIVATIVES and is_ours(node):
        return derivative_of(node) + prime(int(node.params["n"]))
    if node.op == "GetItem" and is_ours(node):
        return clipped(f"GetItem [{index_text(node.params['slices'])}]")
    label = node.op or node.label
    if not node.params:
        return clipped(label)
    unusual = parameters(node, operator_name(node))
    texts = [_short(node.params[key]) for key in unusual]
    if len(node.params) == 1:
        return clipped(" ".join([label, *filter(None, texts)]))
    return clipped(" ".join([label, *(f"{k}={t}" for k, t in zip(unusual, texts, strict=True))]))


def _short(text: str) -> str:
    try:
        return number(float(text))
    except ValueError:
        return _DTYPE.sub(r"\1", text).replace("-", "−").strip("'")


def constant_text(node: Node) -> str:
    """A constant, or a leaf without a name: its number, its few elements, or its shape."""
    if node.kind == "variable" and is_seed(node):
        return "1"
    m = node.measure
    if m is not None and m.size == 1 and not node.shape and "j" not in node.value:
        return node.value if node.dtype == "bool" else number(m.rms)
    text = " ".join(node.value.replace("-", "−").split())
    if text and len(text) <= 20 and not text.startswith("("):
        return text
    if node.kind == "variable" and node.derivative and not node.name:
        return "seed"  # its value is gone
    return sized(node.shape, node.dtype) or clipped(node.label) or "?"
