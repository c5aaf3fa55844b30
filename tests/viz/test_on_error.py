"""on_error: the partial graph, with the operator that failed in red."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from tinypt_core import Function, Variable, gradients
from tinypt_viz import on_error

SVG = "{http://www.w3.org/2000/svg}"


class MatMul(Function):
    def forward(self, x: Any, w: Any) -> Any:
        return x @ w

    def backward(self, gy: Any, x: Any, w: Any) -> Any:
        return gy @ w.T, x.T @ gy


class Broken(Function):
    def __init__(self, depth: int = 1) -> None:
        self.depth = depth

    def forward(self, x: Any) -> Any:
        raise ValueError("no luck today")

    def backward(self, gy: Any) -> Any:
        return gy


def variable(shape: tuple[int, ...], name: str) -> Variable:
    return Variable(np.ones(shape), name)


def fail(to_file: Path, **options: Any) -> BaseException:
    x, w = variable((2, 3), "x"), variable((3, 4), "W")
    with pytest.raises(ValueError, match="MatMul") as caught, on_error(to_file, **options):
        MatMul()(MatMul()(x, w), x)
    return caught.value


@pytest.mark.parametrize("program", ["", "built-in"])
def test_the_failing_operator_is_red_and_shapes_stand_on_the_arrows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setenv("TINYPT_DOT", program)
    fail(tmp_path / "g.svg")
    text = (tmp_path / "g.svg").read_text()
    root = ElementTree.fromstring(text)
    red = [g for g in root.iter(SVG + "g") if any(e.get("fill") == "#D1001F" for e in g)]
    labels = [t.text for g in red for t in g.iter(SVG + "text")]
    assert labels == ["MatMul"]
    assert text.count('fill="#D1001F"') == 1
    written = [t.text or "" for t in root.iter(SVG + "text")]
    assert {"2×3", "3×4", "2×4", "x", "W"} <= set(written)


def test_the_error_goes_on_and_tells_where_the_picture_is(tmp_path: Path) -> None:
    error = fail(tmp_path / "g.svg")
    assert error.__notes__ == [f"the graph up to here is drawn in {tmp_path / 'g.svg'}"]


def test_a_picture_that_fails_does_not_hide_the_error(tmp_path: Path) -> None:
    error = fail(tmp_path / "nowhere" / "g.svg")
    assert "could not be drawn: cannot write" in error.__notes__[0]


def test_constants_and_parameters_of_the_call_are_drawn(tmp_path: Path) -> None:
    path = tmp_path / "g.dot"
    with pytest.raises(ValueError, match="MatMul"), on_error(path):
        MatMul()(variable((2, 3), "x"), np.ones((2, 2)))
    assert 'c0 [label="[[1. 1.] [1. 1.]]"' in path.read_text()
    with pytest.raises(ValueError, match="no luck"), on_error(path):
        Broken(depth=7)(np.ones(3))
    text = path.read_text()
    assert 'label="Broken(depth=7)"' in text
    assert "failed: Broken: no luck today" in text


def test_one_variable_twice(tmp_path: Path) -> None:
    x = variable((2, 3), "x")
    with pytest.raises(ValueError, match="MatMul"), on_error(tmp_path / "g.dot", verbose=False):
        MatMul()(x, x)
    text = (tmp_path / "g.dot").read_text()
    assert text.count("v0 -> f0") == 2
    assert text.count('label="x"') == 1


def test_a_function_called_within_a_rule(tmp_path: Path) -> None:
    class Composite(Function):
        def forward(self, x: Any) -> Any:
            return x * 1.0

        def backward(self, gy: Any, x: Any) -> Any:
            return Broken()(gy)

    x = variable((3,), "x")
    with pytest.raises(Exception, match="no luck"), on_error(tmp_path / "g.svg"):
        gradients(Composite()(x), x, create_graph=True)


def test_nothing_is_written_without_an_error_or_without_an_operator(tmp_path: Path) -> None:
    with on_error(tmp_path / "g.svg"):
        MatMul()(variable((2, 3), "x"), variable((3, 4), "W"))
    with pytest.raises(ZeroDivisionError), on_error(tmp_path / "g.svg"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_option_shows_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="rankdir"), on_error(tmp_path / "g.svg", rank="LR"):
        raise AssertionError("never reached")
