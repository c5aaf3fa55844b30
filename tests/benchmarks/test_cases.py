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


@pytest.mark.parametrize("case", sorted(COMPILED))
def test_by_hand_and_as_a_program_agree(case):
    program, hand = compiled(case)
    (y, grads), (by_hand, expected) = program(), hand()
    np.testing.assert_allclose(y, by_hand, rtol=1e-12)
    for g, e in zip(grads, expected, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-9, atol=1e-12)


def test_by_hand_and_as_a_batch_agree():
    for g, e in zip(per_sample(*WEIGHTS), per_sample_by_hand(*WEIGHTS), strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-9, atol=1e-12)
