"""Why it is slow: the valley is steep across and flat along."""

from typing import Any

import numpy as np

from tinypt_core import grad, hessian


def rosenbrock(x: Any) -> Any:
    return 100 * (x[1] - x[0] ** 2) ** 2 + (x[0] - 1) ** 2


minimum = np.array([1.0, 1.0])
curvature, direction = np.linalg.eigh(hessian(rosenbrock)(minimum))
print(f"along the valley {curvature[0]:.3f}, across it {curvature[1]:.1f}")
print(f"steeper by a factor of {curvature[1] / curvature[0]:.0f}")
print(f"a step longer than {2 / curvature[1]:.5f} jumps out of the valley")

x, lr = minimum + 0.01 * direction[:, 0], 0.9 * 2 / curvature[1]
start, steps = np.linalg.norm(x - minimum), 0
while np.linalg.norm(x - minimum) > start / 2:
    x = x - lr * grad(rosenbrock)(x)
    steps += 1
print(f"and with nearly that, half of the way along takes {steps} steps")
