"""Where the page puts the nodes while nothing is folded: the nested layout of every picture."""

from __future__ import annotations

from typing import Any

from tinypt_core import Graph, Node
from tinypt_viz.dot import frame_of
from tinypt_viz.layout import Frame, Size, Wire, layout
from tinypt_viz.options import Options
from tinypt_viz.text import text_width

MOST = 2000  #: nodes; the page lays out a larger graph itself, as far as it is unfolded
_SLACK = 1.08  #: the page's font may be wider


def places(g: Graph, o: Options) -> dict[str, Any] | None:
    """The middle of each node, the points of each edge, and the frames; None for a large graph."""
    if len(g.nodes) > MOST:
        return None
    sideways = o.rankdir in ("LR", "RL")
    paths = {n.id: frame_of(n, o.group_by) for n in g.nodes}
    frames = {p[:k]: Frame(text_width(p[k - 1], 12.0, True) * _SLACK)
              for p in paths.values() for k in range(1, len(p) + 1)}  # fmt: skip
    sizes = {n.id: _size(n, o.verbose, sideways) for n in g.nodes}
    wires = [Wire(e.source, e.target, e.position) for e in g.edges]
    found = layout(sizes, wires, paths, frames, o.rankdir)
    return {
        "nodes": {id: _rounded(p) for id, p in found.centres.items()},
        "edges": [[_rounded(p) for p in way] for way in found.paths],
        "frames": [
            {
                "label": path[-1],
                "depth": len(path),
                "box": _rounded(box),
                "at": _rounded(found.titles[path]),
            }
            for path, box in found.frames.items()
        ],
    }  # fmt: skip


def _rounded(numbers: tuple[float, ...]) -> list[float]:
    return [round(n, 1) for n in numbers]


def _size(node: Node, verbose: bool, sideways: bool) -> Size:
    """As large as the page will draw it (see `measure` in draw.js)."""
    lines = _lines(node, verbose)
    wide = max((text_width(t[:42], 10.5 if i else 13.0) for i, t in enumerate(lines)), default=0)
    w = max(34.0, wide * _SLACK * (1.16 if node.kind == "variable" else 1.0) + 22)
    h = 42.0 if len(lines) > 1 else 30.0
    across, along = (h, w) if sideways else (w, h)
    return Size(across / 2, across / 2, along / 2, along / 2, across / 2)


def _lines(node: Node, verbose: bool) -> list[str]:
    if node.kind == "variable":
        size = f"{node.shape} {node.dtype}" if verbose and node.shape is not None else ""
        return [text for text in (node.label, size) if text]
    if node.kind == "function" and verbose and node.params:
        return [f"{node.label}({', '.join(f'{k}={v}' for k, v in node.params.items())})"]
    return [node.label]
