"""Right operators that are unusual: thin domains, odd styles, ties, parameters of every kind."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np

from tinypt_core import Function

GOOD = []


def good(*samples):
    def register(cls):
        GOOD.append((cls, samples))
        return cls

    return register


A = np.linspace(0.35, 1.75, 6).reshape(2, 3)
P = np.array([[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]])
S = np.array([[2.0, 0.3, -0.4], [0.3, 1.5, 0.2], [-0.4, 0.2, 3.0]])


# -- domains that raise --------------------------------------------------------------------------


@good((P,))
class Entropy(Function):
    """Entropy of distributions: of rows that sum to 1, and nothing else."""

    def forward(self, p):
        if np.any(p < 0) or np.any(np.abs(np.sum(p, axis=-1) - 1) > 1e-6):
            raise ValueError("rows must be distributions")
        return -np.sum(p * np.log(p), axis=-1, keepdims=True)

    def backward(self, gy, p):
        return -gy * (np.log(p) + 1)


@good((P, P[::-1].copy()))
class Divergence(Function):
    """Kullback and Leibler's, of two distributions."""

    def forward(self, p, q):
        for x in (p, q):
            if np.any(np.abs(np.sum(x, axis=-1) - 1) > 1e-6):
                raise ValueError("rows must be distributions")
        return np.sum(p * np.log(p / q), axis=-1, keepdims=True)

    def backward(self, gy, p, q):
        return gy * (np.log(p / q) + 1), -gy * p / q


@good((S,), (np.stack([S, 2 * S]),))
class TraceOfCube(Function):
    """tr(x^3) of symmetric matrices, and nothing else."""

    def forward(self, x):
        if not np.array_equal(x, np.swapaxes(x, -1, -2)):
            raise np.linalg.LinAlgError("not symmetric")
        return np.trace(x @ x @ x, axis1=-2, axis2=-1)

    def backward(self, gy, x):
        return 3 * np.expand_dims(gy, (-1, -2)) * (x @ x)


@good((S,))
class NearlySymmetric(Function):
    """log det of matrices that are symmetric up to rounding."""

    def forward(self, x):
        if not np.allclose(x, x.T):
            raise np.linalg.LinAlgError("not symmetric")
        return np.linalg.slogdet(x)[1]

    def backward(self, gy, x):
        return gy * np.linalg.inv(x)


@good((np.array([0.6, -0.8]),))
class OnTheCircle(Function):
    """x0 x1 of unit vectors, and nothing else."""

    def forward(self, x):
        if abs(np.sum(x * x) - 1) > 1e-6:
            raise ValueError("not a unit vector")
        return x[0] * x[1]

    def backward(self, gy, x):
        return gy * x[::-1]


@good(np.array([-0.9, 0.1, 0.999]), np.array(0.3))
class ArcsinInside(Function):
    """Inverse sine, which refuses what lies outside [-1, 1]."""

    def forward(self, x):
        if np.any(np.abs(x) > 1):
            raise ValueError("outside [-1, 1]")
        return np.arcsin(x)

    def backward(self, gy, x):
        return gy / np.sqrt(1 - x * x)


@good(np.array([1e-5, 0.5, 3.0]))
class RootOfPositive(Function):
    """Square root, which refuses negative numbers."""

    elementwise = True

    def forward(self, x):
        if np.any(x < 0):
            raise ValueError("negative")
        return np.sqrt(x)

    def backward(self, gy, y):
        return gy / (2 * y)


@good(np.array([0.0, 0.5, 3.0]))
class AtTheEdge(Function):
    """x^1.5 of what is not negative, also at 0, the edge of its domain."""

    def forward(self, x):
        if np.any(x < 0):
            raise ValueError("negative")
        return x * np.sqrt(x)

    def backward(self, gy, x):
        return 1.5 * gy * np.sqrt(x)


@good((np.array([0.1, 0.35, 0.8]),))
class Increasing(Function):
    """Gaps between numbers in order, and nothing else."""

    def forward(self, x):
        if np.any(x[1:] <= x[:-1]):
            raise ValueError("not in order")
        return x[1:] - x[:-1]

    def backward(self, gy):
        return np.concatenate([-gy[:1], gy[:-1] - gy[1:], gy[-1:]])


@good((np.array([30.0, -20.0, 5.0]),))
class NoOverflow(Function):
    """Exponential, which refuses what would be inf."""

    def forward(self, x):
        if np.any(x > 80):
            raise OverflowError("too large")
        return np.exp(x)

    def backward(self, gy, y):
        return gy * y


# -- ties and kinks ------------------------------------------------------------------------------


@good((A,), (np.array([1.0, 1.0, 0.5]),))
class SharedMax(Function):
    """The largest element; ties share the gradient."""

    def forward(self, x):
        return np.max(x)

    def backward(self, gy, x, y):
        hit = np.equal(x, y)
        return gy * hit / np.sum(hit).astype(gy.dtype)


@good((A,), (np.array([1.0, 1.0, 0.5]),))
class FirstMax(Function):
    """The largest element; the first of those that tie has the gradient."""

    def forward(self, x):
        self.first = int(np.argmax(x))
        return np.max(x)

    def backward(self, gy):
        hot = np.arange(int(np.prod(self.shapes[0]))) == self.first
        return gy * hot.reshape(self.shapes[0])


@good()
class LeftMaximum(Function):
    """The larger of two; where they tie, all to the first."""

    elementwise = True

    def forward(self, x0, x1):
        return np.maximum(x0, x1)

    def backward(self, gy, x0, x1):
        return gy * (x0 >= x1), gy * (x1 > x0)


@good()
class Huber(Function):
    """Quadratic near 0, linear further out."""

    elementwise = True

    def forward(self, x):
        return np.where(np.abs(x) < 1, x * x / 2, np.abs(x) - 0.5)

    def backward(self, gy, x):
        return gy * np.clip(x, -1, 1)


@good((np.array([0.3, 2.0, -1.0, 0.7]),))
class SecondLargest(Function):
    """The second largest element."""

    def forward(self, x):
        self.where = int(np.argsort(x)[-2])
        return np.sort(x)[-2]

    def backward(self, gy):
        return gy * (np.arange(self.shapes[0][0]) == self.where)


# -- parameters of every kind --------------------------------------------------------------------


@good((A, [2, 0]), (A, (1, 1)))
class Columns(Function):
    """Some columns, by a list that is copied."""

    def __init__(self, columns):
        self.columns = tuple(columns)

    def forward(self, x):
        return x[:, list(self.columns)]

    def backward(self, gy):
        hot = np.equal.outer(np.array(self.columns), np.arange(self.shapes[0][1]))
        return gy @ hot.astype(gy.dtype)


class Side(enum.Enum):
    """Which half of the line."""

    LEFT = -1.0
    RIGHT = 1.0


@good((A, Side.LEFT), (-A, Side.RIGHT))
class Half(Function):
    """max(±x, 0), by an enumeration."""

    def __init__(self, side):
        self.side = side

    def forward(self, x):
        return np.maximum(self.side.value * x, 0)

    def backward(self, gy, x):
        return gy * self.side.value * (self.side.value * x > 0)


@good((A, (1.0, 0.0, -2.0)))
class Horner(Function):
    """A polynomial, by its coefficients; its rule is the polynomial of the derivative."""

    def __init__(self, coefficients):
        self.coefficients = tuple(coefficients)

    def forward(self, x):
        y = x * 0
        for c in self.coefficients:
            y = y * x + c
        return y

    def backward(self, gy, x):
        n = len(self.coefficients) - 1
        slope = [c * (n - i) for i, c in enumerate(self.coefficients[:-1])] or [0.0]
        return gy * Horner(slope).of(x)


@good((A, {"power": 3}), (A, {"power": 2, "scale": 0.5}))
class KeywordParameters(Function):
    """scale x^power, keywords only."""

    def __init__(self, *, power, scale=1.0):
        self.power, self.scale = power, scale

    def forward(self, x):
        return self.scale * x**self.power

    def backward(self, gy, x):
        return gy * self.scale * self.power * x ** (self.power - 1)


@good((A, 0.5))
@dataclass(eq=False)
class Leaky(Function):
    """A dataclass: x, or slope x where it is negative."""

    slope: float

    def forward(self, x):
        return np.where(x > 0, x, self.slope * x)

    def backward(self, gy, x):
        return np.where(x > 0, gy, self.slope * gy)


@good((A, {"shift": "up"}), (A, {"shift": "down"}))
class ByName(Function):
    """A parameter that is a word, checked by apply."""

    def __init__(self, by):
        self.by = by

    @classmethod
    def apply(cls, x, shift="up"):
        """x ± 1."""
        return cls({"up": 1.0, "down": -1.0}[shift])(x)

    def forward(self, x):
        return x + self.by

    def backward(self, gy):
        return gy


# -- styles --------------------------------------------------------------------------------------


class SharedRule(Function):
    """A base class that only shares its rule."""

    def backward(self, gy, x):
        return gy * self.slope(x)


@good()
class FasterSine(SharedRule):
    """sin(3 x) / 3, whose slope is a method."""

    elementwise = True

    def forward(self, x):
        return np.sin(3 * x) / 3

    def slope(self, x):
        return np.cos(3 * x)


@good()
class CallsItself(Function):
    """Sine; its rule runs it again, a quarter further."""

    elementwise = True

    def __init__(self, quarter=0):
        self.quarter = quarter

    def forward(self, x):
        return (np.sin(x), np.cos(x), -np.sin(x), -np.cos(x))[self.quarter % 4]

    def backward(self, gy, x):
        return gy * CallsItself(self.quarter + 1).of(x)


@good()
class ThreeOutputs(Function):
    """Three outputs of three shapes, one of them of integers."""

    def forward(self, x):
        return np.sum(x), 2 * x, np.array(x.size)

    def backward(self, g_sum, g_twice, g_size):
        return g_sum + 2 * g_twice


@good((np.arange(6).reshape(2, 3), A))
class Counted(Function):
    """An input of integers, which has no gradient."""

    def forward(self, n, x):
        return n.astype(x.dtype) * x

    def backward(self, gy, n, x):
        return None, gy * n.astype(gy.dtype)


@good((A, A.T.copy()))
class ByEinsum(Function):
    """Matrix product, by einsum."""

    def forward(self, a, b):
        return np.einsum("ij,jk->ik", a, b)

    def backward(self, gy, a, b):
        return np.einsum("ik,jk->ij", gy, b), np.einsum("ij,ik->jk", a, gy)


@good((np.array([0.2, 1.4, 2.9]),))
class Interpolated(Function):
    """Piecewise linear, by a table of the class."""

    xs, ys = np.arange(5.0), np.array([0.0, 1.0, -1.0, 2.0, 2.5])

    def forward(self, x):
        return np.interp(x, self.xs, self.ys).astype(x.dtype)

    def backward(self, gy, x):
        slopes = np.diff(self.ys)
        total = gy * 0
        for i, slope in enumerate(slopes):
            total = total + gy * np.where((x >= i) & (x < i + 1), float(slope), 0.0).astype(
                gy.dtype
            )
        return total


@good((A,))
class RunningSum(Function):
    """Cumulative sum of rows; the rule sums from the other end."""

    def forward(self, x):
        return np.cumsum(x, axis=-1)

    def backward(self, gy):
        return np.cumsum(gy[..., ::-1], axis=-1)[..., ::-1]


@good((np.array([0.5, -1.0, 2.0, 0.1]),))
class Convolved(Function):
    """A filter of the class, as a matrix that the constructor made."""

    def __init__(self):
        self.matrix = np.eye(4) + 0.5 * np.eye(4, k=1) - 0.25 * np.eye(4, k=-1)

    def forward(self, x):
        return self.matrix.astype(x.dtype) @ x

    def backward(self, gy):
        return self.matrix.T.astype(gy.dtype) @ gy


@good((A, 2.0))
class RowByRow(Function):
    """As many outputs as the input has rows."""

    def __init__(self, by):
        self.by = by

    def forward(self, x):
        return tuple(self.by * row for row in x)

    def backward(self, g0, g1):
        return self.by * np.stack([g0, g1])
