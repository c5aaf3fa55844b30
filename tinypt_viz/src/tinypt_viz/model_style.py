"""The style `model`: nested frames, one straight chain, parameters as chips, turns drawn once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tinypt_core import Graph, Node
from tinypt_viz.options import Options
from tinypt_viz.scene import SMALL, Box, FrameLook, Item, Text, stack
from tinypt_viz.styles import Style
from tinypt_viz.text import clipped
from tinypt_viz.turns import Path, Turns

_CHIP_GAP = 16.0


class Model(Style):
    """Class names in nested frames, with chips for parameters.

    chips: of each operator, the leaves that only it uses.
    """

    def __init__(self, g: Graph, o: Options, turns: Mapping[Path, Turns] | None = None) -> None:
        super().__init__(g, o, turns)
        #: what turns begin with is no chip: the line from turn to turn ends beside it
        self.initial = {
            self.parts.source(initial)
            for found in self.turns.values()
            for _, _, initial, _ in found.handed
            if initial in self.parts.nodes
        }
        self.chips: dict[str, list[Node]] = {}
        for id in self.parts.shown:
            target = self._only_use(id)
            if target:
                self.chips.setdefault(target, []).append(self.parts.nodes[id])
        hidden = {node.id for chips in self.chips.values() for node in chips}
        self.parts.shown = [id for id in self.parts.shown if id not in hidden]

    def _only_use(self, id: str) -> str:
        """The operator that a leaf is a chip of: the only one that uses it, beside others."""
        parts = self.parts
        targets = set(parts.uses.get(id, ()))
        named = parts.nodes[id].name and id not in parts.g.outputs and id not in self.initial
        if not named or not parts.is_leaf(id) or len(targets) != 1:
            return ""
        (target,) = targets
        operands = [source for source, _, _ in parts.operands.get(target, ())]
        others = [s for s in operands if s is not None and s != id]
        inner = [s for s in others if not parts.is_leaf(s)]
        return target if inner or (others and operands[0] != id) else ""

    def operator(self, node: Node) -> Item:
        item = super().operator(node)
        self._beside(item, self.beside(node))
        self._add_chips(node, item)
        return item

    def _beside(self, item: Item, lines: list[Text]) -> None:
        """Put texts beside the wire that leaves a box."""
        box = item.boxes[0]
        sideways = self.scene.sideways
        item.through = (box.w if sideways else box.h) / 2
        for i, t in enumerate(lines):
            t.x, t.y = (item.through + 6, 15.0 + 14 * i) if sideways else (7.0, 28.0 + 14 * i)
            t.anchor = "start"
        item.texts += lines
        wide = max((t.width for t in lines), default=-12.0) + 12
        item.after = item.through + (wide if sideways else 16.0 * len(lines))

    def beside(self, node: Node) -> list[Text]:
        """What stands beside the wire that leaves an operator: the shape, where it changes."""
        size = self.size_text(node)
        shapes = [n.shape for _, n, _ in self.parts.operands[node.id] if n.shape is not None]
        if not size or _joined(shapes) == node.shape:
            return []
        return [Text(size, size=SMALL, role="second", kind="shape")]

    def _leaves(self, node: Node) -> set[str]:
        return {chip.id for chip in self.chips.get(node.id, ())}

    def _add_chips(self, node: Node, item: Item) -> None:
        chips = [self.chip(chip) for chip in self.chips.get(node.id, ())]
        main = item.boxes[0]
        self._set_out(main, chips)
        for chip in chips:
            item.boxes.append(chip)
            position = next(p for s, _, p in self.parts.operands[node.id] if s == chip.id)
            id = f"{chip.id}-{node.id}-{position}"
            if self.scene.sideways:
                line = chip.x, chip.y - chip.h / 2, chip.x * 0.4, main.h / 2
            else:
                line = chip.x - chip.w / 2, chip.y, main.w / 2, chip.y * 0.4
            item.stubs.append((*line, id, self.scene.palette.edge, 1.3))

    def _set_out(self, main: Box, chips: list[Box]) -> None:
        """Chips in a column beside their box; in a row below it if the wires run to a side."""
        if self.scene.sideways:
            at = -(sum(c.w for c in chips) + 6 * (len(chips) - 1)) / 2
            for chip in chips:
                chip.x, chip.y = at + chip.w / 2, main.h / 2 + _CHIP_GAP + chip.h / 2
                at += chip.w + 6
            return
        at = -(sum(c.h for c in chips) + 6 * (len(chips) - 1)) / 2
        for chip in chips:
            chip.x, chip.y = main.w / 2 + _CHIP_GAP + chip.w / 2, at + chip.h / 2
            at += chip.h + 6

    def chip(self, node: Node) -> Box:
        """A parameter beside its operator."""
        lines = [Text(self.parts.variable(node.id), size=13.0, bold=True)]
        size = self.size_text(node)
        if size:
            lines.append(Text(size, size=SMALL))
        stack(lines)
        w = max(max(t.width for t in lines) * 1.12 + 14, 30.0)
        palette = self.scene.palette
        fill = self.shade(node) or palette.variable[0]
        h = 34.0 if size else 27.0
        look = fill, palette.variable[1]
        return Box(node.id, "variable", "ellipse", w, h, lines, *look, tip=self.tip(node))

    def wire(self, source: str, target: str, node: Node, position: int) -> None:
        if node.id in self._leaves(self.parts.nodes[target]):
            return
        super().wire(source, target, node, position)

    def frame(self, id: str, path: tuple[str, ...]) -> tuple[str, ...]:
        """Inputs and outputs of the whole lie outside of all frames; what only one turn of a loop
        has made lies outside of the loop."""
        if self.parts.is_leaf(id) or id in self.g.outputs:
            return ()
        maker = self.parts.nodes.get(self.parts.made.get(id, ""))
        if maker is not None and maker.merged > self.parts.nodes[id].merged:
            depths = (d for d in range(1, len(path) + 1) if path[:d] in self.turns)
            return path[: next(depths, len(path) + 1) - 1]
        return path

    def in_loop(self, node: Node) -> bool:
        return any(node.scope[:depth] in self.turns for depth in range(1, len(node.scope) + 1))

    def frame_look(self, id: str, path: tuple[str, ...]) -> FrameLook:
        found = self.turns.get(path)
        if found is None:
            return super().frame_look(id, path)
        shown = self.scene.items
        turns = tuple(
            (source, target, self.parts.source(initial) or "", clipped(name, 16))
            for source, target, initial, name in found.handed
            if source in shown and target in shown
        )
        return FrameLook(id, clipped(found.title), f"×{found.count}", turns)


def _joined(shapes: list[Any]) -> Any:
    """The shape that operands have together; None if they do not go together elementwise."""
    try:
        return np.broadcast_shapes(*shapes) if shapes else None
    except ValueError:
        return None
