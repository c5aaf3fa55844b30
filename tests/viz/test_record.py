"""record: what ran inside is seen, and the shares of a Variable's uses sum to its gradient."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from tinypt_viz.options import read
from tinypt_viz.scene import Scene
from tinypt_viz.styles import scene
from tinypt_viz.svg import svg

from tinypt_core import Variable, graph
from tinypt_viz import record, scope

MADE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "generate_pictures.py"))


def picture(y: Variable, **options: Any) -> Scene:
    return scene(graph(y), read(style="gradient", **options))


@pytest.mark.parametrize("name", ["goldstein_price", "circuit", "taylor_sin"])
def test_shares_sum_to_the_gradient(name: str) -> None:
    y = MADE["recorded"](MADE[name])
    g = graph(y)
    checked = 0
    for node in g.nodes:
        shares = [e.slope.rms for e in g.edges if e.source == node.id and e.slope is not None]
        if node.kind == "variable" and shares and node.slope is not None:
            assert sum(shares) == pytest.approx(node.slope.rms, rel=1e-12)
            checked += 1
    assert checked > 5
    s = picture(y)
    leaves = {id for id, item in s.items.items() if item.boxes[0].kind == "variable"}
    for id in leaves - set(g.outputs):
        drawn = [k.slope for w, k in zip(s.wires, s.looks, strict=True) if w.source == id]
        written = [t.text for t in s.items[id].texts if t.kind == "gradient"]
        assert None not in drawn
        from tinypt_viz.numbers import number

        assert written == [number(sum(drawn))]  # type: ignore[arg-type]


def test_the_svg_tells_each_share_exactly() -> None:
    y = MADE["recorded"](MADE["goldstein_price"])
    root = ElementTree.fromstring(svg(graph(y), read(style="gradient")))
    ids = {node.name: node.id for node in graph(y).nodes}
    for name, whole in (("x", -5376.0), ("y", 8064.0)):
        edges = [e for e in root.iter() if e.get("id", "").startswith(f"{ids[name]}-")]
        assert len(edges) == 8
        assert sum(float(e.get("data-share", "nan")) for e in edges) == pytest.approx(whole)


def test_broadcast_operands_get_what_was_summed() -> None:
    x, b = Variable(np.ones((3, 2)), "x"), Variable(np.ones(2), "b")
    with record():
        y = np.sum(x * b)
        y.backward()
    g = graph(y)
    ids = {node.name: node.id for node in g.nodes}
    (share,) = (e.slope for e in g.edges if e.source == ids["b"])
    assert share == (3.0, 0, 0, 2)
    assert b.grad.tolist() == [3.0, 3.0]


def test_values_of_arrays_that_are_gone_are_kept_as_numbers() -> None:
    with record():
        y = np.sum(np.exp(Variable(np.zeros(4), "x")) * 3)
        y.backward()
    texts = [t.text for item in picture(y).items.values() for t in item.texts]
    assert {"1", "3", "12"} <= set(texts)
    assert not any(isinstance(v, np.ndarray) for f in graph(y).nodes for v in f.info.values())


def test_an_operand_that_nobody_keeps_has_its_value_too() -> None:
    """Addition keeps nothing, and the name of what was added is gone."""
    with record():
        y = Variable(np.array(2.0), name="a") + Variable(np.array(-3.0), name="b")
        y.backward()
    measures = {node.name: node.measure for node in graph(y).nodes if node.name}
    assert {name: m and m.rms for name, m in measures.items()} == {"a": 2.0, "b": -3.0}
    assert ">−3</text>" in svg(graph(y), read(style="gradient"))


def test_without_record_the_legend_says_so() -> None:
    text = svg(graph(MADE["circuit"]()), read(style="gradient"))
    assert "no gradients were recorded" in text
    assert "no gradients were recorded" not in svg(
        graph(MADE["recorded"](MADE["circuit"])), read(style="gradient")
    )


def test_the_first_operator_that_makes_nan_is_red() -> None:
    s = picture(MADE["recorded"](MADE["not_a_number"]))
    red = [i.boxes[0].texts[0].text for i in s.items.values() if i.boxes[0].fill == s.palette.bad]
    assert red == ["log"]
    texts = {t.text for item in s.items.values() for t in item.texts}
    assert {"1 of 4 NaN/∞", "NaN"} <= texts


def test_recording_ends_with_the_block_and_costs_nothing_after() -> None:
    with record():
        pass
    y = Variable(np.array(1.0)) * 2
    assert y.creator.info == {}


def test_a_model_shows_its_gradients_beside_the_wires() -> None:
    s = picture(MADE["recorded"](MADE["vanishing"]), collapse=False)
    assert len(s.frames) == 5
    texts = [t.text for item in s.items.values() for t in item.texts if t.kind == "gradient"]
    assert len(texts) > 20
    widths = [k.width for w, k in zip(s.wires, s.looks, strict=True)]
    assert max(widths) > 3 * min(widths), "they vanish"


def test_the_first_operator_that_makes_nan_is_red_in_a_model_too() -> None:
    x = Variable(np.array([1.0, -1.0]), "x")
    with record(), np.errstate(all="ignore"), scope("part"):
        y = np.exp(np.log(x * 2))
    s = picture(y)
    red = [i.boxes[0].texts[0].text for i in s.items.values() if i.boxes[0].fill == s.palette.bad]
    assert red == ["Log"]


def test_the_second_pass_of_a_derivative_is_recorded() -> None:
    x = Variable(np.array(0.5), "x")
    with record():
        y = np.tanh(x)
        y.backward(create_graph=True)
        first = x.grad
        x.cleargrad()
        first.backward()
    g = graph(first)
    shares = [e.slope.rms for e in g.edges if e.slope and e.source == g.nodes[-1].id]
    assert x.grad == pytest.approx(-2 * np.tanh(0.5) * (1 - np.tanh(0.5) ** 2))
    assert all(np.isfinite(shares))
