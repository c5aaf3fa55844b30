"""What stands in the boxes of each style, in the tooltips, and which style `auto` is."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from tinypt_viz.options import read
from tinypt_viz.prepare import style_of
from tinypt_viz.scene import Scene
from tinypt_viz.styles import scene
from tinypt_viz.svg import svg

from tinypt_core import Variable, graph, ops
from tinypt_viz import get_dot_graph, plot_dot_graph, record, scope

MADE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "generate_pictures.py"))
SVG = "{http://www.w3.org/2000/svg}"


def drawn(y: Any, **options: Any) -> Scene:
    return scene(graph(y), read(**options))


def texts(s: Scene) -> list[str]:
    return [t.text for i in s.items.values() for b in i.boxes for t in b.texts]


def boxes(y: Any, **options: Any) -> set[str]:
    return set(texts(drawn(y, **options)))


X = np.ones((2, 3))


@pytest.mark.parametrize(
    ("make", "textbook", "formula"),
    [
        (lambda x: x**2, "Pow 2", "( )²"),
        (lambda x: x**-0.5, "Pow −0.5", "( )^−0.5"),
        (lambda x: 14 * x, "Mul(14, ·)", "14 ×"),
        (lambda x: x + 1e-10, "Add(·, 10⁻¹⁰)", "+ 10⁻¹⁰"),
        (lambda x: 1 / x, "Div(1, ·)", "1 ÷"),
        (lambda x: x / 3.0, "Div(·, 3)", "÷ 3"),
        (lambda x: -1 / 6 * x, "Mul(−1/6, ·)", "−1/6 ×"),
        (lambda x: x[0], "GetItem [0]", "[0]"),
        (lambda x: x[:, None], "GetItem [:, None]", "[:, None]"),
        (lambda x: np.sum(x, axis=0), "Sum axis=0", "sum axis=0"),
        (lambda x: np.sum(x), "Sum", "Σ"),
        (lambda x: x @ np.ones((3, 7)), "MatMul(·, 3×7)", "@ 3×7"),
        (lambda x: x.T, "Transpose", "( )ᵀ"),
        (lambda x: np.abs(x), "Absolute", "| |"),
        (lambda x: ops.astype(x, np.float32), "Astype float32", "astype float32"),
        (lambda x: np.maximum(x, 0), "Maximum(·, 0)", "maximum(·, 0)"),
    ],
)
def test_operators_say_what_they_take(make: Any, textbook: str, formula: str) -> None:
    x = Variable(X, "x")
    assert textbook in boxes(make(x), style="textbook")
    assert formula in boxes(make(x), style="formula")


@pytest.mark.parametrize("style", ["textbook", "formula", "gradient"])
def test_every_constant_and_exponent_is_there(style: str) -> None:
    words = " ".join(texts(drawn(MADE["goldstein_price"](), style=style)))
    for number in ("14", "3", "19", "6", "2", "32", "12", "48", "36", "27", "18", "30", "1"):
        assert any(number in word.strip("(,)") for word in words.split()), number
    assert words.count("²") == 6 or words.count("Pow 2") == 6


def test_shapes_without_float64_and_dtypes_with_anything_else() -> None:
    x, k = Variable(X, "x"), Variable(np.ones(4, dtype=np.float32), "k")
    assert {"x", "2×3", "k", "4 float32"} <= boxes([x + 1, k * 2])
    assert boxes(Variable(np.array(1.0), "s")) == {"s"}
    assert "2×3" not in boxes(x + 1, verbose=False)


def test_derivatives_and_seeds() -> None:
    assert "tanh″" in boxes(MADE["tanh_derivative"](2))
    assert "Mul(1, 1)" in boxes(MADE["tanh_derivative"](2))
    assert {"tanh⁽⁴⁾", "tanh"} <= boxes(MADE["tanh_derivative"](4), style="formula")
    assert "Mul(1, 1)" not in boxes(MADE["tanh_derivative"](2), collapse=("seeds",))


def test_captions_are_the_lines_of_the_formula() -> None:
    s = drawn(MADE["goldstein_price"](), style="formula")
    captions = {t.text for i in s.items.values() for t in i.texts if t.kind == "caption"}
    assert "a = 19 − 14x + 3x² − 14y + 6xy + 3y²" in captions
    assert "(1 + (x + y + 1)²·a)·(30 + (2x − 3y)²·b)" in captions
    s = drawn(MADE["logistic_regression"](), collapse=("expressions",))
    assert {"X @ w + b", "1/(1 + exp(−z))"} <= set(texts(s))
    notes = [t.text for i in s.items.values() for t in i.texts if t.kind == "note"]
    assert sorted(notes) == ["2 operators", "4 operators", "9 operators"]


def test_a_tooltip_answers_in_order() -> None:
    x = Variable(X, "x")
    with record(), scope("part"):
        y = np.sum(x * x, axis=0)
        np.sum(y).backward()
    tip = {b.id: b.tip for i in drawn(y).items.values() for b in i.boxes}
    assert tip["f0"].splitlines() == [
        "Sum", "Sum(axis=0, keepdims=False)", "shape: 3", "dtype: float64", "bytes: 24",
        "scope: part", "from: tinypt-ops-basic 0.1.0",
    ]  # fmt: skip
    leaf = next(t for t in tip.values() if t.startswith("x\n")).splitlines()
    kinds = [line.partition(":")[0] for line in leaf]
    assert kinds == [
        "x",
        "value",
        "gradient",
        "shares of its 2 uses",
        "shape",
        "dtype",
        "bytes",
        "scope",
    ]
    assert leaf[3] == "shares of its 2 uses: 1, 1"
    assert all(not b.tip for i in drawn(y, verbose=False).items.values() for b in i.boxes)


def test_auto_is_a_model_with_scopes_loops_or_many_operators() -> None:
    def auto(y: Any, **options: Any) -> str:
        return style_of(graph(y), read(**options))

    assert auto(MADE["goldstein_price"]()) == "textbook"
    assert auto(MADE["perceptron"]()) == "model"
    assert auto(MADE["perceptron"](), group_by="none") == "model", "it is a loop too"
    assert auto(MADE["recurrence"](5)) == "model"
    h = Variable(X, "x")
    for i in range(61):
        h = np.sin(h) if i * i % 7 < 3 else np.cos(h)
    assert auto(h) == "model"
    assert auto(h, style="textbook") == "textbook"
    assert auto(MADE["lstm"](), style="gradient") == "gradient model"


def test_every_part_of_an_svg_can_be_found() -> None:
    root = ElementTree.fromstring(svg(graph(MADE["transformer"]()), read()))
    found: dict[str, list[str]] = {}
    for element in root.iter():
        if element.get("class"):
            found.setdefault(str(element.get("class")), []).append(element.get("id", ""))
    assert {"node function", "node variable", "edge", "edge turn", "frame"} <= set(found)
    ids = [id for kind in ("node function", "node variable", "edge", "frame") for id in found[kind]]
    assert "" not in ids
    assert len(set(ids)) == len(ids)


def test_dot_text_keeps_its_plain_look_unless_a_style_is_asked_for() -> None:
    y = MADE["add"]()
    assert "color=orange" in get_dot_graph(y)
    for style in ("textbook", "formula", "gradient", "model"):
        text = get_dot_graph(y, style=style)
        assert "#FFA500" in text
        assert "color=orange" not in text
    assert "subgraph cluster_s0" in get_dot_graph(MADE["perceptron"](), style="model")
    assert "×5" in get_dot_graph(MADE["perceptron"](), style="model")
    whole = get_dot_graph(MADE["recurrence"](20), style="textbook")
    assert whole.count("MatMul") >= 20


@pytest.mark.skipif(not shutil.which("dot"), reason="needs dot")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_png_of_a_framed_graph(tmp_path: Path, theme: str) -> None:
    path = plot_dot_graph(MADE["lstm"](), to_file=tmp_path / "g.png", theme=theme)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path._repr_png_() == path.read_bytes()  # type: ignore[attr-defined]


def test_the_gallery_of_the_docs_is_there_and_small() -> None:
    docs = Path(__file__).parents[2] / "docs"
    shown = set(re.findall(r"\(pictures/(\w+)\.svg\)", (docs / "pictures.md").read_text("utf-8")))
    files = {path.stem: path.stat().st_size for path in (docs / "pictures").glob("*.svg")}
    files.pop("benchmarks")  # the plot of another page
    assert set(files) == set(MADE["GALLERY"]), "run: python docs/generate_pictures.py"
    assert shown <= set(files)
    assert len(shown) > 14
    assert sum(files.values()) < 1_500_000


@pytest.mark.parametrize("name", MADE["GALLERY"])
def test_every_arrow_has_a_direction(name: str) -> None:
    """A wire whose last step has no length ends in an arrow that lies on its side."""
    make, options = MADE["GALLERY"][name]
    root = ElementTree.fromstring(svg(graph(make()), read(**options)))
    wires = [path.attrib for path in root.iter(f"{SVG}path") if "marker-end" in path.attrib]
    assert wires
    for wire in wires:
        numbers = re.findall(r"-?[\d.]+", wire["d"])
        assert numbers[-2:] != numbers[-4:-2], wire["id"]
