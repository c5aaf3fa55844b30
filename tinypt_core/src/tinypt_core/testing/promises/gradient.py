"""The gradient of first order, against the operator's own values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core._variable import Variable
from tinypt_core.testing.levels import in_double, precision
from tinypt_core.testing.mismatch import mismatches
from tinypt_core.testing.promises._promise import (
    close,
    forward_error,
    plain_error,
    promise,
    raised,
    running,
    smooth_cases,
)
from tinypt_core.testing.report import Broken, show
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import flat, variables_of


@promise(
    "gradient",
    "the gradient agrees with central differences",
    "a sign, a factor, a swapped or missing gradient, or a branch of forward that the rule forgot",
)
def gradient(subject: Subject) -> Iterator[Broken]:
    """Order 1 against the values."""
    for i, case in enumerate(running(subject, "gradient")):
        error = plain_error(subject, case)
        if error is not None and not _returns(subject, case):
            yield raised(error, case, "the rule raised")
        elif error is None and subject.differentiable(case):
            yield from mismatches(subject, case, 1, subject.rng(10, i))


@promise(
    "broadcasting",
    "inputs of different shapes give the values and gradients of the broadcast inputs",
    "forward or the rule assumes equal shapes; the core itself sums a gradient of the "
    "output's shape back to the input's",
)
def broadcasting(subject: Subject) -> Iterator[Broken]:
    """Values against explicitly broadcast inputs, gradients against differences."""
    for i, case in enumerate(c for c in subject.cases if c.kind == "broadcasting"):
        if (error := forward_error(subject, case) or plain_error(subject, case)) is not None:
            yield raised(error, case)
            continue
        wide = case.like([x.copy() for x in np.broadcast_arrays(*case.xs)])
        by_hand = subject.looks_elementwise and forward_error(subject, wide) is None
        expected = subject.value(wide) if by_hand else []
        got = subject.value(case)
        if not all(close(a, b, 1e-10) for a, b in zip(expected, got, strict=False)):
            yield Broken("", "the value differs from that of inputs broadcast by hand",
                         str(case), "", show(expected[0]), show(got[0]))  # fmt: skip
        if subject.differentiable(case):
            yield from mismatches(subject, case, 1, subject.rng(11, i))


@promise(
    "linear",
    "the gradients are linear in gy",
    "the rule squares, clips, thresholds or ignores gy; a gradient is gy times something",
)
def linear(subject: Subject) -> Iterator[Broken]:
    """Sums, multiples large and small, and zero."""
    for i, case in enumerate(smooth_cases(subject, "gradient")):
        rng = subject.rng(12, i)
        case = in_double(case)
        u, v = subject.cotangents(case, rng), subject.cotangents(case, rng)
        gu, gv = subject.gradient(case, u), subject.gradient(case, v)
        for a, b in ((-1.0, 0.0), (0.0, 0.0), (2.0, -3.0), (1e6, 0.0), (1e-7, 0.0), (0.0, 1e-30)):
            both = [_mix(a, p, b, q) for p, q in zip(u, v, strict=True)]
            got = subject.gradient(case, both)
            expected = [_mix(a, p, b, q) for p, q in zip(gu, gv, strict=True)]
            wrong = _nonlinear(expected, got, gu, gv, (a, b), precision(subject, case))
            if wrong is not None:
                what = f"the gradient for {a:g} gy0 + {b:g} gy1 is not {a:g} gx0 + {b:g} gx1"
                yield Broken("", what, str(case), f"input {wrong}", show(expected[wrong]),
                             show(got[wrong]))  # fmt: skip
                break


def _mix(a: float, x: np.ndarray, b: float, y: np.ndarray) -> np.ndarray:
    return np.asarray((a * x if a else 0 * x) + (b * y if b else 0 * y))


def _nonlinear(
    expected: Any, got: Any, gu: Any, gv: Any, ab: tuple[float, float], eps: float
) -> int | None:
    for i, (e, g, p, q) in enumerate(zip(expected, got, gu, gv, strict=True)):
        finite = np.isfinite(p) & np.isfinite(q)
        size = np.max(np.abs(ab[0] * p[finite]) + np.abs(ab[1] * q[finite]), initial=0.0)
        rtol = 1e-9 if eps < 1e-12 else 1e-4
        if not np.all(np.abs(e - g)[finite] <= rtol * size):
            return i
    return None


@promise(
    "gradient-form",
    "the rule returns one gradient per input, of the input's shape, in floating point",
    "the rule returns as many values as forward has inputs (None for an input without one), "
    "each of the input's shape",
)
def gradient_form(subject: Subject) -> Iterator[Broken]:
    """What the rule itself returns, before the core makes it fit."""
    for case in running(subject):
        error = plain_error(subject, case)
        if error is not None and _returns(subject, case):
            yield raised(error, case, "the core refused what the rule returned")
        elif error is None and subject.differentiable(case):
            yield from _ill_formed(subject, case)


def _ill_formed(subject: Subject, case: Case) -> Iterator[Broken]:
    for node, gxs in returned(subject, case):
        for i, (edge, gx) in enumerate(zip(node._edges, gxs, strict=False)):
            if gx is None or edge is None or edge._dtype.kind != "f":
                continue
            if not isinstance(gx, (np.ndarray, np.inexact)) and np.any(gx):
                yield Broken("", "a gradient is not an array", str(case), f"input {i}",
                             "an array", type(gx).__name__)  # fmt: skip
            elif np.asarray(gx).dtype.kind not in "fc" and np.any(gx):  # the core takes real parts
                yield Broken("", "a gradient is not floating point", str(case), f"input {i}",
                             str(edge._dtype), str(np.asarray(gx).dtype))  # fmt: skip


def returned(subject: Subject, case: Case) -> Iterator[tuple[Any, list[Any]]]:
    """Each node of the operator, and what its rule returns when called by hand."""
    outs = subject.run(case, variables_of(case.fresh()))
    rng = subject.rng(13)
    for node in subject.nodes(outs):
        if type(node) is not subject.cls:
            continue
        shapes = node._shape if isinstance(node._shape, list) else [node._shape]
        dtypes = node._dtype if isinstance(node._dtype, list) else [node._dtype]
        gys = [
            np.asarray(rng.normal(size=shape)).astype(dtype if dtype.kind in "fc" else float)
            for shape, dtype in zip(shapes, dtypes, strict=True)
        ]
        gxs = flat(node.backward(*gys))
        yield node, [gx.data if isinstance(gx, Variable) else gx for gx in gxs]


def _returns(subject: Subject, case: Case) -> bool:
    """Whether the rule itself runs, so that it is its result that the core refused."""
    try:
        return bool(list(returned(subject, case)))
    except Exception:
        return False
