"""A sparse inverse problem: the conductivity of a rod from its temperatures, with spsolve.

In steady state -(k(x) u')' = source, u = 0 at both ends. On n cells this is a tridiagonal system
whose elements are sums of conductivities; the data are noisy temperatures at a few places. The
gradient of the misfit by all n + 1 conductivities costs one more solution of the system.

python examples/inverse_problem.py [--cells 100] [--output output]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from tinypt_ops_scipy.sparse import diags_array
from tinypt_ops_scipy.sparse.linalg import spsolve

from tinypt_core import numerical_diff, value_and_grad


def temperatures(log_k: Any) -> Any:
    """u at the n inner places; log_k: (n + 1,), between the places."""
    k = np.exp(log_k)
    n = k.shape[0] - 1
    h = 1 / (n + 1)
    system = diags_array([k[:-1] + k[1:], -k[1:-1], -k[1:-1]], [0, 1, -1], (n, n))
    return spsolve(system, np.full(n, 10 * h * h))


def objective(log_k: Any, data: Any, places: Any, weight: Any) -> Any:
    """Squares of the misfit in units of the noise, and of the jumps of ln k."""
    misfit = (temperatures(log_k)[places] - data) / 0.01
    return np.sum(misfit**2) + weight * np.sum(np.diff(log_k) ** 2)


def invert(data: Any, places: Any, n: Any) -> Any:
    f, start = value_and_grad(objective), np.zeros(n + 1)
    rest = (data, places, 20.0)
    if n <= 200:
        difference = numerical_diff(lambda k: objective(k, *rest), start, 1e-5)
        print(f"gradient at the start: {np.abs(f(start, *rest)[1] - difference).max():.1e} "
              f"from differences, of {np.abs(difference).max():.0f}")  # fmt: skip
    found = minimize(f, start, args=rest, jac=True, method="L-BFGS-B", options={"maxiter": 400})
    print(f"{found.nit} steps, objective {found.fun:.2f}")
    return found.x


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cells", type=int, default=100, help="how many unknown temperatures")
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    n = options.cells
    between, inner = (np.arange(n + 1) + 0.5) / (n + 1), np.arange(1, n + 1) / (n + 1)
    truth = 0.8 * np.exp(-((between - 0.3) ** 2) / 0.01) - 0.7 * (between > 0.65)
    places = np.arange(2, n, max(n // 25, 1))
    noise = 0.01 * np.random.default_rng(0).normal(size=places.size)
    data = temperatures(truth)[places] + noise
    log_k = invert(data, places, n)
    print(f"  ln k is {np.sqrt(np.mean((log_k - truth) ** 2)):.2f} off on average")
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    left.plot(between, np.exp(truth), "k--", label="in truth")
    left.plot(between, np.exp(log_k), label="found")
    left.set(xlabel="x", ylabel="conductivity")
    left.legend()
    right.plot(inner[places], data, "ko", markersize=3, label="data")
    right.plot(inner, temperatures(log_k), label="model")
    right.set(xlabel="x", ylabel="temperature")
    right.legend()
    to_file = options.output / "inverse_problem.png"
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    print(f"  picture: {to_file}")


if __name__ == "__main__":
    main()
