"""The Rosenbrock function: gradient descent, and Newton's method by `hessian`.

python examples/rosenbrock.py [--iterations 10000] [--output output]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from tinypt_core import grad, hessian

START = np.array([0.0, 2.0])


def rosenbrock(x: Any) -> Any:
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def gradient_descent(x: np.ndarray, lr: float = 0.001) -> Iterator[np.ndarray]:
    slope = grad(rosenbrock)
    while True:
        yield x
        x = x - lr * slope(x)


def newton(x: np.ndarray) -> Iterator[np.ndarray]:
    slope, curvature = grad(rosenbrock), hessian(rosenbrock)
    while True:
        yield x
        x = x - np.linalg.solve(curvature(x), slope(x))


def walk(steps: Iterator[np.ndarray], most: int, name: str) -> np.ndarray:
    """The path to the minimum at (1, 1), or as far as `most` steps go."""
    path = []
    for x, _ in zip(steps, tqdm(range(most + 1), desc=name, unit="step"), strict=False):
        path.append(x)
        if np.abs(x - 1).max() < 1e-12:
            break
    print(f"{name}: {len(path) - 1} steps to ({path[-1][0]:.12f}, {path[-1][1]:.12f})")
    return np.array(path)


def draw(paths: dict[str, np.ndarray], to_file: Path) -> Path:
    grid = np.meshgrid(np.linspace(-2, 2, 300), np.linspace(-1, 3, 300))
    figure, axes = plt.subplots(figsize=(7, 6), layout="constrained")
    axes.contour(*grid, rosenbrock(grid), levels=np.logspace(-1, 3.5, 16), alpha=0.5)
    for (name, path), style in zip(paths.items(), ("-", "o-"), strict=True):
        axes.plot(*path.T, style, markersize=5, label=f"{name}, {len(path) - 1} steps")
    axes.plot(1, 1, "k*", markersize=14, label="minimum (1, 1)")
    axes.set(xlabel="x0", ylabel="x1", title="Rosenbrock from (0, 2)")
    axes.legend(loc="lower right")
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    return to_file


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--iterations", type=int, default=10_000, help="steps of the descent")
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    paths = {
        "gradient descent": walk(gradient_descent(START), options.iterations, "gradient descent"),
        "Newton": walk(newton(START), 100, "Newton"),
    }
    print(f"their paths: {draw(paths, options.output / 'rosenbrock_newton.png')}")


if __name__ == "__main__":
    main()
