"""Complex numbers, where the operator takes them: both directions of the plane."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core._links import OPS
from tinypt_core._variable import Variable
from tinypt_core.testing.levels import level
from tinypt_core.testing.mismatch import disagreement
from tinypt_core.testing.promises._promise import (
    forward_error,
    plain_error,
    promise,
    raised,
    smooth_cases,
)
from tinypt_core.testing.promises.dtype import asks_for_dtype
from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import normal


@lru_cache
def takes_complex() -> bool:
    """Whether the core itself differentiates complex numbers."""
    try:
        x = Variable(np.array(1j))
        (gx,) = gradients([OPS["multiply"](x, x)], [x], [np.array(1 + 0j)])
        return bool(gx == 2j)
    except Exception:
        return False


@promise(
    "complex",
    "where the operator takes complex numbers, its derivatives are right in both directions of "
    "the plane, and complex64 stays complex64",
    "a rule that is right for real numbers only: x * x where |x|^2 is meant, a conj too many or "
    "too few (ds = Re(sum(g dx))); or refuse complex numbers in forward",
)
def in_the_plane(subject: Subject) -> Iterator[Broken]:
    """Along steps 1 and i, order by order."""
    for j, case in enumerate(complex_cases(subject)):
        rng = subject.rng(95, j)
        yield from _single(subject, case)
        for k in range(1, subject.order + 1):
            try:
                at = level(subject, case, k, rng)
            except Exception as error:
                yield raised(error, case, f"order {k} raised for complex numbers")
                return
            for i, x in enumerate(case.xs):
                d = normal(rng, x) * np.maximum(np.abs(x), 1e-3) / 4
                for step, word in ((1, "d"), (1j, "i d")):
                    where = f"input {i}, along {word}, order {k}"
                    broken = disagreement(at, at.with_input(i, step * d), where)
                    if broken is not None:
                        yield broken
                        return


def _is_complex(case: Case) -> bool:
    return any(np.iscomplexobj(x) for x in case.xs)


def complex_cases(subject: Subject) -> Iterator[Case]:
    """Ordinary calls with an imaginary part, as far as forward and rule take them."""
    if not takes_complex() or getattr(subject.cls, "up_to_phase", False):
        return
    if not (subject.registered or any(_is_complex(case) for case in subject.cases)):
        return  # a class on somebody's desk need not think of the plane before it says so
    for case in [c for c in smooth_cases(subject, "gradient") if c.role == "plain"][:3]:
        rng = subject.rng(96)
        xs = [np.asarray(x + 0.3j * rng.normal(size=x.shape)) for x in case.xs]
        made = case if not case.real else case.like(xs)
        runs = forward_error(subject, made) is None and plain_error(subject, made) is None
        if runs and subject.accepts(made) and subject.differentiable(made):
            yield made


def _single(subject: Subject, case: Case) -> Iterator[Broken]:
    if asks_for_dtype(case):
        return
    single = case.like([x.astype(np.complex64) for x in case.xs])
    if forward_error(subject, single) is not None or plain_error(subject, single) is not None:
        return
    gys = subject.cotangents(single, subject.rng(97))
    made = {str(a.dtype) for a in [*gys, *subject.gradient(single, gys)] if a.dtype.kind in "fc"}
    if made - {"float32", "complex64"}:
        yield Broken("", "complex64 in, and not out", str(single), "", "complex64, float32",
                     ", ".join(sorted(made)))  # fmt: skip
