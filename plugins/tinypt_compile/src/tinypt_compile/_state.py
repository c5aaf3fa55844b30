"""What a function reads from outside, now, and the programs for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinypt_compile._capture import Capture
from tinypt_compile._direct import direct
from tinypt_compile._runnable import made

_SEVERAL = 8


class State:
    """What was found outside, and the programs that were traced with it.

    arrays: the inputs that come from outside, as they are now. late: whether it came when there
    were too many.
    """

    def __init__(self, capture: Capture, late: bool) -> None:
        self.cases: dict[Any, list[Any]] = {}
        self.refused: dict[Any, str] = {}
        self.late = late
        self.capture = capture
        self.problem = capture.problem
        self.arrays = [array for array, _ in capture.arrays]
        space: dict[str, Any] = {}
        test = " or ".join(self.tests(Fresh(), space)) or "False"
        self._changed = made("", [f"return {test}"], space)
        self._direct: dict[Any, Any] = {}

    def unchanged(self) -> bool:
        """Whether all is as it was found."""
        try:
            return not self._changed()
        except Exception:
            return False

    def tests(self, fresh: Callable[[str], str], space: dict[str, Any]) -> list[str]:
        """Expressions, each true where something was rebound; what they need is put into space."""
        found = {}
        for container, kind, key, value in self.capture.checks:
            same = (id(container), kind, key, id(value))
            if same not in found:
                c, v, get = fresh("o1"), fresh("v1"), fresh("get")
                space |= {c: container, v: value, get: _static}
                kind = "empty" if kind == "length" and value == 0 else kind
                word = repr(value) if value is None or kind == "length" else v
                found[same] = _TESTS[kind].format(c, key, word, get)
        return list(found.values())

    def direct(self, case: Any, mode: Any, slow: Any) -> Any:
        """The shortest way into a case, made once."""
        if case not in self._direct:
            self._direct[case] = direct(case.body, self, mode, slow)
        return self._direct[case]

    def takes(self, case: Any, args: Any, kwargs: Any) -> bool:
        """Whether every argument is an input of its own, and what comes out is the result."""
        n = len(case.program.inputs) - len(self.arrays)
        return len(args) == n and not (kwargs or case.fixed or case.finish)


class Fresh:
    """Gives names that nobody has."""

    def __init__(self) -> None:
        self._n = 0

    def __call__(self, word: str) -> str:
        """One that starts with a word."""
        self._n += 1
        return f"{word}_{self._n}"


class States:
    """The states of one function."""

    def __init__(self, f: Any) -> None:
        self.f = f
        self.known: dict[Any, State] = {}
        self.current: State | None = None

    def now(self) -> State:
        """The state that holds at this moment."""
        state = self.current
        if state is None or not state.unchanged():
            state = self.current = self._look()
        return state

    def _look(self) -> State:
        capture = Capture(self.f)
        key = capture.fingerprint, capture.problem
        if key in self.known:
            fresh = self.known[key]
            state = State(capture, fresh.late)  # not changed in place: other threads may run it
            state.cases, state.refused = fresh.cases, fresh.refused
        else:
            state = State(capture, len(self.known) >= _SEVERAL)
        if not state.late:
            self.known[key] = state
        return state


_TESTS = {
    "cell": "{0}.cell_contents is not {2}",
    "key": "{0}[{1!r}] is not {2}",
    "length": "len({0}) != {2}",
    "empty": "{0}",
    "attribute": "{3}({0}, {1!r}) is not {2}",
    "none": "hasattr({0}, {1!r})",
    "part": "{0}.{1} is not {2}",
    "absent": "{1!r} in {0}",
    "array": "{0}.shape != {1} or {0}.dtype is not {2}",
    "data": "{0}._array is not {2}",
    "mode": "{0}().enable_backprop is not {2}",
}


def _static(owner: Any, name: str) -> Any:
    if isinstance(owner, type):
        return vars(owner).get(name)
    return getattr(owner, name, None)
