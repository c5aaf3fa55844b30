"""Operators with one mistake each, in the gradient rule.

`WRONG` maps each to the promise that should catch it, and the samples to try it on.
"""

from __future__ import annotations

import numpy as np

from tinypt_core import Function, Variable

WRONG = []


def wrong(promise, *samples):
    def register(cls):
        WRONG.append((cls, promise, samples))
        return cls

    return register


class Sine(Function):
    """Sine, to be spoiled."""

    elementwise = True

    def forward(self, x):
        return np.sin(x)


class Product(Function):
    """Product, to be spoiled."""

    elementwise = True

    def forward(self, x0, x1):
        return x0 * x1


@wrong("gradient")
class WrongSign(Function):
    """Cosine."""

    def forward(self, x):
        return np.cos(x)

    def backward(self, gy, x):
        return gy * np.sin(x)


@wrong("gradient")
class FactorOffByALittle(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x) * 1.0001


@wrong("gradient")
class FactorOffByAMillionth(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x) * (1 + 1e-6)


@wrong("gradient")
class ConstantTermForgotten(Function):
    """y = x^2 + x."""

    def forward(self, x):
        return x * x + x

    def backward(self, gy, x):
        return gy * 2 * x


@wrong("gradient")
class Swapped(Product):
    """Product."""

    def backward(self, gy, x0, x1):
        return gy * x0, gy * x1


@wrong("gradient")
class SecondMissing(Product):
    """Product."""

    def backward(self, gy, x0, x1):
        return gy * x1, None


@wrong("gradient")
class ZeroGradient(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * 0


@wrong("gradient")
class NegativeInput(Function):
    """y = |x| x."""

    def forward(self, x):
        return np.abs(x) * x

    def backward(self, gy, x):
        return gy * 2 * x


@wrong("gradient")
class OnlyForLarge(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.where(x > 20, 0.5, 1.0) * np.cos(x)


@wrong("gradient")
class OnlyForHuge(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.where(np.abs(x) > 100, 0.0, 1.0) * np.cos(x)


@wrong("gradient")
class OnlyForTiny(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.where(np.abs(x) < 1e-3, 0.0, 1.0) * np.cos(x)


@wrong("gradient")
class OnlyAtZero(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.where(x == 0, 0.0, 1.0) * np.cos(x)


@wrong("gradient")
class OnlyAtWholeNumbers(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.where(x == np.round(x), 2.0, 1.0) * np.cos(x)


@wrong("gradient")
class NanForLarge(Function):
    """Logistic: y = 1 / (1 + e^-x)."""

    def forward(self, x):
        return 1 / (1 + np.exp(-x))

    def backward(self, gy, x):
        return gy * np.exp(-x) / (1 + np.exp(-x)) ** 2


@wrong("gradient")
class OneSidedAtAKink(Function):
    """Absolute value."""

    def forward(self, x):
        return np.abs(x)

    def backward(self, gy, x):
        return gy * np.where(x >= 0, 1.5, -1.0)


@wrong("gradient")
class WrongAlongOneAxis(Function):
    """Sum of squares along an axis."""

    def __init__(self, axis=None):
        self.axis = axis

    def forward(self, x):
        return np.sum(x * x, axis=self.axis)

    def backward(self, gy, x):
        if self.axis is None:
            return gy * 2 * x
        if self.axis in (1, -1):
            return np.expand_dims(gy, self.axis) * x * 3
        return np.expand_dims(gy, self.axis) * 2 * x


@wrong("gradient")
class OnlyTheFirstRow(Sine):
    """Sine."""

    def backward(self, gy, x):
        if len(x.shape) < 2 or 0 in x.shape:
            return gy * np.cos(x)
        keep = (np.arange(x.shape[0]) == 0).astype(x.dtype).reshape(-1, *[1] * (len(x.shape) - 1))
        return gy * np.cos(x) * keep


@wrong("gradient")
class WrongOnSingletonAxis(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x) * (2 if 1 in x.shape else 1)


@wrong("gradient")
class WrongOnThreeAxes(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x) * (2 if len(x.shape) == 3 else 1)


@wrong("gradient")
class WrongWhenLong(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x) * (1 if len(x.shape) != 1 or x.shape[0] < 100 else 2)


A, B = np.arange(6.0).reshape(2, 3) / 7, np.arange(12.0).reshape(3, 4) / 5


@wrong("gradient", (A[:, :2], B[:2, :2]))
class NotTransposed(Function):
    """Matrix product of square matrices."""

    def forward(self, a, b):
        return a @ b

    def backward(self, gy, a, b):
        return gy @ b, a.T @ gy


@wrong("gradient", (A + 1, 3.0))
class WrongParameter(Function):
    """y = x^c."""

    def __init__(self, c):
        self.c = c

    def forward(self, x):
        return x**self.c

    def backward(self, gy, x):
        return gy * self.c * x


@wrong("gradient")
class SecondOutputForgotten(Function):
    """Sine and cosine."""

    def forward(self, x):
        return np.sin(x), np.cos(x)

    def backward(self, gy0, gy1, x):
        return gy0 * np.cos(x)


@wrong("gradient")
class RuleRaises(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cosine(x)


@wrong("linear")
class SquaresGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * gy * np.cos(x)


@wrong("linear")
class ClipsGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        return np.clip(gy, -100, 100) * np.cos(x)


@wrong("linear")
class DropsTinyGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * (np.abs(gy) > 1e-6) * np.cos(x)


@wrong("linear")
class AddsToGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        return (gy + 1) * np.cos(x)


@wrong("linear")
class NormalisesGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy / (1 + np.abs(gy)) * np.cos(x)


@wrong("linear")
class IgnoresGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        return np.cos(x)


@wrong("gradient-form")
class OneGradientForTwo(Product):
    """Product."""

    def backward(self, gy, x0, x1):
        return gy * x1


@wrong("gradient-form")
class TwoGradientsForOne(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x), gy


@wrong("gradient-form", A)
class WrongShape(Function):
    """Sum over the first axis."""

    keeps_nothing = True

    def forward(self, x):
        return x.sum(axis=0)

    def backward(self, gy):
        return gy


@wrong("gradient-form", A)
class Flattened(Sine):
    """Sine."""

    def backward(self, gy, x):
        return (gy * np.cos(x)).reshape(-1)


@wrong("gradient-form")
class WholeNumbers(Function):
    """Sign times one plus rounding: flat."""

    def forward(self, x):
        return np.floor(x) + x

    def backward(self, gy, x):
        return np.sign(gy).astype(int)


@wrong("broadcasting")
class WrongOnBroadcast(Product):
    """Product."""

    def backward(self, gy, x0, x1):
        factor = 1 if x0.shape == x1.shape else 2
        return gy * x1 * factor, gy * x0


@wrong("broadcasting")
class MeanInsteadOfSum(Function):
    """Sum."""

    def forward(self, x0, x1):
        return x0 + x1

    def backward(self, gy, x0, x1):
        if x1.shape == (1,) or x1.shape == () != gy.shape:
            return gy, gy.mean().reshape(x1.shape)
        return gy, gy


@wrong("broadcasting")
class CannotBroadcast(Function):
    """Product."""

    def forward(self, x0, x1):
        if x0.shape != x1.shape:
            raise ValueError("shapes differ")
        return x0 * x1

    def backward(self, gy, x0, x1):
        return gy * x1, gy * x0


@wrong("broadcasting")
class RaisesOnBroadcast(Product):
    """Product."""

    def backward(self, gy, x0, x1):
        out = np.zeros(x0.shape) + gy.reshape(x0.shape) * x1
        return out, gy * x0


@wrong("second-order")
class SecondOrderCut(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(getattr(x, "data", x)) if isinstance(x, Variable) else gy * np.cos(x)


@wrong("second-order")
class Detached(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x.detach() if isinstance(x, Variable) else x)


@wrong("second-order")
class HiddenIntermediate(Function):
    """Sine."""

    def forward(self, x):
        self.cos = np.cos(x)
        return np.sin(x)

    def backward(self, gy):
        return gy * self.cos


_closed = {}


@wrong("second-order")
class HiddenInTheModule(Function):
    """Sine."""

    def forward(self, x):
        _closed["cos"] = np.cos(x)
        return np.sin(x)

    def backward(self, gy):
        return gy * _closed["cos"]


@wrong("second-order")
class HiddenInAList(Function):
    """Sine."""

    def __init__(self):
        self.notes = []

    def forward(self, x):
        self.notes.append(np.cos(x))
        return np.sin(x)

    def backward(self, gy):
        return gy * self.notes[-1]


class WrongCosine(Function):
    """Cosine with a wrong derivative."""

    def forward(self, x):
        return np.cos(x)

    def backward(self, gy, x):
        return -gy * np.sin(x) * 1.001


@wrong("second-order")
class SecondOrderWrong(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * WrongCosine()(x) if isinstance(x, Variable) else gy * np.cos(x)


class CosineThenWrong(Function):
    """Cosine, whose derivative has a wrong derivative."""

    def forward(self, x):
        return np.cos(x)

    def backward(self, gy, x):
        if isinstance(x, Variable):
            return -gy * WrongSine()(x)
        return -gy * np.sin(x)


class WrongSine(Sine):
    """Sine with a wrong derivative."""

    def backward(self, gy, x):
        return gy * np.sin(x)


@wrong("third-order")
class OnlyThirdOrder(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * CosineThenWrong()(x) if isinstance(x, Variable) else gy * np.cos(x)


@wrong("second-order")
class SecondAtZero(Function):
    """Cardinal sine, unnormalised."""

    def forward(self, x):
        safe = np.where(x == 0, 1.0, x)
        return np.where(x == 0, 1.0, np.sin(safe) / safe)

    def backward(self, gy, x):
        nonzero = x != 0
        safe = np.where(nonzero, x, 1.0)
        return gy * np.where(nonzero, np.cos(safe) / safe - np.sin(safe) / safe**2, 0.0)


@wrong("adjoint")
class LosesGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        return (Variable(gy._array) if isinstance(gy, Variable) else gy) * np.cos(x)


@wrong("create-graph")
class OtherNumbersWhenRecorded(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x) * (2 if isinstance(gy, Variable) else 1)


@wrong("create-graph")
class SlightlyOtherWhenRecorded(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x) * (1 + 1e-8 if isinstance(gy, Variable) else 1)
