"""What an array is: which values may be data, and how a gradient is made to fit one.

An ndarray is one; so is any object that speaks NumPy's protocols (Dask, CuPy, a batch, a trace).
Nothing here, or above, turns one of those into an ndarray by itself.
"""

from __future__ import annotations

from sys import modules
from typing import Any, Protocol

import numpy as np


class Array(Protocol):
    """An array of another kind than NumPy's, as type checkers see it."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def dtype(self) -> Any: ...
    def __array_ufunc__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __array_function__(self, *args: Any, **kwargs: Any) -> Any: ...


_ndarray = np.ndarray
_float64 = np.float64
#: floating point, real and complex: what has derivatives
DIFFERENTIABLE = "fc"
_KINDS = "fciub"


def is_array(value: Any) -> bool:
    """Whether a value is an array, of NumPy or of another kind that speaks its protocols.

    >>> is_array(np.ones(2)), is_array(np.float64(1)), is_array([1.0])
    (True, False, False)
    """
    return isinstance(value, _ndarray) or (
        not is_variable(value)
        and hasattr(value, "__array_function__")
        and hasattr(value, "__array_ufunc__")
        and hasattr(value, "shape")
        and hasattr(value, "dtype")
    )


def is_variable(value: Any) -> bool:
    """Whether it is a Variable, which speaks the protocols too, but is no array."""
    return hasattr(value, "_edge") and hasattr(value, "cleargrad")


def kind(*values: Any) -> str:
    """How an error names the library whose arrays are among the values; NumPy goes without saying.

    >>> kind(np.ones(2), 3.0)
    ''
    """
    for value in values:
        value = getattr(value, "_array", value)  # of a Variable
        if is_array(value) and not isinstance(value, _ndarray):
            return f" on arrays of {type(value).__module__.partition('.')[0]}"
    return ""


def as_array(value: Any) -> Any:
    """The value itself if it is an array of any kind, else what NumPy makes of it."""
    if value.__class__ is _float64:
        return np.asarray(value)
    if value.__class__ is _ndarray or is_array(value):
        return value
    ask = getattr(value, "__tinypt_array__", None)  # of what stands for a Python number
    return np.asarray(value) if ask is None else ask()


def check_data(data: Any) -> Any:
    """`data`, or a TypeError that says what to write, unless it may be that of a Variable."""
    if data.__class__ is not _ndarray and not _computes_as_arrays(data):
        raise TypeError(f"{type(data)} is not supported; {_remedy(data, 'Variable({})')}")
    check_dtype(data.dtype)
    return data


def check_constant(value: Any) -> None:
    """The same for what stands beside a Variable: only arrays with another arithmetic are out."""
    if defers_to(value):
        raise TypeError(
            f"{type(value)} takes part in no operator of NumPy's: its __array_ufunc__ is None"
        )
    if isinstance(value, _ndarray) and not _computes_as_arrays(value):
        raise TypeError(f"{type(value)} is not supported; {_remedy(value, '{}')}")


def defers_to(value: Any) -> bool:
    """Whether arrays leave the operators of Python to it: its `__array_ufunc__` is None."""
    return getattr(type(value), "__array_ufunc__", type) is None


def given_array(value: Any) -> Any:
    """An array that a user hands in, checked, from whatever NumPy makes an array of."""
    check_constant(value)
    return as_array(value)


def check_dtype(dtype: Any) -> None:
    """Only numbers: real or complex floating point, integers and truths."""
    if dtype.kind not in _KINDS:
        raise TypeError(f"{dtype} arrays are not supported, only numbers; convert it")


def _computes_as_arrays(data: Any) -> bool:
    """Whether it is an array, and its arithmetic is that of arrays."""
    return is_array(data) and not _is_masked(data) and not isinstance(data, np.matrix)


def _is_masked(data: Any) -> bool:
    masked = getattr(modules.get("numpy.ma"), "MaskedArray", None)
    return masked is not None and isinstance(data, masked)


def _remedy(data: Any, place: str) -> str:
    if _is_masked(data):
        return (
            f"a masked array has an arithmetic of its own: write {place.format('x.filled(0.0)')} "
            f"and np.where(mask, ..., ...)"
        )
    if isinstance(data, np.matrix):
        return f"* of a matrix is another product: write {place.format('np.asarray(x)')} and @"
    return f"write {place.format('np.asarray(...)')}"


def cast(array: Any, dtype: Any) -> Any:
    """The array in another dtype; of complex numbers the real part, where that is a real one.

    >>> cast(np.array([1 + 2j]), np.dtype("float32"))
    array([1.], dtype=float32)
    """
    if array.dtype.kind == "c" and dtype.kind != "c":
        array = array.real
    return array if array.dtype == dtype else array.astype(dtype)


def copied(array: Any) -> Any:
    """The same numbers in memory of their own."""
    if isinstance(array, (_ndarray, np.generic)):
        return np.array(array)
    return array.copy() if hasattr(array, "copy") else np.positive(array)


def anywhere(mask: Any) -> bool:
    """Whether a condition holds for any element: what a rule asks before it takes another way.

    A batch answers for all that it holds, so that a rule decides for everybody at once. Of an
    array that is not NumPy's the answer is yes: it may not be computed yet (Dask), or far away
    (a GPU); so the other way has to be right where the condition does not hold.

    >>> anywhere(np.array([False, True])), anywhere(np.array([]) > 0)
    (True, False)
    """
    mask = getattr(mask, "_array", mask)  # of a Variable
    if isinstance(mask, (_ndarray, np.generic, bool)):
        return bool(np.any(mask))
    ask = getattr(mask, "__tinypt_anywhere__", None)
    return True if ask is None else ask()
