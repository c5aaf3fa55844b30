"""Paired measurement: two callables in turn, in one process; the median of ratios is quoted."""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter

Run = Callable[[], object]


def seconds(run: Run, number: int) -> float:
    start = perf_counter()
    for _ in range(number):
        run()
    return (perf_counter() - start) / number


def calibrate(run: Run, at_least: float = 0.02) -> int:
    """How many runs make a measurement long enough to trust."""
    run()
    once = max(seconds(run, 1), 1e-7)
    return max(1, round(at_least / once))


def paired(ours: Run, theirs: Run, rounds: int = 11) -> tuple[float, float, float]:
    """(median of the ratios ours / theirs, median seconds of ours, median seconds of theirs)."""
    n_ours, n_theirs = calibrate(ours), calibrate(theirs)
    pairs = []
    for _ in range(rounds):
        gc.collect()
        pairs.append((seconds(ours, n_ours), seconds(theirs, n_theirs)))
    return (
        median(a / b for a, b in pairs),
        median(a for a, _ in pairs),
        median(b for _, b in pairs),
    )
