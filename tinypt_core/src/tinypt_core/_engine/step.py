"""One step of the backward loop: run a node's rule, and say where its gradients go.

A step takes a node and the gradient of its output, and gives pairs of an edge and the gradient
that goes there. Which step a pass takes is chosen once: plain, recorded, or past what looks on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tinypt_core import _links, _modes
from tinypt_core._arrays import is_array
from tinypt_core._batch.batched import NeedsLoop
from tinypt_core._batch.looping import may_help
from tinypt_core._engine.fit import blamed, fitted, fitted_variables, says_all
from tinypt_core._engine.guard import guarded
from tinypt_core._errors import GradientError
from tinypt_core._graph.changes import prints
from tinypt_core._graph.places import SCALAR as _SCALAR
from tinypt_core._graph.places import Constant, Output
from tinypt_core._modes import Mode, get_mode
from tinypt_core._names import describe
from tinypt_core._variable import Variable
from tinypt_core._written import Written, whole

_NAMES = {"float64": np.float64, "ndarray": np.ndarray, "SCALAR": _SCALAR, "Constant": Constant}


#: how a rule of one output is called, by the number of things it asks for
_CALLS = {
    0: "{gxs} = rule(node, gy)",
    1: "{gxs} = rule(node, gy, node._held)",
    2: "a, b = node._held; {gxs} = rule(node, gy, a, b)",
    3: "a, b, c = node._held; {gxs} = rule(node, gy, a, b, c)",
}
_ONE = """
def pull(node, gy):
    {call}
    edge = node._behind
    if gx.__class__ is float64 and edge._shape is SCALAR:
        return ((edge, gx),)
    if gx.__class__ is ndarray and gx.dtype is edge._dtype and gx.shape == edge._shape:
        return ((edge, gx),)
    return fitted(node, (edge,), gx)
"""
_TWO = """
def pull(node, gy):
    {call}
    edges = node._behind
    if gxs.__class__ is tuple and len(gxs) == 2:
        gx, other = gxs
        edge, second = edges
        if gx.__class__ is float64 and edge._shape is SCALAR:
            if other.__class__ is float64 and second._shape is SCALAR:
                return (edge, gx), (second, other)
            if other is None or second.__class__ is Constant:
                return ((edge, gx),)
        elif other.__class__ is float64 and second._shape is SCALAR:
            if gx is None or edge.__class__ is Constant:
                return ((second, other),)
        elif gx.__class__ is ndarray and other.__class__ is ndarray:
            if gx.dtype is edge._dtype and gx.shape == edge._shape:
                if other.dtype is second._dtype and other.shape == second._shape:
                    return (edge, gx), (second, other)
    return fitted(node, edges, gxs)
"""


def puller(cls: Any) -> Callable[..., Any]:
    """The plain step of one class, put together once: its rule on arrays, the scalars first."""
    signature = cls._signature
    arity, call = signature.arity, _CALLS.get(len(signature.asks))
    if arity in (1, 2) and call and signature.n_gy == 1:
        text = (_ONE if arity == 1 else _TWO).format(call=call.format(gxs="gxs"[: arity + 1]))
        names = {"rule": cls._rule, "fitted": fitted, **_NAMES}
        exec(text, names)
        pull = names["pull"]
    else:
        pull = _general
    return _unchanged_first(pull) if cls._noted else pull


def _general(node: Any, gy: Any) -> Any:
    return fitted(node, node._edges, raw(node._node, gy))


def raw(node: Any, gy: Any) -> Any:
    """What the rule of any node returns, on arrays."""
    if node._noted:
        require_unchanged(node)
    return node._rule(*_complete(node, gy), *node._keeps.values(node))


def raw_recorded(node: Any, gy: Any) -> Any:
    """The same lines run on Variables, so that the gradients can be differentiated again."""
    if node._noted:
        require_unchanged(node)
    return guarded(node)._rule(*_recordable(node, gy), *node._keeps.variables(node))


def _recordable(node: Any, gy: Any) -> Sequence[Any]:
    """The gradients of the outputs as Variables."""
    if gy.__class__ is Variable:
        return (gy,)
    return [Variable(g) if is_array(g) else g for g in _complete(node, gy)]


def chosen(create_graph: bool, mode: Mode) -> Callable[..., Any] | None:
    """The step of a pass; None for the plain one of each class."""
    watched = mode.watched or _modes.observers
    if not create_graph and not watched:
        return None
    rule: Any = raw_recorded if create_graph else raw
    if watched:
        rule = _links.watched_pull(rule, mode)
    return _recorded(rule) if create_graph else _plain(rule)


def _recorded(rule: Callable[..., Any]) -> Callable[..., Any]:
    def step(place: Any, gy: Any) -> Any:
        if place.__class__ is Output:  # it only hands its gradient to its node
            return place._pull(gy)
        node = place._node
        return fitted_variables(node, rule(node, gy))

    return step


def _plain(rule: Callable[..., Any]) -> Callable[..., Any]:
    def step(place: Any, gy: Any) -> Any:
        if place.__class__ is Output:
            return place._pull(gy)
        node = place._node
        return fitted(node, node._edges, rule(node, gy))

    return step


def otherwise(node: Any, gy: Any, error: BaseException) -> Any:
    """The gradients of a rule that cannot run on a batch, computed for every element by itself;
    else the error, with its operator."""
    if any(g.__class__ is Written for g in (gy if gy.__class__ is list else [gy])):
        gy = whole(gy)  # a rule that can only do with ndarrays gets some
        try:
            return node._pull(gy)
        except (Exception, NeedsLoop) as another:
            error = another
    recorded = get_mode().recording_rule
    asked = _asked(node._node, gy, recorded)
    if may_help(error, asked):
        try:
            gxs = _links.rule_one_by_one(node._node, asked, recorded)
            return fitted_variables(node, gxs) if recorded else fitted(node, node._edges, gxs)
        except (Exception, NeedsLoop) as another:
            error = another
    if says_all(error):
        raise error
    raise blamed(node, gy, error) from error


def _asked(node: Any, gy: Any, recorded: bool) -> list[Any]:
    """What the rule of a node gets; if it is recorded, as Variables."""
    if recorded:
        return [*_recordable(node, gy), *node._keeps.variables(node)]
    return [*_complete(node, gy), *node._keeps.values(node)]


def _complete(node: Any, gys: Any) -> list[Any]:
    """A gradient per output: a dropped or unused one counts as zero."""
    if gys.__class__ is not list:
        return [gys]
    return [
        np.zeros(shape, dtype) if gy is None else gy
        for gy, (shape, dtype) in zip(gys, node._outputs, strict=True)
    ]


# -- parameters and textbook inputs that were changed in place -----------------------------------


def _unchanged_first(pull: Callable[..., Any]) -> Callable[..., Any]:
    def step(node: Any, gy: Any) -> Any:
        if hasattr(node, "_prints"):
            require_unchanged(node)
        return pull(node, gy)

    return step


def require_unchanged(node: Any) -> None:
    """Raise if a parameter that the rule may read was changed or set anew since forward."""
    bound, kept = getattr(node, "_prints", _NOTHING)
    for name, value in bound.items():
        if getattr(node, name, None) is not value:
            raise _changed(node, f"the parameter {name}", "set anew", "make another instance")
    for value, before in kept:
        if prints(value) != before:
            raise _changed(node, "a parameter", "changed in place", "pass a copy")


_NOTHING: tuple[dict[str, Any], list[Any]] = ({}, [])


def _changed(node: Any, what: str, how: str, instead: str) -> GradientError:
    return GradientError(
        f"cannot be used: {what} of {describe(node)} was {how} between forward and backward; "
        f"{instead}, or call backward() first"
    )
