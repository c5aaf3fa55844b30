"""Compiled programs against what a person would write in NumPy, and against jax.jit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from benchmarks.cases import CASES, HAND, MILLION, RNG, elementwise, elementwise_by_hand
from benchmarks.measure import Run, paired
from benchmarks.scaling import peak
from tinypt_core import grad, hessian, value_and_grad, vmap

SAMPLES = RNG.normal(size=(10_000, 10))
SIGNS = np.sign(RNG.normal(size=10_000))


def logistic(m: Any, w: Any, b: Any) -> Any:
    return m.mean(m.log1p(m.exp(-SIGNS * (SAMPLES @ w + b))))


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


def long_rosenbrock(m: Any, x: Any) -> Any:
    return m.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


LAYERS = (RNG.normal(size=(10, 32)), RNG.normal(size=32), RNG.normal(size=(32, 1)), np.zeros(1))
ROWS, ANSWERS = RNG.normal(size=(500, 10)), RNG.normal(size=(500, 1))


def error(m: Any, layers: Any, x: Any, y: Any) -> Any:
    w1, b1, w2, b2 = layers
    return m.sum((m.tanh(x @ w1 + b1) @ w2 + b2 - y) ** 2)


def per_sample_by_hand(layers: Any, x: np.ndarray, y: np.ndarray) -> Any:
    w1, b1, w2, b2 = layers
    h = np.tanh(x @ w1 + b1)
    d2 = 2 * (h @ w2 + b2 - y)
    d1 = (d2 @ w2.T) * (1 - h * h)
    return x[:, :, None] * d1[:, None, :], d1, h[:, :, None] * d2[:, None, :], d2


class Case(NamedTuple):
    """f: a function of a namespace of functions. transform: of a framework, what is compiled.

    targets: by peer, the ratio we mean to stay under.
    """

    f: Callable[..., Any]
    args: tuple[Any, ...]
    targets: dict[str, float]
    hand: Callable[..., Any] | None = None
    transform: str = "value and gradient"


MLP = "MLP 20 x 256, batch 128"
COMPILED = {
    "Rosenbrock": Case(*CASES["Rosenbrock"], {"by hand": 0.5, "jax.jit": 0.12}, HAND["Rosenbrock"]),
    "Goldstein-Price": Case(
        *CASES["Goldstein-Price"], {"by hand": 0.5, "jax.jit": 0.25}, goldstein_price_by_hand
    ),
    **{
        f"elementwise, {n:,}": Case(
            elementwise, (MILLION[:n],), {"by hand": target}, elementwise_by_hand
        )
        for n, target in ((10, 1.6), (1000, 1.25), (1_000_000, 1.0))
    },
    "logistic regression, 10,000 x 10": Case(
        logistic, (np.ones(10), np.array(0.5)), {"by hand": 1.15}, logistic_by_hand
    ),
    MLP: Case(*CASES[MLP], {"by hand": 1.03}, HAND[MLP]),
    **{
        f"Hessian of Rosenbrock, {n}": Case(
            long_rosenbrock, (RNG.normal(size=n),), {"jax.jit": target}, transform="Hessian"
        )
        for n, target in ((10, 0.8), (100, 2.5))
    },
    "gradients of 500 samples": Case(
        error, (LAYERS, ROWS, ANSWERS), {"by hand": 1.4}, per_sample_by_hand, "per sample"
    ),
}


def transformed(case: Case) -> Callable[..., Any]:
    """What is compiled."""
    f = partial(case.f, np)
    if case.transform == "Hessian":
        return hessian(f)
    if case.transform == "per sample":
        return vmap(grad(f), in_axes=(None, 0, 0))
    return value_and_grad(f, tuple(range(len(case.args))))


def compiled(name: str) -> Run:
    """A case as a program."""
    from tinypt_compile import compile

    case = COMPILED[name]
    return partial(compile(transformed(case)), *case.args)


def by_jax(name: str) -> Run:
    """A case as jax.jit compiles it, in float64 and on one thread."""
    import os

    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    import jax

    jax.config.update("jax_enable_x64", True)
    case = COMPILED[name]
    f, args = partial(case.f, jax.numpy), jax.device_put(case.args)
    if case.transform == "Hessian":
        made = jax.jit(jax.hessian(f))
    elif case.transform == "per sample":
        made = jax.jit(jax.vmap(jax.grad(f), in_axes=(None, 0, 0)))
    else:
        made = jax.jit(jax.value_and_grad(f, tuple(range(len(args)))))
    return lambda: jax.block_until_ready(made(*args))


def rows(only: str) -> Iterator[tuple[str, str, float, float, float, float | None]]:
    """(case, peer, ratio, ours, theirs, target)."""
    if not find_spec("tinypt_compile"):
        return
    for name, case in COMPILED.items():
        if only not in f"{name}, compiled":
            continue
        ours, label = compiled(name), f"{name}, compiled"
        ours(), ours()
        if case.hand is not None:
            hand = partial(case.hand, *case.args)
            yield label, "by hand", *paired(ours, hand), case.targets.get("by hand")
        if find_spec("jax"):
            yield label, "jax.jit", *paired(ours, by_jax(name)), case.targets.get("jax.jit")


def memory(only: str) -> Iterator[tuple[str, str, float, float, float, float]]:
    """The same, in bytes at the peak."""
    case = COMPILED[MLP]
    if find_spec("tinypt_compile") and case.hand and only in "MLP peak memory, compiled":
        ours, hand = peak(compiled(MLP)), peak(partial(case.hand, *case.args))
        yield "MLP peak memory, compiled", "by hand", ours / hand, ours, hand, 1.05
