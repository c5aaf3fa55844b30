"""Differences of ln Γ and its derivatives between a and a + b, where b may be far smaller than a.

Both are moved up by the recurrence to where the asymptotic series holds (DLMF 5.5.1, 5.11.1 and
5.15.8), and all powers are subtracted as (a + b)^-m - a^-m = a^-m expm1(-m log1p(b/a)).
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np

from tinypt_ops_scipy._scipy import special

_STEPS = 15
#: the Bernoulli numbers B₂, B₄ ... B₁₈, each after its index
_BERNOULLI = [(j, float(special.bernoulli(18)[j])) for j in range(2, 20, 2)]


def difference(n: int, a: Any, b: Any) -> Any:
    """ψ⁽ⁿ⁾(a + b) - ψ⁽ⁿ⁾(a) for a > 0 and b >= 0, elementwise; the same of ln Γ for n = -1.

    >>> difference(0, np.array([1e8]), np.array([1.0]))  # 1/a
    array([1.e-08])
    """
    return _asymptotic(n, a + float(_STEPS), b) - _recurred(n, a, b)


def _recurred(n: int, a: Any, b: Any) -> Any:
    """What the steps from a to a + 15 add to the difference."""
    if n < 0:
        return sum(np.log1p(b / (a + k)) for k in range(_STEPS))
    c = float((-1) ** n * factorial(n))
    return c * sum(_powers(a + k, b, n + 1) for k in range(_STEPS))


def _asymptotic(n: int, z: Any, b: Any) -> Any:
    log = np.log1p(b / z)
    if n < 0:
        y = (z - 0.5) * log + b * (np.log(z + b) - 1)
        return y + sum(w / (j * (j - 1)) * _powers(z, b, j - 1) for j, w in _BERNOULLI)
    sign = (-1) ** (n + 1)
    first = log if n == 0 else sign * factorial(n - 1) * _powers(z, b, n)
    y = first + 0.5 * sign * factorial(n) * _powers(z, b, n + 1)
    for j, w in _BERNOULLI:
        y = y + sign * w * (factorial(j + n - 1) / factorial(j)) * _powers(z, b, j + n)
    return y


def _powers(z: Any, b: Any, m: int) -> Any:
    """(z + b)^-m - z^-m."""
    return np.expm1(-m * np.log1p(b / z)) / z**m
