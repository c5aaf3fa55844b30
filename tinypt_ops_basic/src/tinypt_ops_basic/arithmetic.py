"""Arithmetic, elementwise.

Operands broadcast as NumPy's do, and the dtype of the result is NumPy's: float32 stays float32,
Python numbers are weak.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core import Function


class Add(Function):
    """Sum, elementwise: y = x1 + x2.

    >>> from tinypt_core.ops import add
    >>> add(1.0, 2.0)
    variable(3.0)
    """

    __slots__ = ()
    elementwise = keeps_nothing = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return x1 + x2

    def backward(self, gy: Any) -> Any:
        return gy, gy


class Sub(Function):
    """Difference, elementwise: y = x1 - x2.

    >>> from tinypt_core.ops import subtract
    >>> subtract(1.0, 3.0)
    variable(-2.0)
    """

    __slots__ = ()
    elementwise = keeps_nothing = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return x1 - x2

    def backward(self, gy: Any) -> Any:
        return gy, -gy if self.needs[1] else None


class Mul(Function):
    """Product, elementwise: y = x1 x2.

    >>> from tinypt_core.ops import multiply
    >>> multiply(2.0, 3.0)
    variable(6.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return x1 * x2

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        need1, need2 = self.needs
        return gy * x2 if need1 else None, gy * x1 if need2 else None


class Div(Function):
    """Quotient, elementwise: y = x1 / x2. Integers give float64, as in NumPy.

    >>> from tinypt_core.ops import divide
    >>> divide(1, 4)
    variable(0.25)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.true_divide(x1, x2)

    def backward(self, gy: Any, x2: Any, y: Any) -> Any:
        g1 = gy / x2
        return g1, -g1 * y if self.needs[1] else None


class Neg(Function):
    """Negative, elementwise: y = -x.

    >>> from tinypt_core.ops import negative
    >>> negative(1.0)
    variable(-1.0)
    """

    __slots__ = ()
    elementwise = keeps_nothing = True

    def forward(self, x: Any) -> Any:
        return np.negative(x)

    def backward(self, gy: Any) -> Any:
        return -gy


class Positive(Function):
    """A copy, elementwise: y = +x.

    >>> from tinypt_core.ops import positive
    >>> positive(1.0)
    variable(1.0)
    """

    __slots__ = ()
    elementwise = keeps_nothing = True

    def forward(self, x: Any) -> Any:
        return np.positive(x)

    def backward(self, gy: Any) -> Any:
        return gy


class Reciprocal(Function):
    """Reciprocal, elementwise: y = 1/x.

    >>> from tinypt_core.ops import reciprocal
    >>> reciprocal(4.0)
    variable(0.25)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return np.reciprocal(x)

    def backward(self, gy: Any, y: Any) -> Any:
        return -gy * (y * y)


class Mod(Function):
    """Remainder with the sign of the divisor, elementwise: y = x1 - x2 floor(x1 / x2).

    At its jumps, where x2 divides x1, the derivative is that of the piece NumPy's value is on.

    >>> from tinypt_core.ops import mod
    >>> mod(-1.0, 3.0)
    variable(2.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.mod(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        return gy, -gy * np.floor_divide(x1, x2) if self.needs[1] else None


class Fmod(Function):
    """Remainder with the sign of the dividend, elementwise: y = x1 - x2 trunc(x1 / x2).

    >>> from tinypt_core.ops import fmod
    >>> fmod(-1.0, 3.0)
    variable(-1.0)
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x1: Any, x2: Any) -> Any:
        return np.fmod(x1, x2)

    def backward(self, gy: Any, x1: Any, x2: Any, y: Any) -> Any:
        # rounding the exact quotient agrees with y where trunc(x1 / x2) would be off by one
        return gy, -gy * np.rint((x1 - y) / x2) if self.needs[1] else None


class Astype(Function):
    """The values in another dtype. dtype: what NumPy takes for one. The gradient is cast back.

    Integers and booleans carry no gradient: it ends at a cast to one of them.

    >>> from tinypt_core.ops import astype
    >>> astype(1.5, np.float32).dtype
    dtype('float32')
    """

    __slots__ = ("dtype",)
    keeps_nothing = True

    def __init__(self, dtype: Any) -> None:
        self.dtype = np.dtype(dtype)

    def forward(self, x: Any) -> Any:
        return x.astype(self.dtype)

    def backward(self, gy: Any) -> Any:
        return gy  # the loop casts it to the dtype of x

    @staticmethod
    def samples(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
        """Calls for the conformance kit."""
        yield rng.normal(size=(2, 3)), np.float64


class Copy(Function):
    """A copy: y = x, in memory of its own.

    >>> from tinypt_core.ops import copy
    >>> copy(1.0)
    variable(1.0)
    """

    __slots__ = ()
    keeps_nothing = True

    def forward(self, a: Any) -> Any:
        return np.copy(a)

    def backward(self, gy: Any) -> Any:
        return gy
