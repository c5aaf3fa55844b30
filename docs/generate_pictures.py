"""Draw the gallery of docs/pictures.md into docs/pictures/.

python docs/generate_pictures.py [FOLDER]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tinypt_core import Variable, gradients, ops
from tinypt_viz import plot_dot_graph, record, scope

ALIVE: list[Variable] = []  #: leaves whose owners are gone have no gradient to show


def number(value: float, name: str) -> Variable:
    """A named scalar."""
    return Variable(np.array(float(value)), name)


class Arrays:
    """Named arrays of random numbers, the same in each run."""

    def __init__(self, spread: float = 0.3) -> None:
        self._rng, self._spread = np.random.default_rng(0), spread

    def __call__(self, name: str, *shape: int) -> Variable:
        """One of that shape."""
        return Variable(self._rng.normal(size=shape) * self._spread, name)


def named(y: Variable, name: str) -> Variable:
    """The Variable itself, with a name."""
    y.name = name
    return y


def add() -> Variable:
    """x0 + x1."""
    return named(number(1, "x0") + number(2, "x1"), "y")


def goldstein_price() -> Variable:
    """The test function of optimizers."""
    x, y = number(1, "x"), number(1, "y")
    a = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    b = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    return named((1 + (x + y + 1) ** 2 * a) * (30 + (2 * x - 3 * y) ** 2 * b), "z")


def taylor_sin() -> Variable:
    """Four terms of the series."""
    x = number(0.5, "x")
    return named(x + (-1 / 6) * x**3 + (1 / 120) * x**5 + (-1 / 5040) * x**7, "y")


def tanh_derivative(order: int) -> Variable:
    """A derivative of tanh."""
    x = number(0.5, "x")
    y = named(np.tanh(x), "y")
    for n in range(1, order + 1):
        y = named(gradients(y, x, create_graph=True)[0], f"gx{n}")
    return y


def logistic_regression() -> Variable:
    """The loss of a logistic regression."""
    x, b = Variable(np.arange(6.0).reshape(3, 2) / 4, "X"), number(0.1, "b")
    w, t = Variable(np.array([0.5, -1.0]), "w"), Variable(np.array([1.0, 0.0, 1.0]), "t")
    z = named(x @ w + b, "z")
    p = named(1 / (1 + np.exp(-z)), "p")
    return named(-np.mean(t * np.log(p) + (1 - t) * np.log(1 - p)), "loss")


def circuit() -> Variable:
    """A neuron with two inputs."""
    w0, x0, w1, x1, w2 = map(number, (2, -1, -3, -2, -3), ("w0", "x0", "w1", "x1", "w2"))
    return named(1 / (1 + np.exp(-(w0 * x0 + w1 * x1 + w2))), "f")


def perceptron(spread: float = 0.3) -> Variable:
    """Five layers."""
    arrays = Arrays(spread)
    h = arrays("x", 8, 16)
    for i in range(1, 6):
        with scope(f"layer{i}"):
            h = np.tanh(h @ arrays(f"W{i}", 16, 16) + arrays(f"b{i}", 16))
    return named(h, "out")


def vanishing() -> Variable:
    """Five layers whose gradients vanish."""
    h = perceptron(0.002)
    return named(np.mean(h * h), "loss")


def recurrence(turns: int = 300) -> Variable:
    """h = tanh(h @ W + xs[i]), again and again."""
    arrays = Arrays()
    h, w, xs = arrays("h0", 4, 8), arrays("W", 8, 8), arrays("xs", turns, 4, 8)
    for i in range(turns):
        h = np.tanh(h @ w + xs[i])
    return named(h, "h")


def lstm(steps: int = 3) -> Variable:
    """A long short-term memory."""
    arrays = Arrays()
    xs, h, c = arrays("xs", steps, 4, 8), arrays("h0", 4, 8), arrays("c0", 4, 8)
    weights = {
        k: (arrays(f"W{k}", 8, 8), arrays(f"U{k}", 8, 8), arrays(f"b{k}", 8)) for k in "figo"
    }
    gates = {"f": "forget gate", "i": "input gate", "g": "candidate", "o": "output gate"}
    for t in range(steps):
        with scope(f"step{t}"):
            made = {}
            for k, name in gates.items():
                with scope(name):
                    w, u, b = weights[k]
                    z = xs[t] @ w + h @ u + b
                    made[k] = np.tanh(z) if k == "g" else 1 / (1 + np.exp(-z))
            c = made["f"] * c + made["i"] * made["g"]
            h = made["o"] * np.tanh(c)
    return named(h, "h")


def _attention(x: Any, arrays: Arrays) -> Any:
    with scope("attention"):
        q, k, v = (x @ arrays(f"W{name}", 16, 16) for name in "qkv")
        s = q @ k.T / 4
        weights = np.exp(s - ops.logsumexp(s, axis=-1, keepdims=True))
        return weights @ v @ arrays("Wo", 16, 16)


def attention() -> Variable:
    """One head."""
    arrays = Arrays()
    return named(_attention(arrays("x", 6, 16), arrays), "y")


def transformer(blocks: int = 6) -> Variable:
    """Attention and a perceptron, block after block."""
    arrays = Arrays()
    x: Any = arrays("x", 6, 16)
    for i in range(blocks):
        with scope(f"block{i}"):
            x = x + _attention(x, arrays)
            with scope("mlp"):
                h = np.tanh(x @ arrays("W1", 16, 64) + arrays("b1", 64))
                x = x + (h @ arrays("W2", 64, 16) + arrays("b2", 16))
    return named(x, "y")


def not_a_number() -> Variable:
    """A logarithm of something negative."""
    x, w = Variable(np.array([1.0, -1.0, 0.5, 1.3]), "x"), Variable(np.full(4, 0.5), "w")
    ALIVE.extend((x, w))
    with np.errstate(all="ignore"):
        p = named(np.log(x * w), "p")
        return named(np.sum(named(x * p, "q")), "loss")


def recorded(make: Callable[[], Variable]) -> Variable:
    """A computation with its backward pass, both recorded."""
    with record(), np.errstate(all="ignore"):
        y = make()
        y.backward()
    return y


#: name of the picture -> what makes it, and its options
GALLERY: dict[str, tuple[Callable[[], Variable], dict[str, Any]]] = {
    "add": (add, {}),
    "goldstein_price_textbook": (goldstein_price, {}),
    "goldstein_price_formula": (goldstein_price, {"style": "formula"}),
    "goldstein_price_expressions": (goldstein_price, {"collapse": ("expressions",)}),
    "goldstein_price_gradient": (lambda: recorded(goldstein_price), {"style": "gradient"}),
    "logistic_regression_expressions": (logistic_regression, {"collapse": ("expressions",)}),
    "taylor_sin_formula": (taylor_sin, {"style": "formula"}),
    "tanh_2nd_derivative_textbook": (lambda: tanh_derivative(2), {}),
    "tanh_4th_derivative_formula": (lambda: tanh_derivative(4), {"style": "formula"}),
    "circuit_gradient": (lambda: recorded(circuit), {"style": "gradient"}),
    "circuit_gradient_dark": (
        lambda: recorded(circuit),
        {"style": "gradient", "theme": "dark"},
    ),
    "nan_gradient": (lambda: recorded(not_a_number), {"style": "gradient"}),
    "vanishing_gradient_model": (
        lambda: recorded(vanishing),
        {"style": "gradient", "collapse": False},
    ),
    "mlp_model": (perceptron, {"collapse": False}),
    "mlp_model_folded": (perceptron, {}),
    "recurrence_300_model": (recurrence, {}),
    "lstm_model": (lstm, {}),
    "attention_model": (attention, {}),
    "transformer_model": (transformer, {}),
    "transformer_model_dark": (transformer, {"theme": "dark"}),
}


def main(folder: Path) -> None:
    """Draw all of it."""
    folder.mkdir(exist_ok=True)
    for name, (make, options) in GALLERY.items():
        path = plot_dot_graph(make(), to_file=folder / f"{name}.svg", program="built-in", **options)
        print(f"{path.stat().st_size:>8} {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "pictures")
