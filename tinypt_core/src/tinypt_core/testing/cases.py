"""Every call that an operator is tried on, made of samples or of normal draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core._operator.signature import overrides_apply, parameters, public_signature
from tinypt_core.testing import samples
from tinypt_core.testing.layouts import layouts
from tinypt_core.testing.samples import Case


def cases(subject: Any) -> list[Case]:
    """Every call that a Subject is tried on; the plain ones first."""
    if subject.own:
        found = [Case(*samples.parse(s), subject.is_input) for s in _given_samples(subject)]
        for case in found:
            _name_kind(subject, case)
    else:
        found = samples.draws(subject.n_inputs, subject.accepts, subject.rng(1))
        found += _with_axes(subject, found)
    found = [c for c in found if subject.accepts(c) is not None or not subject.refused_by_numpy(c)]
    return [*found, *_derived(subject, found)]


def _given_samples(subject: Any) -> list[Any]:
    return list(subject.given) or list(subject.target.samples(subject.rng(0)))


def _name_kind(subject: Any, case: Case) -> None:
    shapes = {x.shape for x in case.xs}
    some_empty = subject.elementwise and not all(x.size for x in case.xs)
    if case.xs and (case.size == 0 or some_empty):
        case.kind = "empty"
    elif shapes == {()}:
        case.kind = "zero-d"
    elif subject.elementwise and len(shapes) > 1:
        case.kind = "broadcasting"


def _with_axes(subject: Any, cases: list[Case]) -> Iterator[Case]:
    """For an operator with the parameters everybody knows: other axes than the default."""
    known = () if subject.cls is None else _parameters_of(subject.call, subject.cls)
    options: list[dict[str, Any]] = []
    if "axis" in known:
        options += [{"axis": axis} for axis in (0, 1, -1, (0, 1))]
    if "keepdims" in known:
        options += [{**o, "keepdims": True} for o in [*options[:3], {}]]
    for case in [c for c in cases if c.kind == "gradient" and c.xs[0].ndim > 1][:5:2]:
        for option in options:
            new = Case(case.args, option, subject.is_input)
            if subject.accepts(new):
                yield new


def _derived(subject: Any, cases: list[Case]) -> Iterator[Case]:
    plain = [c for c in cases if c.kind in ("gradient", "broadcasting") and c.smooth]
    by_rank = sorted(plain, key=lambda c: -max([x.ndim for x in c.xs], default=0))
    for case in {id(c): c for c in [*plain[:1], *by_rank[:1]]}.values():
        yield from layouts(case)
    if subject.own and subject.elementwise and plain:
        have = {c.kind for c in cases}
        yield from (c for c in samples.elements(plain[0]) if c.kind not in have)
    if not subject.own and subject.n_inputs == 1 and plain:
        yield from _wide(subject, plain[0])


def _wide(subject: Any, plain: Case) -> Iterator[Case]:
    """As much of the real line as the operator takes, if it works element by element."""
    x = samples.far_and_wide(subject.rng(2))
    try:
        (y,) = subject.value(plain.like([x]))
        keep = np.isfinite(y) & (np.abs(y) < 1e100)
        if y.shape == x.shape and keep.sum() > 20:
            case = plain.like([x[keep]])
            case.role = "far"
            if subject.accepts(case) and subject.diagonal(case):
                yield case
    except Exception:
        return  # whatever it is, the plain cases show it too


def _parameters_of(call: Any, cls: Any) -> tuple[str, ...]:
    if overrides_apply(cls):
        return tuple(public_signature(cls).parameters)
    return parameters(cls)
