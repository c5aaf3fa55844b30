"""The gradients of a picture: how wide and in which colour they make its wires."""

from __future__ import annotations

import math

from tinypt_core import Edge, Graph, Node
from tinypt_viz._core import Measure
from tinypt_viz.numbers import number
from tinypt_viz.scene import Scene

_THIN, _WIDE = 1.4, 9.0


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
