"""The style `formula`: signs in the boxes, the expression below each; and one line per result."""

from __future__ import annotations

from collections.abc import Mapping

from tinypt_core import Graph, Node
from tinypt_viz.expression.lines import Formula
from tinypt_viz.options import Options
from tinypt_viz.scene import CAPTION, Item, Text
from tinypt_viz.seeds import fold_seeds
from tinypt_viz.signs import glyph
from tinypt_viz.styles import Style
from tinypt_viz.text import clipped
from tinypt_viz.turns import Path, Turns

_MOST = 64  #: characters of a caption


class Formulas(Style):
    """Boxes with a sign and, below, what they have computed."""

    def __init__(self, g: Graph, o: Options, turns: Mapping[Path, Turns] | None = None) -> None:
        super().__init__(fold_seeds(g), o, turns)
        self.lines = Formula(self.g)

    def expression(self, node: Node) -> str:
        piece = self.lines.texts.get(node.id)
        return piece.text if piece else ""

    def operator(self, node: Node) -> Item:
        text = glyph(self.parts, node.id)
        box = self.box(node, [Text(text, size=17.0 if len(text) < 8 else 14.0)], "plain")
        box.w, box.h, box.radius = max(box.w - 4, 34.0), 32.0, 6.0
        made = self.parts.result(node.id)
        letter = self.lines.letters.get(made.id) if made is not None else None
        text = clipped(self.expression(node), _MOST)
        if letter:
            text = f"{letter} = {text}"
        role = "ink" if letter else "second"
        caption = Text(text, 0, box.h / 2 + 14, CAPTION, bool(letter), role,
                       kind="caption")  # fmt: skip
        return Item([box], [caption], after=box.h / 2 + 20)
