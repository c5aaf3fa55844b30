"""The logistic function and its kin: expit, logit, log_expit, softmax, log_softmax, logsumexp.

x: any shape, dimensionless. float32 in gives float32 out.

>>> from scipy import special
>>> from tinypt_core import Variable
>>> special.expit(Variable(np.array([0.0, 1.0])))
variable([0.5        0.73105858])
"""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Function, Variable
from tinypt_ops_basic.log_sums import LogsumexpShares

from tinypt_ops_scipy._samples import normal, over, sampled
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._ufunc import Unary

Axis = int | tuple[int, ...] | None

_ALONG_AXES = sampled(
    (normal(), None),
    (normal(3), -1),
    (normal(2, 3), None),
    (normal(2, 3, 4), (0, 2)),
    (normal(0, 3), 1),
)


class Expit(Unary):
    """Logistic sigmoid, elementwise: y = 1/(1 + exp(-x)); y' = y (1 - y)."""

    __slots__ = ()
    elementwise = False
    ufunc = special.expit

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * _LogisticSlope().of(x)


class _LogisticSlope(Function):
    """y = expit(x) expit(-x), elementwise; y' = -y tanh(x/2), which keeps its digits at 0."""

    __slots__ = ()

    def forward(self, x: Any) -> Any:
        return special.expit(x) * special.expit(-x)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return -gy * y * np.tanh(0.5 * x)


class LogExpit(Unary):
    """Logarithm of the logistic sigmoid, elementwise: y = -ln(1 + exp(-x)); y' = expit(-x)."""

    __slots__ = ()
    ufunc = special.log_expit

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * special.expit(-x)


class Logit(Unary):
    """Logit, elementwise: y = ln(x/(1 - x)); y' = 1/(x (1 - x)). x: in [0, 1]."""

    __slots__ = ()
    ufunc = special.logit
    samples = over(0.1, 0.9)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / (x * (1 - x))


class Softmax(Function):
    """Softmax along axes: y = exp(x)/Σ exp(x).

    gx = y (gy - Σ gy y), the sum along the same axes. The gy of the largest y is subtracted first,
    which changes nothing else and saves digits where that y is nearly 1. axis: None for all axes,
    as in SciPy. An empty x gives an empty y. Raises AxisError for an axis out of range.

    >>> from tinypt_core.ops import softmax
    >>> softmax(np.array([[0.0, 0.0], [0.0, 1.0]]), axis=1)
    variable([[0.5        0.5       ]
              [0.26894142 0.73105858]])
    """

    __slots__ = ("axis",)
    samples = _ALONG_AXES

    def __init__(self, axis: Axis = None) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        if not x.size:
            return x.copy()
        e = np.exp(x - np.max(x, axis=self.axis, keepdims=True))
        return e / np.sum(e, axis=self.axis, keepdims=True)

    def backward(self, gy: Any, y: Any) -> Any:
        largest = np.equal(y, np.max(y, axis=self.axis, keepdims=True, initial=0))
        n = np.sum(largest, axis=self.axis, keepdims=True, dtype=y.dtype)
        g = gy - np.sum(gy * (largest / n), axis=self.axis, keepdims=True)
        return y * (g - np.sum(g * y, axis=self.axis, keepdims=True))


class LogSoftmax(Function):
    """Logarithm of the softmax along axes: y = x - ln Σ exp(x).

    gx = gy - exp(y) Σ gy, the sum along the same axes; where exp(y) is above a half, that
    difference is -Σ of all other gx, for together they are 0. axis: None for all axes, as in
    SciPy. An empty x gives an empty y. Raises AxisError for an axis out of range.

    >>> from tinypt_core.ops import log_softmax
    >>> log_softmax(np.array([0.0, 1000.0]))
    variable([-1000.     0.])
    """

    __slots__ = ("axis",)
    samples = _ALONG_AXES

    def __init__(self, axis: Axis = None) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        if not x.size:
            return x.copy()
        top = np.max(x, axis=self.axis, keepdims=True)
        below = x - np.where(np.isfinite(top), top, 0.0)
        return below - np.log(np.sum(np.exp(below), axis=self.axis, keepdims=True))

    def backward(self, gy: Any, y: Any) -> Any:
        p = np.exp(y)
        large = p > 0.5
        others = np.where(large, 0, gy - p * np.sum(gy, axis=self.axis, keepdims=True))
        return others - large * np.sum(others, axis=self.axis, keepdims=True)


class LogSumExp(Function):
    """Logarithm of a sum of exponentials along axes: y = ln Σ exp(a); ga = gy exp(a) / Σ exp(a).

    axis: None for all axes. keepdims: leave the axes, of length 1. With weights b, which
    broadcast with a and may be negative where the sum is not, y = ln Σ b exp(a).

    >>> from tinypt_ops_scipy.special import logsumexp
    >>> logsumexp(np.array([1000.0, 1000.0])) - 1000
    variable(0.69314718...)
    """

    __slots__ = ("axis", "keepdims")
    samples = sampled((normal(3),), (normal(2, 3), 1), (normal(2, 3, 4), (0, 2), None, True))

    def __init__(self, axis: Axis = None, keepdims: bool = False) -> None:
        self.axis, self.keepdims = axis, keepdims

    def forward(self, a: Any) -> Any:
        return special.logsumexp(a, axis=self.axis, keepdims=self.keepdims)

    def backward(self, gy: Any, a: Any) -> Any:
        kept = np.sum(np.zeros(self.shapes[0]), axis=self.axis, keepdims=True).shape
        return np.reshape(gy, kept) * LogsumexpShares(self.axis).of(a)

    @classmethod
    def apply(cls, a: Any, axis: Axis = None, b: Any = None, keepdims: bool = False) -> Any:
        """As scipy.special.logsumexp."""
        return cls(axis, keepdims)(a) if b is None else _weighted(a, axis, b, keepdims)


def _weighted(a: Any, axis: Axis, b: Any, keepdims: bool) -> Any:
    """ln Σ b exp(a), the largest a taken out of the sum; that it is a constant changes nothing."""
    top = np.max(a.data if isinstance(a, Variable) else a, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    total = np.log(np.sum(b * np.exp(a - top), axis=axis, keepdims=keepdims))
    return total + np.reshape(top, total.shape)
