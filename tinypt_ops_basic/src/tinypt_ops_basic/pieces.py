"""Maxima, minima and clipping, elementwise.

At a tie the gradient is shared equally, a convention; the second derivative is NaN there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._rules import constants, share


class Maximum(Function):
    """The larger of two, elementwise; NaN if either is. A tie gives each half the gradient.

    >>> from tinypt_core.ops import maximum
    >>> maximum(1.0, 2.0)
    variable(2.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.maximum(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        need1, need2 = self.needs
        ties = np.equal(x1, x2)
        return (
            share(gy, np.greater(x1, x2), ties, x1, x2) if need1 else None,
            share(gy, np.less(x1, x2), ties, x1, x2) if need2 else None,
        )


class Minimum(Function):
    """The smaller of two, elementwise; NaN if either is. A tie gives each half the gradient.

    >>> from tinypt_core.ops import minimum
    >>> minimum(1.0, 2.0)
    variable(1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.minimum(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        need1, need2 = self.needs
        ties = np.equal(x1, x2)
        return (
            share(gy, np.less(x1, x2), ties, x1, x2) if need1 else None,
            share(gy, np.greater(x1, x2), ties, x1, x2) if need2 else None,
        )


class Fmax(Function):
    """The larger of two, elementwise; a NaN loses. A tie gives each half the gradient.

    >>> from tinypt_core.ops import fmax
    >>> fmax(1.0, np.nan)
    variable(1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.fmax(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        ties = np.equal(x1, x2)
        wins = np.greater(x1, x2) | np.isnan(x2)
        return share(gy, wins, ties, x1, x2), share(gy, ~(wins | ties), ties, x1, x2)


class Fmin(Function):
    """The smaller of two, elementwise; a NaN loses. A tie gives each half the gradient.

    >>> from tinypt_core.ops import fmin
    >>> fmin(1.0, np.nan)
    variable(1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.fmin(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        ties = np.equal(x1, x2)
        wins = np.less(x1, x2) | np.isnan(x2)
        return share(gy, wins, ties, x1, x2), share(gy, ~(wins | ties), ties, x1, x2)


class Clip(Function):
    """Limited to [a_min, a_max], elementwise: y = min(max(a, a_min), a_max).

    a, a_min, a_max: arrays or numbers that broadcast; None for no bound; all differentiable.
    Inside the gradient goes to a, outside to the bound; at a bound each gets half.

    >>> from tinypt_core.ops import clip
    >>> clip(np.array([-2.0, 0.5, 2.0]), -1, 1)
    variable([-1.   0.5  1. ])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, a: Any, a_min: Any = None, a_max: Any = None) -> Any:
        return np.clip(a, a_min, a_max)

    def backward(self, gy: Any, a: Any, a_min: Any, a_max: Any) -> Any:
        g_min = g_max = None
        if a_max is not None:
            raised = a if a_min is None else np.maximum(a, a_min)
            ties = np.equal(raised, a_max)
            g_max = share(gy, np.greater(raised, a_max), ties, raised, a_max)
            gy = share(gy, np.less(raised, a_max), ties, raised, a_max)
        if a_min is not None:
            ties = np.equal(a, a_min)
            g_min = share(gy, np.less(a, a_min), ties, a, a_min)
            gy = share(gy, np.greater(a, a_min), ties, a, a_min)
        return gy, g_min, g_max

    @classmethod
    def apply(
        cls, a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None
    ) -> Any:
        return cls._call(a, a_min if min is None else min, a_max if max is None else max)


class NanToNum(Function):
    """NaN and infinities replaced by numbers, elementwise. Their gradient is 0.

    nan: in place of NaN; posinf, neginf: of ±inf, the largest finite number if None.

    >>> from tinypt_core.ops import nan_to_num
    >>> nan_to_num(np.array([1.0, np.nan]))
    variable([1. 0.])
    """

    __slots__ = ("nan", "neginf", "posinf")

    def __init__(
        self,
        copy: bool = True,
        nan: float = 0.0,
        posinf: float | None = None,
        neginf: float | None = None,
    ) -> None:
        constants(nan=nan, posinf=posinf, neginf=neginf)
        self.nan, self.posinf, self.neginf = nan, posinf, neginf

    def forward(self, x: Any) -> Any:
        words: dict[str, Any] = {"posinf": self.posinf, "neginf": self.neginf}
        words["nan"] = self.nan or None  # 0 is NumPy's default
        return np.nan_to_num(x, **{k: v for k, v in words.items() if v is not None})

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * np.isfinite(x)
