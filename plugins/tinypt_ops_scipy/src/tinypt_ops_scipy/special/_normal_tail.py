"""The tail of the normal distribution: what nearly cancels there, by a continued fraction.

With t = -x and the density φ and distribution Φ, φ(x)/Φ(x) = t + c₁ and cₙ = n/(t + cₙ₊₁):
Laplace's continued fraction (DLMF 7.9.3, for erfc). cₙ is n times the ratio of the n-th to the
(n-1)-th repeated integral of Φ, and so its derivative by t is cₙ (cₙ - cₙ₊₁).
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np
from tinypt_core import Function, anywhere

from tinypt_ops_scipy._scipy import special

_FAR = 1.25  # from here on the fraction, with so many terms for 16 digits; before, from φ/Φ
_TERMS = 150


class InverseMills(Function):
    """h = φ(x)/Φ(x), in the tail √(2/π) / erfcx(-x/√2), elementwise; h' = -h c₁ with c₁ = x + h.

    An operator of its own, because the derivative of Φ and erfcx would be ∞ · 0 far out.
    """

    __slots__ = ()

    def forward(self, x: Any) -> Any:
        far = x < -_FAR
        near, x = np.where(far, 0, np.minimum(x, 60)), np.where(far, x, 0)  # beyond, h is 0
        h = np.exp(-0.5 * near * near) / (sqrt(2 * pi) * special.ndtr(near))
        return np.where(far, sqrt(2 / pi) / special.erfcx(-sqrt(0.5) * x), h)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * MillsSlope().of(x, y)


class MillsSlope(Function):
    """-h c₁, elementwise. Its derivative, h c₁ (2c₁ - c₂), would cancel in the tail.

    It is h c₁² c₂ (c₃ - c₂) as well, and c₃ - c₂ = (t + 3c₃ - 2c₄) / ((t + c₃) (t + c₄)). h is
    there to save time; the derivative by x counts all of it.
    """

    __slots__ = ()
    passes_over = 1

    def forward(self, x: Any, h: Any) -> Any:
        return -h * NormalTail(1).forward(-x)

    def backward(self, gy: Any, x: Any, h: Any) -> Any:
        far = x < -_FAR
        near, t = np.where(far, 0, x), np.where(far, -x, 2)
        d1 = near + h
        c4 = NormalTail(4).of(t)
        c3 = 3 / (t + c4)
        c2 = 2 / (t + c3)
        c1 = 1 / (t + c2)
        tail = c1 * c1 * c2 * ((t + 3 * c3 - 2 * c4) / ((t + c3) * (t + c4)))
        return gy * (h * np.where(far, tail, d1 * (2 * d1 - 1 / d1 - near))), None


class NormalTail(Function):
    """cₙ(t), elementwise; n at least 1."""

    __slots__ = ("n",)

    def __init__(self, n: int) -> None:
        self.n = n

    def forward(self, t: Any) -> Any:
        far = t > _FAR
        near = np.where(far, 0, t)
        c = InverseMills().forward(-near) - near
        for k in range(1, self.n):
            c = k / c - near
        return np.where(far, _fraction(np.where(far, t, 2), self.n), c) if anywhere(far) else c

    def backward(self, gy: Any, t: Any, y: Any) -> Any:
        return gy * (y * (y - NormalTail(self.n + 1).of(t)))


def _fraction(t: Any, n: int) -> Any:
    last = n + _TERMS
    r = sqrt(4 * last - 2) / t
    c = (2 * last - 1) / (t + t * np.sqrt(1 + r * r))  # what cₙ(t) tends to for large n
    for k in range(last - 1, n - 1, -1):
        c = k / (t + c)
    return c
