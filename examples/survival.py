"""Survival regression: gamma distributed times, some of them only known to be longer.

A patient's time is gamma distributed with shape a and scale exp(w · x), x what is known of the
patient. Of one who was seen until the end of the study only P(T > t) = Q(a, t/scale) counts,
SciPy's gammaincc, here differentiated by its shape too. The Hessian gives the standard errors.

python examples/survival.py [--patients 400] [--output output]
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
from tinypt_ops_scipy.stats import gamma

from tinypt_core import hessian, numerical_diff, value_and_grad

NAMES = "ln shape", "intercept", "treatment", "age"
TRUTH = np.array([np.log(1.8), 0.5, 0.7, -0.3])


def negative_log_likelihood(p: Any, x: Any, t: Any, died: Any) -> Any:
    """-ln of the density where the patient died, of the survival function where not."""
    shape, scale = np.exp(p[0]), np.exp(x @ p[1:])
    return -np.sum(
        np.where(died, gamma.logpdf(t, shape, scale=scale), gamma.logsf(t, shape, scale=scale))
    )


def study(patients: Any, rng: Any) -> Any:
    """Covariates (n, 3), times in years, and whether the patient died before the study ended."""
    x = np.stack([np.ones(patients), rng.integers(0, 2, patients), rng.normal(size=patients)], 1)
    t = rng.gamma(np.exp(TRUTH[0]), np.exp(x @ TRUTH[1:]))
    end = rng.uniform(2, 10, patients)
    return x, np.minimum(t, end), t < end


def fit(x: Any, t: Any, died: Any) -> Any:
    start = np.array([0.0, np.log(t.mean()), 0.0, 0.0])
    f = value_and_grad(negative_log_likelihood)
    difference = numerical_diff(lambda p: negative_log_likelihood(p, x, t, died), start, 1e-5)
    apart = np.abs(f(start, x, t, died)[1] - difference).max()
    print(f"gradient at the start: {apart:.1e} from differences")
    found = minimize(f, start, args=(x, t, died), jac=True, method="BFGS")
    covariance = np.linalg.inv(hessian(negative_log_likelihood)(found.x, x, t, died))
    print(f"{found.nit} steps; {died.sum()} of {len(t)} patients died")
    for name, value, error, true in zip(
        NAMES, found.x, np.sqrt(np.diagonal(covariance)), TRUTH, strict=True
    ):
        print(f"  {name:10} {value:+.3f} ± {error:.3f}, in truth {true:+.3f}")
    return found.x


def observed(t: Any, died: Any) -> Any:
    """The Kaplan-Meier estimate: times, and the part that survives them."""
    order = np.argsort(t)
    at_risk = len(t) - np.arange(len(t))
    return t[order], np.cumprod(1 - died[order] / at_risk)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--patients", type=int, default=400, help="how many")
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    x, t, died = study(options.patients, np.random.default_rng(0))
    p = fit(x, t, died)
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    years = np.linspace(0.01, 10, 200)
    for treated in (0, 1):
        group = x[:, 1] == treated
        axes.step(*observed(t[group], died[group]), where="post", color=f"C{treated}", alpha=0.5)
        scales = np.exp(x[group] @ p[1:])
        model = gamma.sf(years[:, None], np.exp(p[0]), scale=scales).mean(axis=1)
        axes.plot(years, model, color=f"C{treated}", label="treated" if treated else "not treated")
    axes.set(xlabel="years", ylabel="part that survives", title="Survival: data and model")
    axes.legend()
    to_file = options.output / "survival.png"
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    print(f"  picture: {to_file}")


if __name__ == "__main__":
    main()
