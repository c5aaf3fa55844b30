"""Calls that change nothing, or a sign: x * 1, +x, x * -1, a shape that x has, a broadcast."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from tinypt_compile._memory import is_elementwise
from tinypt_compile._program import Program, Ref, Step
from tinypt_compile._replace import replaced, roots

_PRODUCTS = (operator.mul, np.multiply)
#: NumPy computes them otherwise where the exponent is one number
_POWERS = (operator.pow, np.power, np.float_power)


def simplify(program: Program) -> None:
    """x * 1, +x and a shape that x has already are x; one number all over is that number."""
    instead: dict[int, Ref] = {}
    own = roots(program)
    ones = {at for at, value in program.constants.items() if np.all(value == 1)}
    made: dict[int, Step] = {}
    kept = []
    for step in program.steps:
        replaced(step, instead)
        if isinstance(step, Step):
            _narrow(program, step)
            _negated(program, step)
            _unbroadcast(program, step, made)
            made[step.out] = step
            if _made_of_ones(step, ones):
                ones.add(step.out)
            other = _unchanged(program, step, ones) if step.out not in own else None
            if other is not None:
                instead[step.out] = other
                continue
        kept.append(step)
    program.steps = kept


def _unchanged(program: Program, step: Step, ones: set[int]) -> Ref | None:
    """The value that a call gives back as it was."""
    args = step.args
    if step.fn in _PRODUCTS and not step.kwargs:
        for one, x in (args, args[::-1]):
            if _is_one(one, ones) and alike(program, x, step):
                return x  # type: ignore[no-any-return]
    same = step.fn in (operator.pos, np.positive) or (step.fn is np.reshape and len(args) == 2)
    same = same or (step.fn is np.broadcast_to and len(args) == 2)
    same = same or (step.fn is np.moveaxis and len(args) == 3 and args[1] == args[2])
    if same and not step.kwargs and alike(program, args[0], step):
        return args[0]  # type: ignore[no-any-return]
    return None


def alike(program: Program, x: Any, step: Step) -> bool:
    """Whether a result has the shape, the dtype and the kind of an argument."""
    if x.__class__ is not Ref:
        return False
    there, here = program.info[x.id], program.info[step.out]
    numbers = "number" in (there.kind, here.kind)
    return there[:2] == here[:2] and (not numbers or there.kind == here.kind)


def _made_of_ones(step: Step, ones: set[int]) -> bool:
    """Whether a large result is 1 everywhere."""
    if step.fn is np.ones_like:
        return True
    return step.fn in (np.broadcast_to, np.reshape) and _is_one(step.args[0], ones)


def _is_one(value: Any, ones: set[int]) -> bool:
    if value.__class__ is Ref:
        return value.id in ones
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and value == 1


def _narrow(program: Program, step: Step) -> None:
    """A constant array of one number beside an array of its shape is that number."""
    if step.fn not in _SIGNED or step.kwargs or len(step.args) != 2:
        return
    for i, value in enumerate(step.args):
        array = program.constants.get(value.id) if value.__class__ is Ref else None
        if array is not None and array.size and alike(program, step.args[1 - i], step):
            first = array.flat[0]
            if array.dtype == program.info[step.out].dtype and (array == first).all():
                step.args = (first, step.args[1]) if i == 0 else (step.args[0], first)


def _negated(program: Program, step: Step) -> None:
    """x * -1 is -x, of real numbers."""
    real = getattr(program.info[step.out].dtype, "kind", "") in ("f", "i")
    if real and step.fn in _PRODUCTS and not step.kwargs and len(step.args) == 2:
        for number, x in (step.args, step.args[::-1]):
            if isinstance(number, (int, float)) and number == -1 and alike(program, x, step):
                step.fn, step.args = operator.neg, (x,)
                return


def _unbroadcast(program: Program, step: Step, made: dict[int, Step]) -> None:
    """An array that was broadcast, beside one of its shape, is broadcast anyway."""
    if step.kwargs or len(step.args) != 2 or not is_elementwise(step.fn) or step.fn in _POWERS:
        return
    for i, value in enumerate(step.args):
        maker = made.get(value.id) if value.__class__ is Ref else None
        if maker is None or maker.fn is not np.broadcast_to or maker.kwargs:
            continue
        x, other = maker.args[0], step.args[1 - i]
        if other != value and _is_strong(program, x) and alike(program, other, step):
            step.args = (x, other) if i == 0 else (other, x)
            return


def _is_strong(program: Program, value: Any) -> bool:
    """Whether it has a dtype of its own, as no number of Python's has."""
    if value.__class__ is Ref:
        return program.info[value.id].kind in ("array", "scalar")
    return isinstance(value, np.generic)


_SIGNED = {*_PRODUCTS, operator.add, operator.sub, operator.truediv, np.add, np.subtract}
