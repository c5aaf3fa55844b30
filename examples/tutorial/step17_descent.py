"""Gradient descent on the Rosenbrock function: a step downhill, ten thousand times."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from tinypt_core import Variable


def rosenbrock(x0: Variable, x1: Variable) -> Any:
    return 100 * (x1 - x0**2) ** 2 + (x0 - 1) ** 2


x0, x1 = Variable(np.array(0.0)), Variable(np.array(2.0))
lr, path = 0.001, []
for i in range(10_001):
    path.append((x0.item(), x1.item()))
    if i in (0, 100, 1000, 10_000):
        print(f"after {i:>6,} steps: ({x0.item():.4f}, {x1.item():.4f})")
    y = rosenbrock(x0, x1)
    x0.cleargrad()
    x1.cleargrad()
    y.backward()
    x0.data -= lr * x0.grad
    x1.data -= lr * x1.grad

figure, axes = plt.subplots(figsize=(6, 4))
grid = np.meshgrid(np.linspace(-0.5, 1.5, 60), np.linspace(-0.5, 2.2, 60))
height = 100 * (grid[1] - grid[0] ** 2) ** 2 + (grid[0] - 1) ** 2
axes.contour(*grid, height, levels=np.logspace(-1, 2.5, 8), alpha=0.5)
axes.plot(*np.array(path)[[*range(20), *range(20, 10_001, 500)]].T, ".-", label="descent")
axes.plot(1, 1, "k*", label="minimum")
axes.legend()
figure.savefig("step17_descent.svg")
