"""The sine from its Taylor series: a loop with an exit, and its derivative."""

from math import factorial, pi
from typing import Any

import numpy as np

from tinypt_core import Variable
from tinypt_viz import plot_dot_graph


def sine(x: Variable, threshold: float) -> Any:
    y = x
    for i in range(1, 100):
        term = (-1) ** i / factorial(2 * i + 1) * x ** (2 * i + 1)
        y = y + term
        if abs(term.item()) < threshold:
            break
    return y


for threshold in (1e-2, 1e-4, 1e-16):
    x = Variable(np.array(pi / 4), name="x")
    y = sine(x, threshold)
    y.name = "y"
    y.backward()
    print(f"{threshold:.0e}: {y.item():.12f} {x.grad:.12f}")
    if threshold == 1e-4:
        plot_dot_graph(y, verbose=False, style="formula", to_file="step20_taylor.svg")
print(f"truth: {np.sin(pi / 4):.12f} {np.cos(pi / 4):.12f}")
