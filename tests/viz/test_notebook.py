"""A Variable in a notebook draws itself; the core alone shows text."""

from __future__ import annotations

import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable, graph, ops
from tinypt_viz import plot_dot_graph

SVG, DOT = "image/svg+xml", "text/vnd.graphviz"


def bundle(y: Variable) -> dict[str, Any]:
    return y._repr_mimebundle_(include=None, exclude=None)


def test_svg_dot_and_text() -> None:
    x = Variable(np.array(2.0), name="x")
    y = x * x
    y.name = "y"
    found = bundle(y)
    assert set(found) == {SVG, DOT, "text/plain", "text/html", "text/latex"}
    value, _, picture = found["text/html"].partition("\n")
    assert value == "<pre>variable(4.0)</pre>", "the value is seen above the picture"
    assert picture == found[SVG].partition("\n")[2]
    assert found["text/latex"] == r"$\displaystyle y = x x$"
    assert found["text/plain"] == repr(y)
    root = ET.fromstring(found[SVG])
    assert root.tag.endswith("svg")
    assert {"x", "y", "Mul"} <= {word.rstrip(":") for word in " ".join(root.itertext()).split()}
    assert found[DOT].startswith("digraph")
    assert found[DOT].count("v1 -> f0") == 2


def test_a_leaf_and_a_variable_without_data() -> None:
    assert SVG in bundle(Variable(np.array(1.0), name="x"))
    assert bundle(Variable(None))["text/plain"] == "variable(None)"


def test_a_hostile_name_is_text_in_the_svg() -> None:
    y = ops.exp(Variable(np.array(1.0), name="<script>alert(1)</script>"))
    root = ET.fromstring(bundle(y)[SVG])
    assert not [node for node in root.iter() if node.tag.endswith("script")]
    assert any("<script>alert(1)</script>" in text for text in root.itertext())


def test_a_huge_graph_neither_freezes_the_kernel_nor_the_page() -> None:
    y = Variable(np.array(1.0), name="x")
    for _ in range(100_000):
        y = y + 1.0
    start = time.perf_counter()
    found = bundle(y)
    assert time.perf_counter() - start < 10
    assert len(found[SVG]) < 500_000
    assert "nodes nearest to the output" in found[SVG]


def test_a_picture_that_was_written_shows_itself(tmp_path: Path) -> None:
    y = ops.exp(Variable(np.array(1.0), name="x"))
    path = plot_dot_graph(y, to_file=tmp_path / "g.svg")
    assert path == tmp_path / "g.svg"
    assert path._repr_svg_() == path.read_text()  # type: ignore[attr-defined]
    assert path._repr_png_() is None  # type: ignore[attr-defined]


def test_the_nearest_nodes_of_a_graph() -> None:
    y = Variable(np.array(1.0), name="x")
    for _ in range(100):
        y = y + 1.0
    near = graph(y, nearest=30)
    assert 30 <= len(near.nodes) < 36
    assert near.outputs == ("v0",)
    assert {edge.source for edge in near.edges} <= {node.id for node in near.nodes}
    assert near.notes == (f"only the {len(near.nodes)} nodes nearest to the output are shown",)
    assert graph(y, nearest=1000) == graph(y)


def test_the_formatter_of_ipython_takes_it() -> None:
    ipython = pytest.importorskip("IPython.core.formatters")
    y = ops.exp(Variable(np.array(1.0), name="x"))
    data, _ = ipython.DisplayFormatter().format(y)
    assert {SVG, DOT, "text/plain"} <= set(data)


def test_without_viz_there_is_text_and_nothing_of_viz_is_imported() -> None:
    code = """
import sys
import numpy as np
from tinypt_core import Variable
bundle = (Variable(np.array(2.0), name="x") * 3)._repr_mimebundle_()
assert bundle == {"text/plain": "variable(6.0)"}, bundle
assert not any(name.startswith("tinypt_viz") for name in sys.modules)
"""
    env = {"TINYPT_DISABLE": "tinypt-viz", "PATH": ""}
    subprocess.run([sys.executable, "-c", code], env=env, check=True)


def test_text_remains_when_drawing_fails() -> None:
    code = """
import warnings
import numpy as np
import tinypt_viz.notebook
from tinypt_core import Variable
def fail(output):
    raise RuntimeError("no ink")
tinypt_viz.notebook.mimebundle = fail
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    bundle = (Variable(np.array(2.0)) * 3)._repr_mimebundle_()
assert bundle == {"text/plain": "variable(6.0)"}, bundle
assert any("no ink" in str(one.message) for one in caught), caught
"""
    subprocess.run([sys.executable, "-c", code], check=True)
