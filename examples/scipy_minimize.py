"""SciPy's optimizers fed with exact derivatives: minimize(f, jac=grad(f), hess=hessian(f)).

python examples/scipy_minimize.py [--dimensions 10] [--output output]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize

from tinypt_core import hessian, hvp, value_and_grad


def rosenbrock(x: Any) -> Any:
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def methods() -> dict[str, dict[str, Any]]:
    exact = {"fun": value_and_grad(rosenbrock), "jac": True}
    return {
        "BFGS, SciPy's differences": {"fun": rosenbrock, "method": "BFGS"},
        "BFGS, jac=grad": {**exact, "method": "BFGS"},
        "trust-exact, hess=hessian": {
            **exact,
            "method": "trust-exact",
            "hess": hessian(rosenbrock),
        },
        "Newton-CG, hessp=hvp": {
            **exact,
            "method": "Newton-CG",
            "hessp": lambda x, v: hvp(rosenbrock, x, v),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dimensions", type=int, default=10, help="how many")
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    start = np.zeros(options.dimensions)
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for name, arguments in methods().items():
        path = [start]
        begin = perf_counter()
        result = minimize(x0=start, callback=lambda x, *_: path.append(np.copy(x)), **arguments)  # noqa: B023
        seconds = perf_counter() - begin
        print(
            f"{name:26} {result.nit:4} steps, {result.nfev:4} evaluations, "
            f"f = {result.fun:.1e}, {seconds:.2f} s"
        )
        axes.semilogy([max(rosenbrock(x), 1e-30) for x in path], label=name)
    axes.set(xlabel="step", ylabel="f(x)", title=f"Rosenbrock in {options.dimensions} dimensions")
    axes.legend()
    to_file = options.output / "scipy_minimize.png"
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    print(f"their progress: {to_file}")


if __name__ == "__main__":
    main()
