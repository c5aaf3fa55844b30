"""A copy of an array that nobody else gets is that array."""

from __future__ import annotations

import numpy as np

from tinypt_compile._memory import is_fresh
from tinypt_compile._program import Program, Ref, Step
from tinypt_compile._replace import everywhere, roots


def without_copies(program: Program) -> None:
    """A copy of a fresh array that nobody else gets is that array."""
    made = {step.out: step for step in program.calls()}
    taken = roots(program) - {step.out for step in program.calls() if step.fn in _COPIES}
    instead: dict[int, Ref] = {}
    for step in program.calls():
        source = step.args[0] if step.fn in _COPIES and not step.kwargs else None
        if source.__class__ is Ref and _may_be_taken(program, made.get(source.id), taken):
            instead[step.out] = instead.get(source.id, source)
            taken.add(source.id)
    everywhere(program, instead)


_COPIES = (np.array, np.copy)


def _may_be_taken(program: Program, maker: Step | None, taken: set[int]) -> bool:
    """Whether a result is an array in memory of its own, that nobody gets yet."""
    if maker is None or maker.out in taken or not is_fresh(maker):
        return False
    info = program.info[maker.out]
    return info.kind == "array" and bool(info.shape)
