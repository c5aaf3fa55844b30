"""Builtins that see through what stands for an array or a number, for functions being traced."""

from __future__ import annotations

import builtins
from typing import Any


def _isinstance(value: Any, kinds: Any) -> bool:
    kinds = _kinds(kinds)
    if hasattr(type(value), "_trace"):
        return isinstance(value._value, kinds)
    return isinstance(value, kinds)


def _type(*args: Any, **kwargs: Any) -> Any:
    if len(args) == 1 and hasattr(type(args[0]), "_trace"):
        return type(args[0]._value)
    return type(*args, **kwargs)


def _kinds(kinds: Any) -> Any:
    if isinstance(kinds, tuple):
        return tuple(map(_kinds, kinds))
    return type if kinds is _type else kinds


def shadowed(f: Any) -> dict[str, Any]:
    """The builtins of a function, with those two replaced."""
    own = f.__globals__.get("__builtins__", builtins)
    found = dict(own if isinstance(own, dict) else vars(own))
    return {**found, "isinstance": _isinstance, "type": _type}
