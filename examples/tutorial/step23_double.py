"""Double backpropagation: a loss that contains a gradient."""

from typing import Any

import numpy as np

from tinypt_core import Variable, gradients

x = Variable(np.array(2.0))
y = x**2
(gx,) = gradients(y, x, create_graph=True)  # 2x, and it knows where it comes from
z = gx**3 + y  # 8x³ + x²
z.backward()
print(x.grad, "=", 24 * 2.0**2 + 2 * 2.0)

# what it is good for: a fit that is held to be flat
rng = np.random.default_rng(0)
points = Variable(np.linspace(-1, 1, 20))
noisy = np.sin(3 * points.data) + 0.3 * rng.normal(size=20)


def curve(c: Variable) -> tuple[Any, Any]:
    y: Any = np.stack([points**k for k in range(8)], axis=1) @ c
    return y, gradients(y, points, create_graph=True)[0]


for penalty in (0.0, 0.01, 0.1):
    c = Variable(np.zeros(8))
    for _ in range(300):
        y, slope = curve(c)
        loss: Any = np.mean((y - noisy) ** 2) + penalty * np.mean(slope**2)
        c.cleargrad()
        loss.backward()
        c.data -= 0.1 * c.grad
    print(f"penalty {penalty}: mean squared slope {np.mean(curve(c)[1].data ** 2):.2f}")
