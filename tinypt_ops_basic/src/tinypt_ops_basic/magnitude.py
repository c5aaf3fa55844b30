"""Absolute values and lengths, elementwise, broadcasting as NumPy's.

Where a length is 0 its first derivative is taken as 0, a convention; the second does not exist
there and is NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function, anywhere
from tinypt_ops_basic._undefined import Undefined


class Absolute(Function):
    """Absolute value, elementwise: y = |x|, of a complex x the real √(re² + im²).

    Its derivative at 0 is 0, one of its subgradients; the second is NaN there.

    >>> from tinypt_core.ops import absolute
    >>> absolute(-2.0)
    variable(2.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.absolute(x)

    def backward(self, gy: Any, x: Any) -> Any:
        slope = gy * np.conjugate(np.sign(x))
        zero = np.equal(x, 0)
        return Undefined(zero).of(slope, x) if anywhere(zero) else slope


class Fabs(Absolute):
    """Absolute value in floating point, elementwise: y = |x|. Its derivative at 0 is 0.

    >>> from tinypt_core.ops import fabs
    >>> fabs(-2)
    variable(2.0)
    """

    __slots__ = ()

    def forward(self, x: Any) -> Any:
        return np.fabs(x)


class Hypot(Function):
    """Length of the hypotenuse, elementwise: y = √(x1² + x2²), without overflow.

    At (0, 0) both derivatives are 0, and the second ones NaN.

    >>> from tinypt_core.ops import hypot
    >>> hypot(3.0, 4.0)
    variable(5.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.hypot(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any, y: Any) -> Any:
        need1, need2 = self.needs
        g1 = gy * HypotSlope().of(x1, x2, y) if need1 else None
        return g1, gy * HypotSlope().of(x2, x1, y) if need2 else None


class HypotSlope(Function):
    """x1 / r with r = √(x1² + x2²), the derivative of r by x1; 0 at (0, 0).

    Its own derivatives are x2²/r³ and -x1 x2/r³: differentiating x1 / r itself would take the
    difference of 1/r and x1²/r³, which are nearly equal where x1 is the larger. They count all
    of it, so there is none by r.
    """

    __slots__ = ()
    elementwise = True
    passes_over = 2

    def forward(self, x1: Any, x2: Any, r: Any) -> Any:
        odd = np.equal(r, 0) | np.isinf(r)
        if not anywhere(odd):
            return x1 / r
        # far out along an axis the slope is 1 or 0, as its limit is
        return np.where(odd, np.isinf(x1) * np.sign(x1), x1) / np.where(odd, 1, r)

    def backward(self, gy: Any, x1: Any, x2: Any, r: Any) -> Any:
        across = HypotSlope().of(x2, x1, r)
        g1 = gy * across / np.where(np.equal(r, 0), np.nan, r)
        return g1 * across, -g1 * HypotSlope().of(x1, x2, r), None


class Copysign(Function):
    """|x1| with the sign of x2, elementwise. At x1 = 0 the derivative is 0; by x2 it always is.

    That at x1 = 0 is a convention, and the second derivative NaN there.

    >>> from tinypt_core.ops import copysign
    >>> copysign(2.0, -0.0)
    variable(-2.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.copysign(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        slope = np.where(np.signbit(x2), -gy, gy) * np.sign(x1)
        zero = np.equal(x1, 0)
        return Undefined(zero).of(slope, x1) if anywhere(zero) else slope, np.zeros_like(gy)
