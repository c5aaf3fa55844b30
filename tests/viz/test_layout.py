"""The nested layout: few crossings, a straight chain, frames that hold what is theirs."""

from __future__ import annotations

import runpy
import time
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tinypt_viz.layout import Layout, Size, Wire, layout
from tinypt_viz.options import read
from tinypt_viz.scene import Scene
from tinypt_viz.styles import scene

from tinypt_core import Function, Variable, graph
from tinypt_viz import scope

MADE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "generate_pictures.py"))
Point = tuple[float, float]


def drawn(y: Variable, **options: Any) -> tuple[Scene, Layout]:
    s = scene(graph(y), read(**options))
    return s, s.laid_out()


def line(way: list[Point], sideways: bool) -> list[Point]:
    """A wire as short straight pieces."""
    points = [way[0]]
    for (x0, y0), (x1, y1) in pairwise(way):
        for t in np.linspace(0, 1, 9)[1:]:
            a = t * t * (3 - 2 * t)  # as the curve that SVG draws, nearly
            points.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * a) if sideways
                          else (x0 + (x1 - x0) * a, y0 + (y1 - y0) * t))  # fmt: skip
    return points


def meet(a: list[Point], b: list[Point]) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    for k in (0, 1):
        ours, others = [p[k] for p in a], [p[k] for p in b]
        if max(ours) < min(others) or max(others) < min(ours):
            return False
    for p, q in pairwise(a):
        for r, s in pairwise(b):
            if max(p[1], q[1]) < min(r[1], s[1]) or max(r[1], s[1]) < min(p[1], q[1]):
                continue
            apart = side(p, q, r) * side(p, q, s), side(r, s, p) * side(r, s, q)
            if apart[0] < -1e-6 and apart[1] < -1e-6:
                return True
    return False


def crossings(s: Scene, place: Layout) -> int:
    """How many pairs of wires from different places cross."""
    lines = [(w.source, line(way, s.sideways)) for w, way in zip(s.wires, place.paths, strict=True)]
    return sum(a != b and meet(p, q) for (a, p), (b, q) in combinations(lines, 2))


def boxes(s: Scene, place: Layout) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for id, item in s.items.items():
        (x, y), (left, top, right, bottom) = place.centres[id], item.bounds()
        found[id] = x + left, y + top, x + right, y + bottom
    return found


def apart(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[2] <= b[0] + 0.5 or b[2] <= a[0] + 0.5 or a[3] <= b[1] + 0.5 or b[3] <= a[1] + 0.5


def within(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] >= b[0] and a[1] >= b[1] and a[2] <= b[2] and a[3] <= b[3]


@pytest.mark.parametrize(
    ("name", "options", "most", "megapixels"),
    [
        ("goldstein_price", {"style": "textbook"}, 30, 0.65),
        ("goldstein_price", {"style": "formula"}, 30, 0.68),
        ("perceptron", {"collapse": False}, 0, 0.4),
        ("attention", {}, 0, 0.5),
        ("transformer", {"collapse": False}, 0, 7),
        ("transformer", {}, 0, 1),
        ("lstm", {}, 20, 2),
    ],
)
def test_crossings_room_and_nothing_over_anything(
    name: str, options: dict[str, Any], most: int, megapixels: float
) -> None:
    s, place = drawn(MADE[name](), **options)
    assert crossings(s, place) <= most
    assert (place.width + 48) * (place.height + 48) <= megapixels * 1e6
    found = boxes(s, place)
    assert all(apart(a, b) for a, b in combinations(found.values(), 2))
    for id, box in found.items():
        for path, corners in place.frames.items():
            mine = s.paths[id][: len(path)] == path
            assert within(box, corners) if mine else apart(box, corners), (id, path)


def test_the_main_chain_of_a_perceptron_is_one_straight_line() -> None:
    s, place = drawn(MADE["perceptron"](), collapse=False)
    axes = [place.centres[id][0] for id in s.items]
    assert len(axes) == 17
    assert max(axes) - min(axes) <= 1


class Next(Function):
    def forward(self, a: Any, b: Any) -> Any:
        return a + b

    def backward(self, gy: Any) -> Any:
        return gy, gy


def test_twenty_thousand_nodes_are_placed_in_time() -> None:
    sizes = {f"n{i}": Size(30, 30, 15, 15, 30) for i in range(20_000)}
    wires = [Wire(f"n{i}", f"n{i + 1}") for i in range(19_999)]
    wires += [Wire(f"n{i}", f"n{i + 7}", 1) for i in range(0, 19_990, 10)]
    paths = {f"n{i}": (f"block {i // 100}",) for i in range(20_000)}
    start = time.process_time()
    place = layout(sizes, wires, paths)
    assert time.process_time() - start < 10
    assert len(place.frames) == 200


@pytest.mark.parametrize("rankdir", ["TB", "BT", "LR", "RL"])
def test_wires_begin_and_end_at_their_nodes(rankdir: str) -> None:
    s, place = drawn(MADE["lstm"](), rankdir=rankdir)
    along = 1 if rankdir in ("TB", "BT") else 0
    for wire, way in zip(s.wires, place.paths, strict=True):
        for id, end in ((wire.source, way[0]), (wire.target, way[-1])):
            centre, size = place.centres[id], s.items[id].size(s.sideways)
            assert abs(end[along] - centre[along]) <= max(size.before, size.after) + 0.1
            assert abs(end[1 - along] - centre[1 - along]) <= size.half + 0.1


def test_a_scope_that_is_entered_twice_makes_no_endless_loop() -> None:
    """The frame lies before and behind a node that is outside: a cycle of the level."""
    sizes = {id: Size(20, 20, 9, 9, 20) for id in "abc"}
    wires = [Wire("a", "b"), Wire("b", "c")]
    place = layout(sizes, wires, {"a": ("s",), "b": (), "c": ("s",)})
    assert len(place.centres) == 3
    assert len(place.frames) == 1


def test_the_title_of_a_frame_gives_way_to_the_edges_that_enter() -> None:
    s, place = drawn(MADE["lstm"]())
    for path, (x, y) in place.titles.items():
        width = s.frames[path].spec().title
        for way in place.paths:
            for (x0, y0), (x1, y1) in pairwise(way):
                if abs(x0 - x1) < 0.5 and min(y0, y1) < y < max(y0, y1):
                    assert not x - 2 < x0 < x + width + 2, path


def test_a_scope_that_is_entered_again_has_a_frame_for_each_visit() -> None:
    x = Variable(np.ones((2, 2)), "x")
    with scope("a"):
        first = np.sin(x)
    between = first * 2
    with scope("a"):
        y = np.cos(between) + first
    with scope("b"):  # entered again too, but nothing leads out and back in
        y = np.exp(y)
    z = np.tanh(y)
    with scope("b"):
        w = np.exp(x)
    s, place = drawn(named(z + w))
    assert sorted(frame.title for frame in s.frames.values()) == ["a", "a", "b"]
    for wire, way in zip(s.wires, place.paths, strict=True):
        assert way == sorted(way, key=lambda p: p[1]), f"{wire} runs back"


def named(y: Variable) -> Variable:
    y.name = "y"
    return y


@pytest.mark.parametrize("rankdir", ["TB", "LR"])
@pytest.mark.parametrize("name", ["lstm", "transformer", "perceptron"])
def test_no_wire_runs_through_a_box(name: str, rankdir: str) -> None:
    s, place = drawn(MADE[name](), rankdir=rankdir)
    spots = [
        (b.id, x + b.x - b.w / 2, y + b.y - b.h / 2, x + b.x + b.w / 2, y + b.y + b.h / 2)
        for id, item in s.items.items()
        for (x, y) in [place.centres[id]]
        for b in item.boxes
    ]
    for wire, way in zip(s.wires, place.paths, strict=True):
        for x, y in line(way, s.sideways):
            hit = [
                id for id, x0, y0, x1, y1 in spots if x0 + 1 < x < x1 - 1 and y0 + 1 < y < y1 - 1
            ]
            assert set(hit) <= {wire.source, wire.target}, (wire, hit)
