"""Passes over a program, each from a program to a smaller one that computes the same bits."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from tinypt_compile._program import Guard, Program, Ref, Step, mapped, refs_in

#: elements of an array up to which it is worth while to keep it as a constant
_SMALL = 1024
_LIKE = {np.ones_like: 1, np.zeros_like: 0}
_PRODUCTS = (operator.mul, np.multiply)
#: the result may share memory with the first argument
_VIEWS = {
    operator.getitem, np.asarray, np.reshape, np.transpose, np.swapaxes, np.ravel, np.squeeze,
    np.expand_dims, np.broadcast_to, np.real, np.imag, np.moveaxis, np.diagonal, np.flip,
    np.atleast_1d, np.atleast_2d, np.atleast_3d, np.rot90, np.fliplr, np.flipud, np.rollaxis,
    np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit, np.broadcast_arrays,
}  # fmt: skip


def improved(program: Program, values: dict[int, Any]) -> Program:
    """All passes. values: those of the trace, by id, for what is constant."""
    fold(program, values)
    without_ones(program)
    fold(program, values)
    merge(program)
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
    if step.fn in _LIKE and not step.kwargs.get("shape"):
        return True
    return step.fn is not np.array and all(at in known for at in step.refs())


# -- products with one ---------------------------------------------------------------------------


def without_ones(program: Program) -> None:
    """x * 1 is x."""
    instead: dict[int, Ref] = {}
    outputs = set(refs_in(program.outputs))
    ones = {at for at, value in program.constants.items() if np.all(value == 1)}
    kept = []
    for step in program.steps:
        _replace(step, instead)
        if isinstance(step, Step) and _made_of_ones(step, ones):
            ones.add(step.out)
        if isinstance(step, Step) and step.fn in _PRODUCTS and step.out not in outputs:
            other = _times_one(program, step, ones)
            if other is not None:
                instead[step.out] = other
                continue
        kept.append(step)
    program.steps = kept


def _made_of_ones(step: Step, ones: set[int]) -> bool:
    """Whether a large result is 1 everywhere."""
    if step.fn is np.ones_like:
        return True
    return step.fn in (np.broadcast_to, np.reshape) and _is_one(step.args[0], ones)


def _times_one(program: Program, step: Step, ones: set[int]) -> Ref | None:
    if step.kwargs or len(step.args) != 2:
        return None
    for one, x in (step.args, step.args[::-1]):
        if x.__class__ is Ref and _is_one(one, ones):
            there, here = program.info[x.id], program.info[step.out]
            numbers = "number" in (there.kind, here.kind)
            if there[:2] == here[:2] and (not numbers or there.kind == here.kind):
                return x
    return None


def _is_one(value: Any, ones: set[int]) -> bool:
    if value.__class__ is Ref:
        return value.id in ones
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and value == 1


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


def may_share(step: Step) -> bool:
    """Whether the result may share memory with an argument."""
    if step.fn is operator.getitem or step.fn in _VIEWS:
        return True
    return not _fresh(step)


def _fresh(step: Step) -> bool:
    """Whether the result is memory of its own, known of elementwise calls and products."""
    if isinstance(step.fn, np.ufunc) or step.fn in _FRESH:
        return True
    return step.fn is np.array or step.fn is np.matmul


_FRESH = {
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul,
    operator.neg, np.sum, np.mean, np.where, np.einsum, np.dot, np.concatenate, np.stack,
    np.cumsum, np.prod, np.max, np.min, np.var, np.std, np.outer, np.tensordot,
}  # fmt: skip


# -- copies and dead code ------------------------------------------------------------------------


def without_copies(program: Program) -> None:
    """A copy of a fresh array that nobody else gets is that array."""
    made = {step.out: step for step in program.calls()}
    outputs = list(refs_in(program.outputs))
    taken = _roots(program)
    instead: dict[int, Ref] = {}
    for at in outputs:
        step = made.get(at)
        if step is None or step.fn is not np.array or step.kwargs or outputs.count(at) > 1:
            continue
        source = step.args[0].id if step.args[0].__class__ is Ref else None
        maker = made.get(source) if source is not None else None
        if maker is None or source in taken or not _fresh(maker):
            continue
        if program.info[source].kind == "array" and program.info[source].shape:  # type: ignore[index]
            instead[at] = Ref(source)  # type: ignore[arg-type]
            taken.add(source)  # type: ignore[arg-type]
    for step in program.steps:
        _replace(step, instead)
    program.outputs = mapped(
        program.outputs, lambda v: instead.get(v.id, v) if v.__class__ is Ref else v
    )


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


def _replace(step: Any, instead: dict[int, Ref]) -> None:
    if not instead:
        return
    if isinstance(step, Guard):
        step.ref = instead.get(step.ref.id, step.ref)
        return

    def other(value: Any) -> Any:
        return instead.get(value.id, value) if value.__class__ is Ref else value

    step.args, step.kwargs = mapped(step.args, other), mapped(step.kwargs, other)
