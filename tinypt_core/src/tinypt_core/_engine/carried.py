"""What numbers a value carries that may depend on an operator's inputs."""

from __future__ import annotations

from functools import partial
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from tinypt_core._graph.node import Node
from tinypt_core._variable import Variable

_DEEP = 6


def carries_data(value: Any, depth: int = _DEEP) -> bool:
    """Whether a value holds real numbers, however it is wrapped. Integers and truths do not count.

    >>> carries_data({"note": (1, np.array([0.5]))}), carries_data((1, True, "text"))
    (True, False)
    """
    if isinstance(value, (float, complex, np.inexact, Variable)):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fcO"
    if isinstance(value, Node) and hasattr(value, "_order"):
        return True  # a node: it holds what its own rule asked for
    return depth > 0 and any(carries_data(part, depth - 1) for part in _parts(value))


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
