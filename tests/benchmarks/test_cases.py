"""What is measured is right: the engine and the gradients written by hand agree."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.cases import CASES, HAND
from benchmarks.compiled import COMPILED, compiled
from benchmarks.frameworks import Tinypt
from benchmarks.many import WEIGHTS, per_sample, per_sample_by_hand


@pytest.mark.parametrize("case", sorted(HAND))
def test_by_hand_and_by_engine_agree(case):
    f, arrays = CASES[case]
    y, grads = Tinypt().value_and_grad(f, *arrays)()
    by_hand, expected = HAND[case](*arrays)
    np.testing.assert_allclose(y.data, by_hand, rtol=1e-12)
    for g, e in zip(grads, expected, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", sorted(n for n, c in COMPILED.items() if c.hand))
def test_by_hand_and_as_a_program_agree(case):
    ours = _leaves(compiled(case)())
    hand = _leaves(COMPILED[case].hand(*COMPILED[case].args))
    for g, e in zip(ours, hand, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-9, atol=1e-12)


def test_by_hand_and_as_a_batch_agree():
    for g, e in zip(per_sample(*WEIGHTS), per_sample_by_hand(*WEIGHTS), strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-9, atol=1e-12)


def _leaves(tree):
    return [v for t in tree for v in _leaves(t)] if isinstance(tree, tuple) else [tree]


@pytest.mark.parametrize("n", [10, 100])
def test_the_hessian_as_a_program_is_that_of_the_formula(n):
    name = f"Hessian of Rosenbrock, {n}"
    (x,) = COMPILED[name].args
    expected = np.zeros((n, n))
    i = np.arange(n - 1)
    expected[i, i] = 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    expected[i + 1, i + 1] += 200
    expected[i, i + 1] = expected[i + 1, i] = -400 * x[:-1]
    np.testing.assert_allclose(compiled(name)(), expected, rtol=1e-12, atol=1e-12)
