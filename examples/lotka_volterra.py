"""Fit the rates of a predator-prey model to noisy counts: solve_ivp inside scipy's minimize.

    dx/dt = a x - b x y      prey
    dy/dt = c x y - d y      predators

The misfit is a function of the four rates and the two starting counts through the solution of the
equations; its gradient comes from the adjoint equations.

python examples/lotka_volterra.py [--points 24] [--steps 100] [--output output]
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
from tinypt_ops_scipy.integrate import solve_ivp

from tinypt_core import numerical_diff, value_and_grad

RATES = np.array([1.1, 0.4, 0.1, 0.4])  # a, b, c, d, per unit of time
START = np.array([10.0, 5.0])


def flow(t: Any, state: Any, rates: Any) -> Any:
    x, y = state[0], state[1]
    a, b, c, d = rates[0], rates[1], rates[2], rates[3]
    return [a * x - b * x * y, c * x * y - d * y]


def counts(logs: Any, times: Any) -> Any:
    """Prey and predators at the times, (2, k); logs: of the rates and the starting counts."""
    p = np.exp(logs)
    span = (0.0, times[-1])
    return solve_ivp(flow, span, p[4:], t_eval=times, args=(p[:4],), rtol=1e-6, atol=1e-8).y


def fit(times: Any, data: Any, steps: Any) -> Any:
    """Least squares of the logarithms, from rates that are off by about a third."""

    def misfit(logs: Any) -> Any:
        return np.sum((np.log(counts(logs, times)) - np.log(data)) ** 2)

    start = np.log(np.concatenate([RATES, START])) + np.array([0.2, -0.2, 0.3, -0.2, 0.1, -0.1])
    exact, difference = value_and_grad(misfit)(start)[1], numerical_diff(misfit, start, 1e-4)
    print(f"gradient at the start: {np.abs(exact - difference).max():.1e} from differences")
    found = minimize(
        value_and_grad(misfit), start, jac=True, method="BFGS", options={"maxiter": steps}
    )
    print(f"{found.nit} steps, misfit {found.fun:.4f}")
    return found.x


def draw(times: Any, data: Any, logs: Any, to_file: Any) -> Any:
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    fine = np.linspace(0.01, times[-1], 300)
    model = counts(logs, fine)
    for i, name in enumerate(("prey", "predators")):
        axes.plot(times, data[i], "o", color=f"C{i}", markersize=4)
        axes.plot(fine, model[i], color=f"C{i}", label=name)
    axes.set(xlabel="time", ylabel="count", title="A predator-prey model fitted to data")
    axes.legend()
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    print(f"  picture: {to_file}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=24, help="how many times are observed")
    parser.add_argument("--steps", type=int, default=100, help="at most so many steps")
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    times = np.linspace(0.5, 14.0, options.points)
    truth = np.log(np.concatenate([RATES, START]))
    noise = np.random.default_rng(0).normal(size=(2, options.points))
    data = counts(truth, times) * np.exp(0.05 * noise)
    logs = fit(times, data, options.steps)
    for name, value, true in zip("abcd", np.exp(logs[:4]), RATES, strict=True):
        print(f"  {name} = {value:.3f}, in truth {true}")
    draw(times, data, logs, options.output / "lotka_volterra.png")


if __name__ == "__main__":
    main()
