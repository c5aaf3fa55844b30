"""to_json: the schema of docs/graph-json.md, held to by every kind of graph."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tinypt_core import Node

from tinypt_core import Function, Variable, graph, ops
from tinypt_viz import to_json

DOC = Path(__file__).parents[2] / "docs" / "graph-json.md"


class Halves(Function):
    """Two outputs."""

    def forward(self, x: Any) -> Any:
        return x[:1], x[1:]

    def backward(self, gy0: Any, gy1: Any) -> Any:
        return np.concatenate([gy0, gy1])


def read(y: Any, **options: Any) -> dict[str, Any]:
    return dict(json.loads(to_json(y, **options)))


def test_the_head_names_format_and_outputs() -> None:
    x = Variable(np.ones(2), name="x")
    y, z = ops.exp(x), ops.exp(x)
    found = read([y, z])
    assert (found["format"], found["version"]) == ("tinypt-graph", 1)
    assert len(found["outputs"]) == 2
    assert set(found["outputs"]) <= {node["id"] for node in found["nodes"]}


def test_nodes_and_edges_are_those_of_the_graph() -> None:
    x = Variable(np.array([1.0, 2.0], dtype=np.float32), name="x")
    y = x * x + 2.0
    found, g = read(y), graph(y)
    assert [node["id"] for node in found["nodes"]] == [node.id for node in g.nodes]
    ends = [(e["source"], e["target"], e["position"]) for e in found["edges"]]
    assert ends == [(e.source, e.target, e.position) for e in g.edges]
    leaf = next(node for node in found["nodes"] if node.get("name") == "x")
    assert leaf["shape"] == [2]
    assert leaf["dtype"] == "float32"
    assert leaf["nbytes"] == 8


def test_both_edges_of_a_square_and_both_outputs_of_a_function() -> None:
    x = Variable(np.ones(2), name="x")
    into = [e for e in read(x * x)["edges"] if e["target"] == "f0"]
    assert [e["position"] for e in into] == [0, 1]
    a, b = Halves()(x)
    found = read([a, b])
    out = [e for e in found["edges"] if e["source"] == "f0"]
    assert sorted(e["position"] for e in out) == [0, 1]


def test_a_leaf_alone_and_a_variable_without_data() -> None:
    assert [node["label"] for node in read(Variable(np.ones(1), name="x"))["nodes"]] == ["x"]
    (node,) = read(Variable(None))["nodes"]
    assert "shape" not in node
    assert read(Variable(None))["edges"] == []


def test_any_text_and_any_number_make_valid_json() -> None:
    names = ['"', "\\", "\n", "</script>", "\u2028", "\x00", "\ud800", "\U0001f600", ""]
    for name in names:
        x = Variable(np.array([np.nan, np.inf]), name=name)
        y = ops.exp(x)
        y.creator.info["time"] = float("nan")
        text = to_json(y)
        found = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
        assert text.isascii()
        assert name in [node.get("name") for node in found["nodes"]]


def test_nothing_is_folded_unless_asked() -> None:
    y = Variable(np.array(1.0), name="x")
    for _ in range(500):
        y = y * 1.5
    full = read(y)
    assert len(full["nodes"]) == 1501
    assert full["notes"] == []
    folded = read(y, max_nodes=50)
    assert len(folded["nodes"]) <= 50
    assert folded["notes"]
    rolled = next(node for node in folded["nodes"] if node.get("merged", 1) > 1)
    assert len(rolled["members"]) > 1
    assert set(rolled["members"]) <= {node["id"] for node in full["nodes"]}


def test_an_unknown_option_and_no_graph_are_refused() -> None:
    with pytest.raises(TypeError, match="no option is called 'colour'"):
        to_json(Variable(np.ones(1)), colour="red")
    with pytest.raises(TypeError, match="Variable"):
        to_json(3)  # type: ignore[arg-type]


def test_the_text_is_the_same_in_every_run() -> None:
    code = """
import numpy as np
from tinypt_core import Variable, ops
from tinypt_viz import to_json
a, b = Variable(np.ones(2), name="a"), Variable(np.ones(2), name="b")
print(to_json(ops.exp(a * b + a)))
"""
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(runs) == 1


def test_every_field_is_documented() -> None:
    text = DOC.read_text(encoding="utf-8")
    documented = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert {field.name for field in fields(Node)} <= documented


def test_the_example_of_the_document_is_what_comes_out() -> None:
    example = DOC.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0]
    x = Variable(np.array([0.0, 1.0]), name="x")
    y = ops.exp(x)
    y.name = "y"
    found = read(y)
    for node in found["nodes"]:
        if "provider" in node:
            node["provider"] = "tinypt-ops-basic 0.1.0"
    assert json.loads(example) == found
