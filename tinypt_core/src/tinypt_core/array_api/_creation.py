"""New arrays. What is made of numbers is constant; what is made of Variables is connected to them.

To differentiate by an array, make it a Variable first: Variable(np.array([1.0, 2.0])).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._variable import Variable
from tinypt_core.array_api._call import call, constant, variable
from tinypt_core.array_api._dtypes import on_cpu


def asarray(obj: Any, /, *, dtype: Any = None, device: Any = None, copy: bool | None = None) -> Any:
    """obj as a Variable: an array, a number, or a nested list of numbers and Variables.

    What is made of numbers is a constant, as if it were detached.

    Of a Variable itself, cast to dtype; copy=True makes one in memory of its own.
    """
    on_cpu(device)
    if not isinstance(obj, Variable):
        if not _holds_variables(obj):
            return constant(np.asarray(obj, dtype=dtype, copy=copy))
        obj = call("stack", [asarray(part) for part in obj])
    if dtype is not None and obj.dtype != dtype:
        return call("astype", obj, dtype)
    return call("copy", obj) if copy else obj


def _holds_variables(obj: Any) -> bool:
    if isinstance(obj, (list, tuple)):
        return any(map(_holds_variables, obj))
    return isinstance(obj, Variable)


def from_dlpack(x: Any, /, *, device: Any = None, copy: bool | None = None) -> Any:
    """A Variable on the array that another library exports; a Variable stays in its graph."""
    if isinstance(x, Variable):
        return asarray(x, device=device, copy=copy)
    on_cpu(device)
    return constant(np.from_dlpack(x, copy=copy))


def arange(
    start: Any, /, stop: Any = None, step: Any = 1, *, dtype: Any = None, device: Any = None
) -> Any:
    """Numbers from start to before stop, or from 0 to before start."""
    on_cpu(device)
    start, stop = (0, start) if stop is None else (start, stop)
    return constant(np.arange(start, stop, step, dtype=dtype))


def eye(
    n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: Any = None
) -> Any:
    """Ones on the k-th diagonal, zeros elsewhere."""
    on_cpu(device)
    return constant(np.eye(n_rows, n_cols, k=k, dtype=dtype or float))


def zeros(shape: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """Zeros."""
    on_cpu(device)
    return constant(np.zeros(shape, dtype or float))


def ones(shape: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """Ones."""
    on_cpu(device)
    return constant(np.ones(shape, dtype or float))


def empty(shape: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """An array to write into; here zeros."""
    return zeros(shape, dtype=dtype, device=device)


def full(shape: Any, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """The operator `full`: one value everywhere."""
    on_cpu(device)
    if isinstance(fill_value, Variable):
        return call("full", shape, fill_value, dtype)
    return constant(np.full(shape, fill_value, dtype))


def zeros_like(x: Any, /, *, dtype: Any = None, device: Any = None) -> Any:
    """Zeros of the shape and dtype of x."""
    return zeros(x.shape, dtype=dtype or x.dtype, device=device)


def ones_like(x: Any, /, *, dtype: Any = None, device: Any = None) -> Any:
    """Ones of the shape and dtype of x."""
    return ones(x.shape, dtype=dtype or x.dtype, device=device)


def empty_like(x: Any, /, *, dtype: Any = None, device: Any = None) -> Any:
    """An array like x to write into; here zeros."""
    return zeros_like(x, dtype=dtype, device=device)


def full_like(x: Any, /, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """One value everywhere, with the shape and dtype of x."""
    return full(x.shape, fill_value, dtype=dtype or x.dtype, device=device)


def linspace(
    start: Any,
    stop: Any,
    /,
    num: int,
    *,
    dtype: Any = None,
    device: Any = None,
    endpoint: bool = True,
) -> Any:
    """The operator `linspace`."""
    on_cpu(device)
    if isinstance(start, Variable) or isinstance(stop, Variable):
        return call("linspace", start, stop, num, endpoint, dtype=dtype)
    return constant(np.linspace(start, stop, num, endpoint, dtype=dtype))


def meshgrid(*arrays: Any, indexing: str = "xy") -> Any:
    """The operator `meshgrid`."""
    return list(call("meshgrid", *map(variable, arrays), indexing=indexing))


def tril(x: Any, /, *, k: int = 0) -> Any:
    """The operator `tril`."""
    return call("tril", x, k)


def triu(x: Any, /, *, k: int = 0) -> Any:
    """The operator `triu`."""
    return call("triu", x, k)


__all__ = [
    "arange",
    "asarray",
    "empty",
    "empty_like",
    "eye",
    "from_dlpack",
    "full",
    "full_like",
    "linspace",
    "meshgrid",
    "ones",
    "ones_like",
    "tril",
    "triu",
    "zeros",
    "zeros_like",
]
