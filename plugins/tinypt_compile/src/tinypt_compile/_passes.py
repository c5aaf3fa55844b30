"""Passes over a program, each from a program to a smaller one that computes the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_compile._copies import without_copies, zeros_anew
from tinypt_compile._factors import numbers_at_once, numbers_into_constants
from tinypt_compile._identities import simplify
from tinypt_compile._program import Guard, Program, Ref, Step, mapped, refs_in
from tinypt_compile._replace import replaced, roots
from tinypt_compile._signs import outwards

#: elements of an array up to which it is worth while to keep it as a constant; larger ones are
#: kept where they take the place of one
_SMALL = 1024
_LIKE = {np.ones_like: 1, np.zeros_like: 0}


def improved(program: Program, values: dict[int, Any]) -> Program:
    """All passes. values: those of the trace, by id, for what is constant."""
    for _ in range(2):
        fold(program, values)
        simplify(program)
    fold(program, values)
    merge(program)
    outwards(without_dead(program), values)
    numbers_at_once(without_dead(program))
    numbers_into_constants(without_dead(program))
    without_copies(without_dead(program))
    zeros_anew(program, values)
    return without_dead(program)


# -- constants -------------------------------------------------------------------------------------


def fold(program: Program, values: dict[int, Any]) -> None:
    """What is made of constants alone is one."""
    outputs = set(refs_in(program.outputs))
    known: dict[int, Any] = dict(program.constants)
    inline: dict[int, Any] = {}

    def constant(value: Any) -> Any:
        return inline.get(value.id, value) if value.__class__ is Ref else value

    steps = []
    for step in program.steps:
        if isinstance(step, Step):
            step.args, step.kwargs = mapped(step.args, constant), mapped(step.kwargs, constant)
            value = values[step.out]
            if step.out not in outputs and _is_constant(step, known, value):
                known[step.out] = value
                if np.ndim(value) == 0:
                    inline[step.out] = value[()] if isinstance(value, np.ndarray) else value
                else:
                    program.constants[step.out] = value
                continue
        elif step.ref.id in known:  # a constant decides nothing
            continue
        steps.append(step)
    program.steps = steps


def _is_constant(step: Step, known: dict[int, Any], value: Any) -> bool:
    if isinstance(value, (tuple, list)) or step.err or step.guards:
        return False
    if np.size(value) > max([_SMALL, *(2 * np.size(known.get(at, 0)) for at in step.refs())]):
        return False
    if step.fn in _LIKE and not list(refs_in((step.args[1:], step.kwargs))):
        return True
    return step.fn is not np.array and all(at in known for at in step.refs())


# -- common subexpressions -----------------------------------------------------------------------


def merge(program: Program) -> None:
    """Calls that are made twice are made once."""
    first: dict[Any, int] = {}
    instead: dict[int, Ref] = {}
    own = roots(program)
    kept = []
    for step in program.steps:
        replaced(step, instead)
        if isinstance(step, Step) and step.fn is not np.array and step.out not in own:
            key = step.frozen()
            if key in first:
                instead[step.out] = Ref(first[key])
                continue
            first[key] = step.out
        kept.append(step)
    program.steps = kept


# -- dead code ------------------------------------------------------------------------


def without_dead(program: Program) -> Program:
    """Without calls whose result nobody reads."""
    read = set(refs_in(program.outputs))
    kept = []
    for step in reversed(program.steps):
        if isinstance(step, Guard) or step.out in read or step.guards:
            read.update(step.refs())
            kept.append(step)
    program.steps = kept[::-1]
    program.constants = {k: v for k, v in program.constants.items() if k in read}
    return program
