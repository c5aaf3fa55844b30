"""What forward gets: the arrays of Variables, and constants made to fit them.

It also sees to it that what a rule will read is what forward used: small arrays that their owner
may change in place are copied, large ones are watched (see `_graph.changes`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_core._arrays import as_array, check_constant, check_dtype, is_array
from tinypt_core._graph import changes
from tinypt_core._graph.changes import WATCH, Print
from tinypt_core._graph.places import Constant, Leaf
from tinypt_core._links import OPS
from tinypt_core._variable import Detached, Variable

_new = object.__new__
_array = np.array
_asarray = np.asarray
_ndarray = np.ndarray
_float64 = np.float64

#: the edges of an operator whose inputs are all constants
CONSTANT: tuple[Any, ...] = ()


def evaluator(arity: int, elementwise: bool, care: int) -> Callable[..., Any]:
    """How an operator of this kind computes its output, chosen once per class.

    It returns what forward returned, what forward got (an only input as it is, else a tuple),
    and the places behind that; CONSTANT if no input is a Variable. care: what is done about arrays
    of leaves that its rule will read, or that its output may be a view of.
    """
    scalars = {1: _one_scalar, 2: _two_scalars} if elementwise else {}
    return scalars.get(arity, _one if arity == 1 else _all)(care)


def _all(care: int) -> Callable[..., Any]:
    def evaluate(f: Any, inputs: tuple[Any, ...]) -> Any:
        xs, edges = unwrap(f, inputs, care)
        y = f.forward(*xs)
        if care == WATCH and y.__class__ is not _float64:
            _watch_if_view(y, xs, edges)
        return y, xs, edges

    return evaluate


def _one(care: int) -> Callable[..., Any]:
    def evaluate(f: Any, inputs: tuple[Any, ...]) -> Any:
        xs, edges = unwrap(f, inputs, care)
        y = f.forward(*xs)
        if care == WATCH and y.__class__ is not _float64:
            _watch_if_view(y, xs, edges)
        return y, xs[0], edges[0] if edges else edges

    return evaluate


def _watch_if_view(y: Any, xs: tuple[Any, ...], edges: tuple[Any, ...]) -> None:
    """Watch the arrays of leaves of which an output may be a view."""
    if y.__class__ is _ndarray and y.base is None and id(y) not in map(id, xs):
        return
    for x, edge in zip(xs, edges):  # noqa: B905 (no edges if all are constants)
        if edge.__class__ is Leaf and x.__class__ is _ndarray and x.ndim:
            edge.watch(x)


def _one_scalar(care: int) -> Callable[..., Any]:
    """`_one` for an elementwise operator, quick where the input is a Variable."""
    general = _one(care)

    def evaluate(f: Any, inputs: tuple[Any, ...]) -> Any:
        if len(inputs) != 1 or inputs[0].__class__ is not Variable:
            return general(f, inputs)
        variable = inputs[0]
        x = variable._array
        edge = variable._edge
        if x.__class__ is not _float64:
            if x.__class__ is _ndarray and not x.ndim:
                x = x[()]
            elif edge.__class__ is Leaf:
                x = edge.taken(x, care)
        return f.forward(x), x, edge

    return evaluate


def _two_scalars(care: int) -> Callable[..., Any]:
    """`_all` for an elementwise operator, quick where two inputs are Variables or numbers."""
    general = _all(care)

    def evaluate(f: Any, inputs: tuple[Any, ...]) -> Any:
        if len(inputs) != 2:
            return general(f, inputs)
        x0, x1 = inputs
        edge0: Any
        edge1: Any
        if x1.__class__ is Variable:
            edge1 = x1._edge
        elif x1.__class__ is float or x1.__class__ is int:
            edge1 = None
        else:
            return general(f, inputs)
        if x0.__class__ is Variable:
            edge0 = x0._edge
            x0 = x0._array
            if x0.__class__ is not _float64:
                if x0.__class__ is _ndarray and not x0.ndim:
                    x0 = x0[()]
                elif edge0.__class__ is Leaf:
                    x0 = edge0.taken(x0, care)
        elif edge1 is not None and (x0.__class__ is float or x0.__class__ is int):
            edge0 = _new(Constant)
            edge0.value = x0
            edge0._shape = ()
        else:
            return general(f, inputs)
        if edge1 is None:
            edge1 = _new(Constant)
            edge1.value = x1
            edge1._shape = ()
        else:
            x1 = x1._array
            if x1.__class__ is not _float64:
                if x1.__class__ is _ndarray and not x1.ndim:
                    x1 = x1[()]
                elif edge1.__class__ is Leaf:
                    x1 = edge1.taken(x1, care)
        return f.forward(x0, x1), (x0, x1), (edge0, edge1)

    return evaluate


def unwrap(f: Any, inputs: tuple[Any, ...], care: int) -> tuple[Any, tuple[Any, ...]]:
    """What forward gets for the inputs, and the places behind them; none if all are constants.

    Python numbers take the dtype of the other inputs, as in NumPy. An elementwise operator gets
    them as they are, and NumPy scalars for 0-d arrays; any other operator gets arrays.
    """
    scalars = f.elementwise
    xs: list[Any] = []
    edges: list[Any] = []
    for x in inputs:
        edge = None
        if isinstance(x, Variable):
            if x.__class__ is not Detached:
                edge = x._edge
            x = x._array
            if edge.__class__ is Leaf:
                x = edge.taken(x, care)
        if x.__class__ is _float64:
            x = x if scalars else _asarray(x)
        elif scalars and x.__class__ is _ndarray and not x.ndim:
            x = x[()]
        xs.append(x)
        edges.append(edge)
    if None in edges:
        return _with_constants(f, xs, edges)
    return tuple(xs), tuple(edges)


def _with_constants(f: Any, xs: list[Any], edges: list[Any]) -> tuple[Any, tuple[Any, ...]]:
    dtypes = {x.dtype for x in xs if is_array(x) or isinstance(x, np.generic)}
    like = np.result_type(*dtypes) if dtypes else None
    for i, edge in enumerate(edges):
        if edge is None:
            found = _constant(f, xs[i], like)
            if isinstance(found, Variable):  # joined of a list
                edges[i] = None if found.__class__ is Detached else found._edge
                found = found._array
            xs[i] = found
    if edges.count(None) == len(edges):
        return tuple(xs), CONSTANT
    for i, edge in enumerate(edges):
        if edge is None:
            xs[i], edges[i] = _kept(xs[i])
    # of a list, not a generator: that leaves one more tuple in Python's free list at every call
    return tuple(xs), tuple(edges)


def _constant(f: Any, value: Any, like: Any) -> Any:
    kind = value.__class__
    if value is None or (kind is _ndarray and value.dtype.kind in "fciub"):
        return value
    if kind is float or kind is int or kind is complex:
        if f.elementwise:
            return value
        if like is not None and _holds(like.kind, kind):
            return _array(value, like)
    number = getattr(value, "__tinypt_number__", None)
    if number is not None:  # it stands for a Python number, and is as weak
        holds = like is not None and _holds(like.kind, number)
        return value if f.elementwise else value.__tinypt_array__(like if holds else None)
    if kind is list or kind is tuple:
        value = joined(value)
        if isinstance(value, Variable):
            return value
    check_constant(value)
    array = value if isinstance(value, np.generic) and f.elementwise else as_array(value)
    if array.dtype.kind == "O":
        raise TypeError(f"{value!r:.60} is not supported, only arrays of numbers")
    check_dtype(array.dtype)
    return array


def _holds(dtype_kind: str, number: type) -> bool:
    """Whether a Python number takes the dtype of the other inputs."""
    ranks = {int: "iufc", float: "fc", complex: "c"}
    return dtype_kind in ranks[number]


def joined(value: Any) -> Any:
    """A list of Variables, nested or not, stacked; anything else as it is."""
    if not isinstance(value, (list, tuple)):
        return value
    parts = [joined(part) for part in value]
    if not any(isinstance(part, Variable) for part in parts):
        return value
    return OPS["stack"]([p if isinstance(p, Variable) else np.asarray(p) for p in parts])


def _kept(x: Any) -> tuple[Any, Constant]:
    """A constant as a node keeps it, and its place."""
    if x.__class__ is not _ndarray:
        return x, Constant(x, getattr(x, "shape", ()), getattr(x, "dtype", None))
    if x.size <= changes.SMALL:
        x = x.copy()
        return x, Constant(x, x.shape, x.dtype)
    constant = Constant(None, x.shape, x.dtype)
    constant._print = Print(x)
    return x, constant
