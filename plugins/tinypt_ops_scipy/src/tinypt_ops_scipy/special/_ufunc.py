"""What the operators of this subpackage have in common: a ufunc of SciPy computes the value."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from tinypt_core import Function, Variable


class Unary(Function):
    """y = ufunc(x), elementwise. float32 in gives float32 out."""

    __slots__ = ()
    elementwise = True
    ufunc: ClassVar[Any]

    def forward(self, x: Any) -> Any:
        return self.ufunc(x)


class Binary(Function):
    """y = ufunc(a, b), elementwise, over shapes that broadcast.

    It leaves `elementwise` off: SciPy's ufuncs of two arguments would compute with a Python
    number in float64 for a float32 array, so the number is made an array of its dtype first.
    """

    __slots__ = ()
    ufunc: ClassVar[Any]

    def forward(self, a: Any, b: Any) -> Any:
        return self.ufunc(a, b)


class Order(Function):
    """y = ufunc(v, x), elementwise, by x alone: the order v is a constant.

    v: a number, or an array that broadcasts with x.
    real: the function of complex numbers is not holomorphic, and refused.
    Raises TypeError if v is a Variable.
    """

    __slots__ = ("v",)
    ufunc: ClassVar[Any]
    real: ClassVar[bool] = False

    def __init__(self, v: Any) -> None:
        self.v = constant(v, f"scipy.special.{self.ufunc.__name__}: the order")

    def forward(self, x: Any) -> Any:
        if self.real and np.iscomplexobj(x):
            raise TypeError(f"{self.ufunc.__name__}: scaled by |x|, it takes only real numbers")
        return self.ufunc(self.v, x)

    @classmethod
    def apply(cls, v: Any, x: Any) -> Any:
        """Called as SciPy's: the order first."""
        return cls(v)(x)


def constant(value: Any, what: str) -> Any:
    """A parameter by which SciPy knows no derivative."""
    if isinstance(value, Variable):
        raise TypeError(f"{what} is a constant, for which no derivative is known; use its .data")
    return value


def kept(value: Any, *arguments: Any) -> Any:
    """A result in the precision of its arguments, where SciPy computes in float64 alone."""
    dtype = np.result_type(*arguments)
    return value.astype(dtype, copy=False) if dtype.kind in "fc" else value
