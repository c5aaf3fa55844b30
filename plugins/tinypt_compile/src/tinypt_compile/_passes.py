"""Passes over a program, each from a program to a smaller one that computes the same bits."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from tinypt_compile._memory import is_elementwise, is_fresh, may_share
from tinypt_compile._program import Guard, Program, Ref, Step, mapped, refs_in
from tinypt_compile._signs import outwards

#: elements of an array up to which it is worth while to keep it as a constant
_SMALL = 1024
_LIKE = {np.ones_like: 1, np.zeros_like: 0}
_PRODUCTS = (operator.mul, np.multiply)


def improved(program: Program, values: dict[int, Any]) -> Program:
    """All passes. values: those of the trace, by id, for what is constant."""
    for _ in range(2):
        fold(program, values)
        simplify(program)
    fold(program, values)
    merge(program)
    outwards(program, values)
    without_dead(program)
    without_copies(program)
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
    if isinstance(value, (tuple, list)) or np.size(value) > _SMALL or step.err or step.guards:
        return False
    if step.fn in _LIKE and not list(refs_in((step.args[1:], step.kwargs))):
        return True
    return step.fn is not np.array and all(at in known for at in step.refs())


# -- calls that change nothing ---------------------------------------------------------------------


def simplify(program: Program) -> None:
    """x * 1, +x and a shape that x has already are x; one number all over is that number."""
    instead: dict[int, Ref] = {}
    own = _roots(program)
    ones = {at for at, value in program.constants.items() if np.all(value == 1)}
    made: dict[int, Step] = {}
    kept = []
    for step in program.steps:
        _replace(step, instead)
        if isinstance(step, Step):
            _narrow(program, step)
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
            if _is_one(one, ones) and _alike(program, x, step):
                return x  # type: ignore[no-any-return]
    same = step.fn in (operator.pos, np.positive) or (step.fn is np.reshape and len(args) == 2)
    same = same or (step.fn is np.moveaxis and len(args) == 3 and args[1] == args[2])
    if same and not step.kwargs and _alike(program, args[0], step):
        return args[0]  # type: ignore[no-any-return]
    return None


def _alike(program: Program, x: Any, step: Step) -> bool:
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
        if array is not None and array.size and _alike(program, step.args[1 - i], step):
            first = array.flat[0]
            if array.dtype == program.info[step.out].dtype and (array == first).all():
                step.args = (first, step.args[1]) if i == 0 else (step.args[0], first)


def _unbroadcast(program: Program, step: Step, made: dict[int, Step]) -> None:
    """An array that was broadcast, beside one of its shape, is broadcast anyway."""
    if step.kwargs or len(step.args) != 2 or not is_elementwise(step.fn):
        return
    for i, value in enumerate(step.args):
        maker = made.get(value.id) if value.__class__ is Ref else None
        if maker is None or maker.fn is not np.broadcast_to or maker.kwargs:
            continue
        x, other = maker.args[0], step.args[1 - i]
        if other != value and _is_strong(program, x) and _alike(program, other, step):
            step.args = (x, other) if i == 0 else (other, x)
            return


def _is_strong(program: Program, value: Any) -> bool:
    """Whether it has a dtype of its own, as no number of Python's has."""
    if value.__class__ is Ref:
        return program.info[value.id].kind in ("array", "scalar")
    return isinstance(value, np.generic)


_SIGNED = {*_PRODUCTS, operator.add, operator.sub, operator.truediv, np.add, np.subtract}


# -- common subexpressions -----------------------------------------------------------------------


def merge(program: Program) -> None:
    """Calls that are made twice are made once."""
    first: dict[Any, int] = {}
    instead: dict[int, Ref] = {}
    own = _roots(program)
    kept = []
    for step in program.steps:
        _replace(step, instead)
        if isinstance(step, Step) and step.fn is not np.array and step.out not in own:
            key = step.frozen()
            if key in first:
                instead[step.out] = Ref(first[key])
                continue
            first[key] = step.out
        kept.append(step)
    program.steps = kept


def _roots(program: Program) -> set[int]:
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


# -- copies and dead code ------------------------------------------------------------------------


def without_copies(program: Program) -> None:
    """A copy of a fresh array that nobody else gets is that array."""
    made = {step.out: step for step in program.calls()}
    taken = _roots(program) - {step.out for step in program.calls() if step.fn in _COPIES}
    instead: dict[int, Ref] = {}
    for step in program.calls():
        source = step.args[0] if step.fn in _COPIES and not step.kwargs else None
        if source.__class__ is Ref and _may_be_taken(program, made.get(source.id), taken):
            instead[step.out] = instead.get(source.id, source)
            taken.add(source.id)
    replace(program, instead)


_COPIES = (np.array, np.copy)


def _may_be_taken(program: Program, maker: Step | None, taken: set[int]) -> bool:
    """Whether a result is an array in memory of its own, that nobody gets yet."""
    if maker is None or maker.out in taken or not is_fresh(maker):
        return False
    info = program.info[maker.out]
    return info.kind == "array" and bool(info.shape)


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


def replace(program: Program, instead: dict[int, Ref]) -> None:
    """Read other values in place of some, everywhere."""
    for step in program.steps:
        _replace(step, instead)
    program.outputs = mapped(
        program.outputs, lambda v: instead.get(v.id, v) if v.__class__ is Ref else v
    )


def _replace(step: Any, instead: dict[int, Ref]) -> None:
    if not instead:
        return
    if isinstance(step, Guard):
        step.ref = instead.get(step.ref.id, step.ref)
        return

    def other(value: Any) -> Any:
        return instead.get(value.id, value) if value.__class__ is Ref else value

    step.args, step.kwargs = mapped(step.args, other), mapped(step.kwargs, other)
