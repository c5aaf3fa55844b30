"""Under create_graph: a rule must not read what forward computed and left somewhere.

Such a value, on self, on the class, in a module, in a closure, is no part of the graph, so the
next derivative would miss it without a word. How it was left cannot be told from outside; that it
matters can: before the first rule of a class is recorded, a twin of the node runs forward on other
inputs, which overwrites whatever forward leaves, and then the rule on the values that the node
kept. A rule that reads only what it asks for gives what it gave before, to the last bit.
"""

from __future__ import annotations

import dis
import inspect
from copy import copy
from typing import Any

import numpy as np

from tinypt_core._arrays import kind
from tinypt_core._engine.carried import carries_data
from tinypt_core._errors import cut
from tinypt_core._graph.node import Node
from tinypt_core._graph.places import Constant
from tinypt_core._modes import using_mode
from tinypt_core._operator.signature import parameters
from tinypt_core._written import whole

_set = object.__setattr__
_STEP = 1 + 2.0**-10


def guarded(node: Any) -> Any:
    """The node; raises if its rule reads what forward left behind."""
    cls = type(node)
    if "_honest" not in cls.__dict__:
        honest = cls._signature.n_gy < 0 or not _may_leave(cls) or _tried(node)
        if honest is False:
            raise cut("reads what forward computed and left behind", "x or y instead of it")
        if honest:
            cls._honest = True
    return node


def _tried(node: Any) -> bool | None:
    """What `_judged` says, asked in a mode of its own."""
    with using_mode(enable_backprop=False, recording_rule=False, anomaly=False, observers=()):
        return _judged(node)


STORES = {"STORE_ATTR", "STORE_GLOBAL", "STORE_SUBSCR", "STORE_DEREF", "DELETE_ATTR"}
_CHANGES = {
    "append", "extend", "insert", "update", "setdefault", "add", "fill", "copyto", "put", "send",
    "setattr", "__setattr__", "__dict__", "vars", "out", "frombuffer", "set",
}  # fmt: skip


def _may_leave(cls: Any) -> bool:
    """Whether forward may leave something: seldom, and then the rule need not be tried."""
    forward = inspect.unwrap(cls.forward)
    if cls.__module__.startswith("tinypt_core."):
        return False
    if not inspect.isfunction(forward):
        return True
    helpers = any(callable(getattr(cls, name, None)) for name in forward.__code__.co_names)
    return helpers or _writes(forward)


def _writes(function: Any, depth: int = 3) -> bool:
    """Whether a function, or one that it closes over, may store anything but local variables."""
    code = function.__code__
    steps = list(dis.get_instructions(code))
    if ("out",) in code.co_consts:
        return True
    if any(s.opname in STORES or s.argval in _CHANGES or "CODE" in s.opname for s in steps):
        return True
    loaded = {s.argval for s in steps if s.opname.startswith(("LOAD_GLOBAL", "LOAD_NAME"))}
    if any(may_change(function.__globals__.get(name, np)) for name in loaded):
        return True
    inside = [cell.cell_contents for cell in function.__closure__ or ()]
    return any(
        _writes(value, depth - 1) if depth and inspect.isfunction(value) else may_change(value)
        for value in inside
    )


def may_change(value: Any) -> bool:
    fixed = (int, float, complex, str, bytes, type(None), np.dtype, np.ufunc)
    scalar = isinstance(value, type) and value in _SCALARS
    return not (scalar or inspect.ismodule(value) or isinstance(value, fixed))


#: types that casts name
_SCALARS = [int, float, complex, bool, *np.sctypeDict.values()]


def _judged(node: Any) -> bool | None:
    """Whether the rule gives the same after forward has run on other inputs; None if that cannot
    be told here."""
    random_state = np.random.get_state()
    try:
        with np.errstate(all="ignore"):
            return _compared(node)
    except Exception:  # outside the domain of forward; or a wrong rule, which the pass will meet
        return None
    finally:
        np.random.set_state(random_state)


def _compared(node: Any) -> bool | None:
    kept = [getattr(value, "_array", value) for value in node._keeps.values(node)]
    if kind(*kept):
        return None  # perhaps not computed yet: it is tried when it meets NumPy's arrays
    gys = [_weights(shape, dtype) for shape, dtype in node._outputs]
    before = _pulled(node, gys)
    if kind(*before):
        return None
    others = [_moved(x) for x in _inputs(node)]
    after = _pulled(_after_forward(node, others), gys)
    if _equal(before, after):
        return True
    again = _pulled(_after_forward(node, others), gys)
    if _equal(after, again):
        return False
    return not any(carries_data(value) for value in _left(node))  # forward draws random numbers


def _inputs(node: Any) -> list[Any]:
    """The inputs of forward, as far as anybody knows them."""
    return [
        edge.value if edge.__class__ is Constant else _known(node, i, edge)
        for i, edge in enumerate(node._edges)
    ]


def _known(node: Any, i: int, edge: Any) -> Any:
    alive = edge._ref()
    data = alive._array if alive is not None else node._kept_input(i)
    return _weights(edge._shape, edge._dtype) if data is None else data


def _moved(x: Any) -> Any:
    """Near x, and another value."""
    if isinstance(x, (np.ndarray, np.inexact)) and x.dtype.kind in "fc":
        moved = x * x.dtype.type(_STEP)
        return moved if np.any(moved != x) else moved + x.dtype.type(_STEP - 1)
    return x


def _weights(shape: Any, dtype: Any) -> Any:
    """Numbers between 1/2 and 1, no two alike."""
    count = int(np.prod(shape, dtype=int))
    return (1 - 0.5 / np.arange(2, count + 2)).reshape(tuple(shape)).astype(dtype)


def _after_forward(node: Any, xs: list[Any]) -> Any:
    """A twin at the same place of the graph, once its forward has run on xs."""
    twin = copy(node)
    for slot in Node.__slots__:
        if slot != "__weakref__" and hasattr(node, slot):
            _set(twin, slot, getattr(node, slot))
    held = {name: len(value) for name, value in _containers(twin)}
    twin.forward(*xs)
    for name, value in _containers(twin):
        if len(value) != held.get(name):  # forward puts something in at every call
            _set(twin, name, _shaken(value))
    return twin


def _containers(node: Any) -> list[tuple[str, Any]]:
    attributes = getattr(node, "__dict__", {})
    return [(name, v) for name, v in attributes.items() if isinstance(v, (list, dict))]


def _shaken(container: Any) -> Any:
    """The same container with other numbers in it."""
    if isinstance(container, dict):
        return {key: _shaken(value) for key, value in container.items()}
    if isinstance(container, (list, tuple)):
        return [_shaken(value) for value in container]
    return container * _STEP if isinstance(container, float) else _moved(container)


def _pulled(node: Any, gys: list[Any]) -> tuple[Any, ...]:
    gxs = node._rule(*gys, *node._keeps.values(node))
    return tuple(map(whole, gxs if isinstance(gxs, (tuple, list)) else (gxs,)))


def _equal(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    return len(a) == len(b) and all(
        np.array_equal(getattr(x, "_array", x), getattr(y, "_array", y), equal_nan=True)
        if x is not None and y is not None
        else x is y
        for x, y in zip(a, b, strict=True)
    )


def _left(node: Any) -> list[Any]:
    known = set(parameters(type(node)))
    return [value for name, value in getattr(node, "__dict__", {}).items() if name not in known]
