"""The shortest way into a case: one function that looks at everything itself, and computes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tinypt_core._modes import current, observers

from tinypt_compile._runnable import Body, made


class _Absent:
    """Stands for an argument that was not given: no test of entry lets it in."""


class _Other(Exception):
    """A guard leaves for another case."""


_ABSENT = _Absent()
_GUARD = re.compile("return OTHER_CASE$")


def direct(body: Body, state: Any, mode: Any, slow: Callable[..., Any]) -> Any:
    """A function that takes the way through `slow` where anything is not as it was.

    The tests that a call makes elsewhere in functions of their own stand here in one line: the
    mode, what is outside, the arguments. What raises takes the other way too, where f raises.
    """
    n = len(body.names) - len(state.arrays)
    own, outside = body.names[:n], body.names[n:]
    needs = {"absent": _ABSENT, "slow": slow, "given": _given, "other": _Other, "mode": mode}
    needs |= {"current": current.get, "observers": observers, "rest": None, "named": None}
    words = {word: body.fresh(word) for word in needs}
    space = {**body.space, **dict(zip(outside, state.arrays, strict=True))}
    space |= {words[word]: value for word, value in needs.items()}
    tests = [words["rest"], words["named"], words["observers"]]
    tests += [f"{words['current']}() is not {words['mode']}", *state.tests(body.fresh, space)]
    tests += [test for tests in body.tests[:n] for test in tests]
    tests += [body.unless] if body.unless else []
    lines = [_GUARD.sub(f"raise {words['other']}", line) for line in body.lines]
    given = f"*{words['given']}({', '.join(own)}), *{words['rest']}, **{words['named']}"
    parameters = [f"{name}={words['absent']}" for name in own] + ["/"] * bool(own)
    parameters += [f"*{words['rest']}", f"**{words['named']}"]
    text = [
        "try:",
        f"    if not ({' or '.join(tests)}):",
        *[f"        {line}" for line in lines],
        "except Exception: pass",
        f"return {words['slow']}({given})",
    ]
    return made(", ".join(parameters), text, space)


def _given(*args: Any) -> list[Any]:
    return [arg for arg in args if arg is not _ABSENT]
