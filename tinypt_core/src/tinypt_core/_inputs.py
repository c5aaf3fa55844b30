"""What forward gets: the arrays of Variables, and constants made to fit them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_core._variable import Variable

_array = np.array
_asarray = np.asarray
_ndarray = np.ndarray
_float64 = np.float64

#: what a rule asks for that names forward's `*xs`: all of them
EVERY = 1 << 30
#: the edges of an operator whose inputs are all constants
CONSTANT: tuple[Any, ...] = ()

_SMALL = 6  #: elements of a constant array that pictures show, and so the graph keeps


def evaluator(arity: int, elementwise: bool) -> Callable[..., Any]:
    """How an operator of this kind computes its output, chosen once per class.

    It returns what forward returned, what forward got (an only input as it is, else a tuple),
    and the nodes behind that; CONSTANT if there are none.
    """
    if elementwise and arity in (1, 2):
        return _one_scalar if arity == 1 else _two_scalars
    return _one if arity == 1 else _all


def _all(f: Any, inputs: tuple[Any, ...]) -> tuple[Any, Any, Any]:
    xs, edges = _unwrap(f, inputs)
    return f.forward(*xs), xs, edges


def _one(f: Any, inputs: tuple[Any, ...]) -> tuple[Any, Any, Any]:
    xs, edges = _unwrap(f, inputs)
    return f.forward(*xs), xs[0], edges[0] if edges else edges


def _one_scalar(f: Any, inputs: tuple[Any, ...]) -> tuple[Any, Any, Any]:
    """`_one` for an elementwise operator, quick where the input is a Variable."""
    if len(inputs) != 1 or inputs[0].__class__ is not Variable:
        return _one(f, inputs)
    variable = inputs[0]
    x = variable._data
    if x.__class__ is not _float64 and not x.ndim:
        x = x[()]
    return f.forward(x), x, variable._edge


def _two_scalars(f: Any, inputs: tuple[Any, ...]) -> tuple[Any, Any, Any]:
    """`_all` for an elementwise operator, quick where two inputs are Variables or numbers."""
    if len(inputs) != 2:
        return _all(f, inputs)
    x0, x1 = inputs
    if x0.__class__ is Variable:
        edge0 = x0._edge
        x0 = x0._data
        if x0.__class__ is not _float64 and not x0.ndim:
            x0 = x0[()]
    elif x0.__class__ is float or x0.__class__ is int:
        edge0 = None
    else:
        return _all(f, inputs)
    if x1.__class__ is Variable:
        edge1 = x1._edge
        x1 = x1._data
        if x1.__class__ is not _float64 and not x1.ndim:
            x1 = x1[()]
    elif (x1.__class__ is float or x1.__class__ is int) and edge0 is not None:
        edge1 = None
    else:
        return _all(f, inputs)
    if edge0 is None:
        f._constants = (x0, None)
    elif edge1 is None:
        f._constants = (None, x1)
    return f.forward(x0, x1), (x0, x1), (edge0, edge1)


def _unwrap(f: Any, inputs: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """What forward gets for the inputs, and the nodes behind them; none if all are constants.

    Python numbers take the dtype of the other inputs, as in NumPy. An elementwise operator gets
    them as they are, and NumPy scalars for 0-d arrays; any other operator gets arrays.
    """
    scalars = f.elementwise
    xs: list[Any] = []
    edges: list[Any] = []
    for x in inputs:
        if isinstance(x, Variable):
            edges.append(x._edge)
            x = x._data
        else:
            edges.append(None)
        if x.__class__ is _float64:
            x = x if scalars else _asarray(x)
        elif scalars and x.__class__ is _ndarray and not x.ndim:
            x = x[()]
        xs.append(x)
    if None in edges:
        _convert_constants(f, xs, edges)
        if edges.count(None) == len(edges):
            return tuple(xs), CONSTANT
    return tuple(xs), tuple(edges)


def _convert_constants(f: Any, xs: list[Any], edges: list[Any]) -> None:
    dtypes = {x.dtype for x in xs if isinstance(x, (_ndarray, np.generic))}
    like = np.result_type(*dtypes) if dtypes else None
    for i, edge in enumerate(edges):
        if edge is None:
            xs[i] = _constant(f, xs[i], like)
    # of a list, not a generator: that leaves one more tuple in Python's free list at every call
    f._constants = tuple(
        [
            None if edge is not None else x if np.size(x) <= _SMALL else (x.shape, x.dtype)
            for x, edge in zip(xs, edges, strict=True)
        ]
    )


def _constant(f: Any, value: Any, like: Any) -> Any:
    kind = value.__class__
    if value is None or (kind is _ndarray and value.dtype.kind in "fiubc"):
        return value
    if kind is float or kind is int:
        if f.elementwise:
            return value
        if like is not None and (like.kind in "fc" or (kind is int and like.kind in "iu")):
            return _array(value, like)
    array = _asarray(value)
    if array.dtype.kind not in "fiubc":
        what = "complex numbers are" if array.dtype.kind == "c" else f"{value!r:.60} is"
        raise TypeError(f"{what} not supported, only arrays of real numbers")
    return array
