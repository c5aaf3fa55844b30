"""Calling an operator: what runs for every op, put together once per class.

What a class says about itself is settled here once: its parts are plain variables of the
functions made for it, and the functions have code objects of their own, so that the interpreter
specialises each for its class.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np

from tinypt_core import _modes
from tinypt_core._errors import refused
from tinypt_core._inputs import CONSTANT as _CONSTANT
from tinypt_core._inputs import EVERY, evaluator
from tinypt_core._modes import Mode, get_mode
from tinypt_core._names import label
from tinypt_core._variable import SCALAR as _SCALAR
from tinypt_core._variable import Leaf, Output, Variable, handle

if TYPE_CHECKING:
    from tinypt_core._function import Function

_new = object.__new__
_ndarray = np.ndarray
_float64 = np.float64
_FLOAT64 = np.dtype(float)
next_order = count(1).__next__


def compiled(cls: type[Function]) -> Callable[..., Any]:
    """The callable of one Function class: inputs first, parameters after."""
    arity, run = cls._signature.arity, cls._run
    plain = arity if cls.__init__ is object.__init__ else None

    def call(*args: Any, **kwargs: Any) -> Any:
        if len(args) == plain and not kwargs:
            node = _new(cls)
        elif len(args) >= arity >= 0 and not kwargs:
            node = cls(*args[arity:])
            args = args[:arity]
        else:
            node, args = _bind(cls, args, kwargs)
        mode = get_mode()
        if mode.watched or _modes.observers:
            return watched_run(node, args, mode)
        return run(node, args, mode)

    return of_its_own(call)


def runner(cls: type[Function]) -> Callable[..., Any]:
    """The path of every op: compute forward and hang the result onto the graph."""
    evaluate = evaluator(cls._signature.arity, cls.elementwise)
    elementwise, save, textbook = cls.elementwise, cls._save, cls._textbook

    def run(node: Any, inputs: tuple[Any, ...], mode: Mode) -> Any:
        try:
            y, xs, edges = evaluate(node, inputs)
        except Exception as error:
            raise refused(error, label(cls)) from error
        if elementwise and y.__class__ is _float64:
            node._shape = _SCALAR
            node._dtype = _FLOAT64
        else:
            if y.__class__ is not _ndarray:
                if isinstance(y, (tuple, list)):
                    return _several(node, inputs, xs, edges, y, mode)
                y = _as_output(cls, y)
            node._shape = y.shape
            node._dtype = y.dtype
        out: Any = _new(Variable)
        out._data = y
        out._name = None
        if edges is _CONSTANT or not mode.enable_backprop:
            out._edge = Leaf(out, y)
            out._grad = None
            return out
        out._edge = node
        node._behind = edges
        node._order = next_order()
        node._grad = None
        node._mode = mode
        if save is True:
            node._held = xs
        elif save is not None:
            node._held = save(xs, y)
        elif textbook:
            node._held = (inputs, _tuple(node, xs), (y,))
        return out

    return of_its_own(run)


def _several(
    node: Any, inputs: tuple[Any, ...], xs: Any, edges: Any, ys: Any, mode: Mode
) -> tuple[Variable, ...]:
    """The same for an operator with several outputs."""
    arrays = [y if y.__class__ is _ndarray else _as_output(type(node), y) for y in ys]
    if edges is _CONSTANT or not mode.enable_backprop:
        return tuple(Variable(y) for y in arrays)
    outs = tuple(handle(y, Output((node, i))) for i, y in enumerate(arrays))
    xs = _tuple(node, xs)
    node._behind = edges
    node._shape = [y.shape for y in arrays]
    node._dtype = [y.dtype for y in arrays]
    node._order = next_order()
    node._made = [ref(out) for out in outs]
    node._grad = [None] * len(outs)
    node._mode = mode
    if node._textbook:
        node._held = (inputs, xs, arrays)
    else:
        asked = tuple(_asked(i, xs, arrays) for i in node._signature.asks)
        node._held = asked[0] if len(asked) == 1 else asked
    return outs


def puller(cls: type[Function]) -> Any:
    """A rule as the loop calls it: the gradient of the one output, and what the node saved."""
    rule, n = cls._rule, len(cls._signature.asks)

    def one(node: Any, gy: Any) -> Any:
        return rule(node, gy, node._held)

    def two(node: Any, gy: Any) -> Any:
        a, b = node._held
        return rule(node, gy, a, b)

    def more(node: Any, gy: Any) -> Any:
        return rule(node, gy, *node._held)

    return rule if n == 0 else of_its_own({1: one, 2: two}.get(n, more))


def of_its_own(function: Any) -> Callable[..., Any]:
    """The function, on a code object that no other shares."""
    function.__code__ = function.__code__.replace()
    return function  # type: ignore[no-any-return]


def watched_run(node: Function, inputs: tuple[Any, ...], mode: Mode) -> Any:
    """A call that something looks on at."""
    from tinypt_core._watch import watched_forward

    return watched_forward(node, inputs, mode)


def _tuple(node: Any, xs: Any) -> tuple[Any, ...]:
    """The inputs of forward, of which an only one comes as it is."""
    return (xs,) if node._signature.arity == 1 else xs


def _asked(i: int, xs: Any, ys: Any) -> Any:
    return tuple(xs) if i == EVERY else xs[i] if i >= 0 else ys[~i]


def _as_output(cls: type, y: Any) -> np.ndarray:
    if y is None:
        raise TypeError(f"{cls.__name__}: forward returned None; it must return an array")
    return np.asarray(y)


# -- inputs and parameters -----------------------------------------------------------------------


def _bind(
    cls: type[Function], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Function, tuple[Any, ...]]:
    """Tell inputs from parameters and make the node."""
    signature = cls._signature
    if not _UNSUPPORTED.keys().isdisjoint(kwargs):
        _refuse(cls, kwargs)
    n = signature.arity if signature.arity >= 0 else len(args)
    inputs = args[:n]
    for name in signature.names[len(inputs) :]:
        if name not in kwargs:
            break
        inputs += (kwargs.pop(name),)
    if len(inputs) < signature.required:
        missing = ", ".join(signature.names[len(inputs) :])
        raise TypeError(f"{label(cls)}: missing input {missing}")
    try:
        return cls(*args[n:], **kwargs), inputs
    except TypeError as error:
        raise refused(error, label(cls)) from error


#: NumPy's arguments that operators do not take, and what to do instead
_UNSUPPORTED = {
    "out": "use the result",
    "where": "use np.where, or index with the mask",
    "dtype": "use astype",
    "initial": "add it to the result",
    "casting": "use astype",
    "order": "arrays come in C order",
    "subok": "results are Variables",
}


def _refuse(cls: type[Function], kwargs: dict[str, Any]) -> None:
    from tinypt_core._signature import parameters

    for name in [n for n in kwargs if n in _UNSUPPORTED and n not in parameters(cls)]:
        value = kwargs.pop(name)
        if value is not None and value is not True:  # NumPy's defaults ask for nothing
            raise TypeError(f"{label(cls)}: {name}= is not supported; {_UNSUPPORTED[name]}")
