"""The error function and the normal distribution: erf, erfc, ndtr, log_ndtr.

Elementwise; x: any shape, dimensionless. float32 in gives float32 out. The constants are Python
floats, which never widen a float32 array.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np
from scipy import special
from tinypt_core import Function, Variable


class Erf(Function):
    """Error function, elementwise: y = 2/√π ∫₀ˣ exp(-t²) dt; y' = 2/√π exp(-x²).

    Source: DLMF 7.2.1.

    >>> from tinypt_core.ops import erf
    >>> erf(np.array([0.0, 1.0]))
    variable([0.         0.84270079])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return special.erf(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (2 / sqrt(pi) * np.exp(-x * x))


class Erfc(Function):
    """Complementary error function, elementwise: y = 1 - erf(x); y' = -2/√π exp(-x²).

    Source: DLMF 7.2.2.

    >>> from tinypt_core.ops import erfc
    >>> erfc(np.array([0.0, 1.0]))
    variable([1.         0.15729921])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return special.erfc(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (-2 / sqrt(pi) * np.exp(-x * x))


class Ndtr(Function):
    """Cumulative normal distribution, elementwise: y = erfc(-x/√2)/2; y' = exp(-x²/2)/√(2π).

    Source: DLMF 7.20.2, with mean 0 and variance 1.

    >>> from tinypt_core.ops import ndtr
    >>> ndtr(np.array([0.0, 1.0]))
    variable([0.5        0.84134475])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return special.ndtr(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (1 / sqrt(2 * pi) * np.exp(-0.5 * x * x))


class LogNdtr(Function):
    """Logarithm of the cumulative normal distribution, elementwise: y = ln ndtr(x).

    y' = φ(x)/Φ(x), the inverse Mills ratio, which holds far out in the tail where Φ(x) is 0.
    Source: DLMF 7.20.2 and 7.8.1.

    >>> from tinypt_core.ops import log_ndtr
    >>> log_ndtr(np.array([-40.0, 0.0]))
    variable([-8.04608442e+02 -6.93147181e-01])
    """

    __slots__ = ()

    def forward(self, x: Any) -> Any:
        return special.log_ndtr(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * _inverse_mills(x)


class _InverseMills(Function):
    """y = φ(x)/Φ(x) = √(2/π) / erfcx(-x/√2), elementwise; y' = -y (x + y).

    An operator of its own, because the derivative of erfcx would be ∞ · 0 for large x. In the
    left tail x + y cancels: y' loses about x² rounding errors.
    """

    __slots__ = ()

    def forward(self, x: Any) -> Any:
        return sqrt(2 / pi) / special.erfcx(-sqrt(0.5) * x)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (-y * (x + y))


def _inverse_mills(x: Any) -> Any:
    return _InverseMills()(x) if isinstance(x, Variable) else _InverseMills().forward(x)
