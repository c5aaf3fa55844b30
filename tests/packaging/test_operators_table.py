"""docs/operators.md is what its script writes."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_table_of_operators_is_current() -> None:
    table = runpy.run_path(str(DOCS / "generate_operators.py"))["table"]()
    assert (DOCS / "operators.md").read_text(encoding="utf-8") == table, (
        "run: python docs/generate_operators.py"
    )
