"""One order of differentiation: a point, the weights of its values, and what the rule says.

Order k is a function of the inputs and of every gradient that was fed in so far; its rule must
be the adjoint of the derivative of order k - 1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import Arrays, normal


class Level(NamedTuple):
    """Order k at one point: the point, the weights of its values, and what the rule says."""

    subject: Subject
    case: Case
    groups: list[Arrays]
    weights: list[Arrays]
    gradients: list[Arrays]
    eps: float

    @property
    def point(self) -> Arrays:
        """Everything that order k - 1 is a function of."""
        return [x for group in self.groups for x in group]

    def along(self, direction: Arrays) -> Any:
        """The function t -> values of order k - 1 at point + t direction, as one vector.

        NaN where the operator raises: outside its domain it may.
        """

        def f(t: float) -> np.ndarray:
            moved = iter([x + t * d for x, d in zip(self.point, direction, strict=True)])
            groups = [[next(moved) for _ in group] for group in self.groups]
            try:
                return join(self.subject.nth(self.case, groups))
            except Exception:
                return np.full(join(self.weights[0]).size, np.nan)

        return f

    def with_input(self, i: int, direction: np.ndarray) -> Arrays:
        """The direction that moves input i alone."""
        return [direction if i == j else np.zeros_like(x) for j, x in enumerate(self.point)]


def in_double(case: Case) -> Case:
    """The same call in float64 or complex128, where differences are sharp."""
    if all(x.dtype == np.float64 for x in case.xs):
        return case
    return case.like([x.astype(np.result_type(x, np.float64)) for x in case.xs])


def level(subject: Subject, case: Case, k: int, rng: np.random.Generator) -> Level:
    """Order k of an operator at a case, for random weights."""
    groups = [list(case.xs)]
    weights: list[Arrays] = []
    for j in range(1, k + 1):
        like = subject.cotangents(case, rng) if j == 1 else [x for g in groups[: j - 1] for x in g]
        weights = [[normal(rng, x) for x in like] for _ in range(1 + (k < 2))]
        if j < k:
            groups.append(weights[0])
    gradients = [subject.nth(case, [*groups, w]) for w in weights]
    return Level(subject, case, groups, weights, gradients, precision(subject, case))


def precision(subject: Subject, case: Case) -> float:
    """The coarsest precision among the values."""
    found = [np.finfo(y.dtype).eps for y in subject.nth(case, [list(case.xs)])]
    return float(max(found, default=2.0**-52))


def join(arrays: Arrays) -> np.ndarray:
    """Arrays as one vector of real numbers: the real parts of complex ones, then the imaginary."""
    rows = [part for a in arrays for part in _parts(np.ravel(np.asarray(a)))]
    return np.concatenate(rows) if rows else np.zeros(0)


def cojoin(gradients: Arrays) -> np.ndarray:
    """Gradients as one vector, whose product with that of a step is ds = Re(sum(g dx))."""
    return join([np.conj(g) for g in gradients])


def _parts(x: np.ndarray) -> list[np.ndarray]:
    parts = [x.real, x.imag] if x.dtype.kind == "c" else [x]
    return [np.asarray(part, dtype=float) for part in parts]
