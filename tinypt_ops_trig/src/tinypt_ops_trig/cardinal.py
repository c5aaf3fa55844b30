"""The normalised sine cardinal and its derivatives of every order."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function


class Sinc(Function):
    """Normalised sinc, elementwise: y = sin(πx) / (πx), and 1 at 0. x: any shape.

    Its derivatives of every order are smooth through 0 and computed as such.

    >>> from tinypt_core import Variable
    >>> np.sinc(Variable(np.array(0.0)))
    variable(1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.sinc(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * SincDerivative(1).of(x)


class SincDerivative(Function):
    """The n-th derivative of sin(πx) / (πx), n at least 1, elementwise.

    With t = πx and f = sin(t)/t, for |t| > n by t f⁽ⁿ⁾ + n f⁽ⁿ⁻¹⁾ = sin(t + nπ/2), which comes of
    differentiating t f = sin t; nearer to 0, where that loses all digits, by the series
    f⁽ⁿ⁾ = Σ (-1)ᵏ t²ᵏ⁻ⁿ / ((2k + 1) (2k - n)!) over 2k >= n.
    """

    __slots__ = ("n",)
    elementwise = True

    def __init__(self, n: int) -> None:
        self.n = n

    def forward(self, x: Any) -> Any:
        t = np.pi * x
        far = np.abs(t) > self.n
        wave = _recurrence(np.where(far, t, self.n), self.n)
        return np.where(far, wave, _series(np.where(far, 0, t), self.n)) * np.pi**self.n

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * SincDerivative(self.n + 1).of(x)


def _recurrence(t: Any, n: int) -> Any:
    waves = np.sin(t), np.cos(t), -np.sin(t), -np.cos(t)
    f = waves[0] / t
    for k in range(1, n + 1):
        f = (waves[k % 4] - k * f) / t
    return f


def _series(t: Any, n: int) -> Any:
    """Summed until the terms vanish beside 1: some n + 20 of them for |t| <= n."""
    k = (n + 1) // 2
    power = t ** (2 * k - n)  # t²ᵏ⁻ⁿ / (2k - n)!
    total: Any = 0
    for i in range(k, k + n + 20):
        total = total + (-1) ** i * power / (2 * i + 1)
        power = power * t * t / ((2 * i - n + 1) * (2 * i - n + 2))
    return total
