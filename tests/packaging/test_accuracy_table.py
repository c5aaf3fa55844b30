"""The promised limits of docs/accuracy.md hold, and the page is what its script writes."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
SCRIPT = runpy.run_path(str(DOCS / "generate_accuracy.py"))
ROWS, DTYPES = SCRIPT["ROWS"], SCRIPT["DTYPES"]


def test_the_page_has_these_operators_ranges_and_limits() -> None:
    lines = (DOCS / "accuracy.md").read_text(encoding="utf-8").splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| `")]
    found = [tuple(line[:3]) for line in cells if len(line) == 5]
    expected = [(f"`{row}`", row.reach(), f"{row.limit:g}") for row in ROWS]
    assert [f for f in found if f in expected] == expected, "run: python docs/generate_accuracy.py"


def hold(row: Any) -> None:
    for dtype in DTYPES:
        errors = SCRIPT["errors"](row, dtype)
        assert max(errors) <= row.limit, (dtype.__name__, errors)


@pytest.mark.parametrize("row", ROWS[::7], ids=str)
def test_limits_of_some(row: Any) -> None:
    hold(row)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_limits_of_all(row: Any) -> None:
    hold(row)
