"""Who owns what: two calls with equal parameters, and parameters that change after the call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core._errors import TinyptError
from tinypt_core.testing.promises._promise import differing, promise, raised, smooth_cases
from tinypt_core.testing.promises.threads import pairs
from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case, copied
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import Arrays, to_array, variables_of


@promise(
    "apart",
    "two calls in one graph are two nodes, also where their parameters are equal",
    "the class compares equal (__eq__ and __hash__, a dataclass) and something is kept by it, as "
    "in a dict, a set or an lru_cache keyed by self; keep nothing, or eq=False",
)
def apart(subject: Subject) -> Iterator[Broken]:
    """Two calls on different values, differentiated together, against each alone."""
    for a, b in pairs(subject):
        gys = [subject.cotangents(c, subject.rng(58)) for c in (a, b)]
        try:
            ys, gxs = _together(subject, (a, b), gys)
        except Exception as error:
            yield raised(error, a, "two calls in one graph")
            return
        values = [*subject.value(a), *subject.value(b)]
        yield from differing(values, ys, 1e-12, a, "of two calls in one graph one has another "
                             "value than alone", "output")  # fmt: skip
        expected = [*subject.gradient(a, gys[0]), *subject.gradient(b, gys[1])]
        yield from differing(expected, gxs, 1e-10, a, "of two calls in one graph one has another "
                             "gradient than alone", "input")  # fmt: skip


def _together(subject: Subject, cases: Any, gys: list[Arrays]) -> tuple[Arrays, Arrays]:
    variables = [variables_of(case.fresh()) for case in cases]
    outs = [subject.run(c, xs) for c, xs in zip(cases, variables, strict=True)]
    floats = [y for ys in outs for y in subject.floats(ys)]
    gxs = gradients(floats, [x for xs in variables for x in xs], [gy for g in gys for gy in g])
    return [to_array(y) for ys in outs for y in ys], list(gxs)


@promise(
    "parameters-kept",
    "a list or array given as a parameter may change after the call: the gradient is that of the "
    "call, or the rule raises",
    "the rule reads the caller's own list or array; copy it in the constructor, or make what the "
    "rule needs of it there",
)
def parameters_kept(subject: Subject) -> Iterator[Broken]:
    """Change every list and array among the parameters between forward and backward."""
    for case in smooth_cases(subject, "gradient", "broadcasting")[:8]:
        own = _with_own_parameters(case)
        gys = subject.cotangents(case, subject.rng(59))
        variables = variables_of(own.fresh())
        outs = subject.floats(subject.run(own, variables))
        if not _changed(_parameters(subject, own)):
            continue
        try:
            got = list(gradients(outs, variables, gys))
        except TinyptError:
            continue  # it is noticed
        except Exception as error:
            yield raised(error, case, "a parameter changed after the call, and the rule fails")
            return
        yield from differing(subject.gradient(case, gys), got, 1e-10, case, "a parameter changed "
                             "after the call, and the gradient with it", "input")  # fmt: skip


def _with_own_parameters(case: Case) -> Case:
    args, kwargs = case.fill([None] * len(case.xs))
    own = Case(copied(args), copied(kwargs), case._inputs, case.kind, case.role)
    own.slots, own.xs = case.slots, case.xs
    return own


def _parameters(subject: Subject, case: Case) -> tuple[Any, ...]:
    """What is no input: inputs that are constant are the core's to look after."""
    inputs = [not subject.first_class and subject.is_input((i,)) for i in range(len(case.args))]
    args = [a for a, is_input in zip(case.parameters, inputs, strict=False) if not is_input]
    return (*args, case.parameters[-1])


def _changed(value: Any) -> bool:
    """Change what can be changed in place; whether there was any."""
    if isinstance(value, np.ndarray):
        before = value.copy()
        value[...] = np.roll(value, 1) if value.size > 1 else np.zeros((), value.dtype)
        if np.array_equal(before, value):
            value[...] = np.zeros((), value.dtype)
        return not np.array_equal(before, value)
    if isinstance(value, dict):
        return sum(map(_changed, value.values())) > 0
    if isinstance(value, tuple):
        return sum(map(_changed, value)) > 0
    if isinstance(value, list) and not any(v is None for v in value):
        items = list(value)
        value.reverse()
        return value != items if all(np.ndim(v) == 0 for v in value) else False
    return False
