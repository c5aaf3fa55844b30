"""`tinypt stubs`: what mypy and pyright then know, accept and refuse."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from tinypt_core._cli import stubs as _stubs
from tinypt_core.cli import main

from tinypt_core import Function, registry

ROOT = Path(__file__).parents[2]

RIGHT = """
import numpy as np
import tinypt_core
from tinypt_core import Function, Variable, gradients, ops, registry
from tinypt_core.ops import add, linalg, sin, sum

x = Variable(np.ones(3), name="x")
y: Variable = sin(x) + add(x, 2.0)
z: Variable = sum(y, axis=0, keepdims=True)
ops.sum(x)
tinypt_core.ops.cos(x)
linalg.norm(x)
ops.linalg.norm(x)
provider: str = sin.provider
cls: type[Function] = sin.function
gradients(y, x)
registry.get("sin")
x.backward()
"""

#: a wrong line -> what a type checker points at
WRONG = {
    "from tinypt_core.ops import sinn": "sinn",
    "ops.sinn(x)": "sinn",
    "tinypt_core.ops.no_such_operator": "no_such_operator",
    "ops.linalg.nrm(x)": "nrm",
    "from tinypt_core.ops.linalg import nrm": "nrm",
    "sin(x, x)": "argument",
    "sin()": "argument",
    "ops.add(x)": "argument",
    "sum(x, axes=0)": "axes",
    "sin.no_such_attribute": "no_such_attribute",
    "i: int = sin(x)": "Variable",
    "Variable('not an array')": "argument",
}

Check = Callable[[str], dict[int, str]]


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stubs")
    done = CliRunner().invoke(main, ["stubs", "--output", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    assert done.stdout == f"Wrote {folder / 'tinypt_core-stubs'}\n"
    return folder


def _mypy(folder: Path, stubs: Path) -> list[str]:
    cache = stubs / "cache"
    return [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache), "prog.py"]


def _pyright(folder: Path, stubs: Path) -> list[str]:
    (folder / "pyrightconfig.json").write_text(
        json.dumps({"stubPath": str(stubs), "typeCheckingMode": "standard"})
    )
    module = "basedpyright" if importlib.util.find_spec("basedpyright") else "pyright"
    return [sys.executable, "-m", module, "--level", "error", "--pythonpath", sys.executable,
            "prog.py"]  # fmt: skip


@pytest.fixture(params=["mypy", "pyright"])
def check(request: pytest.FixtureRequest, stubs: Path, tmp_path: Path) -> Check:
    """`check(program)`: line number -> what a type checker says about that line."""
    names = ["basedpyright", "pyright"] if request.param == "pyright" else ["mypy"]
    if not any(map(importlib.util.find_spec, names)):
        pytest.skip(f"{request.param} is not installed")
    command = {"mypy": _mypy, "pyright": _pyright}[request.param](tmp_path, stubs)

    def run(program: str) -> dict[int, str]:
        (tmp_path / "prog.py").write_text(program)
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(stubs)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert re.search(r"^Success|\b\d+ errors?\b", done.stdout, re.M), done.stdout + done.stderr
        found = re.findall(r"prog\.py:(\d+).*?error: (.*(?:\n    .*)*)", done.stdout)
        return {int(line): text for line, text in found}

    return run


def test_right_programs_pass(check: Check) -> None:
    assert check(RIGHT) == {}


def test_each_wrong_line_is_caught(check: Check) -> None:
    found = check(RIGHT + "\n".join(WRONG))
    first = RIGHT.count("\n") + 1
    for number, (line, word) in enumerate(WRONG.items(), first):
        assert word.lower() in found.get(number, "").lower(), line
    assert len(found) == len(WRONG)


def test_nothing_is_caught_without_stubs(tmp_path: Path, stubs: Path) -> None:
    """Else the tests above would prove nothing about them."""
    pytest.importorskip("mypy")
    (tmp_path / "prog.py").write_text("from tinypt_core.ops import sinn\n")
    done = subprocess.run(
        _mypy(tmp_path, stubs), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_examples_use_only_operators_that_the_stubs_know(check: Check) -> None:
    used = {
        f"from {module} import {names}"
        for path in (ROOT / "examples").glob("*.py")
        for module, names in re.findall(
            r"^\s*from (tinypt_core\.ops[\w.]*) import ([\w, ]+)", path.read_text("utf-8"), re.M
        )
    }
    assert check("\n".join(sorted(used)) + "\n") == {}


def test_partial_and_only_about_ops(stubs: Path) -> None:
    package = stubs / "tinypt_core-stubs"
    assert (package / "py.typed").read_bytes() == b"partial\n"
    assert not (package / "__init__.pyi").exists()
    assert (package / "ops" / "__init__.pyi").exists()


def test_names_that_are_gone_go(stubs: Path) -> None:
    old = stubs / "tinypt_core-stubs" / "ops" / "gone" / "__init__.pyi"
    old.parent.mkdir()
    old.write_text("")
    before = (stubs / "tinypt_core-stubs/ops/__init__.pyi").read_text()
    CliRunner().invoke(main, ["stubs", "--output", str(stubs)], catch_exceptions=False)
    assert not old.parent.exists()
    assert (stubs / "tinypt_core-stubs/ops/__init__.pyi").read_text() == before


def test_without_output_they_go_where_type_checkers_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _stubs.site_packages().name == "site-packages"
    monkeypatch.setattr(_stubs, "site_packages", lambda: tmp_path)
    assert CliRunner().invoke(main, ["stubs"]).exit_code == 0
    assert (tmp_path / "tinypt_core-stubs" / "py.typed").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(main, ["stubs", "--output", str(tmp_path / "file" / "below")])
    assert done.exit_code == 2
    assert "--output" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("self, x", "(self, x: Any)"),
        ("self, x, /", "(self, x: Any, /)"),
        ("self, *xs, axis=0, **k", "(self, *xs: Any, axis: Any = ..., **k: Any)"),
        ("self, x, axis=None", "(self, x: Any, axis: Any = ...)"),
        (
            "self, x: np.ndarray, n: int, axis: tuple[int, ...] | None = None, mode: 'str' = 'a'",
            "(self, x: Any, n: builtins.int, axis: builtins.tuple[builtins.int, ...] | None = ..., "
            "mode: builtins.str = ...)",
        ),
        (
            "self, x, how: Literal['a', 'b'] = 'a'",
            "(self, x: Any, how: Literal['a', 'b'] = ...)",
        ),
        ("self, x, how: NobodyKnows = 0", "(self, x: Any, how: Any = ...)"),
        (
            "self, f: Callable[[int], Any]",
            "(self, f: collections.abc.Callable[[builtins.int], Any])",
        ),
    ],
)
def test_signatures(parameters: str, expected: str) -> None:
    space: dict[str, object] = {}
    exec(
        textwrap.dedent(f"""
            from __future__ import annotations
            from collections.abc import Callable
            from typing import Any, Literal
            import numpy as np
            from tinypt_core import Function
            class Op(Function):
                def forward(self, x): ...
                @classmethod
                def apply({parameters.replace("self", "cls", 1)}): ...
        """),
        space,
    )
    with registry.temporary_op("trial", space["Op"]) as trial:  # type: ignore[arg-type]
        assert _stubs._signature(trial) == f"{expected} -> Any"


def test_the_constructor_s_annotations_and_the_first_line_of_the_docstring_are_kept() -> None:
    class Roll(Function):
        """Moved around.

        More.
        """

        def __init__(self, shift: int, axis: int | None = None) -> None:
            self.shift, self.axis = shift, axis

        def forward(self, x: np.ndarray) -> np.ndarray:
            return np.roll(x, self.shift, self.axis)

        def backward(self, gy: Any) -> Any:
            return np.roll(gy, -self.shift, self.axis)

    with registry.temporary_op("trial", Roll) as trial:
        assert _stubs._declaration("trial", trial) == (
            "class _trial(_Op):\n"
            "    def __call__(self, x: Any, shift: builtins.int, axis: builtins.int | None = ...)"
            " -> Variable:\n"
            "        'Moved around.'\n"
            "trial: _trial\n"
        )


def test_what_a_plain_function_returns_is_kept() -> None:
    def same(a: np.ndarray, b: np.ndarray, digits: int = 3) -> bool:
        return bool(np.all(np.round(a - b, digits) == 0))

    with registry.temporary_op("trial", same) as trial:
        expected = "(self, a: Any, b: Any, digits: builtins.int = ...) -> builtins.bool"
        assert _stubs._signature(trial) == expected
