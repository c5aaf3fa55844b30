"""The gradients of gradients: the same rule, run on Variables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core.testing.levels import cojoin, in_double, join, precision
from tinypt_core.testing.mismatch import mismatches
from tinypt_core.testing.promises._promise import (
    differing,
    plain_error,
    promise,
    raised,
    recorded_cases,
    recorded_error,
    smooth_cases,
)
from tinypt_core.testing.report import Broken, show
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import normal, to_array, variables_of


@promise(
    "second-order",
    "the second derivative agrees with differences of the first",
    "does the rule read .data, or an array left on self or elsewhere by forward? Write it with "
    "gy and the names it asks for, in NumPy",
)
def second_order(subject: Subject) -> Iterator[Broken]:
    """Order 2 against plain gradients."""
    if subject.order < 2:
        return
    wide = smooth_cases(subject, "broadcasting")[::3]
    for i, case in enumerate([*smooth_cases(subject, "gradient"), *wide]):
        error = recorded_error(subject, case)
        if error is not None:
            yield raised(error, case, "the rule raised under create_graph=True")
        else:
            yield from mismatches(subject, case, 2, subject.rng(30, i), not case.smooth)


@promise(
    "third-order",
    "the third derivative agrees with differences of the second",
    "an operator that the rule calls has a wrong second derivative of its own, or loses the graph",
)
def third_order(subject: Subject) -> Iterator[Broken]:
    """Order 3, and further if asked, against the order before."""
    for k in range(3, subject.order + 1):
        for i, case in enumerate(_third_cases(subject)):
            try:
                yield from mismatches(subject, case, k, subject.rng(31, i), False)
            except Exception as error:
                yield raised(error, case, f"order {k} raised")


def _third_cases(subject: Subject) -> list[Case]:
    cases = [c for c in recorded_cases(subject, "gradient") if c.smooth]
    if subject.own:
        return cases[:8]
    return [*cases[:2], *[c for c in cases[2:] if c.size == 7 or c.size > 50][:4]]


@promise(
    "adjoint",
    "jvp, which differentiates the gradient by gy, is the adjoint of vjp",
    "the rule loses gy from the graph (gy.data, gy.detach(), np.asarray), or isn't linear in it",
)
def adjoint(subject: Subject) -> Iterator[Broken]:
    """<gy, J v> = <J* gy, v> for random gy and v."""
    if subject.order < 2:
        return
    for i, case in enumerate(recorded_cases(subject)):
        yield from pairing(subject, in_double(case), subject.rng(32, i))


def pairing(subject: Subject, case: Case, rng: np.random.Generator) -> Iterator[Broken]:
    """Whether both products are the same number; of complex numbers, its real part."""
    gys = subject.cotangents(case, rng)
    v = [normal(rng, x) for x in case.xs]
    pushed = subject.nth(case, [list(case.xs), gys, v])[len(v) :]
    pulled = subject.gradient(case, gys)
    a, b = cojoin(gys) * join(pushed), cojoin(pulled) * join(v)
    size = np.sum(np.abs(a)) + np.sum(np.abs(b))
    rtol = 1e-9 if precision(subject, case) < 1e-12 else 1e-4
    if np.isfinite(size) and not abs(a.sum() - b.sum()) <= rtol * size:
        yield Broken("", "<gy, jvp(v)> differs from <vjp(gy), v>", str(case), "",
                     show(b.sum()), show(a.sum()))  # fmt: skip


@promise(
    "create-graph",
    "the gradients are the same numbers with and without create_graph",
    "the rule asks whether gy is a Variable, or uses a function that acts differently on one",
)
def create_graph(subject: Subject) -> Iterator[Broken]:
    """A plain and a recorded pass side by side."""
    if subject.order < 2:
        return
    for case in recorded_cases(subject):
        gys = subject.cotangents(case, subject.rng(33))
        variables = variables_of(case.fresh())
        outs = subject.floats(subject.run(case, variables))
        recorded = [to_array(g) for g in gradients(outs, variables, gys, create_graph=True)]
        rtol = 1e-10 if all(x.dtype == np.float64 for x in case.xs) else 1e-4
        yield from differing(subject.gradient(case, gys), recorded, rtol, case,
                             "the gradient under create_graph=True differs", "input")  # fmt: skip
        for x, g in zip(case.xs, recorded, strict=True):
            if (g.shape, g.dtype) != (x.shape, x.dtype):
                yield Broken("", "a recorded gradient has another shape or dtype", str(case), "",
                             f"{x.dtype} {x.shape}", f"{g.dtype} {g.shape}")  # fmt: skip


def check_orders(subject: Subject, case: Case, kind: int) -> Iterator[Broken]:
    """Orders 1 and 2 on one case: for the promises about unusual inputs."""
    if (error := plain_error(subject, case)) is not None:
        yield raised(error, case, "the rule raised")
        return
    if not subject.differentiable(case):
        return
    found = list(mismatches(subject, case, 1, subject.rng(34, kind)))
    yield from found
    if subject.order < 2 or found:
        return
    if (error := recorded_error(subject, case)) is not None:
        yield raised(error, case, "the rule raised under create_graph=True")
    else:
        yield from mismatches(subject, case, 2, subject.rng(35, kind), False)
