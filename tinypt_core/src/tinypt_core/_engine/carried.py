"""What numbers a value carries that may depend on an operator's inputs."""

from __future__ import annotations

from functools import partial
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from tinypt_core._function import Function
from tinypt_core._variable import Variable

_DEEP = 6


def carries_data(value: Any, depth: int = _DEEP) -> bool:
    """Whether a value holds real numbers, however it is wrapped. Integers and truths do not count.

    >>> carries_data({"note": (1, np.array([0.5]))}), carries_data((1, True, "text"))
    (True, False)
    """
    if isinstance(value, (float, np.floating, Variable)):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fcO"
    if isinstance(value, Function) and hasattr(value, "_order"):
        return True  # a node: it holds what its own rule asked for
    return depth > 0 and any(carries_data(part, depth - 1) for part in _parts(value))


def same(a: Any, b: Any, depth: int = _DEEP) -> bool:
    """Whether two values carry the same.

    >>> same({"a": np.ones(2)}, {"a": np.ones(2)}), same([1.0], [2.0])
    (True, False)
    """
    if type(a) is not type(b):
        return False
    if isinstance(a, (np.ndarray, np.generic, float, int, str)):
        return np.array_equal(a, b) or bool(a is b)
    ours, theirs = _parts(a), _parts(b)
    if len(ours) != len(theirs) or depth == 0:
        return False
    return all(same(x, y, depth - 1) for x, y in zip(ours, theirs, strict=True))


def _parts(value: Any) -> list[Any]:
    """What a value is made of."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    if isinstance(value, partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, FunctionType):
        return [*_cells(value), *(value.__defaults__ or ())]
    if isinstance(value, (type, ModuleType)) or callable(getattr(value, "__wrapped__", None)):
        return []
    attributes = getattr(value, "__dict__", {})
    slots = [s for c in type(value).__mro__ for s in _names(getattr(c, "__slots__", ()))]
    return [*attributes.values(), *(getattr(value, s) for s in slots if hasattr(value, s))]


def _names(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _cells(function: FunctionType) -> list[Any]:
    cells = []
    for cell in function.__closure__ or ():
        try:
            cells.append(cell.cell_contents)
        except ValueError:  # not filled yet
            continue
    return cells
