"""Where the backward loop begins and ends: what it starts from, and whose arrays it hands out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tinypt_core._arrays import DIFFERENTIABLE, as_array, cast, copied, given_array
from tinypt_core._batch.batched import levels_of
from tinypt_core._errors import GradientError
from tinypt_core._graph.places import SCALAR, Leaf
from tinypt_core._links import OPS
from tinypt_core._modes import get_mode
from tinypt_core._variable import Variable, handle

_float64 = np.float64
_ndarray = np.ndarray
_ONE = np.float64(1)


def seed(y: Variable, gy: Any, create_graph: bool) -> Any:
    """The gradient of y that the loop starts from: gy, or ones."""
    data: Any = getattr(y, "_array", None)
    if data.__class__ is not _float64:
        require_float(y, "an output")
    if gy is None:
        gy = _ONE if y._edge._shape is SCALAR else _ones_like(data)
        return Variable(as_array(gy)) if create_graph else gy
    if not create_graph and isinstance(gy, Variable):
        gy = gy._array
    elif not isinstance(gy, Variable):
        gy = given_array(gy)
    if gy.shape != data.shape:
        raise GradientError(f"the gradient of {_call(y)} has shape {gy.shape}, not {data.shape}")
    if gy.dtype != data.dtype:
        gy = OPS["astype"](gy, data.dtype) if isinstance(gy, Variable) else cast(gy, data.dtype)
    return Variable(as_array(gy)) if create_graph and not isinstance(gy, Variable) else gy


def _ones_like(data: Any) -> Any:
    """`np.ones_like`, in a fifth of its time for a number."""
    if data.__class__ is _ndarray and not data.ndim:
        return np.array(1, data.dtype)
    return np.ones_like(data)


def own(grad: Any, create_graph: bool, ours: bool = False) -> Any:
    """The gradient as its receiver gets it: sharing memory with no other array.

    ours: whether the loop made it, and nobody else has it.
    """
    if grad.__class__ is _ndarray or grad.__class__ is _float64:
        return grad if ours else np.array(grad)
    if isinstance(grad, Variable):
        if grad._edge._order:
            return handle(copied(as_array(grad._array)), grad._edge)
        recorded = get_mode().enable_backprop
        return OPS["positive"](grad) if recorded else Variable(copied(as_array(grad._array)))
    return grad if ours else copied(grad)


def nothing(x: Variable, create_graph: bool) -> Any:
    """The gradient by what the outputs do not depend on."""
    zero = np.zeros_like(x._array)
    zero = as_array(zero)
    return Variable(zero) if create_graph else zero


def add(old: Any, new: Any) -> Any:
    """A gradient that accumulates, in memory of its own."""
    if isinstance(old, Variable) or isinstance(new, Variable):
        return OPS["add"](old, new)
    return as_array(old + new)


def require_alike(grad: Any, edge: Any) -> None:
    """Inside vmap: a gradient for each element does not fit a Variable that they share."""
    if set(levels_of(grad.shape)) - set(levels_of(edge._shape)):
        raise GradientError(
            "backward() inside vmap reaches a Variable that all elements share, whose .grad holds "
            "one gradient, not one for each; return gradients(y, x) or use grad, and call "
            "backward() on what vmap gives"
        )


# -- what can be differentiated ------------------------------------------------------------------


def require_float(x: Any, what: str) -> None:
    """Only floating point can be differentiated."""
    if not isinstance(x, Variable):
        raise TypeError(f"{what} is {type(x)}, not a Variable; write Variable(np.array(...))")
    if x._array is None or x._array.dtype.kind not in DIFFERENTIABLE:
        found = "None" if x._array is None else f"{x.dtype} data"
        raise GradientError(
            f"{_call(x)} has {found}: only floating point can be differentiated; "
            f"make the input float, as np.array(..., dtype=float)"
        )


def require_recorded(y: Variable) -> None:
    """Of a result that nothing was recorded for there is no gradient."""
    edge = y._edge
    if edge._order:
        return
    cut = edge.__class__ is not Leaf
    if cut or getattr(edge, "unrecorded", False) or getattr(edge, "constant", False):
        raise GradientError(
            f"nothing was recorded for {_call(y)}: it was computed under no_grad() or from "
            f"constants alone, detached, or unchained; compute it from a Variable that is none of "
            f"that, outside no_grad()"
        )


def require_float_leaf(y: Variable, nodes: Iterable[Any]) -> None:
    """Integers all the way down: say so instead of leaving every grad None."""
    found = [edge for node in nodes for edge in node._edges if edge.__class__ is Leaf]
    if found and all(x._dtype is not None and x._dtype.kind not in DIFFERENTIABLE for x in found):
        raise GradientError(
            f"{_call(y)} was made of integers only, which cannot be differentiated; "
            f"make the input float, as np.array(..., dtype=float)"
        )


def _call(y: Variable) -> str:
    if y.name:
        return repr(y.name)
    return f"the output of {type(y.creator).__name__}" if y.creator is not None else "the Variable"
