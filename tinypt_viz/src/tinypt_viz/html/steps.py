"""The step page: a slider plays the forward pass, the seed, and the backward pass."""

from __future__ import annotations

from html import escape
from string import Template
from typing import Any

from tinypt_core import Edge, Graph, Node
from tinypt_viz._core import Measure
from tinypt_viz.expression.lines import Formula
from tinypt_viz.expression.pieces import ATOM, Piece
from tinypt_viz.expression.signs import Signs
from tinypt_viz.gradient_style import Gradients
from tinypt_viz.html import embedded, hashed, read_text, script_of
from tinypt_viz.labels import printable
from tinypt_viz.numbers import magnitude, number
from tinypt_viz.options import Options
from tinypt_viz.palette import PALETTES
from tinypt_viz.parts import Parts
from tinypt_viz.scene import Scene
from tinypt_viz.signs import glyph
from tinypt_viz.svg import drawn
from tinypt_viz.text import clipped

_SAYS = {
    "Add": "A sum hands its gradient on unchanged.",
    "Sub": "A difference hands its gradient on, to the second operand negated.",
    "Mul": "A product: the gradient times the other factor.",
    "Div": "A quotient: divided by the divisor; the divisor gets −y over it.",
    "Neg": "Negated.",
    "Exp": "Times the result itself.",
    "Log": "Divided by the operand.",
    "Pow": "Times the exponent and one power less.",
    "Tanh": "Times 1 − y².",
    "Sin": "Times the cosine.",
    "Cos": "Times the negative sine.",
    "MatMul": "Times the other matrix, transposed.",
    "Sum": "Every element gets the gradient of the sum.",
    "Mean": "Every element gets its share of the gradient.",
}


def steps_page(g: Graph, o: Options, theme: str) -> str:
    """The page as text."""
    style = Gradients(g, o, palette=PALETTES[theme])
    scene = style.drawn()
    steps = Steps(g, style.parts, scene)
    picture = drawn(scene, scene.laid_out()).partition("\n")[2]
    css, script = read_text("steps.css"), script_of("steps.js")
    title = clipped(" · ".join(line for line in steps.formula), 120)
    return Template(read_text("steps.html")).substitute(
        theme=theme, title=escape(printable(title)), style=css, style_hash=hashed(css),
        script=script, script_hash=hashed(script), picture=picture, data=embedded(steps.data()),
    )  # fmt: skip


class Steps:
    """What happens in each step, and from which step on each part of the picture is seen."""

    def __init__(self, g: Graph, parts: Parts, scene: Scene) -> None:
        self.g, self.parts, self.scene = g, parts, scene
        self.nodes = {node.id: node for node in g.nodes}
        self.lines = Formula(g)
        self.formula = [f"{n} = {t}" if n else t for n, t in self.lines.assignments(Signs())]
        self.inputs: dict[str, list[Edge]] = {}
        self.uses: dict[str, list[Edge]] = {}
        for edge in sorted(g.edges, key=lambda e: e.position):
            self.inputs.setdefault(edge.target, []).append(edge)
            self.uses.setdefault(edge.source, []).append(edge)
        functions = sorted((n for n in g.nodes if n.kind == "function"), key=lambda n: n.order)
        self.forward = functions
        self.backward = [
            f for f in reversed(functions) if any(e.slope for e in self.inputs.get(f.id, ()))
        ]
        seed = len(functions) + 1
        self.ran = {f.id: i for i, f in enumerate(functions, 1)}
        self.back = {f.id: seed + i for i, f in enumerate(self.backward, 1)}
        self.seed = seed if self.backward else 0
        for node in g.nodes:
            makers = [e.source for e in self.inputs.get(node.id, ()) if e.source in self.ran]
            if node.kind == "variable" and makers:
                self.ran[node.id] = self.ran[makers[0]]

    def data(self) -> dict[str, Any]:
        """As the script reads it."""
        wires = {}
        for wire, look in zip(self.scene.wires, self.scene.looks, strict=True):
            into = self.nodes[wire.target].kind == "function"
            back = self.back.get(wire.target, 0) if into else self._known(wire.target)
            wires[look.id] = [self.ran.get(wire.source, 0), back]
        return {
            "steps": [
                *map(self._ahead, self.forward),
                *self._seeded(),
                *map(self._behind, self.backward),
            ],
            "forward": len(self.forward),
            "nodes": {id: self.ran.get(id, 0) for id in self.scene.items},
            "values": {n.id: self.ran.get(n.id, 0) for n in self.g.nodes if n.kind == "variable"},
            "gradients": {n.id: self._known(n.id) for n in self.g.nodes if n.kind == "variable"},
            "wires": wires,
        }  # fmt: skip

    def _known(self, id: str) -> int:
        """The step after which a gradient is complete; 0: never."""
        if id in self.g.outputs:
            return self.seed
        return max((self.back.get(e.target, 0) for e in self.uses.get(id, ())), default=0)

    def _title(self, f: Node) -> str:
        return clipped(self.lines.texts[f.id].text, 60)

    def _ahead(self, f: Node) -> dict[str, Any]:
        result = next((self.nodes[e.target] for e in self.uses.get(f.id, ())), None)
        pieces = [self._value(self.nodes[e.source]) for e in self.inputs.get(f.id, ())]
        said = magnitude(result.measure) if result is not None and result.measure else "?"
        line = f"{Signs().of(f, pieces).text} = {said}"
        n = self.ran[f.id]
        head = f"forward {n} of {len(self.forward)}"
        return {"at": f.id, "head": head, "title": self._title(f), "lines": [line]}

    def _value(self, node: Node) -> Piece:
        m = node.measure
        if m is None:
            return Piece(clipped(self.lines.texts[node.id].text, 20))
        text = magnitude(m)
        return Piece(f"({text})" if text[0] == "−" else text, ATOM)

    def _seeded(self) -> list[dict[str, Any]]:
        if not self.backward:
            return []
        names = ", ".join(self._name(id) for id in self.g.outputs)
        return [{"at": self.g.outputs[0], "head": "the seed", "title": f"gradient of {names}",
                 "lines": [f"A result's gradient by itself is 1: {names} gets 1."]}]  # fmt: skip

    def _behind(self, f: Node) -> dict[str, Any]:
        sign = glyph(self.parts, f.id)
        made = [self.nodes[e.target] for e in self.uses.get(f.id, ())]
        gy = made[0].slope if made else None
        lines = [_SAYS.get(f.op, "The gradient times the operator's slope.")]
        for edge in self.inputs.get(f.id, ()):
            if edge.slope is not None:
                lines.append(self._share(edge, edge.slope, gy))
        number_of = self.back[f.id] - self.seed
        head = f"backward {number_of} of {len(self.backward)}"
        return {"at": f.id, "head": head, "title": f"back through {sign}", "lines": lines}

    def _share(self, edge: Edge, share: Measure, gy: Measure | None) -> str:
        uses = sum(e.slope is not None for e in self.uses.get(edge.source, ()))
        one = f"   (one of {uses} uses)" if uses > 1 else ""
        if gy is not None and gy.size == share.size == 1 and gy.rms and not (gy.bad or share.bad):
            slope = number(share.rms / gy.rms)
            slope = f"({slope})" if slope[0] == "−" else slope
            return (
                f"{self._name(edge.source)}: {number(gy.rms)} × {slope} = {number(share.rms)}{one}"
            )
        return f"{self._name(edge.source)}: {magnitude(share)}{one}"

    def _name(self, id: str) -> str:
        node = self.nodes[id]
        return clipped(node.name or self.lines.texts[id].text, 40)
