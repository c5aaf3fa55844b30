"""Turns of a loop and numbered scopes are drawn once, and nothing that differs is."""

from __future__ import annotations

import runpy
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tinypt_viz._periods import Run, runs
from tinypt_viz.options import read
from tinypt_viz.parts import Parts
from tinypt_viz.styles import scene
from tinypt_viz.turns import fold_turns

from tinypt_core import Graph, Variable, graph
from tinypt_viz import plot_dot_graph, scope

MADE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "generate_pictures.py"))


def shown(g: Graph) -> list[str]:
    parts = Parts(g)
    return sorted(parts.call(id) for id in parts.shown if parts.nodes[id].kind == "function")


def chain(turn: Any, turns: int, x: Any = None) -> Variable:
    h = Variable(np.full((2, 2), 0.5), "h0") if x is None else x
    for i in range(turns):
        h = turn(h, i)
    return h


@pytest.mark.parametrize("turns", [300, 2500])
def test_a_recurrence_is_one_frame_of_the_same_size(turns: int) -> None:
    y = MADE["recurrence"](turns)
    start = time.process_time()
    s = scene(graph(y), read())
    place = s.laid_out()
    assert time.process_time() - start < 3
    nodes = sum(len(item.boxes) for item in s.items.values())
    assert nodes <= 8
    (frame,) = s.frames.values()
    assert (frame.badge, frame.title) == (f"×{turns}", f"i = 0 … {turns - 1}")
    first = next(id for id, item in s.items.items() if item.boxes[0].texts[0].text == "Tanh")
    assert [(turn[0], turn[3]) for turn in frame.turns] == [(first, "h")]
    assert (round(place.width), round(place.height)) == (322, 397), "the same for any turns"
    assert {b.texts[0].text for i in s.items.values() for b in i.boxes} == {
        "h", "h0", "W", "xs", "MatMul", "GetItem [i]", "Add", "Tanh",
    }  # fmt: skip


def test_layers_and_blocks_with_their_parameters() -> None:
    g, turns = fold_turns(graph(MADE["perceptron"]()))
    assert shown(g) == ["Add", "MatMul", "Tanh"]
    assert {node.name for node in g.nodes if node.name} == {"W1 … W5", "b1 … b5", "x", "out"}
    assert [(t.count, t.title) for t in turns.values()] == [(5, "layer1 … layer5")]
    g, turns = fold_turns(graph(MADE["transformer"]()))
    (path,) = turns
    assert path == ("block0 … block5",)
    scopes = {node.scope for node in g.nodes if node.kind == "function"}
    assert scopes == {path, (*path, "attention"), (*path, "mlp")}
    assert {n.name for n in g.nodes if n.name} >= {"Wq ×6", "b2 ×6"}


def test_what_turns_count_is_named_and_what_they_do_not_is_not_folded() -> None:
    xs = Variable(np.ones((40, 2, 2)), "xs")
    assert "GetItem [2i+1]" in shown(
        fold_turns(graph(chain(lambda h, i: np.tanh(h * xs[2 * i + 1]), 10)))[0]
    )
    odd = chain(lambda h, i: np.tanh(h * xs[i * i]), 6)
    assert len(shown(fold_turns(graph(odd))[0])) == 18
    constants = chain(lambda h, i: np.tanh(h * (1 / (i + 1))), 8)
    assert len(shown(fold_turns(graph(constants))[0])) == 16


def test_what_differs_in_wiring_is_not_folded() -> None:
    w = Variable(np.ones((2, 2)), "W")
    both = [Variable(np.full((2, 2), 0.5), "h0"), Variable(np.full((2, 2), 0.5), "h1")]
    for i in range(12):
        odd = i.bit_count() % 2  # a sequence in which nothing comes three times in a row
        both.append(np.tanh(both[-1 - odd] @ w) + both[odd])
    y = both[-1] + both[-2]
    full = graph(y)
    g, turns = fold_turns(full)
    assert (g, turns) == (full, {})


def test_loops_in_a_loop() -> None:
    def turn(h: Any, i: int) -> Any:
        for _ in range(9):
            h = np.sin(h * 2)
        return np.exp(-h)

    g, turns = fold_turns(graph(chain(turn, 7)))
    assert shown(g) == ["Exp", "Mul(·, 2)", "Neg", "Sin"]
    assert sorted(t.count for t in turns.values()) == [7, 9]
    paths = sorted(turns, key=len)
    assert paths[1][: len(paths[0])] == paths[0], "the inner frame lies in the outer one"


def test_several_values_handed_on_and_what_is_used_behind() -> None:
    a, b = Variable(np.array([1.0, 2.0]), "a0"), Variable(np.array([3.0, 4.0]), "b0")
    seen = []
    for _ in range(8):
        a, b = np.sin(a + b), np.cos(a * b)
        seen.append(a)
    y = np.sum(np.stack(seen)) + np.sum(b)
    g, turns = fold_turns(graph(y))
    (found,) = turns.values()
    assert found.count == 8
    assert [name for *_, name in found.handed] == ["a", "b"]
    assert len(shown(g)) == 8
    ids = {node.id for node in g.nodes}
    assert all(edge.source in ids and edge.target in ids for edge in g.edges)


def test_few_turns_of_a_short_body_are_drawn_one_by_one() -> None:
    y = chain(lambda h, i: h + 1, 5)
    assert fold_turns(graph(y))[1] == {}
    for i in range(3):
        with scope(f"part{i}"):
            y = y + 1
    assert [t.title for t in fold_turns(graph(y))[1].values()] == ["part0 … part2"]


def test_periods_are_found_in_linear_time() -> None:
    assert runs("abcabcabcabc", lambda run: run) == [Run(0, 3, 4, 0)]
    assert runs("xyabababz", lambda run: run) == [Run(2, 2, 3, 0)]
    assert runs("abab", lambda run: run) == []

    def seconds(n: int) -> float:
        letters = list("pqrs" * n)
        start = time.process_time()
        runs(letters, lambda run: run)
        return time.process_time() - start

    assert seconds(64_000) < 40 * max(seconds(4_000), 1e-3)


def test_a_folded_picture_is_the_same_under_any_hash_seed(run_python: Any, tmp_path: Path) -> None:
    code = """
        import runpy, sys
        from pathlib import Path
        made = runpy.run_path({script!r})
        from tinypt_viz.options import read
        from tinypt_viz.svg import svg
        from tinypt_core import graph
        for name, (make, options) in made["GALLERY"].items():
            print(svg(graph(make()), read(**options)))
        """.replace(
        "{script!r}", repr(str(Path(__file__).parents[2] / "docs/generate_pictures.py"))
    )
    texts = {str(run_python(code, env={"PYTHONHASHSEED": seed})) for seed in ("1", "2")}
    assert len(texts) == 1


def test_collapse_by_name(tmp_path: Path) -> None:
    y = MADE["perceptron"]()
    text = plot_dot_graph(y, to_file=tmp_path / "g.svg", collapse=("siblings",)).read_text()
    assert "×5" in text
    g = fold_turns(graph(y))[0]
    assert len(g.nodes) < len(graph(y).nodes) / 3


def test_a_name_that_only_the_last_turn_has_is_that_of_the_result() -> None:
    y = MADE["perceptron"]()
    z = np.sum(y * y)
    s = scene(graph(z), read())
    texts = {b.texts[0].text: id for id, i in s.items.items() for b in i.boxes if b.texts}
    assert "out" in texts
    assert s.paths[texts["out"]] == (), "it lies behind the loop"
    (frame,) = s.frames.values()
    assert [turn[3] for turn in frame.turns] == ["out"]


def test_gradients_of_turns_are_told_from_the_first_to_the_last() -> None:
    s = scene(graph(MADE["recorded"](MADE["vanishing"])), read(style="gradient"))
    texts = [t.text for i in s.items.values() for t in i.texts if t.kind == "gradient"]
    assert sum("…" in text for text in texts) == 4
    assert all(text.startswith("±") for text in texts if "…" in text)
