"""Whose an array is that a rule returned: its receiver's, if the rule has just made it.

To look costs less than to copy where a leaf is large. An elementwise rule promises that what it
computed is the caller's. Of any other rule that is read off its code, once per class: one that
stores nothing, and reads nothing that may hold an array but what it was given, cannot return one
that somebody else has.
"""

from __future__ import annotations

import dis
import inspect
import math
from collections.abc import Iterable
from types import ModuleType
from typing import Any
from weakref import ref

import numpy as np

from tinypt_core._engine.guard import STORES, may_change
from tinypt_core._function import Function
from tinypt_core._graph.places import Leaf
from tinypt_core._operator.signature import own_slots

_ndarray = np.ndarray
#: elements from which on a copy costs more than looking whose an array is
LARGE = 10_000


def large_leaves(plan: Any) -> dict[Any, int]:
    """The leaves whose gradients are worth a look, and how large they are."""
    large = {}
    for leaf in plan.leaves:
        if leaf.__class__ is Leaf and (size := math.prod(leaf._shape)) >= LARGE:
            large[leaf] = size
    return large


def adopting(step: Any, plan: Any, large: dict[Any, int], grads: dict[Any, Any]) -> Any:
    """The same step; where a large leaf gets the array that a rule has just computed, or such an
    array comes to another gradient, the plan knows that it is nobody else's."""
    sums = grads if step is None else {}  # a faster plan adds up by itself

    def adopt(node: Any, gy: Any) -> Any:
        pairs = node._pull(gy) if step is None else step(node, gy)
        for edge, gx in pairs:
            if (edge in large or edge in sums) and _fresh(node._node, gy, gx, pairs):
                plan.own[edge] = ref(gx)
        return pairs

    return adopt


def _fresh(node: Any, gy: Any, gx: Any, pairs: Iterable[tuple[Any, Any]]) -> bool:
    """Whether the rule of the node made this large array: it is none of those it was given."""
    if gx.__class__ is not _ndarray or gx.size < LARGE or gx is gy or not _owns(gx):
        return False
    cls = type(node)
    computes, slots = cls.__dict__.get("_makes") or _about(cls)
    if not computes or node._keeps.has(node, gx):
        return False
    holds = (slots or getattr(node, "__dict__", None)) and _holds(node, gx)
    return not holds and _comes_once(gx, pairs)


def _comes_once(gx: Any, pairs: Iterable[tuple[Any, Any]]) -> bool:
    """Whether an array in memory of its own is one gradient alone, and no other lies in it."""
    times = 0
    for _, other in pairs:
        if other is gx:
            times += 1
        elif not _owns(other) and np.may_share_memory(gx, other):
            return False
    return times == 1


def _owns(array: Any) -> bool:
    """Whether an array lies in memory of its own."""
    return array.__class__ is _ndarray and array.base is None and array.flags.owndata


def _about(cls: Any) -> tuple[bool, bool]:
    """Whether the rule of a class can return only what it was given, or has just made; and whether
    its nodes have slots of their own. Read once per class."""
    computes = cls.elementwise or (
        inspect.isfunction(cls._written) and _computes(cls._written, cls)
    )
    cls._makes = computes, bool(own_slots(cls))
    return cls._makes  # type: ignore[no-any-return]


# -- rules that are not elementwise --------------------------------------------------------------


def _computes(function: Any, cls: Any, depth: int = 3) -> bool:
    code = function.__code__
    if function.__closure__ or any(inspect.iscode(c) for c in code.co_consts):
        return False
    if not _BY_NAME.isdisjoint(code.co_names):
        return False
    if any(step.opname in STORES for step in dis.get_instructions(code)):
        return False
    used = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for name in code.co_names:
        if name in function.__globals__:
            used.append(function.__globals__[name])
        elif name not in _NODE and hasattr(cls, name):
            used.append(inspect.getattr_static(cls, name))
    return all(_harmless(value, cls, depth) for value in used)


#: what a rule may read from self, besides its parameters
_NODE = {"needs", "shapes"}
#: what finds things by names that are not in the code
_BY_NAME = {"getattr", "vars", "globals", "locals", "eval", "exec", "__dict__", "__globals__"}
_LIBRARIES = {"numpy", "scipy", "math"}


def _harmless(value: Any, cls: Any, depth: int) -> bool:
    """Whether nothing that a rule reads here can hold an array."""
    if inspect.isfunction(value) and not value.__module__.startswith("numpy"):
        return depth > 0 and _computes(value, cls, depth - 1)
    if isinstance(value, ModuleType) or callable(value):
        name = getattr(value, "__name__" if isinstance(value, ModuleType) else "__module__", None)
        return not isinstance(value, type) and str(name).partition(".")[0] in _LIBRARIES
    return inspect.ismemberdescriptor(value) or not may_change(value)


def _holds(node: Any, array: Any) -> bool:
    """Whether an array is among a node's parameters, or may be elsewhere in its attributes."""
    attributes, slots = Function.__getstate__(node)
    params = node.params
    return any(
        value is array if name in params and isinstance(value, np.ndarray) else may_change(value)
        for name, value in [*attributes.items(), *slots.items()]
    )
