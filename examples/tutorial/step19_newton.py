"""Newton's method divides by the curvature, so that all directions are alike."""

from typing import Any

import numpy as np

from tinypt_core import grad, hessian


def rosenbrock(x: Any) -> Any:
    return 100 * (x[1] - x[0] ** 2) ** 2 + (x[0] - 1) ** 2


x = np.array([0.0, 2.0])
for steps in range(6):
    print(steps, x)
    x = x - np.linalg.solve(hessian(rosenbrock)(x), grad(rosenbrock)(x))
