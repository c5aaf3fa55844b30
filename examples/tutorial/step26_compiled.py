"""A compiled gradient to read: plain NumPy, and nothing else."""

from typing import Any

import numpy as np
from tinypt_compile import compile

from tinypt_core import grad, value_and_grad


def rosenbrock(x0: Any, x1: Any) -> Any:
    return 100 * (x1 - x0**2) ** 2 + (x0 - 1) ** 2


fast = compile(value_and_grad(rosenbrock, (0, 1)))
print(fast(0.0, 2.0))
print(fast.source(0.0, 2.0))
print(compile(grad(grad(np.tanh))).source(1.0))
