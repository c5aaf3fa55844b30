"""A copy of an array that nobody else gets is that array; zeros to be filled are made anew."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from tinypt_compile._identities import alike
from tinypt_compile._memory import assigned, is_fresh
from tinypt_compile._program import Program, Ref, Step, reads
from tinypt_compile._replace import everywhere, roots


def without_copies(program: Program) -> None:
    """A copy of a fresh array that nobody else gets is that array."""
    made = {step.out: step for step in program.calls()}
    counts = reads(program)
    for step in program.calls():
        if _is_whole(program, step, made, counts):
            step.fn, step.args = np.array, step.args[:1]
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


def _is_whole(program: Program, step: Step, made: dict[int, Step], counts: Counter[int]) -> bool:
    """Whether it gives an array that nobody else reads the shape that it has."""
    x = step.args[0] if step.fn is np.reshape and len(step.args) == 2 else None
    if x.__class__ is not Ref or step.kwargs or counts[x.id] > 1 or not alike(program, x, step):
        return False
    return x.id in made and is_fresh(made[x.id])


def zeros_anew(program: Program, values: dict[int, Any]) -> None:
    """Zeros that are filled are made by np.zeros, so that nothing is copied."""
    like = {step.out for step in program.calls() if step.fn is np.zeros_like}
    steps: list[Any] = []
    for step in program.steps:
        x = step.args[0] if isinstance(step, Step) and step.fn is assigned else None
        if x.__class__ is Ref and (x.id in program.constants or x.id in like):
            zeros = values[x.id]
            if zeros.flags.c_contiguous and zeros.tobytes() == bytes(zeros.nbytes):
                steps.append(_zeros(program, step, zeros))
        steps.append(step)
    program.steps = steps


def _zeros(program: Program, step: Step, zeros: Any) -> Step:
    """The call that makes what an assignment fills."""
    at = max(program.info) + 1
    program.info[at] = program.info[step.out]
    step.args = (Ref(at), *step.args[1:])
    dtype = () if zeros.dtype == float else (zeros.dtype,)
    return Step(np.zeros, (zeros.shape, *dtype), {}, at, step.label, step.err)
