"""`pytest --tinypt-check`: what it selects, how its tests are called, what it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from tinypt_core.testing import PROMISES

OPS = """
import numpy as np
from tinypt_core import Function

class Cube(Function):
    "y = x^3."
    def forward(self, x):
        return x * x * x
    def backward(self, gy, x):
        return 3 * gy * x * x

class Wrong(Function):
    "y = x^2."
    def forward(self, x):
        return x * x
    def backward(self, gy, x):
        return gy * x
"""


@pytest.fixture
def run_pytest(tmp_path, fake_distribution):
    site = fake_distribution(
        "my-ops",
        ops={"cube": "my_ops:Cube", "cubic": "my_ops:Cube", "wrong": "my_ops:Wrong"},
        code=OPS,
    )

    def run(*arguments):
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        environment = os.environ | {"PYTHONPATH": str(site)}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )

    return run


def test_one_test_per_operator_and_promise(run_pytest):
    done = run_pytest("--tinypt-check=cube", "-v")
    assert done.returncode == 0, done.stdout
    for promise in ("gradient", "second-order", "thread-safe", "metadata"):
        assert re.search(rf"cube-{promise} PASSED", done.stdout)
    assert f"tinypt: 1 operators, {len(PROMISES)} promises, 0 failures" in done.stdout


def test_a_distribution_and_its_failures(run_pytest):
    done = run_pytest("--tinypt-check=my_ops", "-k", "gradient or metadata")
    assert done.returncode == 1
    assert "tinypt: 2 operators, 6 promises, 1 failures" in done.stdout
    assert "wrong (my-ops 1.0) broke 1 of 1 promises" in done.stdout
    assert "wrong-gradient" in done.stdout
    assert "differences.py" not in done.stdout  # no traceback through the kit


def test_an_unknown_choice(run_pytest):
    done = run_pytest("--tinypt-check=nothing-like-it")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no operator and no distribution of that name" in done.stderr


def test_all_is_everything_and_alone(run_pytest, tmp_path):
    (tmp_path / "test_other.py").write_text("def test_other(): pass\n")
    done = run_pytest("--tinypt-check=all", "--collect-only", "-q")
    assert "cube-gradient" in done.stdout
    assert "sin-gradient" in done.stdout
    assert "test_other" not in done.stdout
    beside = run_pytest("--tinypt-check=cube", "test_other.py", "--collect-only", "-q")
    assert "test_other.py::test_other" in beside.stdout
    assert "cube-gradient" in beside.stdout


def test_a_test_file_of_two_lines(run_pytest, tmp_path):
    (tmp_path / "test_mine.py").write_text(
        "from tinypt_core.testing import check_op\n"
        "def test_cube(): check_op(__import__('my_ops').Cube)\n"
    )
    done = run_pytest("test_mine.py")
    assert done.returncode == 0, done.stdout
    assert "tinypt:" not in done.stdout
