"""One value in the place of another; and the values that the caller gets hold of."""

from __future__ import annotations

from typing import Any

from tinypt_compile._memory import may_share
from tinypt_compile._program import Guard, Program, Ref, mapped, refs_in


def everywhere(program: Program, instead: dict[int, Ref]) -> None:
    """Read other values in place of some, in every step and in the results."""
    for step in program.steps:
        replaced(step, instead)
    program.outputs = mapped(
        program.outputs, lambda v: instead.get(v.id, v) if v.__class__ is Ref else v
    )


def replaced(step: Any, instead: dict[int, Ref]) -> None:
    """Let a step read other values instead."""
    if not instead:
        return
    if isinstance(step, Guard):
        step.ref = instead.get(step.ref.id, step.ref)
        return

    def other(value: Any) -> Any:
        return instead.get(value.id, value) if value.__class__ is Ref else value

    step.args, step.kwargs = mapped(step.args, other), mapped(step.kwargs, other)


def roots(program: Program) -> set[int]:
    """The results, and what they may share memory with."""
    made = {step.out: step for step in program.calls()}
    found = set(refs_in(program.outputs))
    todo = list(found)
    while todo:
        step = made.get(todo.pop())
        if step is not None and may_share(step):
            for at in step.refs():
                if at not in found:
                    found.add(at)
                    todo.append(at)
    return found
