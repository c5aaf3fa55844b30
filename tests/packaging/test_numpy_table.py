"""docs/numpy.md says what becomes of every function of NumPy, and is right."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

from tinypt_core import Variable, registry

DOCS = Path(__file__).parents[2] / "docs"
SCRIPT = runpy.run_path(str(DOCS / "generate_numpy.py"))


def test_every_function_is_in_the_table() -> None:
    page = (DOCS / "numpy.md").read_text(encoding="utf-8").splitlines()
    missing = [row for row in map(SCRIPT["line"], SCRIPT["rows"]()) if row not in page]
    assert not missing, "run: python docs/generate_numpy.py"


def test_a_function_that_numpy_has_got_since_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "brand_new", lambda x: x, raising=False)
    with pytest.raises(LookupError, match=r"np.brand_new is new"):
        SCRIPT["table"]()


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # of np.asmatrix
def test_what_is_refused_raises() -> None:
    x = Variable(np.ones(2))
    functions = dict(SCRIPT["functions"]())
    for row in SCRIPT["rows"]():
        if row.kind == "refused" and not registry.is_available(row.name):
            for args in ((x,), (x, x))[: 1 if row.name == "fromiter" else 2]:  # x is no dtype
                with pytest.raises(TypeError):
                    functions[row.name](*args)


def test_constants_are_plain() -> None:
    x = Variable(np.array([3, 5]))
    assert np.bitwise_and(x, 1).tolist() == [1, 1]
    assert np.gcd(x, 10).tolist() == [1, 5]
    assert np.unravel_index(x, (3, 3))[0].tolist() == [1, 1]
