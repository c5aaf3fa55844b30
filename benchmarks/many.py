"""Many at once: Hessians and per-sample gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.cases import RNG
from benchmarks.measure import paired
from tinypt_core import grad, hessian, vmap

SAMPLES, TARGETS = RNG.normal(size=(500, 20)), RNG.normal(size=(500, 5))
WEIGHTS = RNG.normal(size=(20, 30)), RNG.normal(size=(30, 5))


def rosenbrock(m: Any, x: Any) -> Any:
    return m.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def loss(w: Any, v: Any, x: Any, target: Any) -> Any:
    return np.sum((np.tanh(x @ w) @ v - target) ** 2)


def per_sample(w: Any, v: Any) -> Any:
    return vmap(grad(loss, (0, 1)), (None, None, 0, 0))(w, v, SAMPLES, TARGETS)


def per_sample_by_hand(w: Any, v: Any) -> Any:
    h = np.tanh(SAMPLES @ w)
    d = 2 * (h @ v - TARGETS)
    dh = (d @ v.T) * (1 - h * h)
    return SAMPLES[:, :, None] * dh[:, None, :], h[:, :, None] * d[:, None, :]


def hessians(n: int, framework: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Ours, and that of a framework that looks like HIPS autograd."""
    x = RNG.normal(size=n)
    theirs = framework.hessian(partial(rosenbrock, import_module(f"{framework.__name__}.numpy")))
    return partial(hessian(partial(rosenbrock, np)), x), partial(theirs, x)


def rows(frameworks: dict[str, Any], only: str) -> Iterator[tuple[str, str, Any, float]]:
    """(case, peer, figures, target)."""
    for n, target in ((10, 0.9), (100, 0.15)):
        case = f"Hessian of Rosenbrock, {n}"
        if only in case and "autograd" in frameworks:
            yield case, "autograd", paired(*hessians(n, frameworks["autograd"].autograd)), target
    case = "gradients of 500 samples"
    if only in case:
        ours, hand = partial(per_sample, *WEIGHTS), partial(per_sample_by_hand, *WEIGHTS)
        yield case, "by hand", paired(ours, hand), 6.0
