"""Under create_graph: a rule must not read what forward computed and left on self.

Such an array is no part of the graph, so the next derivative would miss it without a word.
Which attributes forward leaves is read from its code, once per class, when a rule of that class
first runs on Variables; plain backward passes pay nothing.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tinypt_core._function import Function
from tinypt_core._signature import parameters
from tinypt_core._variable import Variable, cut

_guards: dict[type, type | None] = {}


def guarded(node: Any) -> Any:
    """The node; for a class whose forward stores on self, a twin that refuses to read it."""
    cls = node.__class__
    if cls not in _guards:
        _guards[cls] = _guard(cls)
    guard = _guards[cls]
    if guard is None:
        return node
    twin: Any = object.__new__(guard)
    object.__setattr__(twin, "_node", node)
    return twin


def _guard(cls: type) -> type | None:
    suspicious = _suspicious(cls)
    if suspicious is None:
        return None

    def read(self: Any, name: str) -> Any:
        if inspect.isfunction(inspect.getattr_static(cls, name, None)):
            return object.__getattribute__(self, name)
        value = getattr(object.__getattribute__(self, "_node"), name)
        if suspicious(name, value) and _carries_data(value):
            raise cut(f"reads self.{name}, which forward computed,", "x or y instead of it")
        return value

    return type(cls.__name__, (cls,), {"__slots__": ("_node",), "__getattribute__": read})


def _suspicious(cls: type) -> Callable[[str, Any], bool] | None:
    """Tells whether an attribute may come from forward; None if forward leaves nothing."""
    steps = [step for code in _codes(cls) for step in dis.get_instructions(code)]
    stored = {step.argval for step in steps if step.opname == "STORE_ATTR"}
    used = {step.argval for step in steps if isinstance(step.argval, str)}
    hidden_ways = bool(used & {"setattr", "__setattr__", "__dict__", "vars"})
    built = _stored_by_constructor(cls)
    if not stored and not hidden_ways and not built & used:
        return None
    legal = set(parameters(cls)) | {"needs"}

    def suspicious(name: str, value: Any) -> bool:
        if name in stored or name in legal or name.startswith("_abc_"):
            return name in stored
        if hidden_ways and name not in built:
            return True
        return name in built and isinstance(value, (list, dict, set))

    return suspicious


def _codes(cls: type) -> Iterator[Any]:
    """The code of every method but the constructor and the rule."""
    for base in cls.__mro__[:-2]:  # without Function and object
        for name, method in vars(base).items():
            if name not in ("__init__", "backward") and name not in Function.__annotations__:
                function = inspect.unwrap(getattr(method, "__func__", method))
                if inspect.isfunction(function):
                    yield function.__code__


def _stored_by_constructor(cls: type) -> set[str]:
    code = getattr(cls.__init__, "__code__", None)  # type: ignore[misc]
    if code is None:
        return set()
    return {step.argval for step in dis.get_instructions(code) if step.opname == "STORE_ATTR"}


def _carries_data(value: Any) -> bool:
    """Whether a value holds numbers that may depend on the inputs."""
    if isinstance(value, (list, tuple, set)):
        return any(map(_carries_data, value))
    if isinstance(value, dict):
        return any(map(_carries_data, value.values()))
    if isinstance(value, (np.ndarray, np.floating)):
        return value.dtype.kind == "f"
    return isinstance(value, Variable)
