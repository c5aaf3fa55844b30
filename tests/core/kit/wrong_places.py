"""Operators with one mistake each: about what they are given, and what they say of themselves.

`WRONG` maps each to the promise that should catch it, and the samples to try it on.
"""

from __future__ import annotations

import numpy as np

from tinypt_core import Function

WRONG = []

A = np.linspace(0.35, 1.75, 6).reshape(2, 3)


def wrong(promise, *samples):
    def register(cls):
        WRONG.append((cls, promise, samples))
        return cls

    return register


# -- elementwise = True, and it is not ---------------------------------------------------------


@wrong("elementwise")
class Centred(Function):
    """y = x - mean(x)."""

    elementwise = True

    def forward(self, x):
        return x - np.mean(x)

    def backward(self, gy):
        return gy - np.mean(gy)


@wrong("elementwise", (A,))
class Scaled(Function):
    """y = x / max |x|, as if the largest were a constant of the call: the mistake is one word."""

    elementwise = True

    def forward(self, x):
        return x / np.sqrt(np.sum(x * x))

    def backward(self, gy, x):
        size = np.sqrt(np.sum(x * x))
        return gy / size - x * np.sum(gy * x) / size**3


@wrong("elementwise")
class Reversed(Function):
    """Back to front: arithmetic it is not."""

    elementwise = True

    def forward(self, x):
        return np.flip(x)

    def backward(self, gy):
        return np.flip(gy)


@wrong("elementwise", (A, np.flip(A)))
class PairedWithTheNext(Function):
    """Each with its neighbour."""

    elementwise = True

    def forward(self, x0, x1):
        return x0 * np.roll(x1, 1)

    def backward(self, gy, x0, x1):
        return gy * np.roll(x1, 1), np.roll(gy * x0, -1)


@wrong("elementwise")
class CoarseWhenLarge(Function):
    """Sine, with a rule of thumb for many elements."""

    elementwise = True

    def forward(self, x):
        return np.sin(x)

    def backward(self, gy, x):
        return gy * np.cos(x) if np.size(x) < 100_000 else gy * (1 - x * x / 2)


@wrong("elementwise")
class OtherValueWhenLarge(Function):
    """Half, rounded for many elements."""

    elementwise = True

    def forward(self, x):
        return x / 2 if np.size(x) < 100_000 else np.round(x, 1) / 2

    def backward(self, gy):
        return gy / 2


# -- right for leaves only ---------------------------------------------------------------------


@wrong("intermediate")
class ReadsItsInputs(Function):
    """Sine, by data that is only there while somebody holds the input."""

    keeps_nothing = True

    def forward(self, x):
        return np.sin(x)

    def backward(self, gy):
        return gy * np.cos(self.inputs[0].data)


@wrong("intermediate")
class LeavesAreSpecial(Function):
    """Sine, and twice the gradient for what was computed."""

    def forward(self, x):
        return np.sin(x)

    def backward(self, gy, x):
        return gy * np.cos(x) * (1 if self.inputs[0].creator is None else 2)


@wrong("intermediate")
class StopsAtComputed(Function):
    """Square, which cares for leaves only."""

    def forward(self, x):
        return x * x

    def backward(self, gy, x):
        return 2 * gy * x if self.inputs[0].creator is None else 0 * gy


@wrong("intermediate")
class AsksTheCreator(Function):
    """Square, which must know where its input comes from."""

    def forward(self, x):
        return x * x

    def backward(self, gy, x):
        if self.inputs[0].creator is not None:
            raise NotImplementedError("only leaves")
        return 2 * gy * x


# -- ties --------------------------------------------------------------------------------------


@wrong("ties")
class MaxToAll(Function):
    """The largest element."""

    def forward(self, x):
        return np.max(x)

    def backward(self, gy, x, y):
        return gy * (x == y)


@wrong("ties", (A,), (-A,))
class MinOfRowsToAll(Function):
    """The smallest element of each row."""

    def forward(self, x):
        return np.min(x, axis=-1, keepdims=True)

    def backward(self, gy, x, y):
        return gy * (x == y)


@wrong("ties", (A, A[::-1] + 0.11))
class MaximumToBoth(Function):
    """The larger of two."""

    elementwise = True

    def forward(self, x0, x1):
        return np.maximum(x0, x1)

    def backward(self, gy, x0, x1):
        return gy * (x0 >= x1), gy * (x1 >= x0)


@wrong("ties", (A, A[::-1] + 0.11))
class MinimumToNone(Function):
    """The smaller of two."""

    elementwise = True

    def forward(self, x0, x1):
        return np.minimum(x0, x1)

    def backward(self, gy, x0, x1):
        return gy * (x0 < x1), gy * (x1 < x0)


@wrong("ties", (np.array([0.3, 2.0, -1.0, 0.7, 5.0]),))
class MedianToAll(Function):
    """The middle element."""

    def forward(self, x):
        return np.median(x)

    def backward(self, gy, x, y):
        return gy * (x == y)


# -- parameters --------------------------------------------------------------------------------


class Box:
    """Holds what it is given, where the engine does not look."""

    __slots__ = ("content",)

    def __init__(self, content):
        self.content = content


@wrong("parameters-kept", (A, [2, 0]))
class ReadsTheCallersList(Function):
    """Some columns, by a list that stays the caller's."""

    def __init__(self, columns):
        self.columns, self.box = tuple(columns), Box(columns)

    def forward(self, x):
        return x[:, list(self.columns)]

    def backward(self, gy):
        hot = np.zeros((len(self.columns), self.shapes[0][1]))
        hot[np.arange(len(self.columns)), self.box.content] = 1
        return gy @ hot.astype(gy.dtype)


@wrong("parameters-kept", (A, {"weights": np.array([1.0, 2.0, -0.5])}))
class ReadsTheCallersArray(Function):
    """Weighted, by an array that stays the caller's."""

    def __init__(self, weights=None):
        self.weights, self.box = np.array(weights), Box(weights)

    def forward(self, x):
        return x * self.weights.astype(x.dtype)

    def backward(self, gy):
        return gy * self.box.content.astype(gy.dtype)


@wrong("inputs-unchanged", (A, [1, 0]))
class SortsTheCallersList(Function):
    """Sum over axes that are put in order, for everybody."""

    def __init__(self, axes):
        axes.sort()
        self.axes = tuple(axes)

    def forward(self, x):
        return np.sum(x, axis=self.axes)

    def backward(self, gy):
        return np.broadcast_to(gy, self.shapes[0])


@wrong("inputs-unchanged", (A, {"weights": np.array([1.0, 2.0, -0.5])}))
class NormalisesTheCallersWeights(Function):
    """Weighted, by weights that are normalised where they lie."""

    def __init__(self, weights=None):
        weights /= np.sum(weights)
        self.weights = weights.copy()

    def forward(self, x):
        return x * self.weights.astype(x.dtype)

    def backward(self, gy):
        return gy * self.weights.astype(gy.dtype)


# -- operators that compare equal --------------------------------------------------------------


class Equal(Function):
    """Equal to every other call, as a dataclass without parameters is."""

    kept = {}  # noqa: RUF012 (that it is shared is the mistake)

    def __eq__(self, other):
        return type(self) is type(other)

    def __hash__(self):
        return hash(type(self))


@wrong("apart")
class SlopesByCall(Equal):
    """Sine, its slopes in a dict by the call, which is equal to the next."""

    def forward(self, x):
        self.kept[self] = np.cos(x)
        return np.sin(x)

    def backward(self, gy):
        return gy * self.kept[self]


@wrong("apart")
class SignsByCall(Equal):
    """Magnitude, its signs in a dict by the call."""

    def forward(self, x):
        self.kept[self] = np.sign(x)
        return np.abs(x)

    def backward(self, gy):
        return gy * self.kept[self]


@wrong("apart", (A, 3.0), (A, 2.0))
class PowersByCall(Function):
    """y = x^c, equal where c is; its slopes in a dict by the call."""

    kept = {}  # noqa: RUF012 (that it is shared is the mistake)

    def __init__(self, c):
        self.c = c

    def __eq__(self, other):
        return type(self) is type(other) and self.c == other.c

    def __hash__(self):
        return hash(self.c)

    def forward(self, x):
        self.kept[self] = self.c * x ** (self.c - 1)
        return x**self.c

    def backward(self, gy):
        return gy * self.kept[self]
