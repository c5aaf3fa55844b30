"""Complex numbers, where the operator takes them: both directions of the plane."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

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
    recorded_error,
    smooth_cases,
)
from tinypt_core.testing.promises.dtype import asks_for_dtype
from tinypt_core.testing.promises.gradient import returned
from tinypt_core.testing.promises.higher_order import pairing
from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import Arrays, normal


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
    "the plane",
    "a rule that is right for real numbers only: x * x where |x|^2 is meant, a conj too many or "
    "too few (ds = Re(sum(g dx))); or refuse complex numbers in forward",
)
def in_the_plane(subject: Subject) -> Iterator[Broken]:
    """Along steps 1 and i, order by order."""
    for j, case in enumerate(complex_cases(subject)):
        rng = subject.rng(95, j)
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


@promise(
    "complex-adjoint",
    "of complex numbers too, jvp is the adjoint of vjp: Re <gy, J v> = Re <J* gy, v>",
    "the rule isn't linear in gy, or loses it from the graph",
)
def adjoint(subject: Subject) -> Iterator[Broken]:
    """Where a second derivative can be recorded."""
    if subject.order < 2:
        return
    for j, case in enumerate(complex_cases(subject)):
        if recorded_error(subject, case) is None:
            yield from pairing(subject, case, subject.rng(94, j))


@promise(
    "complex64",
    "complex64 in, complex64 out, in forward and in the rule",
    "a complex128 constant (np.complex128, np.array(1j)) or dtype=complex; Python's 1j stays weak",
)
def single(subject: Subject) -> Iterator[Broken]:
    """The complex cases in single precision."""
    for case in complex_cases(subject):
        yield from _single(subject, case)


def _is_complex(case: Case) -> bool:
    return any(np.iscomplexobj(x) for x in case.xs)


def complex_cases(subject: Subject) -> list[Case]:
    """The same for every promise here."""
    if "complex" not in subject.shared:
        subject.shared["complex"] = list(_complex_cases(subject))
    return subject.shared["complex"]  # type: ignore[no-any-return]


def _complex_cases(subject: Subject) -> Iterator[Case]:
    """Ordinary calls with an imaginary part, as far as forward and rule take them.

    A class on somebody's desk that says nothing of complex numbers, neither by a sample nor by
    its registration, is held to them where `_thinks_of_the_plane`.
    """
    if not takes_complex() or getattr(subject.cls, "up_to_phase", False):
        return
    says = subject.registered or any(_is_complex(case) for case in subject.cases)
    for case in [c for c in smooth_cases(subject, "gradient") if c.role == "plain"][:3]:
        rng = subject.rng(96)
        xs = [np.asarray(x + 0.3j * rng.normal(size=x.shape)) for x in case.xs]
        made = case if not case.real else case.like(xs)
        if forward_error(subject, made) is not None or plain_error(subject, made) is not None:
            continue
        if not subject.accepts(made) or not subject.differentiable(made):
            continue
        if says or _thinks_of_the_plane(subject, made):
            yield made


def _thinks_of_the_plane(subject: Subject, case: Case) -> bool:
    """Whether forward is holomorphic, and the rule is so too, or of the conjugate.

    There the line for real numbers is the one for complex ones, but for a conj too many. A
    forward or rule with |x| or a real part in it may have been meant for real numbers alone.
    """
    gys = subject.cotangents(case, subject.rng(98))
    values = _turns(subject, case, subject.value)
    slopes = _turns(subject, case, lambda c: subject.gradient(c, gys))
    return values == {1} and slopes <= {1, -1}


def _turns(subject: Subject, case: Case, f: Callable[[Case], Arrays]) -> set[int]:
    """How f changes along i d, compared with d: by i times that (1), -i (-1), otherwise (0)."""
    rng, found = subject.rng(98), set()
    for i, x in enumerate(case.xs):
        d = 1e-5 * normal(rng, x)
        along, across = (_change(case, i, step, f) for step in (d, 1j * d))
        for a, b in zip(along, across, strict=True):
            near: dict[str, Any] = {
                "rtol": 1e-4,
                "atol": 1e-4 * float(np.max(np.abs(a), initial=1e-12)),
            }
            found.add(next((k for k in (1, -1) if np.allclose(b, k * 1j * a, **near)), 0))
    return found


def _change(case: Case, i: int, step: Any, f: Callable[[Case], Arrays]) -> Arrays:
    moved = [case.like([*case.xs[:i], case.xs[i] + s, *case.xs[i + 1 :]]) for s in (step, -step)]
    return [ahead - behind for ahead, behind in zip(*map(f, moved), strict=True)]


def _single(subject: Subject, case: Case) -> Iterator[Broken]:
    if asks_for_dtype(case):
        return
    real = case.like([np.asarray(np.real(x), np.float32) for x in case.xs])
    if _wide(_made(subject, real)):
        return  # told by the promise `dtype`
    single = case.like([x.astype(np.complex64) for x in case.xs])
    wide = _wide(_made(subject, single))
    if wide:
        yield Broken("", "complex64 in, and not out", str(single), "", "complex64, float32",
                     ", ".join(wide))  # fmt: skip


def _wide(arrays: list[Any]) -> list[str]:
    dtypes = {getattr(a, "dtype", np.dtype(np.float32)) for a in arrays}
    return sorted(str(t) for t in dtypes if t in (np.float64, np.complex128))


def _made(subject: Subject, case: Case) -> list[Any]:
    """Outputs of a case and what the rule returns for them; nothing if it raises."""
    if forward_error(subject, case) is not None or plain_error(subject, case) is not None:
        return []
    rule = [gx for _, gxs in returned(subject, case) for gx in gxs]
    return [*subject.cotangents(case, subject.rng(97)), *rule]
