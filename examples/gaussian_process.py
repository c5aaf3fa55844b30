"""A Gaussian process by maximum likelihood: its kernel's three parameters, with cho_solve.

The likelihood of the data is a function of height, length and noise of the kernel, through a
Cholesky factor; its gradient by tinypt, its maximum by scipy.optimize.

python examples/gaussian_process.py [--points 40] [--output output]
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
from tinypt_ops_scipy.linalg import cho_factor, cho_solve
from tinypt_ops_scipy.spatial.distance import cdist

from tinypt_core import numerical_diff, value_and_grad


def kernel(a: Any, b: Any, logs: Any) -> Any:
    """height² exp(-distance²/(2 length²)), (m, n); logs: of height, length and noise."""
    height, length = np.exp(logs[0]), np.exp(logs[1])
    return height**2 * np.exp(-0.5 * cdist(a, b, "sqeuclidean") / length**2)


def covariance(x: Any, logs: Any) -> Any:
    return kernel(x, x, logs) + np.exp(2 * logs[2]) * np.eye(len(x))


def negative_log_likelihood(logs: Any, x: Any, y: Any) -> Any:
    """yᵀ K⁻¹ y/2 + ln det K/2 + n ln(2π)/2."""
    factor = cho_factor(covariance(x, logs), lower=True)
    half_log_det = np.sum(np.log(np.diagonal(factor[0])))
    return 0.5 * np.sum(y * cho_solve(factor, y)) + half_log_det + 0.5 * len(y) * np.log(2 * np.pi)


def predict(x: Any, y: Any, at: Any, logs: Any) -> Any:
    """Mean and deviation of the process at places, given the data."""
    factor, between = cho_factor(covariance(x, logs), lower=True), kernel(x, at, logs)
    variance = np.exp(2 * logs[0]) - np.sum(between * cho_solve(factor, between), axis=0)
    return between.T @ cho_solve(factor, y), np.sqrt(np.maximum(variance, 0))


def fit(x: Any, y: Any) -> Any:
    start = np.log([0.5, 0.3, 0.5])
    f = value_and_grad(negative_log_likelihood)
    difference = numerical_diff(lambda logs: negative_log_likelihood(logs, x, y), start, 1e-5)
    apart = np.abs(f(start, x, y)[1] - difference).max()
    print(f"gradient at the start: {apart:.1e} from differences")
    found = minimize(f, start, args=(x, y), jac=True, method="BFGS")
    height, length, noise = np.exp(found.x)
    print(f"{found.nit} steps, -ln likelihood {found.fun:.3f}")
    print(f"  height {height:.3f}, length {length:.3f}, noise {noise:.3f} (in truth 0.2)")
    return found.x


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=40, help="how many data")
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    x = np.sort(rng.uniform(0, 6, (options.points, 1)), axis=0)
    y = np.sin(2 * x[:, 0]) + 0.3 * x[:, 0] - 0.9 + 0.2 * rng.normal(size=options.points)
    logs = fit(x, y)
    at = np.linspace(-0.5, 6.5, 300)[:, None]
    mean, deviation = predict(x, y, at, logs)
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    axes.fill_between(at[:, 0], mean - 2 * deviation, mean + 2 * deviation, alpha=0.2)
    axes.plot(at[:, 0], mean, label="mean, ± 2 deviations")
    axes.plot(x[:, 0], y, "ko", markersize=3, label="data")
    axes.set(xlabel="x", ylabel="y", title="A Gaussian process by maximum likelihood")
    axes.legend()
    to_file = options.output / "gaussian_process.png"
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    print(f"  picture: {to_file}")


if __name__ == "__main__":
    main()
