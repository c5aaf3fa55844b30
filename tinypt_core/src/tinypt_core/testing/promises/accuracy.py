"""Digits: value and derivatives against the same rule in a wider dtype, and no idle warnings."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core.testing.promises._promise import promise, smooth_cases
from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import variables_of

Arrays = list[np.ndarray]

#: each dtype and the wider one that it is held to
_PAIRS = ((np.float32, np.float64), (np.float64, np.longdouble))
#: units in the last place beyond what one in the inputs explains: of value and gradient; and of
#: the higher derivatives, which are judged at moderate points only
_LIMIT, _HIGHER, _MODERATE = 64, 1024, 5.0
#: the part of the largest third derivative below which only that size is asked for
_CROSSING = 0.01
_GUESS = "a difference of two nearly equal numbers?"
#: where operators are looked at, in turn until one takes all of it
_RANGES: tuple[Callable[[np.ndarray], Any], ...] = (
    lambda x: x == x,
    lambda x: x > 0,
    lambda x: np.abs(x) < 1,
    lambda x: (x > 0) & (x < 1),
    lambda x: x > 1,
)


@promise(
    "accuracy",
    "value and derivatives to order three of an elementwise operator have all digits that the "
    "inputs allow",
    "what nearly cancels is subtracted after rounding; write log1p, expm1, (x - y) * (x + y), "
    "2 sin(x/2)^2 for 1 - cos(x), a factor taken out before subtracting",
)
def accuracy(subject: Subject) -> Iterator[Broken]:
    """The same rule in the next wider dtype, on points of every size."""
    for case in _templates(subject):
        for narrow, wide in _PAIRS:
            if np.finfo(wide).eps < np.finfo(narrow).eps / 100:
                yield from _against_wider(subject, case, narrow, wide)


def _templates(subject: Subject) -> list[Case]:
    """Calls with different parameters, of an operator that works element by element."""
    found: dict[str, Case] = {}
    for case in smooth_cases(subject, "gradient", "broadcasting", "zero-d"):
        if case.role == "plain" and case.real and case.scalar_parameters:
            found.setdefault(repr(case.parameters), case)
    return [c for c in [*found.values()][:4] if subject.elementwise or _each_alone(subject, c)]


def _each_alone(subject: Subject, case: Case) -> bool:
    return len(case.xs) == 1 and subject.diagonal(case.like(points(subject, case, np.float64)))


class Loss(NamedTuple):
    """Where digits are lost: how many units in the last place, at which point."""

    ulps: float
    point: tuple[float, ...]


def _against_wider(subject: Subject, case: Case, narrow: Any, wide: Any) -> Iterator[Broken]:
    xs = points(subject, case, narrow)
    for i in range(len(xs)):
        for order in range(min(subject.order, 3) + 1):
            if order == 0 and i:
                continue
            loss = _loss(subject, case, xs, i, order, wide)
            if loss is None:
                break
            limit = _LIMIT if order < 2 else _HIGHER
            if loss.ulps > limit:
                at = ", ".join("0" if abs(x) < 1e-3 else f"{x:.3g}" for x in loss.point)
                what = f"loses {_digits(loss.ulps)} near x = {at}, order {order}: {_GUESS}"
                yield Broken("", what, f"{np.dtype(narrow)} points of every size", f"input {i}",
                             f"at most {limit} ulps that the inputs do not explain",
                             f"{loss.ulps:.3g}")  # fmt: skip
                return


def _digits(ulps: float) -> str:
    n = max(1, round(np.log10(ulps)))
    return "1 digit" if n == 1 else f"{n} digits"


def points(subject: Subject, case: Case, dtype: Any) -> Arrays:
    """Points of every size and sign that the operator takes, for each of its inputs.

    Where somebody gave samples, no further out than those.
    """
    rng, n = subject.rng(90), len(case.xs)
    least, most = (-5, 1.5) if dtype is np.float32 else (-8, 3)
    sizes = 10 ** np.concatenate([np.linspace(least, most, 100), rng.uniform(-1, 1, 40)])
    near_one = 1 + rng.choice([-1, 1], 20) * 10 ** rng.uniform(least / 2, -1, 20)
    x = np.concatenate([sizes, -sizes, near_one, -near_one]).astype(dtype)
    xs = [x] + [rng.permutation(x) for _ in range(n - 1)]
    if n == 2:  # pairs that nearly cancel, too
        close = np.asarray(x * (1 + rng.uniform(-1, 1, x.shape) * 1e-3)).astype(dtype)
        xs = [np.concatenate([x, x]), np.concatenate([xs[1], close])]
    given = np.all([_within(subject, i, x) for i, x in enumerate(xs)], axis=0)
    for inside in _RANGES:
        keep = np.all([inside(x) for x in xs], axis=0) & given
        kept = [x[keep] for x in xs]
        if subject.accepts(case.like(kept)) is not None:
            return kept
    return [np.ravel(x).astype(dtype) for x in np.broadcast_arrays(*case.xs)]


def _within(subject: Subject, i: int, x: np.ndarray) -> np.ndarray:
    if not subject.own:
        return np.full(x.shape, True)
    seen = [c.xs[i] for c in subject.cases if len(c.xs) > i and c.xs[i].size and c.real]
    low, high = min(0.0, *map(np.min, seen)), max(0.0, *map(np.max, seen))
    return np.asarray((x >= low) & (x <= high))


def _loss(subject: Subject, case: Case, xs: Arrays, i: int, order: int, wide: Any) -> Loss | None:
    """The worst point; None where there is nothing to compare."""
    if order > 1:
        near = np.all([np.abs(x) <= _MODERATE for x in xs], axis=0)
        xs = [x[near] for x in xs]
    narrow = xs[0].dtype
    info = np.finfo(narrow)
    exact = [x.astype(wide) for x in xs]
    try:
        got = derivative(subject, case, xs, i, order)
        expected = derivative(subject, case, exact, i, order)
        further = [derivative(subject, case, [x * wide(1 + s * info.eps) for x in exact], i, order)
                   for s in (1, -1)]  # fmt: skip
    except Exception:  # no such dtype, or the step leaves the domain
        return None
    if got.dtype != narrow or expected.dtype != wide or got.shape != xs[0].shape:
        return None
    size = np.abs(expected)
    if order > 2:  # where it crosses 0, its size elsewhere counts
        size = np.maximum(size, wide(_CROSSING) * np.max(size, initial=0))
    with np.errstate(all="ignore"):
        change = np.max([np.abs(f - expected) for f in further], axis=0)
        ulps = np.abs(got - expected) / (info.eps * size + change)
        fair = np.isfinite(got) & np.isfinite(change) & (size > info.tiny * 1e6)
    ulps = np.where(fair, ulps, 0)
    worst = int(np.argmax(ulps)) if ulps.size else 0
    return Loss(float(ulps[worst]), tuple(float(x[worst]) for x in xs)) if ulps.size else None


def derivative(subject: Subject, case: Case, xs: Arrays, i: int, order: int) -> np.ndarray:
    """The derivative of some order by one input, element by element."""
    variables = variables_of([x.copy() for x in xs])
    y = subject.run(case, variables)[0]
    for k in range(order):
        y = gradients([y], [variables[i]], [np.ones(y.shape, y.dtype)], k < order - 1)[0]
    return np.asarray(getattr(y, "data", y)) if not isinstance(y, np.ndarray) else y


@promise(
    "quiet",
    "no RuntimeWarning where the result is right",
    "something is computed that is not used, or overflows on the way to a finite result: choose a "
    "harmless argument before a division or logarithm (double np.where)",
)
def quiet(subject: Subject) -> Iterator[Broken]:
    """Finite values and gradients, and not a word from NumPy."""
    for case in [*smooth_cases(subject), *_extremes(subject)]:
        heard, results = _listen(partial(_both, subject, case))
        if heard and all(np.all(np.isfinite(r)) for r in results):
            if subject.numpy_function is not None and _numpy_warns(subject, case):
                continue
            at = ", ".join(f"{x.flat[0]:g}" for x in case.xs) if case.size <= 3 else ""
            yield Broken("", "a RuntimeWarning, and the result is finite", str(case), at,
                         "no warning", heard[0])  # fmt: skip
            return


def _both(subject: Subject, case: Case) -> Arrays:
    gys = [np.ones_like(y) for y in subject.cotangents(case, subject.rng(91))]
    return [*subject.value(case), *subject.gradient(case, gys)]


def _extremes(subject: Subject) -> Iterator[Case]:
    """Elementwise calls on one element each: zero, large and small ones."""
    for case in _templates(subject)[:1] if subject.elementwise else ():
        for point in product((0.0, 1.0, -2.0, 1e3, -1e3, 1e-30), repeat=min(len(case.xs), 2)):
            one = case.like([np.array([x]) for x in (*point, *[1.0] * (len(case.xs) - 2))])
            if subject.accepts(one):
                yield one


def _listen(run: Callable[[], Arrays]) -> tuple[list[str], Arrays]:
    """The warnings of a computation, and what it gave."""
    with (
        warnings.catch_warnings(record=True) as caught,
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
    ):
        warnings.simplefilter("always", RuntimeWarning)
        results = run()
    return [str(w.message) for w in caught if issubclass(w.category, RuntimeWarning)], results


def _numpy_warns(subject: Subject, case: Case) -> bool:
    args, kwargs = case.fill(case.xs)
    try:
        return bool(_listen(lambda: [subject.numpy_function(*args, **kwargs)])[0])
    except Exception:  # it takes other arguments
        return False
