"""Trace: one run of a function, written down as it computes.

Every NumPy call on a traced array runs at once, on the real arrays, and becomes a step. What
Python asks of a value (a branch, a length that depends on data, `float(x)`) becomes a guard.
Where it cannot be told what a call does, the trace is blocked, and the function runs eagerly.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from tinypt_compile._memory import is_fresh, may_share
from tinypt_compile._program import Guard, Info, Program, Ref, Step, frozen, mapped


class Untraceable(Exception):
    """Something that no program can do: the function runs eagerly."""


class Trace:
    """The program of one run, growing."""

    def __init__(self, user: Any = None) -> None:
        self.program = Program()
        self.values: dict[int, Any] = {}
        self.blocked: str | None = None  #: why no program comes of it
        self.closed = False
        self.label = ""  #: the operator that is computing
        self.inside: list[type] = []  #: the classes of the operators that are computing
        self.opaque: set[type] = set()
        self.found: dict[Any, int] = {}  #: constants by their bits
        self.foreign: list[Any] = []  #: arrays that came in as constants
        self.user = user  #: whether a frame is the user's, whose locals give names
        self.err: dict[str, Any] = dict(np.geterr())
        self._next = 0

    # -- values ------------------------------------------------------------------------------

    def new(self, value: Any) -> int:
        """An id for a value."""
        self._next += 1
        self.values[self._next] = value
        self.program.info[self._next] = _info(value)
        return self._next

    def input(self, value: Any, name: str) -> Any:
        """The traced stand-in for an argument."""
        at = self.new(value)
        self.program.inputs[at] = name
        self.program.names[at] = name
        return self.traced(at)

    def traced(self, at: int) -> Any:
        """What stands for a value while the function runs."""
        from tinypt_compile._number import TracedNumber
        from tinypt_compile._traced import Traced

        value = self.values[at]
        kind: Any = TracedNumber if self.program.info[at].kind == "number" else Traced
        return kind(self, at, value)

    def ref(self, value: Any) -> Any:
        """An argument of a call as the program has it."""
        if hasattr(value, "_trace"):
            if value._trace is not self:
                raise self.block("a traced array was kept from another run of the function")
            return Ref(value._at)
        if isinstance(value, np.ndarray):
            return self._constant(value)
        if isinstance(value, _PLAIN) or value is None or value is Ellipsis or value is _NoValue:
            return value
        raise self.block(f"a call gets {value!r:.60}, which cannot be written down")

    def _constant(self, array: np.ndarray) -> Ref:
        if type(array) is not np.ndarray or array.dtype.kind not in "fciub":
            raise self.block(f"a call gets a {type(array).__name__} of {array.dtype}")
        self.foreign.append(array)
        key = frozen(array)
        if key not in self.found:
            self.found[key] = at = self.new(array.copy())
            self.program.constants[at] = self.values[at]
        return Ref(self.found[key])

    def real(self, value: Any) -> Any:
        """An argument as NumPy gets it."""
        return self.values[value.id] if value.__class__ is Ref else value

    # -- calls -------------------------------------------------------------------------------

    def record(self, fn: Any, args: Any, kwargs: Any = None, guards: bool = False) -> Any:
        """Run a call on the real arrays, and write it down."""
        if self.closed:
            raise Untraceable(
                "a traced array outlived the run of the function: it was stored somewhere; "
                "return it instead"
            )
        args, kwargs = mapped(tuple(args), self.ref), mapped(kwargs or {}, self.ref)
        try:
            value = fn(*mapped(args, self.real), **mapped(kwargs, self.real))
        except Exception as error:
            self.block(f"{_words(fn)} raised {type(error).__name__}: {error}")
            raise
        self._name_locals()
        err: dict[str, Any] = dict(np.geterr())
        changed = tuple((k, v) for k, v in err.items() if v != self.err[k])
        out = self.new(value)
        step = Step(fn, args, kwargs, out, self.label, changed, guards)
        self.program.steps.append(step)
        return self._result(out, fn)

    def _result(self, at: int, fn: Any) -> Any:
        value = self.values[at]
        if isinstance(value, (tuple, list)):
            parts = [self._part(at, i) for i in range(len(value))]
            named = hasattr(value, "_fields")
            return type(value)(*parts) if named else type(value)(parts)
        if isinstance(value, (*_NUMBERS, np.ndarray)):
            return self.traced(at)
        raise self.block(f"{_words(fn)} gave a {type(value).__name__}")

    def _part(self, at: int, i: int) -> Any:
        self.program.steps.append(Step(item, (Ref(at), i), {}, self.new(self.values[at][i])))
        return self._result(self._next, item)

    def is_alone(self, at: int) -> bool:
        """Whether a value is in memory of its own, of which nobody has a view."""
        made = False
        for step in reversed(self.program.calls()):
            if step.out == at:
                made = is_fresh(step)
                break
            if at in step.refs() and may_share(step):
                return False
        return made and isinstance(self.values[at], np.ndarray)

    def guard(self, at: int) -> Any:
        """The value itself: Python decides something by it, so that it belongs to the case."""
        value = self.values[at]
        if self.closed:
            return value
        self.program.steps.append(Guard(Ref(at), value))
        if len(self.program.steps) > 100_000:
            raise self.block("it has more than 100,000 steps")
        return value

    def note_strides(self) -> None:
        """Python decides something by how arrays lie in memory: that of the inputs tells."""
        values = {at: self.values[at] for at in self.program.inputs}
        self.program.strides = {at: x.strides for at, x in values.items() if np.ndim(x)}

    def block(self, reason: str) -> Untraceable:
        """No program comes of this run. Returns the exception to raise."""
        self.blocked = self.blocked or reason
        return Untraceable(reason)

    # -- names -------------------------------------------------------------------------------

    def _name_locals(self) -> None:
        if self.user is None:
            return
        frame: Any = sys._getframe(2)
        for _ in range(40):
            if frame is None:
                return
            if self.user(frame.f_code):
                break
            frame = frame.f_back
        else:
            return
        for name, value in frame.f_locals.items():
            value = getattr(value, "_array", value)
            if hasattr(value, "_trace"):
                self.program.names.setdefault(value._at, name)


def item(values: Any, i: int) -> Any:
    """One of several results."""
    return values[i]


def _info(value: Any) -> Info:
    if isinstance(value, np.ndarray):
        return Info(value.shape, value.dtype, "array")
    if isinstance(value, np.generic):
        return Info((), value.dtype, "scalar")
    if isinstance(value, (bool, int, float, complex)):
        return Info((), np.dtype(type(value)), "number")
    return Info((len(value),), None, "tuple")


def _words(fn: Any) -> str:
    return getattr(fn, "__name__", None) or getattr(fn, "words", None) or repr(fn)


_NoValue = getattr(np, "_NoValue", None)
_NUMBERS = (bool, int, float, complex, np.generic)
_PLAIN = (bool, int, float, complex, str, bytes, np.generic, np.dtype, type, range)
