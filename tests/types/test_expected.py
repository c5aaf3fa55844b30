"""mypy --strict and basedpyright, on what they should say, refuse, and on all examples."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tinypt_core.cli import main

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stubs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stubs")
    CliRunner().invoke(main, ["stubs", "--output", str(folder)], catch_exceptions=False)
    return folder


@pytest.fixture(params=["mypy", "basedpyright"])
def check(request, stubs, tmp_path):
    """`check(*files)`: "name:line" -> what the checker says about it."""
    pytest.importorskip(request.param)

    def mypy(files):
        command = [
            "--strict",
            "--cache-dir",
            stubs / "cache",
            "--config-file",
            ROOT / "pyproject.toml",
        ]
        return [*command, *files]

    def basedpyright(files):
        settings = {
            "typeCheckingMode": "standard",
            "stubPath": str(stubs),
            "include": [*map(str, files)],
        }
        (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
        return ["-p", tmp_path, "--pythonpath", sys.executable, "--level", "error"]

    def run(*files):
        options = {"mypy": mypy, "basedpyright": basedpyright}[request.param](files)
        done = subprocess.run(
            [sys.executable, "-m", request.param, *map(str, options)],
            env={**os.environ, "PYTHONPATH": str(stubs)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert re.search(r"^Success|\b\d+ errors?\b", done.stdout, re.M), done.stdout + done.stderr
        found = re.findall(r"(\w+\.py):(\d+).*?error: (.*(?:\n    .*)*)", done.stdout)
        return {f"{name}:{line}": text for name, line, text in reversed(found)}

    return run


def test_expressions_have_the_expected_types(check):
    assert (HERE / "expected.py").read_text().count("assert_type(") >= 60
    assert check(HERE / "expected.py") == {}


def test_each_mistake_is_caught(check):
    lines = (HERE / "refused.py").read_text().splitlines()
    words = {n: line.rpartition("  # ")[2] for n, line in enumerate(lines, 1) if "  # " in line}
    found = check(HERE / "refused.py")
    assert found.keys() == {f"refused.py:{n}" for n in words}
    for n, word in words.items():
        assert word.lower() in found[f"refused.py:{n}"].lower()


def test_examples_pass(check):
    assert check(*(ROOT / "examples").rglob("*.py")) == {}
