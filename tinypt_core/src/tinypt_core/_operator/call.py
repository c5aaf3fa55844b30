"""Calling an operator: what runs for every op, put together once per class.

What a class says about itself is settled when it is first called: its parts are plain variables
of the functions made for it, and the functions have code objects of their own, so that the
interpreter specialises each for its class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_core import _links
from tinypt_core._batch.batched import NeedsLoop
from tinypt_core._errors import DefinitionError
from tinypt_core._graph.changes import COPY, WATCH, next_order, prints
from tinypt_core._graph.places import SCALAR as _SCALAR
from tinypt_core._modes import Mode, current, observers
from tinypt_core._operator.binding import bind
from tinypt_core._operator.inputs import CONSTANT as _CONSTANT
from tinypt_core._operator.inputs import evaluator
from tinypt_core._operator.keeps import Keeps
from tinypt_core._operator.results import (
    as_output,
    as_tuple,
    odd_runner,
    otherwise,
    recorded,
    several,
    unrecorded,
)
from tinypt_core._operator.signature import parameters
from tinypt_core._operator.textbook import textbook_rule
from tinypt_core._variable import Variable
from tinypt_core._written import Written

_new = object.__new__
get_mode = current.get
_set = object.__setattr__
_ndarray = np.ndarray
_float64 = np.float64
_FLOAT64 = np.dtype(float)


def prepare_later(cls: Any) -> None:
    """Settle what a class says about itself at its first call: a decorator may change it yet."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return prepared(cls)._call(*args, **kwargs)

    cls._call = staticmethod(call)
    cls._run = None
    cls._pull = _first_pull
    cls._noted = False


def _first_pull(node: Any, gy: Any) -> Any:
    """The rule as the loop calls it is put together when the first backward pass comes by."""
    cls = type(node)
    noted = cls._noted
    cls._pull = pull = _links.puller(cls)
    if cls._noted and not noted:  # by another thread meanwhile
        cls._pull = pull = _links.puller(cls)
    return pull(node, gy)


def prepared(cls: Any) -> Any:
    """The class, ready to be called."""
    if cls._run is None:
        if not hasattr(cls, "forward"):
            raise DefinitionError(
                f"{cls.__qualname__} has no forward, so it cannot be called; write "
                f"def forward(self, x)"
            )
        signature = cls._signature
        textbook = not (signature.asks or cls.keeps_nothing)
        cls._keeps = Keeps(signature, textbook)
        cls._plain = cls.__hash__ is object.__hash__ and cls.__setattr__ is object.__setattr__
        cls._rule = _by_position(cls._written, signature, textbook)
        cls._call = staticmethod(caller(cls))
        cls._run = _runner(cls)
    return cls


def run(node: Any, inputs: tuple[Any, ...], mode: Mode) -> Any:
    """Call a node that exists, past whatever looks on."""
    if node._run is None:
        prepared(type(node))
    watched = mode.watched or observers
    y = _links.watched_run(node, inputs, mode) if watched else node._run(inputs, mode)
    if hasattr(node, "_order"):
        _note(node, {} if mode.recording_rule else _bound(node))
    return y


def _by_position(rule: Any, signature: Any, textbook: bool) -> Any:
    """The rule as the loop calls it: gradients, then what it asked for, all by position."""
    if textbook and rule is not None:
        return textbook_rule(rule)
    names = signature.keywords
    if not names or not signature.asks:
        return rule
    k = len(names)

    def by_keyword(self: Any, *args: Any) -> Any:
        return rule(self, *args[: len(args) - k], **dict(zip(names, args[-k:], strict=True)))

    return by_keyword


def caller(cls: Any) -> Callable[..., Any]:
    """The callable of one Function class: inputs first, parameters after."""
    arity = cls._signature.arity
    return of_its_own(_plain(cls, arity) if cls.__init__ is object.__init__ else _with(cls, arity))


def _plain(cls: Any, arity: int) -> Callable[..., Any]:
    """Of a class without parameters."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if len(args) != arity or kwargs:
            node, args = bind(cls, args, kwargs)
            return run(node, args, get_mode())
        node = _new(cls)
        mode = get_mode()
        if mode.watched or observers:
            return _links.watched_run(node, args, mode)
        return node._run(args, mode)

    return call


def _with(cls: Any, arity: int) -> Callable[..., Any]:
    """Of a class with parameters."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if not len(args) >= arity >= 0 or kwargs:
            node, args = bind(cls, args, kwargs)
            return run(node, args, get_mode())
        given, args = args[arity:], args[:arity]
        node = cls(*given)
        mode = get_mode()
        for value in given:
            if value.__class__ not in _FIXED:
                return run(node, args, mode)
        if mode.watched or observers:
            return _links.watched_run(node, args, mode)
        return node._run(args, mode)

    return call


#: parameters that cannot change in place
_FIXED = frozenset({int, float, bool, complex, str, bytes, slice, type(None), type(...), type})


def _note(node: Any, bound: dict[str, Any]) -> None:
    """The parameters of a call that somebody has in hand, and prints of what may change in place:
    to be compared in the backward pass."""
    changing = [value for value in _attributes(node) if value.__class__ not in _FIXED]
    if not (changing or bound):
        return
    found = [(value, print) for value in changing if (print := prints(value)) is not None]
    if found or bound:
        _set(node, "_prints", (bound, found))
        cls = type(node)
        if not cls._noted:
            cls._noted = True
            cls._pull = _first_pull  # which compares them


def _bound(node: Any) -> dict[str, Any]:
    """The parameters that are stored on a node, and not computed."""
    cls = type(node)
    return {
        name: value
        for name, value in node.params.items()
        if not isinstance(getattr(cls, name, None), property)
    }


def _attributes(node: Any) -> list[Any]:
    values = list(getattr(node, "__dict__", {}).values())
    return values + [getattr(node, s) for s in parameters(type(node)) if hasattr(node, s)]


def _runner(cls: Any) -> Callable[..., Any]:
    """The path of every op: compute forward and hang the result onto the graph."""
    keeps = cls._keeps
    reads = keeps.textbook or any(i >= 0 for i in keeps.asks)
    # an output that is not computed element by element may be a view of its input
    care = COPY if reads else 0 if cls.elementwise else WATCH
    evaluate = evaluator(cls._signature.arity, cls.elementwise, care)
    elementwise, save, textbook = cls.elementwise, keeps.save, keeps.textbook

    def run(node: Any, inputs: tuple[Any, ...], mode: Mode) -> Any:
        try:
            y, xs, edges = evaluate(node, inputs)
        except (Exception, NeedsLoop) as error:
            return otherwise(node, inputs, error)
        if elementwise and y.__class__ is _float64:
            node._shape = _SCALAR
            node._dtype = _FLOAT64
        else:
            if y.__class__ is not _ndarray:
                if isinstance(y, (tuple, list)):
                    return several(node, inputs, xs, edges, y, mode)
                if y.__class__ is Written:
                    return recorded(node, inputs, xs, edges, y, mode)
                y = as_output(cls, y)
            node._shape = y.shape
            node._dtype = y.dtype
        out: Any = _new(Variable)
        out._array = y
        out._name = None
        if edges is _CONSTANT or not mode.enable_backprop:
            return unrecorded(y, inputs, mode)
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
            node._held = (inputs, as_tuple(node, xs), (y,))
        return out

    return of_its_own(run if cls._plain else odd_runner(cls, evaluate))


def of_its_own(function: Any) -> Callable[..., Any]:
    """The function, on a code object that no other shares."""
    function.__code__ = function.__code__.replace()
    return function  # type: ignore[no-any-return]
