"""Newton's method without the Hessian: each step solves H d = -g by conjugate gradients.

Rosenbrock in 100 dimensions. A conjugate-gradient step needs only H v, which `hvp` computes for
a few times the cost of the function; the Hessian with its 10,000 elements is never formed.

python examples/conjugate_gradient.py [--dimensions 100] [--output output]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from tinypt_core import grad, hvp, value_and_grad


def rosenbrock(x: Any) -> Any:
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def direction(x: np.ndarray, g: np.ndarray) -> tuple[np.ndarray, int]:
    """d with H d ≈ -g, and the number of Hessian-vector products that took."""
    d, r, n = np.zeros_like(x), -g, 0
    v, rr = r, r @ r
    enough = min(0.5, np.sqrt(np.linalg.norm(g))) * np.linalg.norm(g)
    for n in range(1, 10 * x.size):
        hv = hvp(rosenbrock, x, v)
        curvature = v @ hv
        if curvature <= 0:  # not convex along v: go downhill as far as is known
            return (d if n > 1 else v), n
        step = rr / curvature
        d, r = d + step * v, r - step * hv
        if np.linalg.norm(r) < enough:
            break
        v, rr = r + (r @ r) / rr * v, r @ r
    return d, n


def line_search(x: np.ndarray, y: float, g: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Halve the step until the function falls as the slope promises (Armijo)."""
    step = 1.0
    while rosenbrock(x + step * d) > y + 1e-4 * step * (g @ d):
        step /= 2
    return x + step * d


def minimize(x: np.ndarray) -> list[tuple[float, float]]:
    """(value, norm of the gradient) after each step."""
    history, products = [], 0
    while True:
        y, g = value_and_grad(rosenbrock)(x)
        history.append((float(y), float(np.linalg.norm(g))))
        if history[-1][1] < 1e-9:
            break
        d, n = direction(x, g)
        products += n
        x = line_search(x, y, g, d)
    print(f"{x.size} dimensions: {len(history) - 1} Newton steps, {products} products H v")
    print(f"  largest error {np.abs(x - 1).max():.1e}; |gradient| {history[-1][1]:.1e}")
    return history


def draw(history: list[tuple[float, float]], to_file: Path) -> Path:
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    axes.semilogy(np.maximum(history, 1e-32), label=["f(x)", "|gradient|"])
    axes.set(xlabel="Newton step", title="Rosenbrock by conjugate gradients on H v")
    axes.legend()
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    return to_file


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dimensions", type=int, default=100, help="how many")
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    start = np.tile([-1.2, 1.0], options.dimensions)[: options.dimensions]
    v = np.random.default_rng(0).normal(size=start.size)
    eps = 1e-6
    slope = grad(rosenbrock)
    difference = (slope(start + eps * v) - slope(start - eps * v)) / (2 * eps)
    error = np.abs(hvp(rosenbrock, start, v) - difference).max()
    print(f"H v against a difference of gradients: {error:.1e} apart")
    print(f"  picture: {draw(minimize(start), options.output / 'conjugate_gradient.png')}")


if __name__ == "__main__":
    main()
