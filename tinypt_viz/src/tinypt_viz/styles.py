"""The styles of pictures: from a Graph to a Scene."""

from __future__ import annotations

from collections.abc import Mapping

from tinypt_core import Edge, Graph, Node
from tinypt_viz._loops import MARK
from tinypt_viz._visits import visits
from tinypt_viz.layout import Wire
from tinypt_viz.numbers import sized
from tinypt_viz.options import Options
from tinypt_viz.palette import PALETTES
from tinypt_viz.parts import Parts
from tinypt_viz.prepare import prepared, style_of
from tinypt_viz.scene import NAME, SMALL, Box, FrameLook, Item, Look, Scene, Text, dot, ellipse
from tinypt_viz.text import clipped
from tinypt_viz.theme import colours
from tinypt_viz.tips import tip
from tinypt_viz.turns import Path, Turns


class Style:
    """What the styles share; a subclass says how operators and results look.

    dots: whether results without a name are drawn, as dots.
    """

    dots = False

    def __init__(self, g: Graph, o: Options, turns: Mapping[Path, Turns] | None = None) -> None:
        self.g, self.o, self.turns = g, o, turns or {}
        self.parts = Parts(g)
        self.scene = Scene(PALETTES[o.theme], o.rankdir, notes=list(g.notes))
        shades = colours(g, o)
        self.fill = shades.fill
        self.scene.legend = list(shades.legend)
        self.shares: dict[str, list[Edge]] = {}
        for edge in g.edges:
            if edge.slope is not None:
                self.shares.setdefault(edge.source, []).append(edge)
        self.failed = {node.id for node in g.nodes if "failed" in node.info}

    def drawn(self) -> Scene:
        """The scene of the graph."""
        parts = self.parts
        for id in parts.shown:
            node = parts.nodes[id]
            make = self.operator if node.kind in ("function", "group") else self.variable
            self.scene.items[id] = make(node)
        for id in parts.shown:
            for source, node, position in parts.operands[id]:
                if source is not None:
                    self.wire(source, id, node, position)
        self.framed()
        return self.scene

    # -- nodes -----------------------------------------------------------------------------------

    def variable(self, node: Node) -> Item:
        """An ellipse with the name and, if it is an array, its shape; a dot without a name."""
        text = self.parts.variable(node.id)
        if not text:
            return Item([dot(node.id, self.scene.palette, self.tip(node), fill=self.shade(node))])
        lines = [Text(text, size=NAME, bold=True)]
        size = self.size_text(node)
        if size and size != text:
            lines.append(Text(size, size=SMALL))
        box = ellipse(node, lines, self.scene.palette, self.tip(node), self.shade(node))
        box.kind = node.kind
        return Item([box])

    def size_text(self, node: Node) -> str:
        """The shape of a node, if that is asked for."""
        return clipped(sized(node.shape, node.dtype)) if self.o.verbose else ""

    def operator(self, node: Node) -> Item:
        """A box with the class name; what it makes, if without a name, is a dot on its edge."""
        box = self.box(node, [Text(self.parts.call(node.id))])
        item = Item([box])
        made = self.parts.result(node.id)
        if self.dots and made is not None and made.id in self.parts.inner:
            mark = dot(made.id, self.scene.palette, self.tip(made), fill=self.shade(made))
            away = (box.w if self.scene.sideways else box.h) / 2 + 4.5
            mark.x, mark.y = (away, 0.0) if self.scene.sideways else (0.0, away)
            item.boxes.append(mark)
        return item

    def box(self, node: Node, lines: list[Text], role: str = "function") -> Box:
        """The box of an operator; of one that failed, in red."""
        palette = self.scene.palette
        fill, line = getattr(palette, role)
        w = max(max(t.width for t in lines) + 22, 40.0)
        for t in lines:
            t.y = t.size * 0.35
        if node.merged > 1 and not self.in_loop(node):
            lines[0].text += f" ×{node.merged}"
            w = lines[0].width + 22
        box = Box(node.id, "function" if node.kind == "function" else "group", "box", w,
                  30.0, lines, self.shade(node) or fill, line, tip=self.tip(node))  # fmt: skip
        box.dashed = node.kind == "group"
        if node.id in self.failed:
            box.fill, box.line = palette.bad, palette.ink
            for t in lines:
                t.role = "paper"
        if node.kind == "group":
            lines.append(Text(f"{node.hidden} nodes", y=14.0, size=SMALL, role="second"))
            lines[0].y = -2.0
            box.h, box.w = 40.0, max(box.w, lines[1].width + 20)
        return box

    def in_loop(self, node: Node) -> bool:
        """Whether a frame says how often a node is there."""
        return False

    def shade(self, node: Node) -> str:
        """The colour of the derivative, package ... that made a node; "" for that of its kind."""
        return self.fill.get(node.id, "")

    def tip(self, node: Node) -> str:
        """The tooltip; none where shapes and parameters are not asked for."""
        if not self.o.verbose:
            return ""
        return tip(node, self.expression(node), self.shares.get(node.id, ()))

    def expression(self, node: Node) -> str:
        """What a node has computed, where the style knows it."""
        return ""

    # -- wires -----------------------------------------------------------------------------------

    def wire(self, source: str, target: str, node: Node, position: int) -> None:
        """Lead a wire; node: the Variable (or Function) of the graph that it comes from."""
        look = Look(f"{source}-{target}-{position}", colour=self.scene.palette.edge)
        if self.o.edge_shapes:
            look.text = clipped(sized(node.shape, node.dtype))
        self.scene.wire(Wire(source, target, position), look)

    def edge(self, node: Node, target: str, position: int) -> Edge | None:
        """The edge of the graph that a wire stands for."""
        return self.parts.edges.get((node.id, target, position))

    # -- frames ----------------------------------------------------------------------------------

    def framed(self) -> None:
        """Frames around what `group_by` names."""
        from tinypt_viz.dot import frame_of

        nodes, makers = self.parts.nodes, self.parts.made
        paths = {id: frame_of(nodes[id], self.o.group_by) for id in self.scene.items}
        paths |= visits(self.g, {id: p for id, p in paths.items() if nodes[id].order})
        found: dict[tuple[str, ...], None] = {}
        for id in self.scene.items:
            path = self.frame(id, paths.get(makers.get(id, ""), paths[id]))
            self.scene.paths[id] = path
            for depth in range(1, len(path) + 1):
                found.setdefault(path[:depth])
        for number, path in enumerate(found):
            self.scene.frames[path] = self.frame_look(f"s{number}", path)

    def frame(self, id: str, path: tuple[str, ...]) -> tuple[str, ...]:
        """The frames around an item, given those of its node."""
        return path

    def frame_look(self, id: str, path: tuple[str, ...]) -> FrameLook:
        """What stands on a frame."""
        return FrameLook(id, clipped(path[-1].rstrip(MARK)))


class Textbook(Style):
    """Class names, with constants and parameters; results without a name are dots."""

    dots = True


def scene(g: Graph, o: Options) -> Scene:
    """A Graph in the style that the options ask for, folded as they say."""
    from tinypt_viz.expressions_style import Expressions
    from tinypt_viz.formula_style import Formulas
    from tinypt_viz.gradient_style import GradientModel, Gradients
    from tinypt_viz.model_style import Model

    made: dict[str, type[Style]] = {
        "textbook": Textbook, "formula": Formulas, "gradient": Gradients, "model": Model,
        "expressions": Expressions,
        "gradient model": GradientModel,
    }  # fmt: skip
    name = style_of(g, o)
    g, turns = prepared(g, o, name)
    return made[name](g, o, turns).drawn()
