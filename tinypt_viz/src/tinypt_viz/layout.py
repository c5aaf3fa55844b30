"""The built-in layout: frames inside frames, each laid out alone, innermost first.

No program and no recursion. A level of frames and nodes is put in layers (`_layers`) and
straightened (`_across`); where an edge crosses a frame, the frame has a port (`_nest`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tinypt_viz._nest import Nest
from tinypt_viz._plan import Frame, Layout, Path, Point, Size, Wire

__all__ = ["Frame", "Layout", "Path", "Point", "Size", "Wire", "layout"]


def layout(
    sizes: Mapping[str, Size],
    wires: Sequence[Wire],
    paths: Mapping[str, Path] | None = None,
    frames: Mapping[Path, Frame] | None = None,
    rankdir: str = "TB",
) -> Layout:
    """Places for nodes; paths: the frames around each, the outermost first.

    >>> place = layout({"a": Size(20, 20, 9, 9), "b": Size(20, 20, 9, 9)}, [Wire("a", "b")])
    >>> place.centres, place.paths
    ({'a': (20.0, 9.0), 'b': (20.0, 53.0)}, [[(20.0, 18.0), (20.0, 44.0)]])
    """
    nest = Nest(sizes, wires, paths or {}, frames or {}, rankdir in ("LR", "RL"))
    return _turned(nest.placed(), rankdir)


def _turned(found: Layout, rankdir: str) -> Layout:
    """Across and along become x and y."""
    if rankdir == "TB":
        return found
    height = found.height

    def turn(point: Point) -> Point:
        across, along = point
        along = height - along if rankdir in ("BT", "RL") else along
        return (along, across) if rankdir in ("LR", "RL") else (across, along)

    def all_of(line: Iterable[Point]) -> list[Point]:
        return [turn(p) for p in line]

    corners = {}
    for path, (x0, y0, x1, y1) in found.frames.items():
        (a, b), (c, d) = turn((x0, y0)), turn((x1, y1))
        corners[path] = min(a, c), min(b, d), max(a, c), max(b, d)
    titles = {path: (corners[path][0] + 12, corners[path][1] + 18) for path in corners}
    size = (height, found.width) if rankdir in ("LR", "RL") else (found.width, height)
    return Layout(
        {id: turn(p) for id, p in found.centres.items()}, [all_of(p) for p in found.paths], *size,
        corners, titles, {path: [all_of(p) for p in lines] for path, lines in found.turns.items()},
    )  # fmt: skip
