"""docs/operators.md and the table of packages in the core are what their scripts write."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def test_the_table_of_operators_is_current() -> None:
    table = runpy.run_path(str(DOCS / "generate_operators.py"))["table"]()
    assert (DOCS / "operators.md").read_text(encoding="utf-8") == table, (
        "run: python docs/generate_operators.py"
    )


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib")
def test_the_table_of_packages_is_current() -> None:
    script = runpy.run_path(str(DOCS / "generate_homes.py"))
    assert script["TARGET"].read_text(encoding="utf-8") == script["table"](), (
        "run: python docs/generate_homes.py"
    )
