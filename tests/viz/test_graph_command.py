"""tinypt graph MODULE:FUNCTION."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tinypt_viz.command import graph

from tinypt_core import Variable
from tinypt_viz import plugin

MODULE = """
import numpy as np

def power(x, y):
    return x * x * y

def total(x):
    return np.sum(x * 2.0)

def boom(x):
    raise RuntimeError("went wrong")

class Net:
    @staticmethod
    def run(x):
        return x + 1.0

number = 3
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "made_for_test.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)

    def call(*args: str) -> Result:
        return CliRunner().invoke(graph, list(args), catch_exceptions=False)

    yield call
    assert sys.path == before
    sys.modules.pop("made_for_test", None)


def test_it_draws_into_a_file_and_prints_where(run: Any, tmp_path: Path) -> None:
    result = run("made_for_test:power", "--at", "1.0", "--at", "2.0", "-o", "g.svg")
    assert (result.exit_code, result.output) == (0, "g.svg\n")
    text = (tmp_path / "g.svg").read_text()
    assert ">x</text>" in text
    assert ">y</text>" in text


def test_without_a_file_it_prints_dot_text(run: Any) -> None:
    result = run("made_for_test:total", "--at", "[[1, 2], [3, 4]]", "--brief")
    assert result.output.startswith('digraph g {\nv0 [label="", color=orange, style=filled]\n')
    assert "Sum" in result.output
    assert "(2, 2) float64" in run("made_for_test:total", "--at", "[[1, 2], [3, 4]]").output


def test_derivatives(run: Any) -> None:
    args = ("made_for_test:power", "--at", "3.0", "--at", "2.0", "--derivative", "2")
    result = run(*args)
    assert 'label="derivative 2: () float64"' in result.output
    assert "value: 4.0" in result.output
    assert "2nd derivative" in result.output


def test_options_reach_the_picture(run: Any) -> None:
    args = ("made_for_test:power", "--at", "3", "--at", "2", "--brief")
    assert "rankdir=LR" in run(*args, "--rankdir", "LR").output
    assert "is not shown" in run(*args, "--fold", "intermediates").output
    assert "drawn as one" in run(*args, "--max-nodes", "3").output


def test_styles(run: Any, tmp_path: Path) -> None:
    plain = run("made_for_test:power", "--at", "1.0", "--at", "2.0").output
    styled = run("made_for_test:power", "--at", "1.0", "--at", "2.0", "--style", "formula").output
    assert 'shape=box, style="filled,rounded"' in styled
    assert "rounded" not in plain
    run("made_for_test:power", "--at", "1.0", "--at", "2.0", "-o", "g.svg", "--style", "formula")
    assert 'class="caption"' in (tmp_path / "g.svg").read_text()


def test_a_function_inside_a_class(run: Any) -> None:
    assert "Add" in run("made_for_test:Net.run", "--at", "1").output


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["made_for_test"], 2, "write MODULE:FUNCTION"),
        (["no_such_module:f"], 1, "cannot load no_such_module:f"),
        (["made_for_test:g"], 1, "has no attribute 'g'"),
        (["made_for_test:number"], 1, "not a function"),
        (["made_for_test:total", "--at", "one"], 2, "write 1.5 or [1, 2, 3]"),
        (["made_for_test:total", "--at", "[1, [2]]"], 2, "write 1.5 or [1, 2, 3]"),
        (["made_for_test:total"], 1, "calling it failed: TypeError"),
        (["made_for_test:boom", "--at", "1"], 1, "RuntimeError: went wrong"),
        (["made_for_test:total", "--at", "1", "-o", "g.exe"], 1, "must end in .svg"),
        (["made_for_test:total", "--at", "1", "-o", "no/g.svg"], 1, "there is no folder"),
        (["made_for_test:total", "--at", "1", "--derivative", "-1"], 2, "--derivative"),
    ],
)
def test_what_goes_wrong_is_a_sentence(run: Any, args: list[str], code: int, told: str) -> None:
    result = run(*args)
    assert result.exit_code == code
    assert told in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_a_derivative_without_an_argument(run: Any) -> None:
    assert run("made_for_test:power", "--derivative", "1").exit_code == 1


def test_tinypt_finds_the_command(tmp_path: Path) -> None:
    pytest.importorskip("tinypt_core.cli")
    (tmp_path / "made_for_test.py").write_text(MODULE)
    done = subprocess.run(
        [sys.executable, "-m", "tinypt_core.cli", "graph", "made_for_test:power",
         "--at", "1.0", "--at", "2.0", "--derivative", "3", "-o", "g.svg"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "g.svg\n", done.stderr
    assert (tmp_path / "g.svg").exists()


def test_the_hook_that_draws(tmp_path: Path) -> None:
    import numpy as np

    x = Variable(np.array(1.0), "x")
    options = {"verbose": False}
    assert plugin.tinypt_draw(x, None, options).startswith("digraph g {")
    path = tmp_path / "g.svg"
    assert plugin.tinypt_draw(x, str(path), options) == path
    assert plugin.tinypt_draw(x, str(tmp_path / "g.blend"), options) is None
    assert plugin.tinypt_draw(x, str(tmp_path / ".svg"), options) is None  # a name, no ending


def test_the_plugin_costs_no_import(run_python: Any) -> None:
    run_python(
        """
        import sys, tinypt_viz.plugin
        assert not {"click", "graphviz", "tinypt_viz.command", "tinypt_viz.dot"} & set(sys.modules)
        """
    )
