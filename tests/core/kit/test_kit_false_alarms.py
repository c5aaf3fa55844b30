"""The kit has nothing to say about a right operator, whatever the random numbers."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from tinypt_core.testing import check_op

SPEC = importlib.util.spec_from_file_location(
    "good_operators", Path(__file__).with_name("good_operators.py")
)
MODULE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(MODULE)
GOOD = MODULE.GOOD


@pytest.mark.parametrize(("op", "samples"), GOOD, ids=[op.__name__ for op, _ in GOOD])
def test_right_operator_passes(op, samples):
    check_op(op, *samples)


# 200 seeds, each on one operator in turn; `python good_operators.py` tries them all on all
@pytest.mark.parametrize("start", range(0, 200, 20))
def test_no_false_alarm_in_200_seeds(start):
    for seed in range(start, start + 20):
        op, samples = GOOD[seed % len(GOOD)]
        check_op(op, *samples, seed=seed)
