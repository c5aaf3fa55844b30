"""Compiled equals eager, bit by bit, at the arguments it was traced with and at others."""

import sys
from pathlib import Path

import numpy as np
import pytest
from tinypt_compile import compile

from tinypt_core import Variable, value_and_grad

sys.path.insert(0, str(Path(__file__).parent))
from cases import CASES


def equal(a, b, ulps):
    """Whether two results are the same, in structure, type, dtype and bits (or so many ulps)."""
    assert type(a) is type(b), (type(a), type(b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[k], b[k], ulps) for k in a)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(equal(x, y, ulps) for x, y in zip(a, b, strict=True))
    if isinstance(a, Variable):
        return equal(a.data, b.data, ulps)
    if isinstance(a, (np.ndarray, np.generic, float, complex)):
        a, b = np.asarray(a), np.asarray(b)
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        if ulps and a.dtype.kind == "f":
            np.testing.assert_array_max_ulp(a, b, ulps)
            return True
        return a.tobytes() == b.tobytes() or bool(np.array_equal(a, b, equal_nan=True))
    return a == b


#: with a list of places as index, a batch adds into an array in place
EAGER = {"index, its Hessian", "mask, its Hessian", "take, its Hessian"}


@pytest.mark.parametrize("name", CASES)
def test_compiled_equals_eager_at_four_arguments(name):
    f, draws = CASES[name]
    compiled = compile(f, floats=False)
    rng = np.random.default_rng(0)
    for _ in range(4):
        args = [draw(rng) for draw in draws]
        assert equal(compiled(*args), f(*args), ulps=0)
    assert bool(compiled._reasons) == (name in EAGER), compiled._reasons


@pytest.mark.parametrize("x", [0.5, np.array([0.5, 0.25])], ids=["float", "array"])
def test_long_chains_are_programs(x):
    def chain(x):
        y = x
        for _ in range(400):
            y = np.sin(y) * 1.01
        return np.sum(y)

    def wide(x):
        return np.sum(sum(x * k for k in range(2, 402)))

    for f in (chain, wide):
        program = compile(value_and_grad(f))
        for _ in range(2):
            assert equal(program(x), value_and_grad(f)(x), ulps=0)
        assert not program._reasons


def _is_number(draw):
    value = draw(np.random.default_rng(0))
    return not isinstance(value, list) and np.ndim(value) == 0


FLOATS = [name for name, (_, draws) in CASES.items() if all(_is_number(d) for d in draws)]


@pytest.mark.parametrize("name", FLOATS)
def test_pythons_floats_equal_eager_to_one_ulp(name):
    f, draws = CASES[name]
    compiled = compile(f)
    rng = np.random.default_rng(0)
    for _ in range(4):
        args = [draw(rng) for draw in draws]
        assert equal(compiled(*args), f(*args), ulps=1)
    assert not compiled._reasons, compiled._reasons


def test_most_programs_of_numbers_run_on_floats():
    compiled = {name: compile(CASES[name][0]) for name in FLOATS}
    quick = []
    for name, f in compiled.items():
        f(*[draw(np.random.default_rng(1)) for draw in CASES[name][1]])
        (case,) = (c for s in f._states.known.values() for cs in s.cases.values() for c in cs)
        quick += [name] if case.quick else []
    assert len(quick) > len(FLOATS) // 2, sorted(set(FLOATS) - set(quick))
