"""The table of operators that work lazily is what its script writes."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

pytest.importorskip("dask.array")
DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_table_is_current() -> None:
    table = runpy.run_path(str(DOCS / "generate_dask.py"))["table"]()
    page = (DOCS / "more-data-than-memory.md").read_text(encoding="utf-8")
    assert page.endswith(table), "run: python docs/generate_dask.py"
