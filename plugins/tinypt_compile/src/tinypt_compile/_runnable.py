"""What a program needs to run: the value for another case, the comparison, the entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_compile._names import Names
from tinypt_compile._program import Program


class _OtherCase:
    def __repr__(self) -> str:
        return "OTHER_CASE"


#: what a program returns where the arguments belong to another case
OTHER_CASE = _OtherCase()


def same(value: Any, expected: Any) -> bool:
    """Whether a value is the one that a case was traced with, to the bit."""
    value, expected = np.asarray(value), np.asarray(expected)
    if value.shape != expected.shape or value.dtype != expected.dtype:
        return False
    return bool(value.tobytes() == expected.tobytes())


def runnable(program: Program, source: Any) -> Any:
    """The function of a text."""
    constants = {source.names[at]: value for at, value in program.constants.items()}
    space = {**source.needs, **constants, "OTHER_CASE": OTHER_CASE}
    arguments = ", ".join(source.names[at] for at in program.inputs)
    first = [*entry(program, source.names, space), *_whole(program, source, space)]
    body = "\n    ".join([*first, *source.lines])
    exec(compile(f"def program({arguments}):\n    {body}\n", "<compiled>", "exec"), space)
    return space["program"]


def _whole(program: Program, source: Any, space: dict[str, Any]) -> list[str]:
    """Blocks are for arrays in C order: others have another order of summation behind them."""
    names = [source.names[at] for at in program.inputs]
    wide = [source.names[at] for at in program.inputs if len(program.info[at].shape) > 1]
    if not source.blocks or not wide:
        return []
    space["whole"] = runnable(program, type(source)(program, blocks=False))
    tests = " and ".join(f"{name}.flags.c_contiguous" for name in wide)
    return [f"if not ({tests}): return whole({', '.join(names)})"]


def entry(program: Program, names: Names, space: dict[str, Any]) -> list[str]:
    """The lines that send away arguments of another kind, so that a call may try this case."""
    tests = []
    for at in program.inputs:
        info, name = program.info[at], names[at]
        if info.kind == "number":
            tests.append(f"{name}.__class__ is not {info.dtype.type(0).item().__class__.__name__}")
            continue
        space[f"dtype_{name}"], space["ndarray"] = info.dtype, np.ndarray
        if info.kind == "scalar":
            space[f"kind_{name}"] = info.dtype.type
            tests.append(f"{name}.__class__ is not kind_{name}")
        else:
            other = f"{name}.shape != {info.shape}" if info.shape else f"{name}.ndim"
            tests.append(f"{name}.__class__ is not ndarray or {other}")
            tests.append(f"{name}.dtype is not dtype_{name} and {name}.dtype != dtype_{name}")
    return [f"if {' or '.join(tests)}: return OTHER_CASE"] if tests else []
