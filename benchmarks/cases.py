"""What is measured: one function per case, written once for every framework.

`HAND` holds the gradients a person would write in NumPy for the same case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

RNG = np.random.default_rng(0)
ZERO, ONE, TWO = (np.array(float(i)) for i in range(3))
MILLION = RNG.normal(size=1_000_000)
WIDTH, DEPTH, BATCH = 256, 20, 128
WEIGHTS = [RNG.normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH) for _ in range(DEPTH)]
INPUT = RNG.normal(size=(BATCH, WIDTH))
DIGITS = load_digits()
LOGISTIC = (DIGITS.data / 16, np.eye(10)[DIGITS.target], np.zeros((64, 10)), np.zeros(10))


def rosenbrock(m: Any, x0: Any, x1: Any) -> Any:
    return 100 * (x1 - x0**2) ** 2 + (x0 - 1) ** 2


def goldstein_price(m: Any, x: Any, y: Any) -> Any:
    return (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)) * (
        30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    )


def chain(m: Any, x: Any, n: int = 1000) -> Any:
    for _ in range(n):
        x = m.sin(x)
    return x


def fan_in(m: Any, x: Any, n: int = 65_536) -> Any:
    y = m.sin(x)
    for _ in range(n - 1):
        y = y + m.sin(x)
    return y


def elementwise(m: Any, x: Any) -> Any:
    return m.sum(m.tanh(m.sin(x) * m.cos(x) + x**2))


def mlp(m: Any, x: Any, *weights: Any) -> Any:
    for w in weights:
        x = m.tanh(m.matmul(x, w))
    return m.sum(x)


def logistic(m: Any, x: Any, truth: Any, w: Any, b: Any) -> Any:
    """Multinomial logistic regression: the mean negative log-likelihood."""
    scores = m.matmul(x, w) + b
    return (m.sum(m.log(m.sum(m.exp(scores), 1))) - m.sum(scores * truth)) / len(x)


# -- by hand -------------------------------------------------------------------------------------


def rosenbrock_by_hand(x0: np.ndarray, x1: np.ndarray) -> Any:
    square = x0**2
    valley = x1 - square
    slope = x0 - 1
    y = 100 * valley**2 + slope**2
    g1 = 200 * valley
    return y, (2 * slope - 2 * g1 * x0, g1)


def elementwise_by_hand(x: np.ndarray) -> Any:
    s, c = np.sin(x), np.cos(x)
    t = np.tanh(s * c + x * x)
    return t.sum(), ((1 - t * t) * (c * c - s * s + 2 * x),)


def mlp_by_hand(x: np.ndarray, *weights: np.ndarray) -> Any:
    """Keeps one array a layer."""
    layers = [x]
    for w in weights:
        layers.append(np.tanh(layers[-1] @ w))
    y = layers[-1].sum()
    g = np.ones_like(layers[-1])
    grads = []
    for w, x, t in zip(weights[::-1], layers[-2::-1], layers[:0:-1], strict=True):
        g = g * (1 - t * t)
        grads.append(x.T @ g)
        g = g @ w.T
    return y, (g, *reversed(grads))


HAND: dict[str, Callable[..., Any]] = {
    "Rosenbrock": rosenbrock_by_hand,
    "elementwise, 1e6": elementwise_by_hand,
    "MLP 20 x 256, batch 128": mlp_by_hand,
}

#: name -> (function, arguments)
CASES: dict[str, tuple[Callable[..., Any], tuple[np.ndarray, ...]]] = {
    "Rosenbrock": (rosenbrock, (ZERO, TWO)),
    "Goldstein-Price": (goldstein_price, (ONE, ONE)),
    "chain of 1,000 sin": (chain, (ONE,)),
    "fan-in 4,096": (lambda m, x: fan_in(m, x, 4096), (ONE,)),
    "elementwise, 1e6": (elementwise, (MILLION,)),
    "MLP 20 x 256, batch 128": (mlp, (INPUT, *WEIGHTS)),
    "logistic regression, digits": (logistic, LOGISTIC),
}

#: (case, peer) -> the ratio we mean to stay under
TARGETS = {
    ("Rosenbrock", "PyTorch"): 0.33,
    ("Rosenbrock", "autograd"): 0.25,
    ("Rosenbrock", "MyGrad"): 0.25,
    ("Rosenbrock", "by hand"): 10.0,
    ("Goldstein-Price", "PyTorch"): 0.40,
    ("chain of 1,000 sin", "PyTorch"): 0.60,
    ("8th derivative of tanh", "PyTorch"): 1.0,
    ("elementwise, 1e6", "PyTorch"): 1.15,
    ("elementwise, 1e6", "by hand"): 1.40,
    ("MLP 20 x 256, batch 128", "PyTorch"): 1.15,
    ("MLP 20 x 256, batch 128", "by hand"): 1.25,
    ("MLP peak memory", "by hand"): 1.25,
    ("per op, 1e6 sin", "per op, 1e3 sin"): 1.6,
    ("per op, fan-in 65,536", "per op, fan-in 4,096"): 1.6,
}
