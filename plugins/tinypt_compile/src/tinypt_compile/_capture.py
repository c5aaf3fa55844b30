"""What a function reads from outside: closure cells, globals, attributes, looked at on every call.

A capture is a copy of the function, and of the functions and objects behind it, in which every
array is replaced by what `lift` makes of it. The originals stay untouched, so that other threads
may run them. What cannot be looked through is a problem: the function runs eagerly. How functions
and modules are copied stands in `_capture_functions`, objects and containers in `_capture_objects`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import numpy as np
from tinypt_core._links import OPS
from tinypt_core._modes import get_mode

from tinypt_compile._program import frozen
from tinypt_compile._reach import MARK, SIMPLE, content
from tinypt_core import Variable


class Capture:
    """One look at a function and at all that it reads.

    lift: (array, name) -> what the copy gets instead. copy: the function on those. arrays: those
    found, with their names. fingerprint: everything else, to compare. checks: (container, kind,
    key, value) to see whether any of it was rebound. problem: why it cannot be looked through.
    watching: how many classes deep it only looks, and replaces nothing. memo: copies by the id of
    the original.
    """

    def __init__(self, f: Any, lift: Callable[[Any, str], Any] = lambda array, name: array) -> None:
        self.lift = lift
        self.problem: str | None = None
        self.arrays: list[tuple[Any, str]] = []
        self.checks: list[tuple[Any, str, Any, Any]] = []
        self.generators: list[Any] = []
        self.kept: list[Any] = []  #: ids stay theirs while these live
        self.tokens: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.watching = 0
        self._order: dict[int, int] = {}
        self._made: list[tuple[Any, dict[Any, Any], str]] = []
        self._registry()
        self.copy = self.visit(f, getattr(f, "__name__", "f"))
        self.fingerprint = tuple(self.tokens)

    def _registry(self) -> None:
        """Operators are looked up by name: what is registered anew empties this dict."""
        mark = OPS.get(MARK) or object()
        OPS[MARK] = mark
        self.kept.append(mark)
        self.tokens.append(id(mark))
        self.checks.append((OPS, "key", MARK, mark))

    def changed(self) -> str | None:
        """What the copy of the function changed when it ran, if anything."""
        for made, before, name in self._made:
            now = content(made)
            if now.keys() != before.keys() or any(now[k] is not before[k] for k in now):
                return name
        return None

    # -- one value ---------------------------------------------------------------------------

    def visit(self, value: Any, name: str) -> Any:
        """The copy of a value that was found under a name."""
        if id(value) in self.memo:  # which of those seen belongs to the case too
            self.tokens.append((name, "again", self._order.get(id(value), id(value))))
            return self.memo[id(value)]
        if isinstance(value, (SIMPLE, np.generic)) and not isinstance(value, Enum):
            self.tokens.append((name, frozen(value)))
            return value
        self.kept.append(value)
        self._order[id(value)] = len(self._order)
        copy = self._copy(value, name)
        self.memo[id(value)] = copy
        return copy

    def _copy(self, value: Any, name: str) -> Any:
        if isinstance(value, np.ndarray):
            return self._array(value, name)
        if isinstance(value, Variable):
            return self._variable(value, name)
        for kinds, look in looks():
            if isinstance(value, kinds):
                return look(self, value, name)
        return instance(self, value, name)

    def fix(self, value: Any, name: str) -> Any:
        """It belongs to the case as it is, by identity."""
        self.tokens.append((name, id(value)))
        return value

    def refuse(self, reason: str) -> None:
        """It cannot be looked through."""
        self.problem = self.problem or reason

    def remember(self, made: Any, name: str) -> None:
        """A copy that the function may change; `changed` sees it."""
        if not self.watching:
            self._made.append((made, dict(content(made)), name))

    # -- arrays ------------------------------------------------------------------------------

    def _array(self, value: Any, name: str) -> Any:
        if type(value) is not np.ndarray or value.dtype.kind not in "fciub":
            self.refuse(f"it reads {name}, a {type(value).__name__} of {value.dtype}")
            return value
        if self.watching:
            self.refuse(f"a method reads {name}, an array of its class or module")
            return value
        self.tokens.append((name, "array", value.shape, value.dtype))
        self.checks.append((value, "array", value.shape, value.dtype))
        self.arrays.append((value, name))
        return self.lift(value, name)

    def _variable(self, value: Any, name: str) -> Any:
        data, edge = value._array, value._edge
        free = edge.constant if hasattr(edge, "constant") else False
        recorded = get_mode().enable_backprop
        self.checks.append((get_mode, "mode", None, recorded))
        if recorded and not free and data is not None and data.dtype.kind in "fc":
            self.refuse(
                f"it reads the Variable {value.name or name}, to which the result stays connected; "
                f"pass it as an argument, or call it under no_grad()"
            )
        if type(data) is not np.ndarray:
            self.refuse(f"it reads {name}, a Variable of a {type(data).__name__}")
            return value
        self.checks.append((value, "data", None, data))
        copy = Variable(self._array(data, value.name or name), value.name)
        copy._edge.constant = free
        self.checks.append((value, "attribute", "_grad", value._grad))
        if value._grad is not None:
            self.refuse(f"it reads {name}, a Variable with a gradient")
        self.remember(copy, name)
        return copy


from tinypt_compile._capture_functions import looks  # noqa: E402 (it takes a Capture)
from tinypt_compile._capture_objects import instance  # noqa: E402
