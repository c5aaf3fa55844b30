"""Operators with one mistake each, in what they do besides computing."""

from __future__ import annotations

import threading

import numpy as np

from tinypt_core import Config, Function, anywhere

WRONG = []


def wrong(promise, *samples):
    def register(cls):
        WRONG.append((cls, promise, samples))
        return cls

    return register


class Sine(Function):
    """Sine, to be spoiled."""

    def forward(self, x):
        return np.sin(x)

    def backward(self, gy, x):
        return gy * np.cos(x)


A = np.linspace(0.3, 1.7, 6).reshape(2, 3)

# -- the value ---------------------------------------------------------------------------------


@wrong("deterministic")
class Noisy(Sine):
    """Sine."""

    def forward(self, x):
        return np.sin(x) + 1e-10 * np.random.default_rng().normal(size=x.shape)


@wrong("deterministic")
class NoisyGradient(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x) * (1 + 1e-9 * np.random.default_rng().normal())


@wrong("deterministic")
class CountsItsCalls(Sine):
    """Sine."""

    calls = 0

    def forward(self, x):
        CountsItsCalls.calls += 1
        return np.sin(x) + (CountsItsCalls.calls > 20) * 1e-3


@wrong("gradient")
class CachesByShape(Sine):
    """Sine."""

    cache: dict = {}  # noqa: RUF012

    def forward(self, x):
        if x.shape not in self.cache:
            self.cache[x.shape] = np.sin(x)
        return self.cache[x.shape].copy()


@wrong("deterministic")
class UsesUpWhatItSaved(Function):
    """y = c x."""

    def forward(self, x):
        self.steps = [2]
        return 2 * x

    def backward(self, gy):
        return gy * self.steps.pop() if self.steps else gy


@wrong("deterministic", (A, 2.0))
class RuleChangesItsParameter(Function):
    """y = c x."""

    def __init__(self, c):
        self.c = c

    def forward(self, x):
        return self.c * x

    def backward(self, gy):
        gx = self.c * gy
        self.c = self.c * 1.5
        return gx


@wrong("deterministic")
class OtherValueWithoutAGraph(Sine):
    """Sine."""

    def forward(self, x):
        return np.sin(x) + (0 if Config.enable_backprop else 1e-6)


@wrong("inputs-unchanged")
class WritesIntoInput(Sine):
    """Twice the input."""

    def forward(self, x):
        x *= 1.5
        return np.sin(x)


@wrong("inputs-unchanged")
class SortsInput(Function):
    """Sum of squares along the last axis."""

    def forward(self, x):
        if x.ndim:
            x.sort()
        return x * x

    def backward(self, gy, x):
        return gy * 2 * x


@wrong("inputs-unchanged")
class RuleWritesIntoInput(Sine):
    """Sine."""

    def backward(self, gy, x):
        gx = gy * np.cos(x)
        if isinstance(x, np.ndarray):
            x += 1.0
        return gx


@wrong("inputs-unchanged")
class RuleWritesIntoOutput(Function):
    """Exponential."""

    def forward(self, x):
        return np.exp(x)

    def backward(self, gy, y):
        if isinstance(y, np.ndarray) and y.ndim:
            y *= gy
            return y
        return gy * y


@wrong("inputs-unchanged", (A, [0, 1]))
class ChangesParameter(Function):
    """Sum over axes."""

    def __init__(self, axes):
        self.axes = axes

    def forward(self, x):
        y = np.sum(x * x, axis=tuple(self.axes))
        self.axes.reverse()
        return y

    def backward(self, gy, x):
        return gy * 2 * x


@wrong("inputs-unchanged")
class ReshapesInput(Sine):
    """Sine of every element."""

    def forward(self, x):
        shape = x.shape
        y = np.sin(x)
        if x.ndim > 1 and x.flags.c_contiguous and x.flags.owndata:
            x.flags.writeable = False
        return y.reshape(shape)


@wrong("gy-unchanged")
class WritesIntoGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        gy *= np.cos(x)
        return gy


@wrong("gy-unchanged")
class WritesIntoGyByOut(Sine):
    """Sine."""

    def backward(self, gy, x):
        if isinstance(gy, np.ndarray) and gy.flags.writeable:
            return np.multiply(gy, np.cos(x), out=gy)
        return gy * np.cos(x)


@wrong("fresh-output")
class ReturnsItsInput(Function):
    """The same."""

    keeps_nothing = True

    def forward(self, x):
        return x

    def backward(self, gy):
        return gy


@wrong("fresh-output", A)
class ReturnsAView(Function):
    """Transpose."""

    keeps_nothing = True

    def forward(self, x):
        return x.T

    def backward(self, gy):
        return gy.T


@wrong("fresh-output", A, -A, A[0] - 1)
class AliasWhenPositive(Function):
    """Rectifier."""

    def forward(self, x):
        return np.asarray(x) if np.all(x > 0) else np.maximum(x, 0)

    def backward(self, gy, x):
        return gy * (x > 0)


@wrong("fresh-output")
class ReusesItsBuffer(Sine):
    """Sine."""

    buffers: dict = {}  # noqa: RUF012

    def forward(self, x):
        buffer = self.buffers.setdefault(x.shape, np.empty(x.shape))
        return np.sin(x, out=buffer)


@wrong("fresh-output")
class ReusesItsGradient(Sine):
    """Sine."""

    buffers: dict = {}  # noqa: RUF012

    def backward(self, gy, x):
        if not isinstance(gy, np.ndarray):
            return gy * np.cos(x)
        buffer = self.buffers.setdefault(gy.shape, np.empty(gy.shape))
        np.multiply(gy, np.cos(x), out=buffer)
        return buffer


@wrong("fresh-output")
class OneArrayTwice(Function):
    """Sine, twice."""

    def forward(self, x):
        y = np.sin(x)
        return y, y

    def backward(self, gy0, gy1, x):
        return (gy0 + gy1) * np.cos(x)


@wrong("value")
class ForwardRaises(Sine):
    """Sine."""

    def forward(self, x):
        return np.sinus(x)


# -- dtype -------------------------------------------------------------------------------------


@wrong("dtype")
class LeaksDouble(Sine):
    """Sine."""

    def forward(self, x):
        return np.sin(x) * np.float64(1.0)


@wrong("dtype")
class LeaksDoubleInTheRule(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x) * np.float64(1.0)


@wrong("dtype")
class AlwaysSingle(Sine):
    """Sine."""

    def forward(self, x):
        return np.sin(x).astype(np.float32)


@wrong("dtype")
class MixedToSingle(Function):
    """Product."""

    def forward(self, x0, x1):
        y = x0 * x1
        return y.astype(np.float32) if x0.dtype == np.float32 else y

    def backward(self, gy, x0, x1):
        return gy * x1, gy * x0


@wrong("dtype")
class WrongInSingle(Sine):
    """Sine."""

    def forward(self, x):
        return np.sin(x) if x.dtype == np.float64 else np.sin(x) * np.float32(1.01)


@wrong("dtype")
class SplitsNumbersByHand(Function):
    """Product."""

    elementwise = True

    def forward(self, x0, x1):
        return np.multiply(np.asarray(x0), np.asarray(x1))

    def backward(self, gy, x0, x1):
        return gy * x1, gy * x0


@wrong("precision")
class SingleInside(Sine):
    """Sine."""

    def forward(self, x):
        return np.sin(x.astype(np.float32)).astype(x.dtype)


@wrong("precision")
class SingleInOneFactor(Function):
    """y = x sin x."""

    def forward(self, x):
        return x * np.sin(x.astype(np.float32)).astype(x.dtype)

    def backward(self, gy, x):
        return gy * (np.sin(x) + x * np.cos(x))


@wrong("precision")
class SingleInTheRule(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * np.cos(x.astype(np.float32)).astype(x.dtype)


@wrong("precision")
class SingleGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy.astype(np.float32).astype(gy.dtype) * np.cos(x)


@wrong("precision")
class RoundsItsResult(Sine):
    """Sine."""

    def forward(self, x):
        return np.round(np.sin(x), 8)


# -- unusual inputs ----------------------------------------------------------------------------


@wrong("zero-d")
class BreaksOnZeroD(Sine):
    """Sine."""

    def forward(self, x):
        return np.sin(x).reshape(len(x), *x.shape[1:])


@wrong("zero-d")
class RuleBreaksOnZeroD(Sine):
    """Sine."""

    def backward(self, gy, x):
        if gy.shape[0] < 0:
            return None
        return gy * np.cos(x)


@wrong("zero-d")
class WrongOnZeroD(Sine):
    """Sine."""

    def forward(self, x):
        return np.sin(x) if x.ndim else np.cos(x)

    def backward(self, gy, x):
        return gy * np.cos(x) if x.ndim else -gy * np.sin(x)


@wrong("zero-d")
class OneMoreAxisOnZeroD(Sine):
    """Sine."""

    def forward(self, x):
        return np.atleast_1d(np.sin(x))


@wrong("empty")
class BreaksOnEmpty(Sine):
    """Sine."""

    def forward(self, x):
        x.max()
        return np.sin(x)


@wrong("empty")
class RuleBreaksOnEmpty(Sine):
    """Sine."""

    def backward(self, gy, x):
        gy.max()
        return gy * np.cos(x)


@wrong("strided")
class BreaksOnStrides(Sine):
    """Sine."""

    def forward(self, x):
        if x.ndim and not x.flags.c_contiguous:
            raise ValueError("not contiguous")
        return np.sin(x)


@wrong("strided")
class ReadsTheBuffer(Sine):
    """Sine."""

    def forward(self, x):
        base = x if x.base is None else x.base
        return np.sin(base.ravel()[: x.size].reshape(x.shape))


@wrong("strided")
class ColumnOrder(Sine):
    """Sine."""

    def forward(self, x):
        return np.sin(np.ravel(x, order="K")).reshape(x.shape)


@wrong("strided")
class GyByMemory(Sine):
    """Sine."""

    def backward(self, gy, x):
        if isinstance(gy, np.ndarray):
            gy = np.ravel(gy, order="K").reshape(gy.shape)
        return gy * np.cos(x)


@wrong("read-only")
class NeedsWritable(Sine):
    """Sine."""

    def forward(self, x):
        if not x.flags.writeable:
            raise ValueError("read-only")
        return np.sin(x)


@wrong("read-only")
class NeedsWritableGy(Sine):
    """Sine."""

    def backward(self, gy, x):
        if isinstance(gy, np.ndarray) and gy.ndim and not gy.flags.writeable:
            raise ValueError("read-only")
        return gy * np.cos(x)


# -- calls -------------------------------------------------------------------------------------


@wrong("constants")
class NeedsEveryVariable(Function):
    """Product."""

    def forward(self, x0, x1):
        return x0 * x1

    def backward(self, gy, x0, x1):
        if not all(self.needs):
            return gy, gy
        return gy * x1, gy * x0


@wrong("constants")
class NeedsInTheWrongPlace(Function):
    """Product."""

    def forward(self, x0, x1):
        return x0 * x1

    def backward(self, gy, x0, x1):
        first, second = self.needs
        return gy * x1 if second else None, gy * x0 if first else None


@wrong("constants")
class CrashesOnConstants(Function):
    """Product, in the style of the textbook."""

    def forward(self, x0, x1):
        return x0 * x1

    def backward(self, gy):
        x0, x1 = self.inputs
        if x0.creator is None and not all(self.needs):
            raise AttributeError("no creator")
        return gy * x1, gy * x0


@wrong("constants")
class OneVariableTwice(Function):
    """Product."""

    def forward(self, x0, x1):
        return x0 * x1

    def backward(self, gy, x0, x1):
        if x0 is x1:
            return gy * 2 * x0, gy * 2 * x0
        return gy * x1, gy * x0


@wrong("instance-reuse")
class RemembersItsFirstShape(Function):
    """Sum of all elements."""

    def forward(self, x):
        if not hasattr(self, "shape"):
            self.shape = x.shape
        return np.sum(x)

    def backward(self, gy):
        return np.broadcast_to(gy, self.shape)


@wrong("instance-reuse")
class CountsOnSelf(Sine):
    """Sine."""

    def __init__(self):
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        return np.sin(x) * self.calls

    def backward(self, gy, x):
        return gy * np.cos(x) * self.calls


@wrong("dropped-output")
class ExpectsEveryOutput(Function):
    """Sine and cosine."""

    def forward(self, x):
        return np.sin(x), np.cos(x)

    def backward(self, gy0, gy1, x):
        if any(ref() is None for ref in self._ref):
            raise RuntimeError("an output is gone")
        return gy0 * np.cos(x) - gy1 * np.sin(x)


@wrong("dropped-output")
class ZeroGyIsTheEnd(Function):
    """Sine and cosine."""

    def forward(self, x):
        return np.sin(x), np.cos(x)

    def backward(self, gy0, gy1, x):
        if isinstance(gy0, np.ndarray) and gy0.size and not gy0.any():
            raise ValueError("gy0 is zero")
        return gy0 * np.cos(x) - gy1 * np.sin(x)


# -- memory and threads ------------------------------------------------------------------------


@wrong("memory")
class KeepsItsInput(Function):
    """Twice the input."""

    def forward(self, x):
        self.x = x
        return 2 * x

    def backward(self, gy):
        return 2 * gy


@wrong("memory")
class KeepsACopy(Function):
    """Twice the input."""

    def forward(self, x):
        self.copy = x + 0
        return 2 * x

    def backward(self, gy):
        return 2 * gy


@wrong("memory")
class KeepsItsOutput(Function):
    """Twice the input."""

    def forward(self, x):
        y = 2 * x
        self.result = [y]
        return y

    def backward(self, gy):
        return 2 * gy


@wrong("memory")
class CollectsInputs(Sine):
    """Sine."""

    seen: list = []  # noqa: RUF012

    def forward(self, x):
        self.seen.append(x)
        return np.sin(x)


@wrong("memory")
class CollectsCopies(Sine):
    """Sine."""

    seen: list = []  # noqa: RUF012

    def backward(self, gy, x):
        self.seen.append(np.array(gy) if isinstance(gy, np.ndarray) else None)
        return gy * np.cos(x)


@wrong("cycle")
class MakesACycle(Sine):
    """Sine."""

    def forward(self, x):
        self.me = self
        return np.sin(x)


@wrong("cycle")
class ClosesOverItself(Sine):
    """Sine."""

    def forward(self, x):
        self.shape_of_x = lambda: (self, x.shape)[1]
        return np.sin(x)


_last = threading.local()
_shared = {}


@wrong("thread-safe")
class InputOnTheClass(Function):
    """Sine."""

    def forward(self, x):
        InputOnTheClass.x = x
        return np.sin(x)

    def backward(self, gy):
        return gy * np.cos(self.x)


@wrong("thread-safe")
class InputInTheModule(Sine):
    """Sine."""

    def forward(self, x):
        _shared["x"] = x
        return np.sin(_shared["x"])


@wrong("thread-safe")
class SharedScratchByDtype(Sine):
    """Sine."""

    scratch: dict = {}  # noqa: RUF012

    def forward(self, x):
        scratch = self.scratch.setdefault((x.shape, x.dtype), np.empty(x.shape, x.dtype))
        np.sin(x, out=scratch)
        return scratch.copy()


@wrong("thread-safe")
class SharedInTheRule(Sine):
    """Sine."""

    factor = None

    def backward(self, gy, x):
        type(self).factor = np.cos(x)
        return gy * type(self).factor


# -- metadata ----------------------------------------------------------------------------------


@wrong("picklable")
class KeepsALock(Sine):
    """Sine."""

    def __init__(self):
        self.lock = threading.Lock()


@wrong("batched")
class OneBranchForTheWholeBatch(Function):
    """y = 2 x where the sum of x is positive, else 3 x; a batch may hold both."""

    def forward(self, x):
        return x * (2.0 if anywhere(np.sum(x) > 0) else 3.0)

    def backward(self, gy, x):
        return gy * (2.0 if anywhere(np.sum(x) > 0) else 3.0)


@wrong("batched")
class SpoiltByItsNeighbours(Sine):
    """Sine."""

    def backward(self, gy, x):
        return gy * (np.nan if anywhere(np.isnan(x)) else np.cos(x))


@wrong("picklable", (A, 3.0))
class ForgetsItsParameter(Function):
    """y = c x."""

    def __init__(self, c):
        self.c = c

    def forward(self, x):
        return self.c * x

    def backward(self, gy):
        return self.c * gy

    def __getstate__(self):
        return {}, {"c": 1.0}


@wrong("metadata")
class NoDocstring(Sine):
    def forward(self, x):
        return np.sin(x)


@wrong("metadata")
class UnreadableSignature(Sine):
    """Sine."""

    @classmethod
    def apply(cls, *args, **kwargs):
        return cls(**kwargs)(*args)
