"""Methods of ufuncs besides the call: np.multiply.outer(x, y), np.add.reduceat(x, i) and so on."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array, writes
from tinypt_ops_basic._samples import normal, tried_on
from tinypt_ops_basic.assignment import require_variable
from tinypt_ops_basic.constants import plain
from tinypt_ops_basic.indexing import GetItemGrad


def _outer(name: str) -> Any:
    """The outer form of a ufunc of two arguments: every element of one with every of the other."""
    ufunc = getattr(np, name)

    @tried_on((normal(2), normal(3)), (normal(2, 1), normal()))
    def outer(A: Any, B: Any, /) -> Any:
        A, B = array(A), array(B)
        return ufunc(np.reshape(A, A.shape + (1,) * B.ndim), B)

    outer.__doc__ = f"np.{name} of every element of A with every element of B: np.{name}.outer."
    outer.__name__ = outer.__qualname__ = f"{name}_outer"
    return outer


add_outer, subtract_outer, multiply_outer = map(_outer, ("add", "subtract", "multiply"))
divide_outer, power_outer, hypot_outer = map(_outer, ("divide", "power", "hypot"))
maximum_outer, minimum_outer, logaddexp_outer = map(_outer, ("maximum", "minimum", "logaddexp"))


def _accumulated(name: str) -> Any:
    """The running form of a ufunc of two arguments along an axis."""
    ufunc = getattr(np, name)

    @tried_on((normal(4),), (normal(2, 3), 1))
    def accumulate(array_: Any, axis: int = 0, dtype: Any = None, out: None = None) -> Any:
        parts = list(np.moveaxis(array(array_), axis, 0))
        for i in range(1, len(parts)):
            parts[i] = ufunc(parts[i - 1], parts[i])
        return np.stack(parts, axis=axis) if parts else array(array_)

    accumulate.__doc__ = f"np.{name} of all elements so far along an axis: np.{name}.accumulate."
    accumulate.__name__ = accumulate.__qualname__ = f"{name}_accumulate"
    return accumulate


maximum_accumulate, minimum_accumulate = _accumulated("maximum"), _accumulated("minimum")
subtract_accumulate, divide_accumulate = _accumulated("subtract"), _accumulated("divide")
logaddexp_accumulate = _accumulated("logaddexp")


def _reduced_at(name: str, reduce: Any) -> Any:
    """The form of a ufunc that reduces the slices between indices along an axis."""

    @tried_on((normal(5), [0, 3, 1]), (normal(2, 4), [2, 2], 1))
    def reduceat(
        array_: Any, indices: Any, axis: int = 0, dtype: Any = None, out: None = None
    ) -> Any:
        x = np.moveaxis(array(array_), axis, 0)
        starts = np.asarray(plain(indices)).tolist()
        stops = [*starts[1:], x.shape[0]]
        ends = [max(stop, start + 1) for start, stop in zip(starts, stops, strict=True)]
        parts = [reduce(x[i:j], axis=0) for i, j in zip(starts, ends, strict=True)]
        return np.stack(parts, axis=axis)

    reduceat.__doc__ = f"np.{name} of the slices between indices: np.{name}.reduceat."
    reduceat.__name__ = reduceat.__qualname__ = f"{name}_reduceat"
    return reduceat


add_reduceat, multiply_reduceat = _reduced_at("add", np.sum), _reduced_at("multiply", np.prod)
maximum_reduceat = _reduced_at("maximum", np.max)
minimum_reduceat = _reduced_at("minimum", np.min)


@writes([1, 1, 0], 1.0)
def add_at(a: Any, indices: Any, b: Any, /) -> None:
    """Add b to the Variable a at indices, as often as they name a place: np.add.at.

    Raises TypeError if a is an array and b a Variable.
    """
    require_variable(a, "add.at", b)
    a[...] = a + _scattered(a, indices, b)


@writes([1, 1, 0], 1.0)
def subtract_at(a: Any, indices: Any, b: Any, /) -> None:
    """Subtract b from the Variable a at indices, as often as they name a place: np.subtract.at.

    Raises TypeError if a is an array and b a Variable.
    """
    require_variable(a, "subtract.at", b)
    a[...] = a - _scattered(a, indices, b)


def _scattered(a: Any, indices: Any, b: Any) -> Any:
    """Zeros like a with b added at indices."""
    indices = plain(indices)
    picked = np.shape(np.empty(a.shape, bool)[indices])
    return GetItemGrad(indices, a.shape).of(np.broadcast_to(array(b), picked))
