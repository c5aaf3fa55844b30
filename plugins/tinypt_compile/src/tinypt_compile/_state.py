"""What a function reads from outside, now, and the programs for it."""

from __future__ import annotations

from typing import Any

from tinypt_compile import _capture
from tinypt_compile._capture import Capture

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
        #: how many arguments the case that ran last takes, and what runs it
        self.last: tuple[int, Any] = (-1, None)
        self.look(capture)

    def remember(self, case: Any, args: Any, kwargs: Any, mode: Any) -> None:
        """The next call may try this case first, if every argument is an input of its own."""
        n = len(case.program.inputs) - len(self.arrays)
        if len(args) == n and not kwargs and mode.enable_backprop and not case.fixed:
            self.last = (n, case.run)

    def look(self, capture: Capture) -> None:
        """The same state, with other arrays or other objects of the same value."""
        self.capture = capture
        self.problem = capture.problem
        self.arrays = [array for array, _ in capture.arrays]
        self.unchanged = _checker(capture.checks)


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
        if not _capture._LOOKS:
            _capture._LOOKS.extend(_capture._looks())
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
    "cell": "{0}.cell_contents is {2}",
    "key": "{0}[{1!r}] is {2}",
    "length": "len({0}) == {2}",
    "attribute": "get({0}, {1!r}, None) is {2}",
    "array": "{0}.shape == {1} and {0}.dtype is {2}",
    "data": "{0}._array is {2}",
    "mode": "{0}().enable_backprop is {2}",
}


def _checker(checks: list[tuple[Any, str, Any, Any]]) -> Any:
    """A function that says whether all is as it was found."""
    space: dict[str, Any] = {"get": _static}
    tests = []
    for i, (container, kind, key, value) in enumerate(checks):
        space[f"o{i}"], space[f"v{i}"] = container, value
        tests.append(_TESTS[kind].format(f"o{i}", key, f"v{i}"))
    body = " and ".join(dict.fromkeys(tests)) or "True"
    lines = ["def unchanged():", " try:", f"  return {body}", " except Exception: return False"]
    exec("\n".join(lines), space)
    return space["unchanged"]


def _static(owner: Any, name: str, default: Any) -> Any:
    if isinstance(owner, type):
        return vars(owner).get(name, default)
    return getattr(owner, name, default)
