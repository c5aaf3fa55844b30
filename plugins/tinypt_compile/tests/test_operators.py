"""Every operator of the packages, to second order: compiled equals eager, bit by bit."""

import inspect
import runpy
import sys
from pathlib import Path

import pytest
from tinypt_compile import compile

from tinypt_core import registry

sys.path.insert(0, str(Path(__file__).parent))
from operator_calls import calls, kind, orders
from test_functions import equal

CALLS = calls()
PAGE = Path(__file__).parents[3] / "docs" / "compiled-operators.md"
SCRIPT = runpy.run_path(str(PAGE.parent / "generate_compiled.py"))


def test_most_operators_are_tried():
    assert len(CALLS) > 250, sorted(set(registry.names()) - set(CALLS))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CALLS)
def test_an_operator_to_second_order(name):
    op, args, places = CALLS[name]
    functions, xs = orders(op, args, places)
    found = []
    for f in functions:
        program = compile(f)
        for scale in (1.0, 0.9):
            given = [x * scale for x in xs]
            try:
                expected = f(*given)
            except Exception:  # out of its domain
                continue
            assert equal(program(*given), expected, ulps=0), inspect.getsource(op.function)
            if scale == 1.0:
                found.append(kind(program))
    line = SCRIPT["line"](name, found)
    assert line in PAGE.read_text(encoding="utf-8"), (
        f"run: python docs/generate_compiled.py ({line})"
    )
