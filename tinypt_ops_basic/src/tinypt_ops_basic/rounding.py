"""Steps: signs and rounding. Constant between their jumps, so their gradient is 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._rules import constants


class _Step(Function):
    __slots__ = ()
    keeps_nothing = True

    def backward(self, gy: Any) -> Any:
        return np.zeros_like(gy)


class Sign(Function):
    """Sign, elementwise: x / |x|, and 0 at 0. For a real x that is -1, 0 or 1, with gradient 0.

    For a complex x, y turns with the angle of x: dy = i y Im(dx / x).

    >>> from tinypt_core.ops import sign
    >>> sign(-3.0)
    variable(-1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.sign(x)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        turn = 0.5 * (gy * y - np.conjugate(gy * y))  # i Im(gy y)
        return turn * np.conjugate(y) / np.abs(np.where(np.equal(x, 0), 1, x))


class Floor(_Step):
    """Largest integer ≤ x, elementwise. Its gradient is 0.

    >>> from tinypt_core.ops import floor
    >>> floor(-1.5)
    variable(-2.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.floor(x)


class Ceil(_Step):
    """Smallest integer ≥ x, elementwise. Its gradient is 0.

    >>> from tinypt_core.ops import ceil
    >>> ceil(1.5)
    variable(2.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.ceil(x)


class Rint(_Step):
    """Nearest integer, halves to the even one, elementwise. Its gradient is 0.

    >>> from tinypt_core.ops import rint
    >>> rint(2.5)
    variable(2.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.rint(x)


class Trunc(_Step):
    """Integer part, rounded towards 0, elementwise. Its gradient is 0.

    >>> from tinypt_core.ops import trunc
    >>> trunc(-1.5)
    variable(-1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.trunc(x)


class Round(_Step):
    """Rounded to `decimals` decimal places (tens if negative), elementwise. Its gradient is 0.

    >>> from tinypt_core.ops import round
    >>> round(3.14159, 2)
    variable(3.14)
    """

    __slots__ = ("decimals",)

    def __init__(self, decimals: int = 0) -> None:
        constants(decimals=decimals)
        self.decimals = decimals

    def forward(self, a: Any) -> Any:
        return np.round(a, self.decimals)


class Heaviside(Function):
    """Step, elementwise: 0 for x1 < 0, x2 at x1 = 0, 1 for x1 > 0. By x1 its gradient is 0.

    >>> from tinypt_core.ops import heaviside
    >>> heaviside(0.0, 0.5)
    variable(0.5)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.heaviside(x1, x2)

    def backward(self, gy: Any, x1: Any) -> Any:
        return np.zeros_like(gy), gy * np.equal(x1, 0)
