"""What there is to read: the report, and the source of a case."""

from __future__ import annotations

from typing import Any


def report(compiled: Any) -> str:
    """Which cases exist, which operators are one opaque call, and why something ran eagerly."""
    lines = [f"compile({getattr(compiled, '__name__', 'f')})"]
    for state in compiled._states.known.values():
        for key, cases in state.cases.items():
            for case in cases:
                inputs = ", ".join(_input(case, at) for at in case.program.inputs)
                calls = len(case.program.calls())
                lines.append(f"  a program of ({inputs}): {calls} calls")
                lines += [f"    opaque: {name}" for name in dict.fromkeys(case.text.opaque)]
            del key
    for reason, times in compiled._reasons.items():
        lines.append(f"  ran eagerly {times} time{'s' * (times != 1)}: {reason}")
    if len(lines) == 1:
        lines.append("  not called yet")
    return "\n".join(lines)


def _input(case: Any, at: int) -> str:
    info = case.program.info[at]
    shape = "×".join(map(str, info.shape)) or info.kind.replace("array", "0-d")
    return f"{case.program.inputs[at]}: {shape} {info.dtype}"


def case_of(compiled: Any, args: Any, kwargs: Any) -> Any:
    """The case of these arguments, traced if need be. Raises ValueError that says why not."""
    before = dict(compiled._reasons)
    compiled(*args, **kwargs)
    for reason, times in compiled._reasons.items():
        if before.get(reason) != times:
            raise ValueError(f"there is no program for these arguments: it runs eagerly, {reason}")
    return compiled._last


def source(compiled: Any, args: Any, kwargs: Any) -> str:
    """The program for these arguments, as NumPy to read."""
    case = case_of(compiled, args, kwargs)
    return "\n".join(case.text.lines)
