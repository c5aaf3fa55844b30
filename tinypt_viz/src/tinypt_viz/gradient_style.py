"""The style `gradient`: each value is a piece of wire, with its gradient below, left to right."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from tinypt_core import Edge, Graph, Node
from tinypt_viz._core import Measure
from tinypt_viz.layout import Wire
from tinypt_viz.model_style import Model
from tinypt_viz.numbers import magnitude, number
from tinypt_viz.options import Options
from tinypt_viz.palette import Palette
from tinypt_viz.scene import Item, Look, Scene, Text
from tinypt_viz.signs import glyph
from tinypt_viz.styles import Style
from tinypt_viz.turns import Path, Turns

_THIN, _WIDE = 1.4, 9.0
_STUB = 54.0


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
        self.measures = Slopes(self.g)
        names = [self.parts.nodes[id].name for id in self.g.outputs]
        add_scale(self.scene, self.measures, names)
        self.scene.scale_title = ("", self.scene.scale_title[1])

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


class Slopes:
    """The gradients of a picture, and how wide that makes its wires."""

    def __init__(self, g: Graph) -> None:
        self.uses: dict[str, list[Edge]] = {}
        for edge in g.edges:
            self.uses.setdefault(edge.source, []).append(edge)
        found = [n.slope for n in g.nodes] + [e.slope for e in g.edges]
        self.sizes = [abs(m.rms) for m in found if m is not None and math.isfinite(m.rms) and m.rms]
        self.any = any(m is not None for m in found)
        self.bad = any(m is not None and m.bad for m in found)
        self.arrays = any(m is not None and m.size > 1 for m in found)
        self.valued = any(n.measure is not None and n.measure.size > 1 for n in g.nodes)
        most = max(self.sizes, default=1.0)
        self.high = math.log10(most)
        self.low = max(math.log10(min(self.sizes, default=0.1)), self.high - 12)
        if self.high - self.low < 1:
            self.low = self.high - 1

    def of(self, node: Node) -> Measure | None:
        """A Variable's gradient; of a leaf that is gone, from what its uses handed back."""
        shares = [edge.slope for edge in self.uses.get(node.id, ())]
        if node.slope is not None or not shares or None in shares:
            return node.slope
        found = [share for share in shares if share is not None]
        if len(found) == 1:
            return found[0]
        if all(share.size == 1 for share in found):
            total = sum(share.rms for share in found)
            return Measure(total, 0, int(not math.isfinite(total)), 1)
        return None

    def share(self, node: Node, target: str, position: int) -> Measure | None:
        """What one use handed back; the whole gradient, if there is one use."""
        uses = self.uses.get(node.id, [])
        for edge in uses:
            if (edge.target, edge.position) == (target, position) and edge.slope is not None:
                return edge.slope
        return node.slope if len(uses) == 1 else None

    def step(self, rms: float) -> float:
        """Where a size lies between the least and the greatest: 0 to 1."""
        if not rms:
            return 0.0
        return min(max((math.log10(abs(rms)) - self.low) / (self.high - self.low), 0.0), 1.0)

    def look(self, slope: Measure | None, scene: Scene) -> tuple[float, str]:
        """Width and colour of a wire."""
        if slope is None:
            return 1.3, scene.palette.edge
        if slope.bad:
            return 4.0, scene.palette.bad
        step = self.step(slope.rms)
        ramp = scene.palette.ramp
        return _THIN + (_WIDE - _THIN) * step, ramp[min(int(step * len(ramp)), len(ramp) - 1)]


def first_bad(g: Graph) -> str:
    """The operator that was the first to make NaN or Inf out of numbers; "" if none did."""
    by_id = {node.id: node for node in g.nodes}
    bad = {n.id for n in g.nodes if n.measure is not None and n.measure.bad}
    makers = {edge.source for edge in g.edges if edge.target in bad}
    fed = {edge.target for edge in g.edges if edge.source in bad}
    found = [by_id[id] for id in makers - fed if by_id[id].kind == "function"]
    return min(found, key=lambda node: node.order).id if found else ""


def add_scale(scene: Scene, slopes: Slopes, names: list[str | None]) -> None:
    """The legend: what the wires' width means; or that nothing was recorded."""
    if not slopes.any:
        scene.notes.append(
            "no gradients were recorded: run the computation and backward() inside "
            "tinypt_viz.record()"
        )
        return
    for i, colour in enumerate(scene.palette.ramp):
        share = i / (len(scene.palette.ramp) - 1)
        size = 10 ** (slopes.low + (slopes.high - slopes.low) * share)
        text = ("≤ " if not i else "") + number(float(f"{size:.2g}") if share < 1 else size)
        scene.scale.append((text, colour, _THIN + (_WIDE - _THIN) * share))
    scene.scale.append(("NaN, ∞", scene.palette.bad, 4.0))
    of = f" of {names[0]}" if len(names) == 1 and names[0] else ""
    rms = ": root mean square"
    scene.scale_title = ("value" + rms * slopes.valued, f"gradient{of}" + rms * slopes.arrays)
