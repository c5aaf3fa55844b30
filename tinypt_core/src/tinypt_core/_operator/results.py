"""What becomes of what forward returned, off the path of every op.

Several outputs, classes with an equality of their own, constants alone, and what cannot run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import ref

import numpy as np

from tinypt_core import _links
from tinypt_core._arrays import as_array, is_array, kind
from tinypt_core._batch.batched import NeedsLoop
from tinypt_core._batch.looping import may_help
from tinypt_core._buffer import buffer
from tinypt_core._errors import refused
from tinypt_core._graph.changes import next_order
from tinypt_core._graph.places import Output, Stand
from tinypt_core._modes import Mode
from tinypt_core._names import label
from tinypt_core._operator.inputs import CONSTANT as _CONSTANT
from tinypt_core._variable import Constant, Variable, handle
from tinypt_core._written import Written, whole

_set = object.__setattr__
_ndarray = np.ndarray


def odd_runner(cls: Any, evaluate: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a class with an equality of its own, or whose instances refuse to change."""

    def run(node: Any, inputs: tuple[Any, ...], mode: Mode) -> Any:
        try:
            y, xs, edges = evaluate(node, inputs)
        except (Exception, NeedsLoop) as error:
            return otherwise(node, inputs, error)
        if isinstance(y, (tuple, list)):
            return several(node, inputs, xs, edges, y, mode)
        return recorded(node, inputs, xs, edges, as_output(cls, y), mode)

    return run


def recorded(
    node: Any, inputs: tuple[Any, ...], xs: Any, edges: Any, y: Any, mode: Mode
) -> Variable:
    """The result of any class, hung onto the graph."""
    if edges is _CONSTANT or not mode.enable_backprop:
        return unrecorded(y, inputs, mode)
    _record(node, y.shape, y.dtype, edges, mode)
    keeps = node._keeps
    if keeps.textbook:
        _set(node, "_held", (inputs, as_tuple(node, xs), (y,)))
    elif keeps.asks:
        _set(node, "_held", xs if keeps.save is True else keeps.save(xs, y))
    return (buffer if y.__class__ is Written else handle)(y, node if node._plain else Stand(node))


def otherwise(node: Any, inputs: tuple[Any, ...], error: BaseException) -> Any:
    """For every element by itself what cannot run on a batch; else the error, with its operator."""
    if may_help(error, inputs):
        return _links.one_by_one(node, inputs)
    raise refused(error, label(type(node)) + kind(*inputs)) from error


def unrecorded(y: Any, inputs: tuple[Any, ...], mode: Mode) -> Variable:
    """A result that nothing is recorded for: of constants alone a constant, else a leaf."""
    y = whole(y) if is_array(y) else np.asarray(y)
    if mode.enable_backprop and any(isinstance(x, Constant) for x in inputs):
        return Constant(y)
    out = Variable(y)
    out._edge.unrecorded = True
    return out


def several(
    node: Any, inputs: tuple[Any, ...], xs: Any, edges: Any, ys: Any, mode: Mode
) -> tuple[Variable, ...]:
    """The same for an operator with several outputs."""
    arrays = [y if y.__class__ is _ndarray else whole(as_output(type(node), y)) for y in ys]
    if edges is _CONSTANT or not mode.enable_backprop:
        return tuple(unrecorded(y, inputs, mode) for y in arrays)
    stand = Stand(node)
    outs = tuple(handle(y, Output((stand, i))) for i, y in enumerate(arrays))
    xs = as_tuple(node, xs)
    _record(node, [y.shape for y in arrays], [y.dtype for y in arrays], edges, mode)
    _set(node, "_made", [ref(out) for out in outs])
    _set(node, "_grad", [None] * len(outs))
    keeps = node._keeps
    _set(node, "_held", (inputs, xs, arrays) if keeps.textbook else keeps.save_several(xs, arrays))
    return outs


def _record(node: Any, shape: Any, dtype: Any, edges: Any, mode: Mode) -> None:
    _set(node, "_shape", shape)
    _set(node, "_dtype", dtype)
    _set(node, "_behind", edges)
    _set(node, "_order", next_order())
    _set(node, "_mode", mode)
    _set(node, "_grad", None)


def as_tuple(node: Any, xs: Any) -> tuple[Any, ...]:
    """The inputs of forward, of which an only one comes as it is."""
    return (xs,) if node._signature.arity == 1 else xs


def as_output(cls: type, y: Any) -> Any:
    if y is None:
        raise TypeError(f"{cls.__name__}: forward returned None; it must return an array")
    return as_array(y)
