"""The style `gradient`: each value is a piece of wire, with its gradient below, left to right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tinypt_core import Graph, Node
from tinypt_viz.layout import Wire
from tinypt_viz.model_style import Model
from tinypt_viz.numbers import magnitude
from tinypt_viz.options import Options
from tinypt_viz.palette import Palette
from tinypt_viz.scene import Box, Item, Look, Text
from tinypt_viz.signs import glyph
from tinypt_viz.slopes import Slopes, add_scale, first_bad
from tinypt_viz.styles import Style
from tinypt_viz.turns import Path, Turns


class Gradients(Style):
    """Signs in circles; width and colour of a wire follow the logarithm of its gradient."""

    def __init__(
        self,
        g: Graph,
        o: Options,
        turns: Mapping[Path, Turns] | None = None,
        palette: Palette | None = None,
    ) -> None:
        super().__init__(g, replace(o, rankdir="LR") if o.rankdir == "TB" else o, turns)
        if palette is not None:
            self.scene.palette, self.fill, self.scene.legend = palette, {}, []
        self.measures = Slopes(self.g)
        self.first_bad = first_bad(self.g)
        self.scene.title = "Values and gradients"
        add_scale(self.scene, self.measures, [self.parts.nodes[id].name for id in self.g.outputs])

    def variable(self, node: Node) -> Item:
        item = super().variable(node)
        for t in item.boxes[0].texts[1:]:
            item.boxes[0].texts.remove(t)
        for t in item.boxes[0].texts:
            t.y = t.size * 0.35
        item.boxes[0].h = min(item.boxes[0].h, 34.0)
        return self._with_wire(item, node, self.parts.uses.get(node.id))

    def operator(self, node: Node) -> Item:
        text = glyph(self.parts, node.id)
        box = self.box(node, [Text(text, size=17.0 if len(text) < 8 else 14.0)])
        box.w, box.h, box.radius = max(box.w - 4, 34.0), 34.0, 8.0
        if len(text) < 2:
            box.radius = 17.0
            box.w = 34.0
        if node.id == self.first_bad:
            box.fill, box.line = self.scene.palette.bad, self.scene.palette.ink
            box.texts[0].role = "paper"
        made = self.parts.result(node.id)
        if made is None or made.id not in self.parts.inner:
            made = None  # the Variable has a place of its own, and its texts are there
        return self._with_wire(Item([box]), made, True)

    def _with_wire(self, item: Item, node: Node | None, used: object) -> Item:
        """The piece of wire behind a box: the value above, the gradient below."""
        box = item.boxes[0]
        item.through = box.w / 2
        if node is None:
            return item
        value, slope = node.measure, self.measures.of(node)
        texts = [(value, -8.0, "value"), (slope, 19.0, "gradient")]
        width = 10.0
        for measure, y, role in texts:
            if measure is not None:
                t = Text(
                    magnitude(measure),
                    0,
                    y,
                    13.0,
                    True,
                    "bad" if measure.bad else role,
                    kind=role,
                    of=node.id,
                )
                width = max(width, t.width)
                item.texts.append(t)
        for t in item.texts:
            t.x = box.w / 2 + 8 + width / 2
        item.after = box.w / 2 + width + 16
        if not used:
            look = self.measures.look(slope, self.scene)
            item.stubs.append((box.w / 2, 0, item.after, 0, f"{node.id}-out", look[1], look[0]))
        return item

    def wire(self, source: str, target: str, node: Node, position: int) -> None:
        if node.kind == "function":
            slope = self.measures.of(self.parts.nodes[target])
        else:
            slope = self.measures.share(node, target, position)
        width, colour = self.measures.look(slope, self.scene)
        tip = f"gradient of this use: {magnitude(slope)}" if slope else ""
        rms = slope.rms if slope else None
        look = Look(f"{source}-{target}-{position}", width, colour, tip, True, rms,
                    self.scene.palette.ink if width > 3 else "")  # fmt: skip
        self.scene.wire(Wire(source, target, position), look)


class GradientModel(Model):
    """A model whose wires carry their gradients; each is written beside its wire."""

    def __init__(self, g: Graph, o: Options, turns: Mapping[Path, Turns] | None = None) -> None:
        super().__init__(g, o, turns)
        self.first_bad = first_bad(self.g)
        self.measures = Slopes(self.g)
        names = [self.parts.nodes[id].name for id in self.g.outputs]
        add_scale(self.scene, self.measures, names)
        self.scene.scale_title = ("", self.scene.scale_title[1])

    def box(self, node: Node, lines: list[Text], role: str = "function") -> Box:
        """The box of an operator; red if it was the first to make NaN or infinity."""
        box = super().box(node, lines, role)
        if node.id == self.first_bad:
            box.fill, box.line = self.scene.palette.bad, self.scene.palette.ink
            lines[0].role = "paper"
        return box

    def beside(self, node: Node) -> list[Text]:
        """The shape, and the gradient of what the operator made."""
        made = self.parts.result(node.id)
        shown = made is not None and made.id in self.parts.inner
        return super().beside(node) + (self._slope(made) if shown and made else [])

    def _slope(self, node: Node) -> list[Text]:
        slope = self.measures.of(node)
        if slope is None:
            return self._range(node)
        role = "bad" if slope.bad else "gradient"
        return [Text(magnitude(slope), size=12.0, bold=True, role=role, kind="gradient")]

    def _range(self, node: Node) -> list[Text]:
        """From the first turn's gradient to the last one's."""
        text = node.gradient if node.merged > 1 else ""
        return [Text(text, size=12.0, bold=True, role="gradient", kind="gradient")] * bool(text)

    def _add_chips(self, node: Node, item: Item) -> None:
        super()._add_chips(node, item)
        for chip in self.chips.get(node.id, ()):
            box = next(b for b in item.boxes if b.id == chip.id)
            for t in self._slope(chip):
                t.x, t.y, t.anchor = box.x + box.w / 2 + 6, box.y + 4, "start"
                item.texts.append(t)

    def wire(self, source: str, target: str, node: Node, position: int) -> None:
        """A wire as wide as its gradient."""
        before = len(self.scene.looks)
        super().wire(source, target, node, position)
        if len(self.scene.looks) == before:
            return
        whole = node.kind == "function"
        slope = (
            self.measures.of(self.parts.nodes[target])
            if whole
            else self.measures.share(node, target, position)
        )
        look = self.scene.looks[-1]
        look.width, look.colour = self.measures.look(slope, self.scene)
        look.tip = f"gradient of this use: {magnitude(slope)}" if slope else ""
        look.slope = slope.rms if slope else None
        look.arrow = self.scene.palette.ink if look.width > 3 else ""
