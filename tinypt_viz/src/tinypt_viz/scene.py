"""A picture before it is drawn: boxes with their texts, and the wires between them.

The styles make scenes; `svg` draws them, and so do `dot` and the page, as far as each can.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tinypt_core import Node
from tinypt_viz.layout import Frame, Layout, Path, Size, Wire, layout
from tinypt_viz.palette import Palette
from tinypt_viz.text import text_width

NAME, OPERATOR, CAPTION, SMALL = 15.0, 14.0, 12.0, 11.0


@dataclass
class Text:
    """A line of text; x, y: of its anchor's baseline, from the middle of its box or item."""

    text: str
    x: float = 0.0
    y: float = 0.0
    size: float = OPERATOR
    bold: bool = False
    role: str = "ink"
    anchor: str = "middle"
    kind: str = ""
    of: str = ""

    @property
    def width(self) -> float:
        """About how wide it is, in pixels."""
        return text_width(self.text, self.size, self.bold)


@dataclass
class Box:
    """A shape; x, y: its middle, from its item's axis. form: box, ellipse, dot or tab."""

    id: str
    kind: str
    form: str
    w: float
    h: float
    texts: list[Text]
    fill: str
    line: str
    x: float = 0.0
    y: float = 0.0
    tip: str = ""
    dashed: bool = False
    radius: float = 4.0


@dataclass
class Item:
    """What the layout places as one: a box on its axis, and what belongs to it.

    through: how far behind the axis its wires begin; None: where the item ends.
    stubs: lines within the item, each with the id of its edge: to chips, and of an output.
    """

    boxes: list[Box]
    texts: list[Text] = field(default_factory=list)
    through: float | None = None
    stubs: list[tuple[float, float, float, float, str, str, float]] = field(default_factory=list)
    after: float = 0.0
    step: float = 13.0

    def bounds(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom, from the axis."""
        spots = [(b.x - b.w / 2, b.y - b.h / 2, b.x + b.w / 2, b.y + b.h / 2) for b in self.boxes]
        for t in self.texts:
            shift = {"start": 0.0, "middle": t.width / 2, "end": t.width}[t.anchor]
            left = t.x - shift
            spots.append((left, t.y - t.size * 0.8, left + t.width, t.y + t.size * 0.25))
        left, top, right, bottom = (
            min(c) if i < 2 else max(c) for i, c in enumerate(zip(*spots, strict=True))
        )
        return left, top, right, bottom

    def size(self, sideways: bool) -> Size:
        """The room it takes, as the layout reads it."""
        left, top, right, bottom = self.bounds()
        main = self.boxes[0]
        if sideways:
            return Size(-top, bottom, -left, max(right, self.after), main.h / 2, self.step)
        return Size(-left, right, -top, max(bottom, self.after), main.w / 2, self.step)


@dataclass
class Look:
    """How a wire is drawn: what its edge is called, how wide and in which colour."""

    id: str
    width: float = 1.3
    colour: str = ""
    tip: str = ""
    core: bool = False  #: a light line along the middle of a wide one
    slope: float | None = None
    arrow: str = ""
    text: str = ""


@dataclass
class FrameLook:
    """A frame: its title, the badge of one that stands for several, and the names of its turns."""

    id: str
    title: str
    badge: str = ""
    turns: tuple[tuple[str, str, str, str], ...] = ()  #: source, target, initial, name

    def spec(self) -> Frame:
        """As the layout reads it."""
        # as wide for ×3 as for ×9999, so that a picture does not grow with the turns
        badge = max(text_width(self.badge, 13, True) + 18, 60.0) if self.badge else 0.0
        turns = tuple((source, initial) for source, _, initial, _ in self.turns)
        return Frame(text_width(self.title, 13, True), badge, bool(self.badge), turns)


@dataclass
class Scene:
    """All of a picture. legend: texts and colours below it; scale: the ramp of gradients."""

    palette: Palette
    rankdir: str = "TB"
    items: dict[str, Item] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    paths: dict[str, Path] = field(default_factory=dict)
    frames: dict[Path, FrameLook] = field(default_factory=dict)
    legend: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scale: list[tuple[str, str, float]] = field(default_factory=list)
    scale_title: tuple[str, str] = ("", "")
    title: str = "Computation graph"

    def wire(self, wire: Wire, look: Look) -> None:
        """Add a wire."""
        self.wires.append(wire)
        self.looks.append(look)

    @property
    def sideways(self) -> bool:
        """Whether the arrows point to a side."""
        return self.rankdir in ("LR", "RL")

    def laid_out(self) -> Layout:
        """Where everything goes."""
        sizes = {id: item.size(self.sideways) for id, item in self.items.items()}
        specs = {path: frame.spec() for path, frame in self.frames.items()}
        return layout(sizes, self.wires, self.paths, specs, self.rankdir)


def ellipse(node: Node, lines: list[Text], palette: Palette, tip: str, fill: str = "") -> Box:
    """The box of a Variable."""
    width = max(t.width for t in lines)
    w, h = max(width * 1.15 + 18, 44.0), 34.0 if len(lines) == 1 else 42.0
    stack(lines)
    return Box(node.id, "variable", "ellipse", w, h, lines, fill or palette.variable[0],
               palette.variable[1], tip=tip)  # fmt: skip


def stack(lines: list[Text]) -> None:
    """Put lines above one another around the middle."""
    height = sum(t.size for t in lines) + 1.0 * (len(lines) - 1)
    y = -height / 2
    for t in lines:
        t.y = y + t.size * 0.84
        y += t.size + 1.0


def dot(id: str, palette: Palette, tip: str, y: float = 0.0, fill: str = "") -> Box:
    """A result without a name."""
    return Box(id, "variable", "dot", 9.0, 9.0, [], fill or palette.variable[0],
               palette.variable[1], y=y, tip=tip)  # fmt: skip
