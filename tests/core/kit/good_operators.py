"""Right operators in every style: the kit has nothing to say about any of them."""

from __future__ import annotations

import threading
from copy import deepcopy
from functools import lru_cache

import numpy as np

from tinypt_core import Function, ops

GOOD = []


def good(*samples):
    def register(cls):
        GOOD.append((cls, samples))
        return cls

    return register


A = np.linspace(0.35, 1.75, 6).reshape(2, 3)


@good()
class ByInput(Function):
    """Sine, from its input."""

    def forward(self, x):
        return np.sin(x)

    def backward(self, gy, x):
        return gy * np.cos(x)


@good()
class ByOutput(Function):
    """Exponential, from its output."""

    elementwise = True
    __slots__ = ()

    def forward(self, x):
        return np.exp(x)

    def backward(self, gy, y):
        return gy * y


@good()
class Textbook(Function):
    """Sine, in the style of the textbook."""

    def forward(self, x):
        return np.sin(x)

    def backward(self, gy):
        (x,) = self.inputs
        return gy * np.cos(x)


@good()
class TextbookOutput(Function):
    """Exponential, in the style of the textbook."""

    def forward(self, x):
        return np.exp(x)

    def backward(self, gy):
        return gy * self.outputs[0]()


@good()
class PlainNegative(Function):
    """y = -x, which asks for nothing."""

    def forward(self, x):
        return -x

    def backward(self, gy):
        return -gy


@good()
class KeepsNothing(Function):
    """y = x0 - x1."""

    keeps_nothing = elementwise = True

    def forward(self, x0, x1):
        return x0 - x1

    def backward(self, gy):
        return gy, -gy


@good()
class ByNeeds(Function):
    """Quotient, skipping what nobody needs."""

    elementwise = True

    def forward(self, x0, x1):
        return x0 / x1

    def backward(self, gy, x0, x1):
        first, second = self.needs
        return gy / x1 if first else None, -gy * x0 / (x1 * x1) if second else None


@good()
class ThreeInputs(Function):
    """y = a b + c."""

    def forward(self, a, b, c):
        return a * b + c

    def backward(self, gy, a, b):
        return gy * b, gy * a, gy


@good()
class KeywordOnly(Function):
    """Product, its rule asking by keyword."""

    def forward(self, x0, x1):
        return x0 * x1

    def backward(self, gy, *, x1, x0):
        return gy * x1, gy * x0


@good((A, 3), (A, 2.5))
class Power(Function):
    """y = x^c."""

    __slots__ = ("c",)

    def __init__(self, c):
        self.c = c

    def forward(self, x):
        return x**self.c

    def backward(self, gy, x):
        return gy * self.c * x ** (self.c - 1)


@good()
class LogByDomain(Function):
    """Natural logarithm: the kit finds the domain."""

    def forward(self, x):
        return np.log(x)

    def backward(self, gy, x):
        return gy / x


@good()
class WithSamples(Function):
    """Inverse hyperbolic cosine, with samples of its own."""

    elementwise = True

    @staticmethod
    def samples(rng):
        yield rng.uniform(1.2, 5, (2, 3))
        yield (rng.uniform(1.2, 2, ()),)

    def forward(self, x):
        return np.arccosh(x)

    def backward(self, gy, x):
        return gy / np.sqrt(x * x - 1)


@good()
class SumOver(Function):
    """Sum over axes."""

    keeps_nothing = True

    def __init__(self, axis=None, keepdims=False):
        self.axis, self.keepdims = axis, keepdims

    def forward(self, x):
        self.shape = x.shape
        return np.sum(x, axis=self.axis, keepdims=self.keepdims)

    def backward(self, gy):
        if self.axis is not None and not self.keepdims:
            gy = np.expand_dims(gy, self.axis)
        return np.broadcast_to(gy, self.shape)


@good()
class TwoOutputs(Function):
    """Sine and cosine."""

    def forward(self, x):
        return np.sin(x), np.cos(x)

    def backward(self, gy0, gy1, y0, y1):
        return gy0 * y1 - gy1 * y0


@good((A,))
class ValueAndIndex(Function):
    """The largest of the last axis, and where it is."""

    def forward(self, x):
        self.index = np.argmax(x, axis=-1)
        return np.max(x, axis=-1), self.index

    def backward(self, gy, g_index, x):
        hot = (np.arange(x.shape[-1]) == self.index[..., None]).astype(x.dtype)
        return np.expand_dims(gy, -1) * hot


@good()
class Rectifier(Function):
    """max(x, 0)."""

    def forward(self, x):
        return np.maximum(x, 0)

    def backward(self, gy, x):
        return gy * (x > 0)


@good()
class Absolute(Function):
    """|x|."""

    def forward(self, x):
        return np.abs(x)

    def backward(self, gy, x):
        return gy * np.sign(x)


@good()
class Floor(Function):
    """The next whole number below; flat between."""

    def forward(self, x):
        return np.floor(x)

    def backward(self, gy):
        return gy * 0


@good()
class CubeRoot(Function):
    """Cube root: steep at zero."""

    def forward(self, x):
        return np.cbrt(x)

    def backward(self, gy, y):
        return gy / (3 * y * y)


@good((np.array([3.0, 1.0, 2.5, -1.0]),))
class Sort(Function):
    """Sorted; the order is an integer array left on self."""

    def forward(self, x):
        self.order = np.argsort(x)
        return np.sort(x)

    def backward(self, gy):
        return gy[np.argsort(self.order)]


@good((A, (slice(None), 1)), (A, 0), (A, (np.array([0, 1]), np.array([2, 2]))))
class Item(Function):
    """A part of an array."""

    def __init__(self, where):
        self.where = deepcopy(where)

    def forward(self, x):
        self.shape = x.shape
        return np.array(x[self.where])

    def backward(self, gy):
        return ItemBack(self.where, self.shape)(gy)


class ItemBack(Function):
    """The adjoint of taking a part."""

    def __init__(self, where, shape):
        self.where, self.shape = where, shape

    def forward(self, gy):
        gx = np.zeros(self.shape, gy.dtype)
        np.add.at(gx, self.where, gy)
        return gx

    def backward(self, ggx):
        return ggx[self.where]


GOOD.append((ItemBack, ((A[0], (0,), (2, 3)),)))


@good((A, (3, 2)))
class View(Function):
    """Another shape on the same memory."""

    is_view = keeps_nothing = True

    def __init__(self, shape):
        self.shape = shape

    def forward(self, x):
        self.old = x.shape
        return x.reshape(self.shape)

    def backward(self, gy):
        return gy.reshape(self.old)


@good(([A, A[:1] + 1, -A],), ([A, A * 2], 1), ([A, A * 2], {"axis": -1}))
class Join(Function):
    """Arrays joined along an axis."""

    def __init__(self, axis=0):
        self.axis = axis

    def forward(self, *xs):
        self.ends = np.cumsum([x.shape[self.axis] for x in xs])
        return np.concatenate(xs, axis=self.axis)

    def backward(self, gy):
        axis, starts = self.axis % len(gy.shape), [0, *self.ends[:-1]]
        before = (slice(None),) * axis
        return tuple(gy[(*before, slice(a, b))] for a, b in zip(starts, self.ends, strict=True))

    @classmethod
    def apply(cls, arrays, axis=0):
        return cls(axis)(*arrays)


@good()
class Product(Function):
    """Product of any number of inputs, by `*xs`."""

    def forward(self, *xs):
        y = xs[0] + 0
        for x in xs[1:]:
            y = y * x
        return y

    def backward(self, gy, *, xs):
        grads = []
        for i in range(len(xs)):
            g = gy
            for j, x in enumerate(xs):
                g = g if i == j else g * x
            grads.append(g)
        return tuple(grads)


@good((np.array([[True, False, True]]), A, A - 1))
class Choose(Function):
    """a where the condition holds, else b; the condition is no input of floats."""

    def forward(self, condition, a, b):
        return np.where(condition, a, b)

    def backward(self, gy, condition):
        return None, gy * condition, gy * ~condition


@good((A, np.float32), (A, "float32"))
class Cast(Function):
    """Another dtype, because the caller says so."""

    keeps_nothing = True

    def __init__(self, dtype):
        self.dtype = dtype

    def forward(self, x):
        return x.astype(self.dtype)

    def backward(self, gy):
        return gy


@good((A, {"weights": np.array([1.0, 2.0, -0.5])}))
class Weighted(Function):
    """Weighted by a parameter that is an array."""

    def __init__(self, weights=None):
        self.weights = np.array(weights)

    def forward(self, x):
        return x * self.weights.astype(x.dtype)

    def backward(self, gy):
        return gy * self.weights.astype(gy.dtype)


@good()
class Locked(Function):
    """Sine, behind a lock of the class: a scratch that is not shared."""

    lock = threading.Lock()
    scratch = np.empty(4)

    def forward(self, x):
        with self.lock:
            self.scratch[0] = 1.0
            y = np.sin(x)
            return y

    def backward(self, gy, x):
        return gy * np.cos(x)


@lru_cache
def _half(power):
    return 0.5**power


@good()
class Cached(Function):
    """y = x / 2, with a table that is computed once."""

    def forward(self, x):
        return x * _half(1)

    def backward(self, gy):
        return gy * _half(1)


@good()
class Composite(Function):
    """sin(x)^2, of other operators."""

    @classmethod
    def apply(cls, x):
        y = ops.sin(x)
        return ops.multiply(y, y)


@good()
class Positive(Function):
    """Whether elements are positive: no gradient, a plain array."""

    @classmethod
    def apply(cls, x):
        return (x if isinstance(x, np.ndarray) else x.data) > 0


@good((A[:, :2] + np.eye(2), A), (np.eye(2)[0], A))
class Matrix(Function):
    """Matrix product."""

    def forward(self, a, b):
        return a @ b

    def backward(self, gy, a, b):
        if len(a.shape) == 1:
            return b @ gy, np.expand_dims(a, 1) * gy
        return gy @ b.T, a.T @ gy


@good((A,))
class Norm(Function):
    """Euclidean norm of every row."""

    def forward(self, x):
        return np.sqrt(np.sum(x * x, axis=-1, keepdims=True))

    def backward(self, gy, x, y):
        return gy * x / y
