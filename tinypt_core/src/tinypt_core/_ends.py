"""Where the backward loop begins and ends: what it starts from, and whose arrays it hands out."""

from __future__ import annotations

from sys import getrefcount
from typing import Any

import numpy as np

from tinypt_core._errors import GradientError
from tinypt_core._modes import get_mode
from tinypt_core._registry import OPS
from tinypt_core._variable import SCALAR as _SCALAR
from tinypt_core._variable import Variable, handle

_float64 = np.float64
_ndarray = np.ndarray
_ONE = np.float64(1)


def seed(y: Variable, gy: Any, create_graph: bool) -> Any:
    """The gradient of y that the loop starts from: gy, or ones."""
    data: Any = getattr(y, "_data", None)
    if data.__class__ is not _float64:
        require_float(y, "an output")
    if gy is None:
        gy = _ONE if y._edge._shape is _SCALAR else np.ones_like(data)
        return Variable(np.asarray(gy)) if create_graph else gy
    if not create_graph and isinstance(gy, Variable):
        gy = gy._data
    elif not isinstance(gy, (np.ndarray, Variable)):
        gy = np.asarray(gy)
    if gy.shape != data.shape:
        raise GradientError(f"the gradient of {_call(y)} has shape {gy.shape}, not {data.shape}")
    if gy.dtype != data.dtype:
        gy = OPS["astype"](gy, data.dtype) if isinstance(gy, Variable) else gy.astype(data.dtype)
    return Variable(np.asarray(gy)) if create_graph and not isinstance(gy, Variable) else gy


def own(grad: Any, x: Any, create_graph: bool) -> Any:
    """The gradient as its receiver gets it: sharing memory with no other array."""
    if grad.__class__ is _float64:
        return np.array(grad)
    if grad is None:
        grad = np.zeros(x.shape, x.dtype)
        return Variable(grad) if create_graph else grad
    if grad.__class__ is _ndarray and getrefcount(grad) == _MINE and grad.base is None:
        return grad
    if isinstance(grad, Variable):
        if grad._edge._order:
            return handle(np.array(grad._data), grad._edge)
        return OPS["positive"](grad) if get_mode().enable_backprop else Variable(grad.data.copy())
    return np.array(grad)


def _count(grad: Any, x: Any, create_graph: bool) -> int:
    return getrefcount(grad)


#: how many references an array has in `_own` when nobody but its receiver holds it
_MINE = _count({0: np.empty(0)}.pop(0), None, False)


def add(old: Any, new: Any) -> Any:
    """A gradient that accumulates, in memory of its own."""
    if isinstance(old, Variable) or isinstance(new, Variable):
        return OPS["add"](old, new)
    return np.asarray(old + new)


def require_float(x: Any, what: str) -> None:
    """Only floating point can be differentiated."""
    if not isinstance(x, Variable):
        raise TypeError(f"{what} is {type(x)}, not a Variable; write Variable(np.array(...))")
    if x._data is None or x._data.dtype.kind not in "fc":
        found = "None" if x._data is None else f"{x.dtype} data"
        raise GradientError(
            f"{_call(x)} has {found}: only floating point can be differentiated; "
            f"make the input float, as np.array(..., dtype=float)"
        )


def require_float_leaf(y: Variable, leaves: set[Any]) -> None:
    """Integers all the way down: say so instead of leaving every grad None."""
    if leaves and all(leaf._dtype is not None and leaf._dtype.kind not in "fc" for leaf in leaves):
        raise GradientError(
            f"{_call(y)} was made of integers only, which cannot be differentiated; "
            f"make the input float, as np.array(..., dtype=float)"
        )


def _call(y: Variable) -> str:
    if y.name:
        return repr(y.name)
    return f"the output of {type(y.creator).__name__}" if y.creator is not None else "the Variable"
