"""`tinypt new`: what it writes, what it refuses, and that it leaves nothing half-written."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tinypt_core._cli import new as _new
from tinypt_core.cli import main


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*args: str) -> Any:
    return CliRunner().invoke(main, ["new", *args], catch_exceptions=False)


def test_a_complete_distribution(tmp_path: Path) -> None:
    result = run("my-ops")
    assert result.exit_code == 0
    files = [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()]
    assert sorted(files) == [
        "my-ops/.gitignore",
        "my-ops/LICENSE",
        "my-ops/README.md",
        "my-ops/pyproject.toml",
        "my-ops/src/my_ops/__init__.py",
        "my-ops/src/my_ops/py.typed",
        "my-ops/tests/test_my_ops.py",
    ]
    assert result.output.splitlines()[: len(files)] == sorted(files)
    assert "pip install" in result.output
    project = tomllib.loads((tmp_path / "my-ops/pyproject.toml").read_text())["project"]
    assert project["name"] == "my-ops"
    assert project["license"] == "MIT"
    assert project["entry-points"]["tinypt.ops"] == {"cube": "my_ops:Cube"}
    assert "tinypt-core>=0.1,<0.2" in project["dependencies"]


def test_the_operator_is_four_lines(tmp_path: Path) -> None:
    run("my-ops")
    tree = ast.parse((tmp_path / "my-ops/src/my_ops/__init__.py").read_text())
    (cube,) = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    methods = [node for node in cube.body if isinstance(node, ast.FunctionDef)]
    assert [(m.name, m.end_lineno - m.lineno + 1) for m in methods] == [
        ("forward", 2),
        ("backward", 2),
    ]


def test_no_placeholder_is_left(tmp_path: Path) -> None:
    for license in _new.LICENSES:
        run(f"ops-{license}", "--license", license)
    for path in tmp_path.rglob("*"):
        assert "@" not in path.name
        assert not path.is_file() or "@" not in path.read_text()


@pytest.mark.parametrize("license", _new.LICENSES)
def test_licenses(license: str, tmp_path: Path) -> None:
    assert run("my-ops", "--license", license).exit_code == 0
    project = tomllib.loads((tmp_path / "my-ops/pyproject.toml").read_text())["project"]
    text = tmp_path / "my-ops/LICENSE"
    if license == "none":
        assert not text.exists()
        assert "license" not in project
    else:
        assert project["license"] == license
        assert project["license-files"] == ["LICENSE"]
        name = {"MIT": "MIT License", "BSD-3-Clause": "BSD 3-Clause", "Apache-2.0": "Apache"}
        assert name[license] in text.read_text()


def test_an_unknown_license_is_refused(tmp_path: Path) -> None:
    result = run("my-ops", "--license", "WTFPL")
    assert result.exit_code == 2
    assert "BSD-3-Clause" in result.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["my-ops", "My.Ops", "ops2", "x", "a_b-c", "tinypt-ops-mine"])
def test_names_that_work(name: str, tmp_path: Path) -> None:
    assert run(name).exit_code == 0
    assert (tmp_path / name / "src" / _new.package_name(name) / "__init__.py").exists()


REFUSED = [
    "", " ", "-", "_x", "x-", ".", "..", "a/b", "../up", "/tmp/x", "a b", "my_ops\n", "é",
    "\u017f", "\u212a", "2fast", "class", "Import", "json", "Asyncio", "numpy", "tinypt-core",
    "tinypt_core", "TinyPT.Ops-Basic", "pytest", "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_names_that_cannot_be_a_package_are_refused(name: str, tmp_path: Path) -> None:
    result = run("--", name)
    assert result.exit_code == 2
    assert "Error:" in result.output
    assert not list(tmp_path.iterdir())


def test_what_exists_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    before = sorted(tmp_path.rglob("*"))
    for name in ("folder", "full", "file", "dangling"):
        result = run(name)
        assert result.exit_code == 2
        assert f"{name} exists already; nothing was changed" in result.output
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text() == "mine"


def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_text

    def full_disk(self: Path, *args: Any, **kwargs: Any) -> int:
        if self.name == "pyproject.toml":
            raise OSError(28, "No space left on device")
        return write(self, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", full_disk)
    result = run("my-ops")
    assert result.exit_code == 2
    assert "No space left on device" in result.output
    assert not list(tmp_path.iterdir())


def test_json_lists_the_files() -> None:
    assert "my-ops/pyproject.toml" in json.loads(run("my-ops", "--json").output)


def test_it_passes_mypy_strict_and_ruff(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    run("my-ops")
    mypy = [sys.executable, "-m", "mypy", "--strict", "src"]
    done = subprocess.run(
        mypy, cwd=tmp_path / "my-ops", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    pytest.importorskip("ruff")
    for command in (["check", "--select", "E,F,W,I,B,UP"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length", "100", "src"],
            cwd=tmp_path / "my-ops",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
