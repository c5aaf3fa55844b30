"""What there is to read: the report, and the source of a case."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core._modes import get_mode

from tinypt_compile._runnable import OTHER_CASE


def report(compiled: Any) -> str:
    """Which cases exist, which operators are one opaque call, and why something ran eagerly."""
    lines = [f"compile({getattr(compiled, '__name__', 'f')})"]
    for state in compiled._states.known.values():
        for case in (case for cases in state.cases.values() for case in cases):
            inputs = ", ".join(words(case.program, at) for at in case.program.inputs)
            calls, kind = len(case.program.calls()), "floats" if case.quick else "NumPy"
            lines.append(f"  a program of ({inputs}): {calls} calls, {kind}")
            lines += [f"    opaque: {name}" for name in dict.fromkeys(case.text.opaque)]
    for reason, times in compiled._reasons.items():
        lines.append(f"  ran eagerly {times} time{'s' * (times != 1)}: {reason}")
    lines = list(dict.fromkeys(lines))  # the same for several states of what is outside
    return "\n".join(lines if len(lines) > 1 else [*lines, "  not called yet"])


def words(program: Any, at: int) -> str:
    """An input: name, shape, dtype."""
    info, name = program.info[at], program.inputs[at]
    if info.kind == "number":
        return f"{name}: {info.dtype.type.__name__.rstrip('0123456789_')}"
    return f"{name}: {'×'.join(map(str, info.shape)) or '0-d'} {info.dtype}"


def case_of(compiled: Any, args: Any, kwargs: Any) -> Any:
    """The case of these arguments, traced if need be. Raises ValueError that says why not."""
    before = dict(compiled._reasons)
    compiled(*args, **kwargs)
    reasons = [r for r, n in compiled._reasons.items() if before.get(r) != n]
    if not reasons:
        key, values, _ = compiled._key(get_mode(), args, kwargs)
        state = compiled._states.now()
        for case in state.cases.get(key, ()):
            if case.run(*values, *state.arrays) is not OTHER_CASE:
                return case
        reasons = ["it is another case on every call"]
    raise ValueError(f"there is no program for these arguments: it runs eagerly, {reasons[0]}")


def source(compiled: Any, args: Any, kwargs: Any) -> str:
    """The program for these arguments, as NumPy to read."""
    case = case_of(compiled, args, kwargs)
    names = ", ".join(case.text.names[at] for at in case.program.inputs)
    given = [f"# {words(case.program, at)}" for at in case.program.inputs]
    body = [f"    {line}" for line in case.text.lines]
    function = f"def {called(compiled)}({names}):"
    return "\n".join([*constants(case), *given, function, *body]) + "\n"


def called(compiled: Any) -> str:
    """The function's name, where it is one."""
    name = getattr(compiled, "__name__", "program")
    return name if name.isidentifier() else "program"


def constants(case: Any) -> list[str]:
    """The lines that make the constants of a program."""
    text = case.text
    known = {text.names[at]: value for at, value in case.program.constants.items()}
    known |= {k: v for k, v in text.needs.items() if isinstance(v, (np.ndarray, np.generic, float))}
    return [f"{name} = {written(value)}" for name, value in known.items()]


def written(value: Any) -> str:
    """An array or number as text that makes it again, to the bit."""
    diagonal = _diagonal(value) if isinstance(value, np.ndarray) and value.ndim == 2 else ""
    if diagonal:
        return diagonal
    if isinstance(value, np.ndarray) and value.size > 100:
        from base64 import b64encode

        data = b64encode(np.ascontiguousarray(value).tobytes()).decode()
        made = f"np.frombuffer(base64.b64decode({data!r}), {value.dtype.str!r})"
        return f"{made}.reshape({value.shape})"
    if isinstance(value, np.ndarray):
        return f"np.array({_numbers(value.tolist())}, {value.dtype.str!r}).reshape({value.shape})"
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}({_numbers(value.item())})"
    return _numbers(value)


def _diagonal(value: Any) -> str:
    """A matrix of float64 that is 0 beside one diagonal, as vmap makes them; else ""."""
    if value.dtype != float or min(value.shape) < 3 or not np.any(value):
        return ""
    (i, j), (n, m) = np.argwhere(value)[0].tolist(), value.shape
    k, number = j - i, float(value[i, j])
    if np.isfinite(number) and (np.eye(n, m, k) * number).tobytes() == value.tobytes():
        shape = f"{n}, {m}, {k}" if k else f"{n}, {m}" if n != m else f"{n}"
        return f"np.eye({shape})" + (f" * {_numbers(number)}" if number != 1 else "")
    numbers = np.diagonal(value)
    if np.diag(numbers).tobytes() == value.tobytes():
        return f"np.diag({_numbers(numbers.tolist())})"
    return ""


def _numbers(value: Any) -> str:
    text = repr(value)
    for word in ("nan", "inf"):
        text = text.replace(word, f"np.{word}")
    return text
