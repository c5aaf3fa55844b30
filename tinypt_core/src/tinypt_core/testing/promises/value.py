"""The value: it exists, it is always the same, and it is the caller's alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core.testing.promises._promise import (
    close,
    differing,
    forward_error,
    plain_error,
    promise,
    raised,
    recorded_error,
    running,
    smooth_cases,
)
from tinypt_core.testing.promises.gradient import returned
from tinypt_core.testing.promises.plane import takes_complex
from tinypt_core.testing.report import Broken, show
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import flat, to_array, variables_of


@promise(
    "value",
    "forward runs on every sample",
    "give samples inside the operator's domain: check_op(op, (x, parameter)), or a static method "
    "samples(rng) on the class",
)
def value(subject: Subject) -> Iterator[Broken]:
    """There are samples, and forward takes them."""
    if not subject.cases and not subject.constant:
        yield Broken("", "forward takes none of the normal draws, or its values are not finite",
                     got=_first_error(subject))  # fmt: skip
    for case in subject.cases:
        error = forward_error(subject, case)
        if error is not None and case.kind == "gradient":
            yield raised(error, case, "forward raised")
        elif error is None and not subject.constant:
            dtypes = [y.dtype for y in subject.value(case)]
            if any(t.kind not in ("fiubc" if takes_complex() else "fiub") for t in dtypes):
                yield Broken("", "an output is not an array of real numbers", str(case),
                             got=", ".join(map(str, dtypes)))  # fmt: skip


def _first_error(subject: Subject) -> str:
    try:
        got = subject.value(
            Case([subject.rng(0).normal(size=(2, 3)) for _ in range(subject.n_inputs)])
        )
        return show(got[0])
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@promise(
    "deterministic",
    "the same inputs give the same values and gradients, whatever was computed before",
    "random numbers, uninitialised memory, or state kept between calls on self, the class or "
    "the module",
)
def deterministic(subject: Subject) -> Iterator[Broken]:
    """Every case again in another order, and backward twice over one graph."""
    cases = running(subject)
    first = [subject.first_value(case) for case in cases]
    for case, expected in zip(reversed(cases), reversed(first), strict=True):
        for _ in range(3):
            yield from differing(expected, subject.value(case), 1e-13, case,
                                 "the value changed when computed again", "output")  # fmt: skip
    for case in smooth_cases(subject):
        gys = subject.cotangents(case, subject.rng(20))
        expected = subject.gradient(case, gys)
        variables = variables_of(case.fresh())
        made = subject.run(case, variables)
        yield from differing(subject.first_value(case), [to_array(y) for y in made], 1e-13, case,
                             "the value differs under no_grad()", "output")  # fmt: skip
        outs = subject.floats(made)
        for _ in range(3):
            again = list(gradients(outs, variables, gys))
            yield from differing(expected, again, 1e-12, case,
                                 "the gradient changed when computed again", "input")  # fmt: skip


@promise(
    "inputs-unchanged",
    "neither forward nor the rule changes an input, a parameter or the output",
    "an in-place operation (x *= 2, out=x, x.sort()); write x * 2 or work on a copy",
)
def inputs_unchanged(subject: Subject) -> Iterator[Broken]:
    """Snapshots before; comparison after forward, after the rule, after the recorded rule."""
    for original in running(subject):
        case = original.like(original.fresh(), layout=original.layout)
        before = _snapshot(case, original.untouched)
        variables = variables_of(case.xs)
        outs = subject.run(case, variables)
        yield from _changes(before, case, "forward")
        if plain_error(subject, original) or not subject.differentiable(original):
            continue
        made = [to_array(y).copy() for y in outs]
        for create_graph in (False, True):
            if create_graph and (subject.order < 2 or recorded_error(subject, original)):
                break
            gys = subject.cotangents(original, subject.rng(21))
            gradients(subject.floats(outs), variables, gys, create_graph)
            yield from _changes(before, case, "the rule")
            yield from differing(made, [to_array(y) for y in outs], 0, case,
                                 "the rule changed the output", "output")  # fmt: skip


def _snapshot(case: Case, parameters: Any) -> list[Any]:
    arrays = [(x, x.copy(), x.shape, x.strides, x.flags.writeable) for x in case.xs]
    return [*arrays, parameters]


def _changes(before: list[Any], case: Case, who: str) -> Iterator[Broken]:
    for i, (x, values, *form) in enumerate(before[:-1]):
        if [x.shape, x.strides, x.flags.writeable] != form:
            yield Broken(
                "", f"{who} changed the shape or flags of an input", str(case), f"input {i}"
            )
        elif not np.array_equal(x, values, equal_nan=True):
            yield Broken("", f"{who} changed an input", str(case), f"input {i}",
                         show(values), show(x.copy()))  # fmt: skip
    if not _same(before[-1], case.parameters):
        yield Broken("", f"{who} changed a parameter", str(case), "",
                     repr(before[-1]), repr(case.parameters))  # fmt: skip


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and np.array_equal(a, b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    plain = isinstance(a, (int, float, str, bool, type(None)))
    return not plain or a == b or a != a


@promise(
    "gy-unchanged",
    "the rule does not write into gy",
    "gy *= ... or out=gy: gy may belong to another branch of the graph; write gy * ...",
)
def gy_unchanged(subject: Subject) -> Iterator[Broken]:
    """The caller's own gy, before and after."""
    for case in smooth_cases(subject):
        gys = subject.cotangents(case, subject.rng(22))
        before = [gy.copy() for gy in gys]
        subject.gradient(case, gys)
        yield from differing(before, gys, 0, case, "the rule changed gy", "gy")
        if any(a.shape != b.shape for a, b in zip(before, gys, strict=True)):
            yield Broken("", "the rule changed the shape of gy", str(case))


@promise(
    "fresh-output",
    "the output is a new array: no input, no view of one, no buffer used again",
    "forward returns x or a view; return x.copy(), or set is_view = True on the class if a view "
    "is the point of the operator",
)
def fresh_output(subject: Subject) -> Iterator[Broken]:
    """Shared memory between outputs and inputs, outputs and outputs, and calls."""
    kept: list[tuple[Case, np.ndarray, np.ndarray]] = []
    for case in running(subject):
        xs = case.fresh()
        ys = subject.value(case, xs)
        if not (getattr(subject.cls, "is_view", False) or _numpy_shares(subject, case)):
            yield from _aliases(case, xs, ys)
        again = subject.value(case.like([x.copy() for x in case.xs]))
        if any(_overlap(a, b) for a in ys for b in again):
            yield Broken("", "two calls share the memory of their outputs", str(case))
        kept += [(case, y, y.copy()) for y in ys]
    for case, y, copied in kept:
        if not close(y, copied, 0):
            yield Broken(
                "", "a later call changed this output", str(case), "", show(copied), show(y)
            )
    yield from _reused_gradients(subject)


def _numpy_shares(subject: Subject, case: Case) -> bool:
    """Whether NumPy's function of the same name gives a view of its input here."""
    if subject.numpy_function is None:
        return False
    xs = case.fresh()
    args, kwargs = case.fill(xs)
    try:
        theirs = flat(subject.numpy_function(*args, **kwargs))
    except Exception:  # it takes other arguments
        return False
    return any(_overlap(x, y) for x in xs for y in theirs if isinstance(y, np.ndarray))


def _aliases(case: Case, xs: list[np.ndarray], ys: list[np.ndarray]) -> Iterator[Broken]:
    arrays = [*xs, *(p for p in case.parameters if isinstance(p, np.ndarray))]
    for i, y in enumerate(ys):
        if any(_overlap(x, y) for x in arrays):
            yield Broken("", "the output shares memory with an input", str(case), f"output {i}")
        if any(_overlap(z, y) for z in ys[:i]):
            yield Broken("", "two outputs share memory", str(case), f"output {i}")


def _overlap(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(a.size and b.size and np.shares_memory(a, b))


def _reused_gradients(subject: Subject) -> Iterator[Broken]:
    for case in smooth_cases(subject)[:3]:
        first = [[g, g.copy()] for _, gxs in returned(subject, case) for g in gxs if _is_array(g)]
        other = case.like([x * 0.9 for x in case.xs])
        if forward_error(subject, other) is None and plain_error(subject, other) is None:
            list(returned(subject, other))
        if any(not close(g, copied, 0) for g, copied in first):
            yield Broken("", "a later call of the rule changed this gradient", str(case))


def _is_array(g: Any) -> bool:
    return isinstance(g, np.ndarray)
