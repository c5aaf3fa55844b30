"""Folding: what is hidden is said, what is kept is right, and every size stays readable."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from tinypt_viz.fold import STEPS, fold

from tinypt_core import Function, Graph, Variable, graph
from tinypt_viz import get_dot_graph, scope


class Add(Function):
    keeps_nothing = True

    def forward(self, x0: Any, x1: Any) -> Any:
        return x0 + x1

    def backward(self, gy: Any) -> Any:
        return gy, gy


class Mul(Function):
    def forward(self, x0: Any, x1: Any) -> Any:
        return x0 * x1

    def backward(self, gy: Any, x0: Any, x1: Any) -> Any:
        return gy * x1, gy * x0


class Tanh(Function):
    def __init__(self, note: Any = None) -> None:
        self.note = note

    def forward(self, x: Any) -> Any:
        return np.tanh(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * (1 - y * y)


def scalar(value: float, name: str | None = None) -> Variable:
    return Variable(np.array(value), name)


def labels(g: Graph) -> list[str]:
    return [node.label for node in g.nodes]


def arrows(g: Graph) -> set[tuple[str, str]]:
    """Edges by label, to compare by eye."""
    name = {node.id: node.label for node in g.nodes}
    return {(name[e.source], name[e.target]) for e in g.edges}


def recurrent(steps: int) -> Variable:
    w, h = scalar(0.5, "W"), scalar(0.0, "h0")
    for t in range(steps):
        h = Tanh()(Add()(Mul()(w, h), scalar(0.1, f"x{t}")))
    h.name = "h"
    return h


def layered(functions: int, width: int = 50, seed: int = 0) -> Variable:
    """Layers of Functions of two random outputs of the layer before."""
    random = np.random.default_rng(seed)
    layer = [scalar(0.1, f"x{i}") for i in range(width)]
    for _ in range(functions // width):
        kinds = random.integers(2, size=width)
        picks = random.integers(width, size=(width, 2))
        layer = [
            (Add() if kind else Mul())(layer[a], Tanh()(layer[b]))
            for kind, (a, b) in zip(kinds, picks, strict=True)
        ]
    y = layer[0]
    for x in layer[1:]:
        y = Add()(y, x)
    return y


def derivative(n: int) -> Variable:
    x = scalar(1.0, "x")
    y = Tanh()(x)
    for _ in range(n):
        y.backward(create_graph=True)
        y = x.grad
        x.cleargrad()
    return y


def test_a_small_graph_stays_as_it_is() -> None:
    g = graph(recurrent(20))
    assert fold(g) is g


def test_constants_go_into_their_function() -> None:
    y = Mul()(Add()(scalar(1.0, "x"), 2.0), np.arange(20.0))
    g = fold(graph(y), steps=["constants"])
    assert labels(g) == ["", "Mul", "", "Add(·, 2.0)", "(20,) float64", "x"]
    assert g.notes == ("1 constant is written in the Function that uses them",)


def test_unnamed_intermediates_go_named_ones_stay() -> None:
    x = scalar(1.0, "x")
    middle = Tanh()(Tanh()(x))
    middle.name = "middle"
    g = fold(graph(Tanh()(middle)), steps=["intermediates"])
    assert arrows(g) == {("x", "Tanh"), ("Tanh", "Tanh"), ("Tanh", "middle"), ("middle", "Tanh"),
                         ("Tanh", "")}  # fmt: skip
    assert g.notes == ("1 Variable without a name is not shown",)
    assert g.nodes[0].id == "v0"


def test_a_square_keeps_both_edges_when_its_operand_is_hidden() -> None:
    t = Tanh()(scalar(1.0, "x"))
    g = fold(graph(Mul()(t, t)), steps=["intermediates"])
    into = [e.position for e in g.edges if e.target == "f0"]
    assert into == [0, 1]


def test_shared_leaves_are_drawn_at_each_use() -> None:
    w = scalar(1.0, "w")
    y = scalar(1.0, "x")
    for _ in range(6):
        y = Mul()(w, y)
    g = fold(graph(y), steps=["leaves"])
    assert labels(g).count("w") == 6
    assert g.notes == ("1 shared leaf is drawn again at each use",)
    assert len({node.id for node in g.nodes}) == len(g.nodes)


def test_equal_expressions_become_one() -> None:
    x = scalar(1.0, "x")
    y = Add()(Add()(Tanh()(x), Tanh()(x)), Tanh()(scalar(1.0, "z")))
    g = fold(graph(y), steps=["equal"])
    tanhs = [(n.label, n.merged) for n in g.nodes if n.label == "Tanh"]
    assert tanhs == [("Tanh", 1), ("Tanh", 2)]
    assert "Tanh ×2" in get_dot_graph(g, verbose=False)
    assert len(g.notes) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Tanh("a"), Tanh("b")),
        (Tanh("a" * 100), Tanh("a" * 99 + "b")),
        (Tanh(np.zeros(50)), Tanh(np.ones(50))),
    ],
)
def test_what_may_differ_is_not_merged(one: Any, other: Any) -> None:
    x = scalar(1.0, "x")
    g = fold(graph(Add()(one(x), other(x))), steps=["equal"])
    assert labels(g).count("Tanh") == 2


def test_large_constants_are_not_taken_for_equal() -> None:
    x = Variable(np.ones(50), "x")
    y = Add()(Mul()(x, np.zeros(50)), Mul()(x, np.ones(50)))
    assert labels(fold(graph(y), steps=["constants", "equal"])).count("Mul") == 2


def test_numbers_that_only_look_equal_are_not_merged() -> None:
    x = scalar(1.0, "x")
    y = Add()(Mul()(x, 1 / 3), Mul()(x, 0.3333333))
    assert labels(fold(graph(y), steps=["constants", "equal"])).count("Mul(·, 0.333333)") == 2


def test_a_loop_is_rolled() -> None:
    g = fold(graph(recurrent(300)))
    assert len(g.nodes) < 30
    rolled = {n.label: n.merged for n in g.nodes if n.merged > 1}
    assert {label for label in rolled if not label.startswith("x")} == {"Mul", "Add", "Tanh"}
    assert min(rolled.values()) >= 295
    assert any(label.startswith("x") and "…" in label for label in rolled)
    assert ("Tanh", "Mul") in arrows(g)
    assert g.notes[-1].startswith("1 repeated block is drawn once (×29")


def test_a_chain_of_one_function_is_rolled() -> None:
    y = scalar(1.0, "x")
    for _ in range(400):
        y = Tanh()(y)
    assert len(fold(graph(y)).nodes) < 10


def test_scopes_become_nodes_the_innermost_first() -> None:
    y = scalar(1.0, "x")
    for i in range(40):
        with scope(f"block{i % 4}"), scope(f"layer{i}"):
            for _ in range(10):
                y = Mul()(y, Tanh(i)(Add()(y, float(i))))
    g = fold(graph(y), steps=["scopes"], max_nodes=60)
    groups = [n for n in g.nodes if n.kind == "group"]
    assert {len(n.scope) for n in groups} == {1}
    assert len(groups) == 40
    assert "40 scopes are drawn as one node each" in g.notes
    smaller = fold(graph(y), steps=["scopes"], max_nodes=10)
    assert {n.label for n in smaller.nodes if n.kind == "group"} == {f"block{i}" for i in range(4)}


def test_depth_keeps_the_output_and_names() -> None:
    g = graph(layered(2000))
    folded = fold(g, 100, steps=["depth"])
    assert len(folded.nodes) <= 100
    assert folded.outputs == ("v0",)
    assert sum(label.startswith("x") for label in labels(folded)) == 10
    (group,) = [n for n in folded.nodes if n.kind == "group"]
    assert group.hidden == len(g.nodes) - len(folded.nodes) + 1


@pytest.mark.parametrize("most", [1, 2, 3, 10, 50, 150])
def test_max_nodes_is_kept(most: int) -> None:
    for y in (recurrent(40), layered(1000), derivative(5)):
        assert len(fold(graph(y), most).nodes) <= max(most, 2)


@pytest.mark.parametrize("name", STEPS)
def test_every_step_gives_a_sound_graph_that_says_what_it_hid(name: str) -> None:
    for y in (recurrent(40), layered(1000), derivative(5), [recurrent(9), derivative(3)]):
        g = graph(y)
        folded = fold(g, 50, steps=[name])
        ids = [node.id for node in folded.nodes]
        assert len(set(ids)) == len(ids)
        assert {e.source for e in folded.edges} | {e.target for e in folded.edges} <= set(ids)
        assert set(folded.outputs) <= set(ids)
        assert (folded.nodes == g.nodes) == (not folded.notes)


def test_steps_by_name_and_not_at_all() -> None:
    y = recurrent(300)
    assert "×" not in get_dot_graph(y)
    assert "×299" in get_dot_graph(y, collapse=True)
    only = get_dot_graph(y, collapse="intermediates", verbose=False)
    assert "are not shown" in only
    assert "×" not in only
    with pytest.raises(ValueError, match="there are constants"):
        fold(graph(y), steps=["repeat"])


def test_what_is_hidden_stands_in_the_picture() -> None:
    text = get_dot_graph(recurrent(300), max_nodes=100)
    assert 'label="' + fold(graph(recurrent(300)), 100).notes[0] in text


def test_no_step_needs_recursion() -> None:
    y = scalar(1.0, "x")
    for i in range(3000):
        y = Add()(y, float(i))
    g = graph(y)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(150)
    try:
        assert len(fold(g).nodes) <= 300
    finally:
        sys.setrecursionlimit(limit)


def _calls(g: Graph) -> int:
    count = 0

    def step(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += 1

    sys.setprofile(step)
    try:
        fold(g, 50)
    finally:
        sys.setprofile(None)
    return count


def test_folding_takes_linear_time() -> None:
    few, many = graph(layered(500)), graph(layered(2000))
    fold(few, 50)
    assert _calls(many) < 1.5 * _calls(few) * len(many.nodes) / len(few.nodes)
