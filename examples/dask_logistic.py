"""Logistic regression on more data than the memory it is allowed, with Dask.

    python examples/dask_logistic.py               # 2e7 rows, two workers of 1 GiB
    python examples/dask_logistic.py --rows 200000

The rows are made on the fly, chunk by chunk, on the workers. The loss is the function that NumPy
would get; its value and gradient are two Dask arrays, computed together in one pass over the data.
Needs `pip install "dask[array]" distributed`.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import dask.array as da
import numpy as np
from dask.base import compute, persist
from dask.delayed import delayed
from distributed import Client, LocalCluster, progress

from tinypt_core import value_and_grad

FEATURES = 20
TRUTH = np.linspace(-1.0, 1.0, FEATURES)


def rows(start: int, stop: int) -> np.ndarray:
    """The features and, in the last column, the labels of these rows; always the same."""
    rng = np.random.default_rng(start)
    x = rng.standard_normal((stop - start, FEATURES))
    labels = rng.random(stop - start) < 1 / (1 + np.exp(-x @ TRUTH))
    return np.column_stack([x, labels])


def data(n: int, chunk: int) -> Any:
    """n rows as a Dask array: nothing is made before it is needed."""
    blocks = [
        da.from_delayed(
            delayed(rows)(start, min(start + chunk, n)),
            shape=(min(chunk, n - start), FEATURES + 1),
            dtype=float,
        )
        for start in range(0, n, chunk)
    ]
    return da.concatenate(blocks)


def loss(w: Any, table: Any) -> Any:
    """Mean negative log-likelihood; w: (features,), table: (rows, features + 1)."""
    x, label = table[:, :-1], table[:, -1]
    z = x @ w
    return (np.logaddexp(0, z) - label * z).mean()


def descend(table: Any, steps: int, rate: float = 4.0, watch: bool = False) -> np.ndarray:
    """Gradient descent from zero; table: of NumPy or Dask."""
    w = np.zeros(FEATURES)
    slope = value_and_grad(loss)
    for step in range(steps):
        value, gradient = slope(w, table)
        if isinstance(value, da.Array):
            value, gradient = together(value, gradient, watch)
        w = w - rate * gradient
        print("\n" * watch + f"step {step + 1}: loss {value:.6f}", flush=True)
    return w


def together(value: Any, gradient: Any, watch: bool) -> Any:
    """Both as NumPy, from one pass over the data."""
    if not watch:
        return compute(value, gradient)
    value, gradient = persist(value, gradient)
    progress([value, gradient], notebook=False)
    return compute(value, gradient)


def peak() -> float:
    """The most memory that this process has held, in MiB."""
    import resource
    import sys

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 if sys.platform != "darwin" else 1024**2)


def main() -> None:
    """Run on a cluster of two small workers, and on a sample with NumPy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--chunk", type=int, default=250_000)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--no-bar", action="store_true", help="no progress bar")
    options = parser.parse_args()
    size = options.rows * (FEATURES + 1) * 8 / 2**30
    print(f"{options.rows:,} rows, {size:.2f} GiB; two workers of 1 GiB")
    start = time.perf_counter()
    small: Any = {"threads_per_worker": 1, "memory_limit": "1GiB", "dashboard_address": None}
    with LocalCluster(n_workers=2, **small) as cluster, Client(cluster) as client:
        descend(data(options.rows, options.chunk), options.steps, watch=not options.no_bar)
        print(f"{time.perf_counter() - start:.0f} s")
        n = min(options.rows, options.chunk)
        ours = descend(data(n, options.chunk), options.steps)
        numpys = descend(rows(0, n), options.steps)
        np.testing.assert_allclose(ours, numpys, rtol=1e-9)
        print(f"on {n:,} rows the same parameters as NumPy's: {numpys[:3].round(4)} ...")
        peaks: Any = client.run(peak)
        for worker, used in peaks.items():
            print(f"peak memory of {worker}: {used:.0f} MiB")


if __name__ == "__main__":
    main()
