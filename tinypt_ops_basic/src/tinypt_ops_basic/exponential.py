"""Exponentials and logarithms, elementwise, broadcasting as NumPy's. x is dimensionless."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._rules import anywhere, kept
from tinypt_ops_basic._sums import total

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
        return gy * (1 / _LN2 / x)


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
        return gy * (1 / _LN10 / x)


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

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        need1, need2 = self.needs
        g1 = gy * LogaddexpShare().of(x1, x2) if need1 else None
        return g1, gy * LogaddexpShare().of(x2, x1) if need2 else None


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

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        need1, need2 = self.needs
        g1 = gy * LogaddexpShare(_LN2).of(x1, x2) if need1 else None
        return g1, gy * LogaddexpShare(_LN2).of(x2, x1) if need2 else None


class LogaddexpShare(Function):
    """b^x1 / (b^x1 + b^x2), elementwise, from the difference of the two. c: ln b.

    Where both are -inf it is 0. The difference keeps all digits that exp(x1 - y) would lose where
    y is large.
    """

    __slots__ = ("c",)
    elementwise = True

    def __init__(self, c: float = 1.0) -> None:
        self.c = c

    def forward(self, x1: Any, x2: Any) -> Any:
        equal = np.equal(x1, x2)
        d = np.where(equal, 0, x1) - np.where(equal, 0, x2)
        e = np.exp(-self.c * np.abs(d))
        return np.where(equal & np.isneginf(x1), 0, np.where(d < 0, e, 1) / (1 + e))

    def backward(self, gy: Any, x1: Any, x2: Any, y: Any) -> Any:
        g = gy * (self.c * y * LogaddexpShare(self.c).of(x2, x1))
        return g, -g


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
        a = a if a.dtype.kind in "fc" else a.astype(float)
        e, top = _exponentials(a, self.axis)
        with np.errstate(divide="ignore"):  # ln 0 = -inf is the answer
            y = np.log(total(e, self.axis, keepdims=True)) + top
        return y if self.keepdims else np.squeeze(y, axis=self.axis)

    def backward(self, gy: Any, a: Any) -> Any:
        return gy.reshape(kept(a.shape, self.axis)) * LogsumexpShares(self.axis).of(a)


class LogsumexpShares(Function):
    """e^a / Σ e^a along axes: the derivative of `Logsumexp`, positive and adding up to 1.

    Its own derivative is y (gy - Σ y gy). To save digits where one share is nearly 1, the gy of
    the largest is subtracted first, which changes nothing else.
    """

    __slots__ = ("axis",)

    def __init__(self, axis: Any) -> None:
        self.axis = axis

    def forward(self, a: Any) -> Any:
        e, _ = _exponentials(a, self.axis)
        sums = total(e, self.axis, keepdims=True)
        return e / np.where(np.equal(sums, 0), 1, sums)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        real = np.real(a)
        largest = np.equal(real, np.max(real, axis=self.axis, keepdims=True))
        n = np.sum(largest, axis=self.axis, keepdims=True, dtype=real.dtype)
        g = gy - np.sum(gy * (largest / n), axis=self.axis, keepdims=True)
        return y * (g - np.sum(y * g, axis=self.axis, keepdims=True))


def _exponentials(a: Any, axis: Any) -> tuple[Any, Any]:
    """e^(a - top) and top, the largest real part; of the infinite, what their limits are."""
    top = np.max(np.real(a), axis=axis, keepdims=True, initial=-np.inf)
    far = np.isinf(top)
    if not anywhere(far):
        return np.exp(a - top), top
    shifted = np.where(far, np.where(np.equal(a, top), 0, -np.inf), a) - np.where(far, 0, top)
    return np.where(np.isneginf(top), 0, np.exp(shifted)), top
