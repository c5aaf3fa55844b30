"""Every operator of the packages, to second order: compiled equals eager, bit by bit."""

import inspect
import sys
from pathlib import Path

import numpy as np
import pytest
from tinypt_compile import compile

from tinypt_core import Variable, registry, vjp

sys.path.insert(0, str(Path(__file__).parent))
from test_functions import equal


def samples(op):
    """Calls of an operator that it answers: its own samples, or positive draws."""
    rng = np.random.default_rng(0)
    own = getattr(op.function, "samples", None)
    if own is not None:
        return list(own(rng))[:3]
    n = getattr(op.function, "_signature", None)
    arity = max(1, n.arity if n is not None else 1)
    matrix = rng.uniform(0.1, 0.9, (3, 3)) + np.eye(3)
    return [(rng.uniform(0.1, 0.9, 3),) * arity, (matrix,) * arity]


def calls():
    """Each operator with a call that works eagerly, and the places of its arrays."""
    for name in sorted(registry.names()):
        op = registry.get(name)
        if not op.provider.startswith(("tinypt-ops-basic", "tinypt-ops-trig")):
            continue
        for sample in samples(op):
            args = sample if isinstance(sample, tuple) else (sample,)
            places = [i for i, a in enumerate(args) if _is_float(a)]
            if places and _works(op, args, places):
                yield name, op, args, places
                break


def _is_float(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _works(op, args, places):
    try:
        with np.errstate(all="ignore"):
            return isinstance(
                op(*_filled(args, places, list(map(Variable, _at(args, places))))), Variable
            )
    except Exception:
        return False


def _at(args, places):
    return [args[i] for i in places]


def _filled(args, places, values):
    given = list(args)
    for i, value in zip(places, values, strict=True):
        given[i] = value
    return given


#: it asks conditions that come from outside one by one
EAGER = {"piecewise"}
CALLS = {name: rest for name, *rest in calls()}


def test_most_operators_are_tried():
    assert len(CALLS) > 120, sorted(set(registry.names()) - set(CALLS))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CALLS)
def test_an_operator_to_second_order(name):
    op, args, places = CALLS[name]

    def first(*xs):
        y, pull = vjp(lambda *xs: op(*_filled(args, places, xs)), *xs)
        return y, pull(y)

    def second(*xs):
        return vjp(lambda *xs: first(*xs)[1], *xs)[1](tuple(xs))

    xs = _at(args, places)
    try:
        second(*xs)
        orders = (first, second)
    except Exception:  # no second derivative there
        orders = (first,)
    for f in orders:
        compiled = compile(f)
        for scale in (1.0, 0.9):
            given = [x * scale for x in xs]
            try:
                expected = f(*given)
            except Exception:
                continue
            assert equal(compiled(*given), expected, ulps=0), inspect.getsource(op.function)
        assert not compiled._reasons or name in EAGER, compiled._reasons
