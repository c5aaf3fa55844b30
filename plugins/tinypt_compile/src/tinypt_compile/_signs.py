"""Signs travel outwards until a sum takes them up: a + -b * c is a - b * c, to the bit."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import Any

import numpy as np

from tinypt_compile._memory import is_fresh
from tinypt_compile._program import Program, Ref, Step, reads

_NEGATIVE = (operator.neg, np.negative)
_PRODUCTS = (operator.mul, np.multiply, operator.truediv, np.divide)
_OTHER = {operator.add: operator.sub, np.add: np.subtract,
          operator.sub: operator.add, np.subtract: np.add}  # fmt: skip
_SUMS = (operator.add, np.add)


def outwards(program: Program, values: dict[int, Any]) -> None:
    """Rewrite products and sums of real numbers with a negative operand."""
    counts = reads(program)
    made: dict[int, Step] = {}
    steps: list[Any] = []
    for step in program.steps:
        if isinstance(step, Step) and _is_real(program, step):
            if step.fn in _PRODUCTS and len(step.args) == 2:
                steps += _product(program, step, made, counts, values)
            elif step.fn in _OTHER and len(step.args) == 2:
                _sum(step, made)
        if isinstance(step, Step):
            made[step.out] = step
        steps.append(step)
    program.steps = steps


def _is_real(program: Program, step: Step) -> bool:
    infos = [program.info[at] for at in (*step.refs(), step.out)]
    return not (step.kwargs or step.err) and all(
        i.dtype is not None and i.dtype.kind == "f" for i in infos
    )


def _inside(value: Any, made: dict[int, Step]) -> Any:
    """What a value is the negative of, if so."""
    maker = made.get(value.id) if value.__class__ is Ref else None
    if maker is None or maker.fn not in _NEGATIVE or maker.kwargs or maker.err:
        return None
    source = made.get(maker.args[0].id) if maker.args[0].__class__ is Ref else None
    # a broadcast array lies in memory otherwise than its negative, and sums would run otherwise
    return maker.args[0] if source is None or is_fresh(source) else None


def _product(
    program: Program, step: Step, made: dict[int, Step], counts: Any, values: dict[int, Any]
) -> list[Step]:
    """(-u) * v is -(u * v), where nobody else reads -u. Returns the calls to go before."""
    for i, value in enumerate(step.args):
        u = _inside(value, made)
        if u is None or counts[value.id] > 1:
            continue
        if program.info[value.id].shape != program.info[step.out].shape:  # more to negate
            continue
        args = (u, step.args[1]) if i == 0 else (step.args[0], u)
        positive = replace(step, args=args, out=max(program.info) + 1)
        program.info[positive.out] = program.info[step.out]
        values[positive.out] = -values[step.out]
        made[positive.out] = positive
        counts[positive.out] = 1
        step.fn, step.args = operator.neg, (Ref(positive.out),)
        return [positive]
    return []


def _sum(step: Step, made: dict[int, Step]) -> None:
    """a + -b and -b + a are a - b; a - -b is a + b."""
    a, b = step.args
    if _inside(b, made) is not None:
        step.fn, step.args = _OTHER[step.fn], (a, _inside(b, made))
    elif step.fn in _SUMS and _inside(a, made) is not None:
        step.fn, step.args = _OTHER[step.fn], (b, _inside(a, made))
