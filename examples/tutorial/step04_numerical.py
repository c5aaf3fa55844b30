"""A derivative by trying: step to both sides and divide."""

from collections.abc import Callable
from math import exp, log10


def numerical_diff(f: Callable[[float], float], x: float, eps: float = 1e-4) -> float:
    return (f(x + eps) - f(x - eps)) / (2 * eps)


def f(x: float) -> float:
    return exp(x**2) ** 2


exact = 4 * 0.5 * exp(2 * 0.5**2)
print(f"by trying {numerical_diff(f, 0.5):.10f}")
print(f"in truth  {exact:.10f}")
for eps in (1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-11):
    error = abs(numerical_diff(f, 0.5, eps) - exact)
    print(f"eps {eps:.0e}: {-log10(error):.0f} digits")
