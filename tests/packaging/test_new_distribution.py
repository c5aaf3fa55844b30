"""`tinypt new`, build, install, test, check and use: in a fresh environment, from real packages."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from environment import Environment

ROOT = Path(__file__).parents[2]
THIRD_PARTY = [
    "numpy>=2", "pluggy", "importlib-metadata", "click", "rich", "pytest", "hatchling", "editables",
]  # fmt: skip

pytestmark = pytest.mark.slow

USE = """
import numpy as np
import tinypt_core
from tinypt_core.ops import cube
assert tinypt_core.__file__ is not None
x = tinypt_core.Variable(np.array([1.0, 2.0], np.float32))
y = cube(x)
y.backward()
assert y.data.tolist() == [1, 8]
assert x.grad.tolist() == [3, 12]
assert x.grad.dtype == np.float32
assert cube.provider == "my-ops 0.1.0"
"""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packaging")


@pytest.fixture(scope="module")
def environment(work: Path) -> Environment:
    """With the core and the basic operators, installed from wheels; everything else by hand."""
    environment = Environment(work / "venv")
    install = ["python", "-m", "pip", "install", "-q", *THIRD_PARTY]
    reached = environment.run(*install, cwd=work, check=False)
    if reached.returncode:
        pytest.skip(f"pip reaches no package index: {reached.stderr[-200:]}")
    members = [str(ROOT / "tinypt_core"), str(ROOT / "tinypt_ops_basic")]
    environment.pip(
        "wheel", "--no-deps", "--no-build-isolation", "-w", "wheels", *members, cwd=work
    )
    wheels = sorted(map(str, (work / "wheels").glob("*.whl")))
    environment.pip("install", "--no-deps", *wheels, cwd=work)
    environment.pip("check", cwd=work)
    environment.run("tinypt", "new", "my-ops", cwd=work)
    return environment


def readme_program(project: Path) -> tuple[str, str]:
    """The program in its README, and what the README says it prints."""
    text = (project / "README.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.S)
    return program, "".join(f"{said}\n" for said in re.findall(r"print\(.*\)  # (.*)", program))


@pytest.mark.parametrize("way", ["folder", "wheel", "editable"])
def test_made_installed_tested_checked_used(way: str, environment: Environment, work: Path) -> None:
    project = work / "my-ops"
    if way == "wheel":
        environment.pip(
            "wheel", "--no-deps", "--no-build-isolation", "-w", "dist", str(project), cwd=work
        )
        what = [str(next((work / "dist").glob("my_ops-*.whl")))]
    else:
        what = ["-e", str(project)] if way == "editable" else [str(project)]
    isolated = [] if way == "folder" else ["--no-build-isolation"]
    environment.pip("install", *isolated, *what, cwd=work)
    try:
        tested = environment.run("python", "-m", "pytest", cwd=project)
        assert "1 passed" in tested.stdout
        checked = environment.run("tinypt", "check", "my-ops", cwd=work)
        assert checked.stdout == "1 operator checked, 0 failed\n"
        environment.run("python", "-W", "error", "-c", USE, cwd=work)
        program, printed = readme_program(project)
        assert environment.run("python", "-c", program, cwd=work).stdout == printed
        assert "no problem found" in environment.run("tinypt", "doctor", cwd=work).stdout
        assert "my-ops 0.1.0" in environment.run("tinypt", "why", "cube", cwd=work).stdout
    finally:
        environment.pip("uninstall", "-y", "my-ops", cwd=work)
    assert environment.run("tinypt", "why", "cube", cwd=work, check=False).returncode == 1


def test_the_wheel_carries_types_and_templates(environment: Environment, work: Path) -> None:
    (wheel,) = (work / "wheels").glob("tinypt_core-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "tinypt_core/py.typed" in names
    assert "tinypt_core/templates/project/pyproject.toml.txt" in names
    assert "tinypt_core/templates/licenses/Apache-2.0.txt" in names
    assert not [name for name in names if name.endswith((".pyc", "~"))]
