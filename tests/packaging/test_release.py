"""All distributions share one version and say what they are; the release goes in order."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def script(root: Path = ROOT) -> ModuleType:
    """`scripts/release.py` of a checkout, as a module."""
    spec = importlib.util.spec_from_file_location("release", root / "scripts/release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


release = script()
PROJECTS = release.projects()
PYTHONS = {f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13, 14)}


def test_all_are_found() -> None:
    assert {"tinypt-core", "tinypt-viz", "tinypt-compile", "tinypt-ops-basic"} < set(PROJECTS)


@pytest.mark.parametrize("name", PROJECTS)
def test_a_distribution_says_what_it_is(name: str) -> None:
    folder = PROJECTS[name]
    project = release.project(folder)
    if name == "tinypt-core":
        assert project["dynamic"] == ["version"]
    else:
        assert project["version"] == release.version()
    assert project["requires-python"] == ">=3.11"
    assert set(project["classifiers"]) >= {*PYTHONS, "Typing :: Typed"}
    assert (folder / project["readme"]).exists()
    assert (folder / "LICENSE").exists()
    assert list(folder.glob("src/*/py.typed"))
    assert not [d for d in project["dependencies"] if d.startswith("numpy") and "<" not in d]


def test_each_comes_after_what_it_needs() -> None:
    order = release.order()
    assert sorted(order) == sorted(PROJECTS)
    for name in order:
        needs = release.requirements(PROJECTS[name]) & set(PROJECTS)
        assert all(order.index(n) < order.index(name) for n in needs)


def versions(root: Path) -> set[str]:
    """Every version of ours that a checkout has written down."""
    found = set()
    for path in [
        *root.rglob("pyproject.toml"),
        *root.rglob("__init__.py"),
        *root.rglob("_names.py"),
    ]:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'^(?:__version__|VERSION|version) = "(.*)"', text, flags=re.M))
    return found | set(
        re.findall(r"^version: (.*)", (root / "CITATION.cff").read_text(), flags=re.M)
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy to write into: what `set` reads and writes."""
    for folder in PROJECTS.values():
        shutil.copytree(folder, tmp_path / folder.relative_to(ROOT))
    (tmp_path / "scripts").mkdir()
    for file in ("scripts/release.py", "CITATION.cff"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def test_set_writes_one_version_everywhere(checkout: Path) -> None:
    assert versions(checkout) == {release.version()}
    script(checkout).set_version("1.4.2")
    assert versions(checkout) == {"1.4.2"}
    text = (checkout / "plugins/tinypt_ops_scipy/pyproject.toml").read_text()
    assert '"tinypt-ops-trig>=1.4,<1.5"' in text
    assert '"scipy>=1.13,<2"' in text
