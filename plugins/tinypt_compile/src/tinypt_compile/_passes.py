"""Passes over a program, each from a program to a smaller one."""

from __future__ import annotations

from tinypt_compile._program import Program, Step, refs_in


def improved(program: Program) -> Program:
    """All passes."""
    return without_dead(program)


def without_dead(program: Program) -> Program:
    """Without calls whose result nobody reads."""
    read = set(refs_in(program.outputs))
    kept = []
    for step in reversed(program.steps):
        if not isinstance(step, Step) or step.out in read:
            read.update(step.refs())
            kept.append(step)
    program.steps = kept[::-1]
    program.constants = {k: v for k, v in program.constants.items() if k in read}
    return program
