"""`collapse=("expressions",)`: only leaves, and one line for each result with a name or letter."""

from __future__ import annotations

from tinypt_core import Node
from tinypt_viz.formula_style import Formulas
from tinypt_viz.layout import Wire
from tinypt_viz.scene import Box, Item, Look, Scene, Text
from tinypt_viz.text import clipped

_MOST = 80  #: characters of a line


class Expressions(Formulas):
    """The assignments of `formula`, as boxes: the name at the left, the expression beside it."""

    def drawn(self) -> Scene:
        """The scene of the graph."""
        lines, nodes = self.lines, self.parts.nodes
        results = [id for id in reversed(lines.order) if self._is_line(id)]
        for id in results:
            sources, count = self._reads(id)
            self.scene.items[id] = self._line(nodes[id], count)
            for position, source in enumerate(sources):
                if source not in self.scene.items and source not in results:
                    self.scene.items[source] = self.variable(nodes[source])
                self.scene.wire(
                    Wire(source, id, position),
                    Look(f"{source}-{id}-{position}", colour=self.scene.palette.edge),
                )
        for id in self.g.outputs:
            if id not in self.scene.items:
                self.scene.items[id] = self.variable(nodes[id])
        self.framed()
        return self.scene

    def _is_line(self, id: str) -> bool:
        lines = self.lines
        called = id in lines.letters or id in lines.names or id in self.g.outputs
        return called and id in lines.inputs and self.parts.nodes[id].kind == "variable"

    def _reads(self, id: str) -> tuple[list[str], int]:
        """The results and leaves that stand in a line, and how many operators it has."""
        lines, nodes = self.lines, self.parts.nodes
        sources: dict[str, None] = {}
        work, operators = [id], set()
        for at in work:  # grows
            for source in lines.inputs.get(at, ()):
                if nodes[source].kind == "function":
                    if source not in operators:
                        operators.add(source)
                        work.append(source)
                elif self._is_line(source) or (source in lines.names):
                    sources.setdefault(source)
                elif source in lines.inputs:
                    work.append(source)
        return list(sources), len(operators)

    def _line(self, node: Node, operators: int) -> Item:
        palette = self.scene.palette
        name = self.lines.letters.get(node.id) or clipped(node.name or "")
        tab = Text(name, size=15.0, bold=True, y=5.2)
        text = Text(clipped(self.lines.texts[node.id].text, _MOST), size=16.0, y=5.5)
        left = tab.width + 22 if name else 0.0
        w, h = left + text.width + 24, 38.0
        text.x = left / 2
        body = Box(node.id, "function", "box", w, h, [text], *palette.plain, tip=self.tip(node))
        body.radius = 7.0
        item = Item([body], after=h / 2 + 18, step=70.0)
        if name:
            fill = palette.tab if node.id in self.lines.letters else palette.variable
            head = Box(f"{node.id}-name", "variable", "box", left, h, [tab], *fill)
            head.x, head.radius = (left - w) / 2, 7.0
            item.boxes.append(head)
        many = f"{operators} operator{'s' * (operators != 1)}"
        note = Text(many, w / 2 - 2, h / 2 + 14, 11.0, role="second", anchor="end", kind="note")
        item.texts.append(note)
        item.through = h / 2
        return item
