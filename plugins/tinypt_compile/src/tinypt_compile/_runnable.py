"""Text into functions: what a program needs, the comparison, the tests of entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tinypt_compile._names import Names
from tinypt_compile._program import Program


class _OtherCase:
    def __repr__(self) -> str:
        return "OTHER_CASE"


#: what a program returns where the arguments belong to another case
OTHER_CASE = _OtherCase()


class Body(NamedTuple):
    """A program as text.

    names: of what it gets. tests: for each of them, what tells that it belongs to another case.
    lines: they return. space: what they need by name. fresh: gives a name that nobody has.
    unless: where the lines do not hold. caught: what they may raise. otherwise: the line for these.
    """

    names: list[str]
    tests: list[list[str]]
    lines: list[str]
    space: dict[str, Any]
    fresh: Callable[[str], str]
    unless: str = ""
    caught: str = ""
    otherwise: str = ""

    def function(self) -> Any:
        """The function, which sends arguments of another kind away."""
        tests = [test for tests in self.tests for test in tests]
        first = [f"if {' or '.join(tests)}: return OTHER_CASE"] if tests else []
        first += [f"if {self.unless}: {self.otherwise}"] if self.unless else []
        lines = self.lines
        if self.caught:
            inner = [f"    {line}" for line in lines]
            lines = ["try:", *inner, f"except {self.caught}: pass", self.otherwise]
        return made(", ".join(self.names), [*first, *lines], self.space)


def made(parameters: str, lines: list[str], space: dict[str, Any]) -> Any:
    """The function of these lines."""
    body = "\n    ".join(lines)
    exec(compile(f"def program({parameters}):\n    {body}\n", "<compiled>", "exec"), space)
    return space.pop("program")


def same(value: Any, expected: Any) -> bool:
    """Whether a value is the one that a case was traced with, to the bit."""
    value, expected = np.asarray(value), np.asarray(expected)
    if value.shape != expected.shape or value.dtype != expected.dtype:
        return False
    return bool(value.tobytes() == expected.tobytes())


def exact(program: Program, source: Any) -> Body:
    """The body that computes with NumPy."""
    constants = {source.names[at]: value for at, value in program.constants.items()}
    space = {**source.needs, **constants, "OTHER_CASE": OTHER_CASE}
    names = [source.names[at] for at in program.inputs]
    kinds = tests(program, source.names, space)
    body = Body(names, kinds, source.lines, space, source.names.fresh)
    wide = [source.names[at] for at in program.inputs if len(program.info[at].shape) > 1]
    return _else_whole(body, program, source, wide) if source.blocks and wide else body


def _else_whole(body: Body, program: Program, source: Any, wide: list[str]) -> Body:
    """Blocks are for arrays in C order: others have another order of summation behind them."""
    body.space["whole"] = exact(
        program, type(source)(program, blocks=False, to_run=True)
    ).function()
    ordered = " and ".join(f"{name}.flags.c_contiguous" for name in wide)
    return body._replace(
        unless=f"not ({ordered})", otherwise=f"return whole({', '.join(body.names)})"
    )


def tests(program: Program, names: Names, space: dict[str, Any]) -> list[list[str]]:
    """What tells, of each argument, that it is of another kind, so that a call may try a case."""
    found = [_tests(program.info[at], names, at, space) for at in program.inputs]
    for at, tests in zip(program.inputs, found, strict=True):
        if at in program.strides:
            tests.append(f"{names[at]}.strides != {program.strides[at]}")
    return found


def _tests(info: Any, names: Names, at: int, space: dict[str, Any]) -> list[str]:
    name = names[at]
    if info.kind == "number":
        return [f"{name}.__class__ is not {info.dtype.type(0).item().__class__.__name__}"]
    kind = names.fresh("kind")
    if info.kind == "scalar":
        space[kind] = info.dtype.type
        return [f"{name}.__class__ is not {kind}"]
    space[kind], space["ndarray"] = info.dtype, np.ndarray
    other = f"{name}.shape != {info.shape}" if info.shape else f"{name}.ndim"
    dtype = f"{name}.dtype is not {kind} and {name}.dtype != {kind}"
    return [f"{name}.__class__ is not ndarray or {other}", dtype]
