"""How a capture copies containers and objects, and looks at classes."""

from __future__ import annotations

import types
from enum import Enum
from inspect import get_annotations
from typing import TYPE_CHECKING, Any

from tinypt_compile._reach import CLOCKS, DESCRIPTORS, attributes, is_trusted, places
from tinypt_core import Function

if TYPE_CHECKING:
    from tinypt_compile._capture import Capture

#: what Python keeps in a class
_PYTHONS = ("__dict__", "__weakref__", "__doc__", "__module__", "__annotations__")
#: what the core makes in an operator's class of what its author wrote there
_MADE = {n for c in Function.__mro__ for n in get_annotations(c) if n[0] == "_"} - {"_written"}


def a_tuple(capture: Capture, value: Any, name: str) -> Any:
    """A tuple of copies."""
    capture.tokens.append((name, type(value), len(value)))
    parts = [capture.visit(v, name) for v in value]
    return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)


def a_list(capture: Capture, value: Any, name: str) -> Any:
    """A list of copies."""
    capture.tokens.append((name, type(value), len(value)))
    capture.checks.append((value, "length", None, len(value)))
    capture.checks += [(value, "key", i, v) for i, v in enumerate(value)]
    if type(value) is not list:
        capture.refuse(f"it reads {name}, a {type(value).__name__}")
    copy: list[Any] = []
    capture.memo[id(value)] = copy
    copy.extend(capture.visit(v, name) for v in value)
    capture.remember(copy, name)
    return copy


def a_dict(capture: Capture, value: Any, name: str) -> Any:
    """A dict of copies."""
    capture.tokens.append((name, type(value), tuple(map(str, value))))
    capture.checks.append((value, "length", None, len(value)))
    if type(value) is not dict or not all(type(k) in (str, int) for k in value):
        capture.refuse(f"it reads {name}, a {type(value).__name__} of keys that are no texts")
        return value
    copy: dict[Any, Any] = {}
    capture.memo[id(value)] = copy
    for k, v in value.items():
        capture.checks.append((value, "key", k, v))
        copy[k] = capture.visit(v, k if isinstance(k, str) else name)
    capture.remember(copy, name)
    return copy


def instance(capture: Capture, value: Any, name: str) -> Any:
    """An object of the user's class: a copy with the same attributes."""
    cls = type(value)
    if isinstance(value, Enum):
        return capture.fix(value, name)
    if is_trusted(cls.__module__) or cls.__module__ == "builtins":
        capture.refuse(f"it reads {name}, a {cls.__name__}")
        return value
    capture.fix(cls, name)
    members(capture, cls)
    copy = capture.memo[id(value)] = object.__new__(cls)
    for key, attribute in attributes(value).items():
        capture.checks.append((value, "attribute", key, attribute))
        object.__setattr__(copy, key, capture.visit(attribute, key))
    capture.checks += [(value, "none", slot, None) for slot in places(value)]
    if hasattr(value, "__dict__"):
        capture.checks.append((vars(value), "length", None, len(vars(value))))
    capture.tokens.append((name, tuple(attributes(value))))
    capture.remember(copy, f"an attribute of {name}")
    return copy


# -- classes -------------------------------------------------------------------------------------


def a_class(capture: Capture, cls: Any, name: str) -> Any:
    """A class stays what it is; what its methods read is looked at."""
    if cls.__module__.partition(".")[0] in CLOCKS:
        capture.refuse(f"it uses {name}, whose answers change")
    members(capture, cls)
    members(capture, type(cls))
    return capture.fix(cls, name)


def members(capture: Capture, cls: Any) -> None:
    """What the methods of a class read: looked at, not replaced."""
    capture.watching += 1
    for base in cls.__mro__:
        if not is_trusted(base.__module__) and id(base) not in capture.memo:
            capture.memo[id(base)] = base
            capture.kept.append(base)
            _members(capture, base)
    capture.watching -= 1


def _members(capture: Capture, cls: Any) -> None:
    capture.checks.append((vars(cls), "length", None, len(vars(cls))))
    for key, value in list(vars(cls).items()):
        function = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
        private = key.startswith("_") and not isinstance(function, types.FunctionType)
        if key in _PYTHONS or private or (issubclass(cls, Function) and key in _MADE):
            continue
        capture.checks.append((cls, "attribute", key, value))
        if isinstance(function, types.FunctionType):
            capture.memo.pop(id(function), None)
            capture.visit(function, key)
            capture.memo.pop(id(function), None)
        elif not isinstance(function, DESCRIPTORS):
            capture.visit(function, key)
