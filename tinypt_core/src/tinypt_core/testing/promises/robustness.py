"""Unusual inputs: 0-d, empty, strided, read-only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from tinypt_core.testing.layouts import read_only, strided
from tinypt_core.testing.promises._promise import (
    close,
    differing,
    forward_error,
    plain_error,
    promise,
    raised,
    recorded_error,
)
from tinypt_core.testing.promises.higher_order import check_orders
from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject


@promise(
    "zero-d",
    "0-d inputs have values and gradients like any other",
    "x[0], len(x), x.shape[0] or a loop over x; NumPy's functions take 0-d arrays as they are",
)
def zero_d(subject: Subject) -> Iterator[Broken]:
    """Value and both orders on 0-d inputs."""
    for i, case in enumerate(c for c in subject.cases if c.kind == "zero-d"):
        if (error := forward_error(subject, case)) is not None:
            yield raised(error, case, "forward raised")
        else:
            yield from check_orders(subject, case, i)
            yield from _same_as_one_element(subject, case)


def _same_as_one_element(subject: Subject, case: Case) -> Iterator[Broken]:
    """For an elementwise operator a 0-d input is the one element of a 1-d input."""
    if not (subject.elementwise or not subject.own) or any(x.ndim for x in case.xs):
        return
    one = case.like([x.reshape(1) for x in case.xs])
    if forward_error(subject, one) is not None or subject.like_numpy(case):
        return
    for a, b in zip(subject.value(one), subject.value(case), strict=True):
        if a.size == 1 == b.size and not close(a.ravel(), b.ravel(), 1e-9):
            yield Broken("", "the value differs from that of one element", str(case), "",
                         str(a.ravel()[0]), str(b.ravel()[0]))  # fmt: skip
        elif a.shape == (1,) and b.shape != ():
            yield Broken("", "the value is not 0-d", str(case), "", "()", str(b.shape))


@promise(
    "empty",
    "empty inputs have empty values and gradients, of the right shapes",
    "x[0], x.max() or a division by x.size; treat size 0 like any other",
)
def empty(subject: Subject) -> Iterator[Broken]:
    """Forward, the rule, and the recorded rule run; gradients have the input's shape."""
    for case in (c for c in subject.cases if c.kind == "empty"):
        error = forward_error(subject, case) or plain_error(subject, case)
        error = error or (recorded_error(subject, case) if subject.order > 1 else None)
        if error is not None:
            yield raised(error, case)
        else:
            yield from _shapes(subject, case)


def _shapes(subject: Subject, case: Case) -> Iterator[Broken]:
    ys = subject.value(case)
    if subject.elementwise and case.xs and ys[0].size:
        yield Broken(
            "", "the value of an empty input is not empty", str(case), got=str(ys[0].shape)
        )
    if subject.differentiable(case):
        gxs = subject.gradient(case, subject.cotangents(case, subject.rng(40)))
        if [g.shape for g in gxs] != [x.shape for x in case.xs]:
            yield Broken("", "a gradient has another shape than its input", str(case))


@promise(
    "strided",
    "strided, reversed and Fortran-ordered inputs and gy give the same results",
    "the operator reads memory instead of elements: .data, .view(), ravel(order='K'), reshape of "
    "a buffer",
)
def strided_inputs(subject: Subject) -> Iterator[Broken]:
    """The same numbers laid out differently."""
    yield from _same_results(subject, "strided")
    yield from _gys(subject, strided)
    yield from _gys(subject, lambda gy: np.array(gy, order="F"))


@promise(
    "read-only",
    "read-only inputs and gy are taken as they are",
    "the operator writes into its input, or asks for a writable array; work on a copy",
)
def read_only_inputs(subject: Subject) -> Iterator[Broken]:
    """The same numbers where nobody may write."""
    yield from _same_results(subject, "read-only")
    yield from _gys(subject, read_only)
    yield from _gys(subject, lambda gy: np.broadcast_to(gy.ravel()[:1].reshape(()), gy.shape)
                    if gy.size else gy)  # fmt: skip


def _same_results(subject: Subject, kind: str) -> Iterator[Broken]:
    for case in (c for c in subject.cases if c.kind == kind):
        plain = case.like([np.ascontiguousarray(x).reshape(x.shape).copy() for x in case.xs])
        if forward_error(subject, plain) is not None or plain_error(subject, plain) is not None:
            continue
        error = forward_error(subject, case) or plain_error(subject, case)
        if error is None and subject.order > 1 and recorded_error(subject, plain) is None:
            error = recorded_error(subject, case)
        if error is not None:
            yield raised(error, case)
            continue
        yield from differing(subject.value(plain), subject.value(case), 1e-10, case,
                             "the value depends on the layout of the input", "output")  # fmt: skip
        if subject.differentiable(case):
            gys = subject.cotangents(plain, subject.rng(41))
            yield from differing(
                subject.gradient(plain, gys), subject.gradient(case, gys), 1e-10, case,
                "the gradient depends on the layout of the input", "input")  # fmt: skip


def _gys(subject: Subject, change: Callable[[np.ndarray], np.ndarray]) -> Iterator[Broken]:
    plain = [c for c in subject.cases if c.kind in ("gradient", "broadcasting") and c.smooth]
    for case in plain[:2]:
        if forward_error(subject, case) or plain_error(subject, case):
            continue
        if not subject.differentiable(case):
            continue
        gys = [change(gy) for gy in subject.cotangents(case, subject.rng(42))]
        try:
            got = subject.gradient(case, gys)
        except Exception as error:
            yield raised(error, case, "the rule raised for such a gy")
            continue
        expected = subject.gradient(case, [np.array(gy, order="C") for gy in gys])
        yield from differing(expected, got, 1e-10, case,
                             "the gradient depends on the layout of gy", "input")  # fmt: skip
