"""The plugin for SciPy is what `tinypt new` writes, filled in."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tinypt_core._cli.new import write_project

EXAMPLE = Path(__file__).parents[2] / "plugins" / "tinypt_ops_scipy"


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    write_project("tinypt-ops-scipy", tmp_path)
    return tmp_path / "tinypt-ops-scipy"


def project(folder: Path) -> Any:
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def test_same_layout(fresh: Path) -> None:
    for file in fresh.rglob("*"):
        path = file.relative_to(fresh)
        if file.is_file() and path.parts[0] != "tests" and path.name != ".gitignore":
            assert (EXAMPLE / path).is_file(), path


def test_same_settings(fresh: Path) -> None:
    mine, new = project(EXAMPLE), project(fresh)
    assert mine["build-system"] == new["build-system"]
    assert mine["tool"]["hatch"] == new["tool"]["hatch"]
    for key in ("name", "version", "license", "license-files", "requires-python"):
        assert mine["project"][key] == new["project"][key]
    assert set(new["project"]["dependencies"]) < set(mine["project"]["dependencies"])


def test_every_class_is_declared_and_every_declaration_defined() -> None:
    entries = project(EXAMPLE)["project"]["entry-points"]["tinypt.ops"]
    source = EXAMPLE / "src"
    defined = {
        f"{'.'.join(module.relative_to(source).with_suffix('').parts)}:{name}"
        for module in source.rglob("*.py")
        for name in re.findall(
            r"^class ([A-Z]\w+)\((?!Gen|Protocol)", module.read_text("utf-8"), re.M
        )
    }
    assert set(entries.values()) <= defined


def test_a_bare_name_has_its_dotted_one() -> None:
    """Where SciPy's function is a ufunc, it dispatches under its bare name too."""
    entries = project(EXAMPLE)["project"]["entry-points"]["tinypt.ops"]
    for name, target in entries.items():
        assert name.startswith("scipy.") or entries[f"scipy.special.{name}"] == target
