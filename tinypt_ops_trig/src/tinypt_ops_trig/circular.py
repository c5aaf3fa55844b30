"""Circular functions and their inverses, elementwise; angles in radians."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
from tinypt_ops_basic._undefined import Undefined

from tinypt_core import Function, Variable, anywhere
from tinypt_ops_trig._riccati import RiccatiDerivative
from tinypt_ops_trig._slopes import ArctanSlope, OneMinusSquare


class Sin(Function):
    """Sine, elementwise: y = sin(x). x: any shape, radians.

    >>> from tinypt_core import Variable
    >>> x = Variable(np.array(0.0))
    >>> y = np.sin(x)
    >>> y.backward()
    >>> y, x.grad
    (variable(0.0), array(1.))
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.sin(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * np.cos(x)


class Cos(Function):
    """Cosine, elementwise: y = cos(x). x: any shape, radians.

    >>> from tinypt_core import Variable
    >>> np.cos(Variable(np.array(0.0)))
    variable(1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.cos(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return -gy * np.sin(x)


class Tan(Function):
    """Tangent, elementwise: y = tan(x); y' = 1 + y². x: any shape, radians.

    >>> from tinypt_core import Variable
    >>> np.tan(Variable(np.array(0.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.tan(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return gy * RiccatiDerivative(1).along(self, y)


class Arcsin(Function):
    """Inverse sine in [-π/2, π/2] radians, elementwise: y' = 1 / √(1 - x²). x: in [-1, 1].

    Outside, NaN; at -1 and 1 the derivative is infinite.

    >>> from tinypt_core import Variable
    >>> np.arcsin(Variable(np.array(0.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.arcsin(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / np.sqrt(OneMinusSquare().of(x))


class Arccos(Function):
    """Inverse cosine in [0, π] radians, elementwise: y' = -1 / √(1 - x²). x: in [-1, 1].

    Outside, NaN; at -1 and 1 the derivative is infinite.

    >>> from tinypt_core import Variable
    >>> np.arccos(Variable(np.array(1.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.arccos(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return -gy / np.sqrt(OneMinusSquare().of(x))


class Arctan(Function):
    """Inverse tangent in [-π/2, π/2] radians, elementwise: y' = 1 / (1 + x²). x: any shape.

    >>> from tinypt_core import Variable
    >>> np.arctan(Variable(np.array(0.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.arctan(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * ArctanSlope().of(x)


class Arctan2(Function):
    """The angle of the point (x2, x1) in [-π, π] radians: y = arg(x2 + i x1), broadcasting.

    With r² = x1² + x2², the gradients are x2/r² and -x1/r². The angle of the origin is
    undefined; NumPy says 0 (π for x2 = -0), and the first derivatives are taken as 0, a
    convention; the second ones are NaN there.

    >>> from tinypt_core import Variable
    >>> np.arctan2(Variable(np.array(0.0)), np.array(1.0))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.arctan2(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        need1, need2 = self.needs
        r = np.hypot(x1, x2)  # x1² + x2² itself would overflow, or vanish, too early
        origin = np.equal(r, 0)
        if anywhere(origin):
            gy = Undefined(origin).of(np.where(origin, 0, gy), x1, x2)
            r = np.where(origin, 1, r)
        g = gy / r
        return g * (x2 / r) if need1 else None, -g * (x1 / r) if need2 else None


class Deg2Rad(Function):
    """Degrees to radians, elementwise: y = x π / 180.

    >>> from tinypt_core import Variable
    >>> np.deg2rad(Variable(np.array(0.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True
    keeps_nothing = True

    def forward(self, x: Any) -> Any:
        return np.deg2rad(x)

    def backward(self, gy: Any) -> Any:
        return gy * (pi / 180)


class Rad2Deg(Function):
    """Radians to degrees, elementwise: y = x 180 / π.

    >>> from tinypt_core import Variable
    >>> np.rad2deg(Variable(np.array(0.0)))
    variable(0.0)
    """

    __slots__ = ()
    elementwise = True
    keeps_nothing = True

    def forward(self, x: Any) -> Any:
        return np.rad2deg(x)

    def backward(self, gy: Any) -> Any:
        return gy * (180 / pi)


class Unwrap(Function):
    """p with multiples of period added so that neighbours along axis differ by half of it at most.

    discont: the jump from which on a correction is made; period/2 if None. What is added is
    constant wherever the result is smooth, so the gradient passes as it is.

    >>> from tinypt_core import Variable
    >>> np.unwrap(Variable(np.array([0.0, 5.0, 10.0])), period=4.0)
    variable([0. 1. 2.])
    """

    __slots__ = ("axis", "discont", "period")
    keeps_nothing = True

    def __init__(
        self, discont: float | None = None, axis: int = -1, *, period: float = 2 * pi
    ) -> None:
        if isinstance(period, Variable) or isinstance(discont, Variable):
            raise TypeError("np.unwrap: period= and discont= are numbers; write period=v.item()")
        self.discont = discont
        self.axis = axis
        self.period = period

    def forward(self, p: Any) -> Any:
        return np.unwrap(p, self.discont, self.axis, period=self.period)

    def backward(self, gy: Any) -> Any:
        return gy
