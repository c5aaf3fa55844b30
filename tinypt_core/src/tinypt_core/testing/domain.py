"""Steps that stay inside the domain, for an operator that raises outside it.

A domain may be thin: distributions sum to one, matrices are symmetric. From a point on it no
single element can move, but some combinations can: those are the directions that differences are
taken along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import Arrays

#: makes of a direction at x one along which the domain goes on
Turn = Callable[[np.ndarray, np.ndarray], np.ndarray]


def anywhere(d: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Every direction is as good as any other."""
    return d


def _without_mean(axis: int | None) -> Turn:
    """What is moved here is taken away there: the sum stays."""
    return lambda d, x: d - np.mean(d, axis=axis, keepdims=True)


def _symmetric(d: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.asarray(d + np.swapaxes(d, -1, -2)) / 2


def _on_a_sphere(d: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.asarray(d - x * (np.sum(d * x) / np.sum(x * x)))


_TURNS: tuple[Turn, ...] = (
    _symmetric, _without_mean(None), _without_mean(-1), _without_mean(0), _on_a_sphere,
    lambda d, x: d - np.swapaxes(d, -1, -2),
)  # fmt: skip


def turn(subject: Subject, case: Case) -> Turn | None:
    """How to turn directions so that steps along them stay inside; None if no step does."""
    key = "turn", case
    if key not in subject.shared:
        subject.shared[key] = _found(subject, case)
    return subject.shared[key]  # type: ignore[no-any-return]


def _found(subject: Subject, case: Case) -> Turn | None:
    d = [subject.rng(15).uniform(0.5, 1.5, x.shape) * np.maximum(np.abs(x), 1e-3) for x in case.xs]
    for h in (2.0**-10, 2.0**-22):
        if any(_runs(subject, case, step) for step in _simple(d, h)):
            return anywhere
        for way in () if subject.elementwise else _TURNS:
            if _both_ways(subject, case, way, d, h):
                return way
    return None


def _simple(d: Arrays, h: float) -> Iterator[Arrays]:
    """All elements at once, to either side; then a few of them one by one."""
    yield from ([h * x for x in d], [-h * x for x in d])
    for i, x in enumerate(d):
        for j in range(min(x.size, 6)):
            for sign in (h, -h):
                one = np.where(np.arange(x.size).reshape(x.shape) == j, sign * x, 0.0)
                yield [one if i == k else np.zeros_like(z) for k, z in enumerate(d)]


def _both_ways(subject: Subject, case: Case, way: Turn, d: Arrays, h: float) -> bool:
    try:
        turned = [way(a, x) for a, x in zip(d, case.xs, strict=True)]
    except ValueError:  # not square
        return False
    moves = any(np.any(np.abs(a) > 1e-3 * np.abs(b)) for a, b in zip(turned, d, strict=True))
    steps = ([h * a for a in turned], [-h * a for a in turned])
    return moves and all(_runs(subject, case, step) for step in steps)


def _runs(subject: Subject, case: Case, step: Arrays) -> bool:
    try:
        subject.value(case, [np.asarray(x + s) for x, s in zip(case.xs, step, strict=True)])
        return True
    except Exception:
        return False
