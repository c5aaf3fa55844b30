"""Compiled programs against what a person would write in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.cases import CASES, HAND, MILLION, RNG, elementwise, elementwise_by_hand
from benchmarks.measure import paired
from tinypt_core import value_and_grad

SAMPLES = RNG.normal(size=(10_000, 10))
SIGNS = np.sign(RNG.normal(size=10_000))


def logistic(w: Any, b: Any) -> Any:
    return np.mean(np.log1p(np.exp(-SIGNS * (SAMPLES @ w + b))))


def logistic_by_hand(w: np.ndarray, b: np.ndarray) -> Any:
    e = np.exp(-SIGNS * (SAMPLES @ w + b))
    g = e / (1 + e) * -SIGNS / len(SIGNS)
    return np.mean(np.log1p(e)), (SAMPLES.T @ g, g.sum())


def goldstein_price_by_hand(x: Any, y: Any) -> Any:
    s, d = x + y + 1, 2 * x - 3 * y
    a = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    b = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    u, v = 1 + s**2 * a, 30 + d**2 * b
    ax = ay = -14 + 6 * x + 6 * y
    ux, uy = 2 * s * a + s**2 * ax, 2 * s * a + s**2 * ay
    vx = 4 * d * b + d**2 * (-32 + 24 * x - 36 * y)
    vy = -6 * d * b + d**2 * (48 - 36 * x + 54 * y)
    return u * v, (ux * v + u * vx, uy * v + u * vy)


#: name -> (function, arguments, by hand, the ratio we mean to stay under)
COMPILED: dict[str, tuple[Callable[..., Any], tuple[Any, ...], Callable[..., Any], float]] = {
    "Rosenbrock": (*CASES["Rosenbrock"], HAND["Rosenbrock"], 0.5),
    "Goldstein-Price": (*CASES["Goldstein-Price"], goldstein_price_by_hand, 0.5),
    **{
        f"elementwise, {n:,}": (elementwise, (MILLION[:n],), elementwise_by_hand, target)
        for n, target in ((10, 1.6), (1000, 1.25), (1_000_000, 1.0))
    },
    "logistic regression, 10,000 x 10": (
        lambda m, w, b: logistic(w, b),
        (np.ones(10), np.array(0.5)),
        logistic_by_hand,
        1.15,
    ),
    "MLP 20 x 256, batch 128": (
        *CASES["MLP 20 x 256, batch 128"],
        HAND["MLP 20 x 256, batch 128"],
        1.03,
    ),
}


def compiled(case: str) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """A case as a program, and by hand."""
    from tinypt_compile import compile

    f, args, hand, _ = COMPILED[case]
    program = compile(value_and_grad(partial(f, np), tuple(range(len(args)))))
    return partial(program, *args), partial(hand, *args)


def rows(only: str) -> Iterator[tuple[str, str, float, float, float, float]]:
    """(case, peer, ratio, ours, theirs, target)."""
    if find_spec("tinypt_compile"):
        for case in COMPILED:
            if only in f"{case}, compiled":
                target = COMPILED[case][3]
                yield (f"{case}, compiled", "by hand", *paired(*compiled(case)), target)
