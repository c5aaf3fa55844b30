"""Operators that are right and inaccurate, each beside its accurate form; and noisy ones.

`WRONG` maps each to the promise that should catch it; `GOOD` holds the accurate forms.
"""

from __future__ import annotations

import numpy as np

from tinypt_core import Function

WRONG, GOOD = [], []


def wrong(promise, *samples):
    def register(cls):
        WRONG.append((cls, promise, samples))
        return cls

    return register


def good(*samples):
    def register(cls):
        GOOD.append((cls, samples))
        return cls

    return register


class Elementwise(Function):
    """What all of these are."""

    elementwise = True


@wrong("accuracy")
class NaiveLog1p(Elementwise):
    """log(1 + x)."""

    def forward(self, x):
        return np.log(1 + x)

    def backward(self, gy, x):
        return gy / (1 + x)


@good()
class AccurateLog1p(NaiveLog1p):
    """log(1 + x), without rounding 1 + x."""

    def forward(self, x):
        return np.log1p(x)


@wrong("accuracy")
class NaiveExpm1(Elementwise):
    """exp(x) - 1."""

    def forward(self, x):
        return np.exp(x) - 1

    def backward(self, gy, x):
        return gy * np.exp(x)


@good()
class AccurateExpm1(NaiveExpm1):
    """exp(x) - 1, in one."""

    def forward(self, x):
        return np.expm1(x)


@wrong("accuracy")
class NaiveVersine(Elementwise):
    """1 - cos(x)."""

    def forward(self, x):
        return 1 - np.cos(x)

    def backward(self, gy, x):
        return gy * np.sin(x)


@good()
class AccurateVersine(NaiveVersine):
    """1 - cos(x) = 2 sin(x/2)^2."""

    def forward(self, x):
        return 2 * np.sin(x / 2) ** 2


@wrong("accuracy")
class NaiveSquares(Elementwise):
    """x0^2 - x1^2."""

    def forward(self, x0, x1):
        return x0 * x0 - x1 * x1

    def backward(self, gy, x0, x1):
        return 2 * gy * x0, -2 * gy * x1


@good()
class AccurateSquares(NaiveSquares):
    """x0^2 - x1^2 = (x0 - x1) (x0 + x1)."""

    def forward(self, x0, x1):
        return (x0 - x1) * (x0 + x1)


@wrong("accuracy")
class NaiveSoftplusSlope(Elementwise):
    """Logistic function, and its slope by 1 - y."""

    def forward(self, x):
        return np.where(x > 0, 1 / (1 + np.exp(-np.abs(x))), 1 - 1 / (1 + np.exp(-np.abs(x))))

    def backward(self, gy, y):
        return gy * y * (1 - y)


@good()
class AccurateLogistic(Elementwise):
    """Logistic function of x and its slope: e / (1 + e)^2, e = exp(-|x|)."""

    def forward(self, x):
        e = np.exp(-np.abs(x))
        return np.where(x > 0, 1, e) / (1 + e)

    def backward(self, gy, x):
        return gy * LogisticSlope().of(x)


@good()
class LogisticSlope(Elementwise):
    """e / (1 + e)^2, e = exp(-|x|); its slope is -y tanh(x/2)."""

    def forward(self, x):
        e = np.exp(-np.abs(x))
        return e / (1 + e) ** 2

    def backward(self, gy, x, y):
        return -gy * y * np.tanh(x / 2)


@wrong("accuracy")
class NaiveSinh(Elementwise):
    """(exp(x) - exp(-x)) / 2."""

    def forward(self, x):
        return (np.exp(x) - np.exp(-x)) / 2

    def backward(self, gy, x):
        return gy * np.cosh(x)


@good()
class AccurateSinh(NaiveSinh):
    """sinh, as NumPy has it."""

    def forward(self, x):
        return np.sinh(x)


@wrong("accuracy")
class NaiveRootGap(Elementwise):
    """sqrt(1 + x^2) - 1."""

    def forward(self, x):
        return np.sqrt(1 + x * x) - 1

    def backward(self, gy, x):
        return gy * x / np.sqrt(1 + x * x)


@wrong("accuracy")
class NaiveTangentSlope(Elementwise):
    """Hyperbolic tangent; its slope is lost where y is 1."""

    def forward(self, x):
        return np.tanh(x)

    def backward(self, gy, y):
        return gy * (1 - y * y)


@good()
class AccurateTangent(Elementwise):
    """Hyperbolic tangent; its slope keeps x."""

    def forward(self, x):
        return np.tanh(x)

    def backward(self, gy, x):
        return gy * TangentSlope().of(x)


@good()
class TangentSlope(Elementwise):
    """1 / cosh(x)^2 = 4 e / (1 + e)^2, e = exp(-2 |x|)."""

    def forward(self, x):
        e = np.exp(-2 * np.abs(x))
        return 4 * e / (1 + e) ** 2

    def backward(self, gy, x, y):
        return -2 * gy * y * np.tanh(x)


@wrong("accuracy")
class NaiveDifferenceOfReciprocals(Elementwise):
    """1/x - 1/(x + 1), of x > 0."""

    def forward(self, x):
        return 1 / np.sqrt(x) ** 2 - 1 / (x + 1)

    def backward(self, gy, x):
        return gy * (1 / (x + 1) ** 2 - 1 / x**2)


@good()
class AccurateDifferenceOfReciprocals(Elementwise):
    """1/x - 1/(x + 1) = 1 / (x (x + 1))."""

    def forward(self, x):
        return 1 / x / (x + 1)

    def backward(self, gy, x, y):
        return -gy * y * (1 / x + 1 / (x + 1))


@wrong("accuracy")
class NaiveLogRatio(Elementwise):
    """log(x0 / x1) of positive numbers, from two logarithms."""

    def forward(self, x0, x1):
        return np.log(x0) - np.log(x1)

    def backward(self, gy, x0, x1):
        return gy / x0, -gy / x1


@wrong("accuracy")
class NaiveSecondDerivative(Elementwise):
    """Inverse sine; in its slope 1 - x^2 is made of two parts that nearly cancel when derived."""

    def forward(self, x):
        return np.arcsin(x)

    def backward(self, gy, x):
        return gy / (np.sqrt(1 - x) * np.sqrt(1 + x))


# -- warnings where the result is right ----------------------------------------------------------


@wrong("quiet")
class DividesWhereItDoesNotMatter(Elementwise):
    """x log|x|, and 0 at 0."""

    def forward(self, x):
        return np.where(x == 0, 0.0, x * np.log(np.abs(x))).astype(x.dtype)

    def backward(self, gy, x):
        return gy * np.where(x == 0, 0.0, np.log(np.abs(x)) + 1).astype(x.dtype)


@wrong("quiet")
class OverflowsOnTheWay(Elementwise):
    """Logistic function, as it is written in books."""

    def forward(self, x):
        return 1 / (1 + np.exp(-x))

    def backward(self, gy, y):
        return gy * y * (1 - y)


@wrong("quiet")
class NoisyStep(Elementwise):
    """The sign of x, as x / |x|."""

    def forward(self, x):
        return np.nan_to_num(x / np.abs(x))

    def backward(self, gy):
        return gy * 0
