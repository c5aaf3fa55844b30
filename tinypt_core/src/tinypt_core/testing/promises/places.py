"""Where inputs come from and how many there are: intermediates, elementwise parts, ties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core._links import OPS
from tinypt_core._variable import Variable
from tinypt_core.testing.levels import level
from tinypt_core.testing.mismatch import Sides, sides
from tinypt_core.testing.promises._promise import (
    close,
    differing,
    forward_error,
    plain_error,
    promise,
    raised,
    recorded_error,
    smooth_cases,
)
from tinypt_core.testing.report import Broken, show
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import Arrays, to_array, variables_of


@promise(
    "intermediate",
    "inputs that were computed have the gradients that leaves have",
    "the rule looks at self.inputs, which nobody may keep: their data, grad, name or creator; ask "
    "for arrays by the names of forward's parameters",
)
def intermediate(subject: Subject) -> Iterator[Broken]:
    """Results that nobody else holds, in place of leaves; first and second order."""
    for case in smooth_cases(subject, "gradient", "broadcasting", "zero-d")[:6]:
        gys = subject.cotangents(case, subject.rng(54))
        for order in (1, 2):
            if order > 1 and (subject.order < 2 or recorded_error(subject, case)):
                break
            try:
                got = _derived(subject, case, gys, order, computed=True)
            except Exception as error:
                yield raised(error, case, "the rule raised for inputs that were computed")
                break
            expected = _derived(subject, case, gys, order, computed=False)
            yield from differing(expected, got, 1e-10, case, f"derivative {order} differs for "
                                 "inputs that were computed", "input")  # fmt: skip


def _derived(subject: Subject, case: Case, gys: Arrays, order: int, computed: bool) -> Arrays:
    """Gradients by leaves; of second order of their sum with the gradients as weights."""
    leaves = variables_of(case.fresh())
    inputs = [_computed(x) if computed else x for x in leaves]
    outs = subject.floats(subject.run(case, inputs))
    del inputs
    gxs: Any = gradients(outs, leaves, gys, create_graph=order > 1)
    if order > 1:
        gxs = gradients(gxs, leaves, [to_array(g).copy() for g in gxs])
    return [to_array(g) for g in gxs]


def _computed(x: Any) -> Any:
    return OPS["positive"](x) if isinstance(x, Variable) else x


@promise(
    "elementwise",
    "what calls itself elementwise is: an element of value and gradient depends on the same "
    "element of the inputs alone, however many there are",
    "a sum, mean, sort or cumsum in forward or in the rule, or a branch on the size; say "
    "elementwise = True only where all is arithmetic and ufuncs",
)
def elementwise(subject: Subject) -> Iterator[Broken]:
    """All together against part by part; then so many that rules may run in parts."""
    if not subject.elementwise:
        return
    flat = [c for case in smooth_cases(subject, "gradient", "broadcasting")[:6]
            if (c := _flat(subject, case)) is not None]  # fmt: skip
    for case in flat[:3]:
        yield from _by_parts(subject, case)
    for case in flat[:1]:
        yield from _many(subject, case)


def _flat(subject: Subject, case: Case) -> Case | None:
    """The same elements in 1-d inputs; None where there are too few to be told apart."""
    wide = [np.ravel(x) for x in np.broadcast_arrays(*case.xs)]
    if wide[0].size < 2 or not (case.real and case.scalar_parameters):
        return None
    flat = case.like([x.copy() for x in wide])
    return flat if plain_error(subject, flat) is None and forward_error(subject, flat) is None \
        else None  # fmt: skip


def _by_parts(subject: Subject, case: Case) -> Iterator[Broken]:
    cut = case.xs[0].size // 2
    gys = subject.cotangents(case, subject.rng(55))
    if any(gy.shape != case.xs[0].shape for gy in gys):
        yield Broken("", "the output has not the shape of its inputs", str(case), "",
                     str(case.xs[0].shape), str(gys[0].shape))  # fmt: skip
        return
    parts = []
    for part in (slice(cut), slice(cut, None)):
        piece = case.like([x[part].copy() for x in case.xs])
        parts.append((subject.value(piece), subject.gradient(piece, [gy[part] for gy in gys])))
    for what, i, all_together in (
        ("value", 0, subject.value(case)),
        ("gradient", 1, subject.gradient(case, gys)),
    ):
        apart = [np.concatenate(pair) for pair in zip(parts[0][i], parts[1][i], strict=True)]
        yield from differing(apart, all_together, 1e-10, case, f"an element of the {what} depends "
                             "on other elements", "array")  # fmt: skip


#: so many elements that a rule, or what runs it, may take another way
MANY = 200_000


def _many(subject: Subject, case: Case) -> Iterator[Broken]:
    """Many copies of a few elements have the value and gradient of those."""
    n = case.xs[0].size
    few = case.like([x.astype(np.float32) for x in case.xs])
    many = case.like([np.tile(x, MANY // n) for x in few.xs])
    gys = subject.cotangents(few, subject.rng(56))
    value = subject.value(many)
    gradient = subject.gradient(many, [np.tile(gy, MANY // n) for gy in gys])
    for what, expected, got in (
        ("value", subject.value(few), value),
        ("gradient", subject.gradient(few, gys), gradient),
    ):
        for a, b in zip(expected, got, strict=True):
            rows = b.reshape(-1, n)
            if not (close(a, rows.min(axis=0), 1e-4) and close(a, rows.max(axis=0), 1e-4)):
                yield Broken("", f"the {what} of {b.size:,} elements differs from that of {n}",
                             str(many), "the same elements again and again", show(a),
                             show(rows[np.argmax(np.max(np.abs(rows - a), axis=1))]))  # fmt: skip
                return


@promise(
    "ties",
    "where two elements tie, directional derivatives lie between the one-sided ones",
    "the whole gradient goes to each of the tied elements (x == max), or to none: share it "
    "(divide by their number), or give it to one",
)
def ties(subject: Subject) -> Iterator[Broken]:
    """Two elements made equal, then moved together and apart."""
    if subject.elementwise and subject.n_inputs == 1:
        return
    for i, (case, tied, pair) in enumerate(_tied(subject)):
        for second in (1.0, -0.5):
            found = _along_pair(subject, tied, pair, second, i)
            if found.between or not _along_pair(subject, case, pair, second, i).between:
                continue  # a rule that is wrong besides ties is another promise's to tell
            where = f"elements {pair[0]} and {pair[1]} (input, element), moved by 1, {second:g}"
            yield Broken("", "where two elements tie, the directional derivative is not between "
                         "the one-sided ones", str(tied), where,
                         f"{show(found.left)} to {show(found.right)}", show(found.got))  # fmt: skip
            return


def _along_pair(subject: Subject, case: Case, pair: Pair, second: float, salt: int) -> Sides:
    at = level(subject, case, 1, subject.rng(57, salt))
    direction = [np.zeros_like(x) for x in at.point]
    for (k, j), step in zip(pair, (1.0, second), strict=True):
        direction[k].flat[j] = step
    return sides(at, direction)


Pair = tuple[tuple[int, int], tuple[int, int]]


def _tied(subject: Subject) -> Iterator[tuple[Case, Case, Pair]]:
    """Cases in which two elements are equal: neighbours at the top, in the middle, at the
    bottom, and one of each of two inputs."""
    cases = [c for c in smooth_cases(subject, "gradient") if 2 <= c.size <= 60]
    for case in [c for c in cases if c.role == "plain" and c.real][:3]:
        for pair in _pairs(subject, case):
            for rank in (-1, 0, case.xs[pair[0][0]].size // 2):
                tied = case.like(_made_equal(case, pair, rank))
                if plain_error(subject, tied) is None and forward_error(subject, tied) is None:
                    yield case, tied, pair


def _made_equal(case: Case, pair: Pair, rank: int) -> Arrays:
    """The element of that rank moved to the first place of the pair, and copied to the second."""
    (k, i), (m, j) = pair
    xs = [np.array(x, dtype=float) for x in case.xs]
    other = int(np.argsort(xs[k], axis=None)[rank])
    xs[k].flat[[i, other]] = xs[k].flat[[other, i]]
    xs[m].flat[j] = xs[k].flat[i]
    return xs


def _pairs(subject: Subject, case: Case) -> Iterator[Pair]:
    for k, x in enumerate(case.xs):
        if x.size > 1 and not subject.elementwise:
            yield (k, 0), (k, 1)
            if x.ndim > 1 and x.shape[0] > 1:
                yield (k, 0), (k, x.size // x.shape[0])
        if k and x.shape == case.xs[k - 1].shape and x.size:
            yield (k - 1, 0), (k, 0)
