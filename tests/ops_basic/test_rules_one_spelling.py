"""Every rule reads like the textbook line: NumPy's names, `F(...).of(x)`, nothing for one kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tinypt_core.ops import gradient, hsplit, partition, sort

import tinypt_ops_basic
import tinypt_ops_trig
from tinypt_core import Variable, gradients

FILES = [
    path
    for package in (tinypt_ops_basic, tinypt_ops_trig)
    for path in sorted(Path(package.__file__).parent.glob("*.py"))
]
#: what no forward and no rule says
FORBIDDEN = ("reuse", "asarray", "empty", "empty_like", "put_along_axis", "isinstance(Variable)")


def rules(path: Path) -> Iterator[ast.FunctionDef]:
    """The forwards and rules of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name in ("forward", "backward"):
            yield node


def words(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            yield node.attr
        if isinstance(node, ast.AugAssign):
            yield "in place"
        if isinstance(node, ast.Call) and ast.unparse(node).startswith("isinstance("):
            yield f"isinstance({'Variable' * ('Variable' in ast.unparse(node))})"
        if isinstance(node, ast.keyword) and node.arg == "out":
            yield "out="
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield f"self.{node.attr} ="


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rules_are_plain_numpy(path: Path) -> None:
    for function in rules(path):
        found = [
            w for w in words(function) if w in (*FORBIDDEN, "in place", "out=") or w.endswith(" =")
        ]
        assert not found, f"{path.name}:{function.lineno}: {found}"


def test_sorting_sends_gradients_back_by_numpy_alone() -> None:
    x = Variable(np.array([[3.0, 1.0, 2.0], [0.0, 5.0, 0.0]]))
    weights = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (g,) = gradients((sort(x) * weights).sum(), [x])
    np.testing.assert_array_equal(g, [[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]])
    (g,) = gradients((partition(x, 1) * weights).sum(), [x])
    order = np.argsort(x.data, kind="stable")
    np.testing.assert_array_equal(np.take_along_axis(g, order, -1)[:, 1], weights[:, 1])


@pytest.mark.parametrize(
    ("n", "edge_order"), [(2, 1), (3, 1), (3, 2), (4, 1), (4, 2), (7, 1), (7, 2)]
)
def test_the_adjoint_of_gradient_is_its_transpose(n: int, edge_order: int) -> None:
    places = np.cumsum(np.arange(1.0, n + 1))
    columns = np.array([np.gradient(e, places, edge_order=edge_order) for e in np.eye(n)])
    for k in range(n):
        x = Variable(np.zeros(n))
        (g,) = gradients(gradient(x, places, edge_order=edge_order)[k], [x])
        np.testing.assert_allclose(g, columns[:, k], atol=1e-15)


def test_pieces_have_the_split_they_are_made_of() -> None:
    first, second = hsplit(Variable(np.eye(2)), 2)
    assert type(first.creator).__name__ == "Split"
    assert second.shape == (2, 1)
