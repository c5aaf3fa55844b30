"""Higher derivatives: a gradient is computed by operators, so it has a gradient too."""

from typing import Any

import numpy as np

from tinypt_core import Variable, grad, gradients


def f(x: Any) -> Any:
    return x**4 - 2 * x**2


x = Variable(np.array(2.0))
y = f(x)
(first,) = gradients(y, x, create_graph=True)
(second,) = gradients(first, x)
print(first, second)

# the same without Variables in sight, and as deep as you like
print(grad(f)(2.0), grad(grad(f))(2.0), grad(grad(grad(f)))(2.0))

# Newton's method for a minimum of f
x0 = 2.0
for _ in range(7):
    print(f"{x0:.10f}")
    x0 = float(x0 - grad(f)(x0) / grad(grad(f))(x0))
