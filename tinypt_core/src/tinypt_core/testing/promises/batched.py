"""Batches: many inputs at once give what they give one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core._batch.whole import what_loops
from tinypt_core._engine.gradients import gradients
from tinypt_core._errors import ConformanceError
from tinypt_core._transforms.vmap import vmap
from tinypt_core._variable import Variable
from tinypt_core.testing.promises._promise import (
    differing,
    forward_error,
    plain_error,
    promise,
    quiet,
    raised,
    recorded_error,
    smooth_cases,
)
from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import Arrays


@promise(
    "batched",
    "vmap gives what a loop gives: values, first and second derivatives, inside and outside",
    "does the rule branch on values? Ask anywhere(mask), and let both branches be right for every "
    "element; write np.where, and NumPy's functions instead of loops over elements",
)
def batched(subject: Subject) -> Iterator[Broken]:
    """A few cases, each with others of its shapes, over several axes."""
    yield from _batched(subject, _chosen(subject))


def _batched(subject: Subject, chosen: list[Case]) -> Iterator[Broken]:
    for i, case in enumerate(chosen):
        axis = (0, -1)[i % 2]
        cases = _neighbours(subject, case)
        if len(cases) < 2:
            continue
        try:
            yield from _compared(subject, cases, axis, i)
        except Exception as error:
            yield raised(error, case, f"vmap over axis {axis} raised")


def what_loops_in(op: Any) -> dict[str, int]:
    """What of an operator and its rule, to second order, runs in a loop on two of its samples.

    Raises ConformanceError if a batch gives anything but what a loop gives.
    """
    with quiet(), what_loops() as names:
        subject = Subject(op, order=2)
        broken = list(_batched(subject, _chosen(subject)[:2]))
    if broken:
        raise ConformanceError(f"{op!r}: {broken[0]}")
    return names


def _chosen(subject: Subject) -> list[Case]:
    """At most four small cases: the first, the one of most axes, one that broadcasts, a 0-d one."""
    small = [c for c in smooth_cases(subject) if 0 < c.size < 40]
    plain = [c for c in small if c.kind == "gradient"]
    ranked = sorted(plain, key=lambda c: -max(x.ndim for x in c.xs))
    others = [c for kind in ("broadcasting", "zero-d") for c in small if c.kind == kind][:2]
    return list({id(c): c for c in [*plain[:1], *ranked[:1], *others]}.values())


def _neighbours(subject: Subject, case: Case) -> list[Case]:
    """The case, one near it, and what may lie outside the domain, which is nobody else's affair."""
    factors = (0.97, -1.0, *((np.nan, np.inf) if subject.looks_elementwise else ()))
    others = [case.like([np.asarray(x * k) for x in case.xs]) for k in factors]
    return [
        case,
        *(c for c in others if _runs(subject, c)),
    ]


def _runs(subject: Subject, case: Case) -> bool:
    """Whether neither forward nor the rule raises on a case; NaN is a result like any other."""
    return forward_error(subject, case) is None and plain_error(subject, case) is None


def _compared(subject: Subject, cases: list[Case], axis: int, salt: int) -> Iterator[Broken]:
    case, rng = cases[0], subject.rng(90, salt)
    xs = _stacked([c.xs for c in cases], axis)
    gys = [subject.cotangents(c, rng) for c in cases]
    vs = [[np.asarray(rng.normal(size=x.shape), x.dtype) for x in case.xs] for _ in cases]
    wide_gys, wide_vs = _stacked(gys, 0), _stacked(vs, 0)
    n = len(case.xs)

    def value(*xs: Any) -> Any:
        return tuple(subject.run(case, _variables(xs)))

    def first(*args: Any) -> Any:
        variables = _variables(args[:n])
        outs = subject.floats(subject.run(case, variables))
        return gradients(outs, variables, list(args[n:]))

    def second(*args: Any) -> Any:
        variables = _variables(args[:n])
        outs = subject.floats(subject.run(case, variables))
        firsts = gradients(outs, variables, list(args[n:-n]), create_graph=True)
        return gradients(list(firsts), variables, list(args[-n:]))

    yield from _same([subject.value(c) for c in cases], vmap(value, axis)(*xs), case, "value")
    firsts = [subject.gradient(c, g) for c, g in zip(cases, gys, strict=True)]
    inside = vmap(first, (axis,) * n + (0,) * len(wide_gys))(*xs, *wide_gys)
    yield from _same(firsts, inside, case, "gradient inside vmap")
    variables = _variables(xs)
    outs = subject.floats(list(vmap(value, axis)(*variables)))
    outside = [np.moveaxis(g, axis, 0) for g in gradients(outs, variables, wide_gys)]
    yield from _same(firsts, outside, case, "gradient outside vmap")
    if subject.order > 1 and all(recorded_error(subject, c) is None for c in cases):
        alone = [
            [np.asarray(g) for g in second(*c.xs, *g, *v)]
            for c, g, v in zip(cases, gys, vs, strict=True)
        ]
        axes = (axis,) * n + (0,) * (len(wide_gys) + n)
        together = vmap(second, axes)(*xs, *wide_gys, *wide_vs)
        yield from _same(alone, together, case, "second derivative inside vmap")


def _stacked(rows: list[Any], axis: int) -> Arrays:
    return [np.stack(column, axis) for column in zip(*rows, strict=True)]


def _same(alone: list[Arrays], together: Any, case: Case, what: str) -> Iterator[Broken]:
    found = [np.asarray(getattr(y, "_array", y)) for y in together]
    for i, expected in enumerate(alone):
        got = [y[i] for y in found]
        yield from differing(expected, got, 1e-8, case, f"element {i} of a batch", what)


def _variables(xs: Any) -> list[Variable]:
    return [x if isinstance(x, Variable) else Variable(x) for x in xs]
