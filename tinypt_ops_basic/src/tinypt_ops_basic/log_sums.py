"""Logarithms of sums of exponentials, without overflow. Everything is dimensionless."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tinypt_core.sums import wide_total

from tinypt_core import Function, anywhere
from tinypt_ops_basic._rules import kept

_LN2 = math.log(2)


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
        d, nothing = _apart(x1, x2)
        e = np.exp(-self.c * np.abs(d))
        return np.where(nothing, 0, np.where(d < 0, e, 1) / (1 + e))

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        g = gy * (self.c * LogaddexpSlope(self.c).of(x1, x2))
        return g, -g


class LogaddexpSlope(Function):
    """s (1 - s) of a share s, elementwise. Its derivative is -c s (1 - s) tanh(c (x1 - x2) / 2).

    That of the product would lose its digits where x1 and x2 are nearly equal.
    """

    __slots__ = ("c",)
    elementwise = True

    def __init__(self, c: float = 1.0) -> None:
        self.c = c

    def forward(self, x1: Any, x2: Any) -> Any:
        d, nothing = _apart(x1, x2)
        e = np.exp(-self.c * np.abs(d))
        return np.where(nothing, 0, e / ((1 + e) * (1 + e)))

    def backward(self, gy: Any, x1: Any, x2: Any, y: Any) -> Any:
        d, _ = _apart(x1, x2)
        below = d < 0
        z = -self.c * np.where(below, -d, d)
        g = gy * y * (self.c * np.where(below, -1, 1)) * (np.expm1(z) / (1 + np.exp(z)))
        return g, -g


def _apart(x1: Any, x2: Any) -> tuple[Any, Any]:
    """x1 - x2, of equal infinities 0; and where both are -inf."""
    same = np.equal(x1, x2) & np.isinf(x1)
    return np.where(same, 0, x1) - np.where(same, 0, x2), same & np.isneginf(x1)


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
            y = (np.log(wide_total(e, self.axis, keepdims=True)) + top).astype(a.dtype)
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
        sums = wide_total(e, self.axis, keepdims=True)
        return (e / np.where(np.equal(sums, 0), 1, sums)).astype(a.dtype)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        real = np.real(a)
        largest = np.equal(real, np.max(real, axis=self.axis, keepdims=True, initial=-np.inf))
        n = np.sum(largest, axis=self.axis, keepdims=True, dtype=real.dtype)
        g = gy - np.sum(gy * (largest / n), axis=self.axis, keepdims=True)
        return y * (g - np.sum(y * g, axis=self.axis, keepdims=True))


def _exponentials(a: Any, axis: Any) -> tuple[Any, Any]:
    """e^(a - top) and top, the largest real part; of the infinite, what their limits are."""
    lowest: dict[str, Any] = {} if a.size else {"initial": -np.inf}
    top = np.max(np.real(a), axis=axis, keepdims=True, **lowest)
    far = np.isinf(top)
    if not anywhere(far):
        return np.exp(a - top), top
    shifted = np.where(far, np.where(np.equal(a, top), 0, -np.inf), a) - np.where(far, 0, top)
    return np.where(np.isneginf(top), 0, np.exp(shifted)), top
