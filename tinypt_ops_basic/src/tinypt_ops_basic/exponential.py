"""Exponentials and logarithms, elementwise, broadcasting as NumPy's. x is dimensionless."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._rules import anywhere, kept

_LN2 = math.log(2)
_LN10 = math.log(10)


class Exp(Function):
    """Exponential, elementwise: y = e^x.

    >>> from tinypt_core.ops import exp
    >>> exp(0.0)
    variable(1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * y


class Exp2(Function):
    """Power of two, elementwise: y = 2^x.

    >>> from tinypt_core.ops import exp2
    >>> exp2(3.0)
    variable(8.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.exp2(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * (_LN2 * y)


class Expm1(Function):
    """y = e^x - 1, elementwise, exact near 0.

    >>> from tinypt_core.ops import expm1
    >>> expm1(1e-20)
    variable(1e-20)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.expm1(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * np.exp(x)  # y + 1 would lose it for x << 0


class Log(Function):
    """Natural logarithm, elementwise: y = ln x.

    >>> from tinypt_core.ops import log
    >>> log(1.0)
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.log(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / x


class Log2(Function):
    """Logarithm to base 2, elementwise: y = ln x / ln 2.

    >>> from tinypt_core.ops import log2
    >>> log2(8.0)
    variable(3.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.log2(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / (_LN2 * x)


class Log10(Function):
    """Logarithm to base 10, elementwise: y = ln x / ln 10.

    >>> from tinypt_core.ops import log10
    >>> log10(1000.0)
    variable(3.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.log10(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / (_LN10 * x)


class Log1p(Function):
    """y = ln(1 + x), elementwise, exact near 0.

    >>> from tinypt_core.ops import log1p
    >>> log1p(1e-20)
    variable(1e-20)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.log1p(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / (1 + x)


class Logaddexp(Function):
    """y = ln(e^x1 + e^x2), elementwise, without overflow. At x1 = x2 = -inf the gradient is 0.

    >>> from tinypt_core.ops import logaddexp
    >>> logaddexp(1000.0, 0.0)
    variable(1000.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.logaddexp(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any, y: Any) -> Any:
        need1, need2 = self.needs
        y = _finite_below(y)
        return gy * np.exp(x1 - y) if need1 else None, gy * np.exp(x2 - y) if need2 else None


class Logaddexp2(Function):
    """y = log2(2^x1 + 2^x2), elementwise, without overflow. At x1 = x2 = -inf the gradient is 0.

    >>> from tinypt_core.ops import logaddexp2
    >>> logaddexp2(1000.0, 0.0)
    variable(1000.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.logaddexp2(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any, y: Any) -> Any:
        need1, need2 = self.needs
        y = _finite_below(y)
        return gy * np.exp2(x1 - y) if need1 else None, gy * np.exp2(x2 - y) if need2 else None


def _finite_below(y: Any) -> Any:
    """y with 0 in place of -inf: e^(-inf - 0) is 0, but e^(-inf - -inf) would be NaN."""
    low = np.isneginf(y)
    return np.where(low, 0, y) if anywhere(low) else y


class Logsumexp(Function):
    """y = ln Σ e^a along axes, without overflow. Where every a is -inf, y is and the gradient is 0.

    axis: an int, a tuple of them, or None for all; keepdims: keep them with length 1.

    >>> from tinypt_core.ops import logsumexp
    >>> logsumexp(np.array([1000.0, -1000.0]))
    variable(1000.0)
    """

    __slots__ = ("axis", "keepdims")

    def __init__(self, axis: Any = None, keepdims: bool = False) -> None:
        self.axis, self.keepdims = axis, keepdims

    def forward(self, a: Any) -> Any:
        a = a if a.dtype.kind == "f" else a.astype(float)
        top = np.max(a, axis=self.axis, keepdims=True, initial=-np.inf)
        top = np.where(np.isfinite(top), top, 0)
        with np.errstate(divide="ignore"):  # ln 0 = -inf is the answer
            y = np.log(np.sum(np.exp(a - top), axis=self.axis, keepdims=True)) + top
        return y if self.keepdims else np.squeeze(y, axis=self.axis)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        shape = kept(a.shape, self.axis)
        y = _finite_below(y).reshape(shape)
        return gy.reshape(shape) * np.exp(a - y)
