"""Convolution and correlation of sequences: np.convolve and np.correlate."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, sampled, tried_on

_MODES = {0: "valid", 1: "same", 2: "full"}


class Convolve(Function):
    """Convolution y[k] = Σᵢ a[i] v[k - i]. a: (n,), v: (m,).

    mode: "full" for all n + m - 1 sums, "same" for the middle max(n, m) of them, "valid" for
    those that have no end in them.

    Raises ValueError if a or v is empty.

    >>> from tinypt_core import Variable
    >>> np.convolve(Variable(np.array([1.0, 2.0])), np.array([1.0, 10.0]))
    variable([ 1. 12. 20.])
    """

    __slots__ = ("mode",)
    samples = sampled(
        (normal(4), normal(3)), (normal(2), normal(5), "same"), (normal(5), normal(2), "valid")
    )

    def __init__(self, mode: Any = "full") -> None:
        self.mode = _MODES.get(mode, mode)

    def forward(self, a: Any, v: Any) -> Any:
        return np.convolve(a, v, self.mode)

    def backward(self, gy: Any, a: Any, v: Any) -> Any:
        """Each input's gradient is gy, as wide as in full, correlated with the other."""
        n, m = a.size, v.size
        start = {"full": 0, "same": (min(n, m) - 1) // 2, "valid": min(n, m) - 1}[self.mode]
        wide = np.pad(gy, (start, n + m - 1 - start - gy.size))
        need_a, need_v = self.needs
        ga = np.convolve(wide, v[::-1], "valid") if need_a else None
        return _shaped(ga, a), _shaped(np.convolve(wide, a[::-1], "valid") if need_v else None, v)

    @classmethod
    def apply(cls, a: Any, v: Any, mode: Any = "full") -> Any:
        """As np.convolve."""
        return cls(mode)(array(a), array(v))


def _shaped(g: Any, x: Any) -> Any:
    """A gradient in the shape of x, which NumPy may give as a number."""
    return g if g is None else np.reshape(g, x.shape)


@tried_on((normal(4), normal(3)), (normal(2), normal(4), "same"), (normal(3), normal(5), "full"))
def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    """Correlation y[k] = Σᵢ a[i + k] conj(v[i]), the ends as in `convolve`. a: (n,), v: (m,).

    >>> from tinypt_core import Variable
    >>> np.correlate(Variable(np.array([1.0, 2.0])), np.array([1.0, 10.0]))
    variable([21.])
    """
    a, v = array(a), np.conj(array(v))
    n, m = np.size(a), np.size(v)
    y = Convolve.apply(a, np.ravel(v)[::-1], "full")
    start, size = {
        "full": (0, n + m - 1),
        "same": ((min(n, m) - (n >= m)) // 2, max(n, m)),
        "valid": (min(n, m) - 1, abs(n - m) + 1),
    }[_MODES.get(mode, mode)]
    return y[start : start + size]
