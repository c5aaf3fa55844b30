"""The main job: gradients, a graph, a descent to the Rosenbrock minimum, and a real data set.

python examples/quickstart.py [--iterations 50000] [--epochs 20] [--output output]
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from tinypt_core.ops import exp, logsumexp, square, tanh
from tqdm import tqdm

from tinypt_core import Variable
from tinypt_viz import plot_dot_graph


def rosenbrock(x0: Any, x1: Any) -> Any:
    return 100 * (x1 - x0**2) ** 2 + (x0 - 1) ** 2


def goldstein_price(x: Any, y: Any) -> Any:
    return (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)) * (
        30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    )


def show_composition() -> None:
    x = Variable(np.array(0.5))
    y = square(exp(square(x)))
    y.backward()
    print(f"square(exp(square(0.5))) = {y.data}, derivative {x.grad}")


def show_goldstein_price(folder: Path) -> None:
    x, y = Variable(np.array(1.0), name="x"), Variable(np.array(1.0), name="y")
    z = goldstein_price(x, y)
    z.name = "z"
    z.backward()
    print(f"Goldstein-Price at (1, 1): {z.data}, gradient ({x.grad}, {y.grad})")
    picture = plot_dot_graph(z, verbose=False, to_file=str(folder / "goldstein_price.svg"))
    print(f"  its graph: {picture}")


def descend_rosenbrock(folder: Path, iterations: int, lr: float = 0.001) -> None:
    x0, x1 = Variable(np.array(0.0)), Variable(np.array(2.0))
    path = [(0.0, 2.0)]
    for _ in tqdm(range(iterations), desc="Rosenbrock", unit="step", mininterval=0.5):
        y = rosenbrock(x0, x1)
        x0.cleargrad()
        x1.cleargrad()
        y.backward()
        x0.data -= lr * x0.grad
        x1.data -= lr * x1.grad
        path.append((float(x0.data), float(x1.data)))
    print(f"Rosenbrock after {iterations} steps: ({x0.data:.8f}, {x1.data:.8f}); minimum (1, 1)")
    print(f"  its path: {plot_path(np.array(path), folder / 'rosenbrock.png')}")


def plot_path(path: np.ndarray, to_file: Path) -> Path:
    grid0, grid1 = np.meshgrid(np.linspace(-2, 2, 300), np.linspace(-1, 3, 300))
    figure, axes = plt.subplots(figsize=(7, 6), layout="constrained")
    levels = np.logspace(-1, 3.5, 16)
    axes.contour(
        grid0, grid1, rosenbrock(grid0, grid1), levels=levels, norm="log", cmap="viridis", alpha=0.6
    )
    axes.plot(*path.T, color="tab:red", linewidth=1.5, label="gradient descent")
    axes.plot(*path[0], "o", color="tab:red", label="start (0, 2)")
    axes.plot(1, 1, "*", color="tab:blue", markersize=16, label="minimum (1, 1)")
    axes.set(xlabel="x0", ylabel="x1", title="Rosenbrock: 100 (x1 - x0²)² + (x0 - 1)²")
    axes.legend(loc="lower right")
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    return to_file


def layers(rng: np.random.Generator, *sizes: int) -> list[Variable]:
    """Weights and biases, alternating."""
    parameters = []
    for n, m in pairwise(sizes):
        parameters.append(Variable(rng.normal(size=(n, m)) / np.sqrt(n)))
        parameters.append(Variable(np.zeros(m)))
    return parameters


def predict(parameters: list[Variable], x: np.ndarray) -> Any:
    w0, b0, w1, b1 = parameters
    return tanh(x @ w0 + b0) @ w1 + b1


def cross_entropy(scores: Variable, labels: np.ndarray) -> Any:
    chosen = scores[np.arange(len(labels)), labels]
    return (logsumexp(scores, axis=1) - chosen).mean()


def fit_digits(epochs: int, folder: Path, lr: float = 0.5, batch: int = 64) -> None:
    digits: Any = load_digits()
    rng = np.random.default_rng(0)
    order = rng.permutation(len(digits.target))
    images, labels = digits.data[order] / 16, digits.target[order]
    train, test = slice(0, 1400), slice(1400, None)
    parameters = layers(rng, 64, 32, 10)
    losses = []
    for _ in tqdm(range(epochs), desc="digits", unit="epoch"):
        for rows in np.array_split(rng.permutation(1400), 1400 // batch):
            loss = cross_entropy(predict(parameters, images[train][rows]), labels[train][rows])
            for p in parameters:
                p.cleargrad()
            loss.backward()
            for p in parameters:
                p.data -= lr * p.grad
            losses.append(loss.item())
    guesses = predict(parameters, images[test]).data.argmax(axis=1)
    accuracy = np.mean(guesses == labels[test])
    print(f"digits: test accuracy {accuracy:.3f} on {len(guesses)} images it has not seen")
    print(f"  its loss: {plot_losses(losses, folder / 'digits.png')}")


def plot_losses(losses: list[float], to_file: Path) -> Path:
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    axes.semilogy(losses, linewidth=0.8)
    axes.set(xlabel="mini-batch", ylabel="cross entropy", title="Handwritten digits, 64-32-10 tanh")
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    return to_file


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--iterations", type=int, default=50_000, help="steps on Rosenbrock")
    parser.add_argument("--epochs", type=int, default=20, help="passes over the digits")
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    show_composition()
    show_goldstein_price(options.output)
    descend_rosenbrock(options.output, options.iterations)
    fit_digits(options.epochs, options.output)


if __name__ == "__main__":
    main()
