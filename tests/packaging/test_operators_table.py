"""The tables of operators are what their scripts write."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["operators", "scipy"])
def test_the_table_of_operators_is_current(name: str) -> None:
    table = runpy.run_path(str(DOCS / f"generate_{name}.py"))["table"]()
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == table, (
        f"run: python docs/generate_{name}.py"
    )


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib")
def test_the_table_of_packages_is_current() -> None:
    script = runpy.run_path(str(DOCS / "generate_homes.py"))
    assert script["TARGET"].read_text(encoding="utf-8") == script["table"](), (
        "run: python docs/generate_homes.py"
    )
