"""Complex numbers: their parts, conjugate and angle, elementwise.

The gradient g of a real s by a complex x has ds = Re(Σ g dx). So an operator that is holomorphic
has the rule it has on reals, and those of this family, which are not, have a conjugate in theirs.
Real numbers are welcome everywhere: they are their own conjugate.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function, anywhere
from tinypt_ops_basic._rules import constants
from tinypt_ops_basic._undefined import Undefined


class Real(Function):
    """Real part, elementwise: y = Re x; a real x as it is. ds = Re(gy dx), with gy real.

    >>> from tinypt_core import Variable
    >>> np.real(Variable(np.array(1.0 + 2.0j)))
    variable(1.0)
    """

    __slots__ = ()
    keeps_nothing = True
    is_view = True

    def forward(self, val: Any) -> Any:
        return np.real(val)

    def backward(self, gy: Any) -> Any:
        return gy


class Imag(Function):
    """Imaginary part, elementwise: y = Im x; 0 for a real x. gy Im dx = Re(-i gy dx).

    >>> from tinypt_core import Variable
    >>> np.imag(Variable(np.array(1.0 + 2.0j)))
    variable(2.0)
    """

    __slots__ = ()
    keeps_nothing = True
    is_view = True

    def forward(self, val: Any) -> Any:
        return np.imag(val)

    def backward(self, gy: Any) -> Any:
        return -1j * gy


class Conjugate(Function):
    """Complex conjugate, elementwise; a real x as it is.

    >>> from tinypt_core import Variable
    >>> np.conj(Variable(np.array(1.0 + 2.0j)))
    variable((1-2j))
    """

    __slots__ = ()
    elementwise = keeps_nothing = True

    def forward(self, x: Any) -> Any:
        return np.conjugate(x)

    def backward(self, gy: Any) -> Any:
        return np.conjugate(gy)


class Angle(Function):
    """Angle in the plane, elementwise: y = Im ln z in (-π, π] radians. deg: in degrees.

    dy = Im(dz / z) = Re(-i dz / z). At 0, where NumPy says 0, the derivative is 0. Of a real z it
    is 0 or π, with derivative 0. The second derivative at 0 is NaN.

    >>> from tinypt_core import Variable
    >>> np.angle(Variable(np.array(1.0j)), deg=True)
    variable(90.0)
    """

    __slots__ = ("deg",)

    def __init__(self, deg: bool = False) -> None:
        self.deg = deg

    def forward(self, z: Any) -> Any:
        return np.angle(z, self.deg)

    def backward(self, gy: Any, z: Any) -> Any:
        zero = np.equal(z, 0)
        turn = -1j * gy * (180 / np.pi if self.deg else 1)
        g = np.where(zero, 0, turn) / np.where(zero, 1, z)
        return Undefined(zero).of(g, z) if anywhere(zero) else g


class RealIfClose(Function):
    """The real part if every imaginary part is within `tol` machine epsilons of 0, else a as it is.

    tol: in epsilons of a's dtype if above 1, else absolute, as in NumPy.

    >>> from tinypt_core import Variable
    >>> np.real_if_close(Variable(np.array([1.0 + 1e-16j])))
    variable([1.])
    """

    __slots__ = ("tol",)
    keeps_nothing = True
    is_view = True

    def __init__(self, tol: float = 100) -> None:
        constants(tol=tol)
        self.tol = tol

    def forward(self, a: Any) -> Any:
        return np.real_if_close(a, self.tol)

    def backward(self, gy: Any) -> Any:
        return gy
