"""The derivatives of tanh, orders 1 to 6: their curves, and the graph of each.

python examples/tanh_derivatives.py [--orders 6] [--output output]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from tinypt_core import Variable, grad, gradients, graph
from tinypt_viz import plot_dot_graph


def draw_graphs(orders: int, folder: Path) -> None:
    x = Variable(np.array(1.0), name="x")
    y = np.tanh(x)
    for order in range(1, orders + 1):
        (y,) = gradients(y, x, create_graph=True)
        y.name = f"gx{order}"
        nodes = sum(node.id.startswith("f") for node in graph(y).nodes)
        picture = plot_dot_graph(y, verbose=False, to_file=str(folder / f"tanh_gx{order}.svg"))
        print(f"order {order}: {y.item():+.12f} at 1, {nodes} operators: {picture}")


def draw_curves(orders: int, to_file: Path) -> Path:
    x = np.linspace(-5, 5, 400)
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    axes.plot(x, np.tanh(x), "black", linewidth=1.5, label="tanh")
    f: Any = np.tanh
    for order in range(1, orders + 1):
        f = grad(f)
        axes.plot(x, [f(v) for v in x], linewidth=1, label=f"order {order}")
    axes.set(xlabel="x", yscale="symlog", title="tanh and its derivatives (linear up to 1)")
    axes.legend(ncols=2)
    figure.savefig(to_file, dpi=120)
    plt.close(figure)
    return to_file


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--orders", type=int, default=6, help="the highest order")
    parser.add_argument("--output", type=Path, default=Path("output"), help="where pictures go")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    draw_graphs(options.orders, options.output)
    print(f"their curves: {draw_curves(options.orders, options.output / 'tanh_derivatives.png')}")


if __name__ == "__main__":
    main()
