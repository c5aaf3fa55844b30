"""Precision: NumPy's dtype rules, and no digits lost or hidden on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tinypt_core.testing.differences import directions, roughness
from tinypt_core.testing.levels import join
from tinypt_core.testing.promises._promise import (
    close,
    differing,
    forward_error,
    plain_error,
    promise,
    raised,
    running,
    smooth_cases,
)
from tinypt_core.testing.promises.gradient import returned
from tinypt_core.testing.report import Broken, show
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import Arrays

_LIMIT = 3e-9  #: roughness of float64 stays below, of float32 above


@promise(
    "dtype",
    "float32 in, float32 out, in forward and in the rule; mixed inputs follow NumPy's rules",
    "a float64 constant (np.float64, np.array(0.5), np.pi * np.ones(...)) or dtype=float in "
    "forward or in the rule; Python numbers stay weak",
)
def dtype(subject: Subject) -> Iterator[Broken]:
    """Each case in float64, in float32, and mixed."""
    for case in _castable(subject):
        for types in _types(len(case.xs)):
            yield from _of_types(subject, case, types)
        yield from _python_scalars(subject, case)


def _castable(subject: Subject) -> list[Case]:
    cases = [c for c in running(subject, "gradient", "zero-d", "broadcasting")
             if c.xs and not asks_for_dtype(c)]  # fmt: skip
    cases = [c for c in cases if c.role == "plain" and c.real]
    return [*cases[:4], *[c for c in cases[4:] if c.kind != "gradient"][:3]]


def asks_for_dtype(case: Case) -> bool:
    """Whether a parameter of the call names a dtype, so that it is not NumPy's to choose."""
    return any(map(_is_dtype, (*case.args, *case.kwargs.values()))) or "dtype" in case.kwargs


def _is_dtype(value: Any) -> bool:
    if isinstance(value, str):
        return value in ("float", "float16", "float32", "float64", "f4", "f8", "int")
    return isinstance(value, (np.dtype, type))


def _types(n: int) -> list[tuple[type, ...]]:
    same: list[tuple[type, ...]] = [(np.float64,) * n, (np.float32,) * n]
    if n < 2:
        return same
    return [*same, (np.float32, *[np.float64] * (n - 1)), (np.float64, *[np.float32] * (n - 1))]


def _of_types(subject: Subject, case: Case, types: tuple[type, ...]) -> Iterator[Broken]:
    cast = case.like([np.asarray(x.astype(t)) for x, t in zip(case.xs, types, strict=True)])
    names = ", ".join(np.dtype(t).name for t in types)
    if (error := forward_error(subject, cast) or plain_error(subject, cast)) is not None:
        if plain_error(subject, case) is None:
            yield raised(error, cast)
        return
    ys = subject.value(cast)
    for i, y in enumerate(ys):
        if y.dtype.kind == "f" and y.dtype not in _allowed(subject, cast, cast.xs, i):
            yield Broken("", f"{names} in, {y.dtype} out", str(cast), f"output {i}",
                         str(np.result_type(*types)), str(y.dtype))  # fmt: skip
            return
    if all(t is np.float32 for t in types):
        yield from _in_single(subject, cast)


def _allowed(subject: Subject, case: Case, xs: Sequence[Any], i: int) -> set[Any]:
    """The dtype that NumPy's promotion gives, or that NumPy's function of this name gives."""
    allowed = {np.result_type(*xs)}
    if subject.numpy_function is not None:
        try:
            args, kwargs = case.fill(xs)
            result = subject.numpy_function(*args, **kwargs)
            allowed.add((result[i] if isinstance(result, (tuple, list)) else result).dtype)
        except Exception:  # it takes other arguments
            return allowed
    return allowed


def _in_single(subject: Subject, single: Case) -> Iterator[Broken]:
    double = single.like([x.astype(np.float64) for x in single.xs])
    if forward_error(subject, double) is not None or not subject.differentiable(single):
        return
    for a, b in zip(subject.value(double), subject.value(single), strict=True):
        if np.all(np.isfinite(a)) and not close(a, b, 1e-3):
            yield Broken("", "the value in float32 differs from that in float64", str(single), "",
                         show(a), show(b))  # fmt: skip
    gys = subject.cotangents(single, subject.rng(60))
    exact = subject.gradient(double, [gy.astype(np.result_type(gy, np.float64)) for gy in gys])
    if all(np.all(np.isfinite(g)) for g in exact):
        yield from differing(exact, subject.gradient(single, gys), 1e-3, single,
                             "the gradient in float32 differs from that in float64",
                             "input")  # fmt: skip
    yield from _leaks(subject, single)


def _leaks(subject: Subject, single: Case) -> Iterator[Broken]:
    for node, gxs in returned(subject, single):
        made = node._dtype if isinstance(node._dtype, list) else [node._dtype]
        if any(t != np.float32 for t in made if t.kind == "f"):
            continue
        for i, gx in enumerate(gxs):
            kind = getattr(gx, "dtype", np.dtype(np.float32))
            if kind == np.float64 and node._edges[i] is not None:
                yield Broken("", "the rule computes in float64 for float32", str(single),
                             f"input {i}", "float32", str(kind))  # fmt: skip


def _python_scalars(subject: Subject, case: Case) -> Iterator[Broken]:
    """A Python number in place of any input is weak, and as good as an array."""
    n = len(case.xs)
    if n < 2 or not (subject.elementwise or not subject.own) or any(len(p) > 1 for p in case.slots):
        return
    single = [np.asarray(x.astype(np.float32)) for x in case.xs]
    for i in range(n):
        number = float(single[i].ravel()[0])
        mixed = [number if j == i else x for j, x in enumerate(single)]
        filled = [np.asarray(np.float32(number)) if j == i else x for j, x in enumerate(single)]
        if all(x.ndim == 0 for j, x in enumerate(single) if j != i):
            continue
        if subject.accepts(case.like(filled)) is None:
            continue
        try:
            got, expected = subject.value(case, mixed), subject.value(case, filled)  # type: ignore[arg-type]
        except Exception as error:
            yield raised(error, case, f"with a Python number as input {i}")
            return
        for j, (a, b) in enumerate(zip(expected, got, strict=True)):
            if a.dtype != b.dtype and b.dtype not in _allowed(subject, case, mixed, j):
                yield Broken("", "a Python number does not stay weak", str(case), f"input {i}",
                             str(a.dtype), str(b.dtype))  # fmt: skip
                return
        yield from differing(expected, got, 1e-4, case, f"a Python number as input {i} changes "
                             "the value", "output")  # fmt: skip


@promise(
    "precision",
    "float64 in is computed in float64: no digits are lost on the way",
    "float32 arithmetic inside: astype(np.float32), np.empty(..., 'f4'), a float32 table or "
    "constant",
)
def precision(subject: Subject) -> Iterator[Broken]:
    """Sixth differences over a tiny step: what is left of a smooth function is rounding."""
    unusual = smooth_cases(subject, "broadcasting", "zero-d")[:2]
    for i, case in enumerate([*smooth_cases(subject, "gradient"), *unusual]):
        if asks_for_dtype(case) or case.role != "plain" or any(x.dtype != float for x in case.xs):
            continue
        gys = subject.cotangents(case, subject.rng(61))
        for k, what in ((0, "the value"), (1, "the gradient")):
            groups = [list(case.xs), gys][: k + 1]
            try:
                rough = _rough(subject, case, groups, subject.rng(62, i))
            except Exception:  # the step leaves the domain, and the operator says so
                break
            if np.any(rough > _LIMIT):
                yield Broken("", f"{what} has lost digits", str(case), "rounding, relative",
                             "about 1e-16", show(float(np.max(rough)) / 30))  # fmt: skip
                break


def _rough(
    subject: Subject, case: Case, groups: list[Arrays], rng: np.random.Generator
) -> np.ndarray:
    """Roughness per element, the smaller of that at two points: a kink is at one at most."""
    found = []
    for away in (0.0, 1e-3, -1e-3):
        ds = [[directions(rng, x) for x in group] for group in groups]

        def f(t: float, ds: list[Arrays] = ds, away: float = away) -> np.ndarray:
            pairs = zip(groups, ds, strict=True)
            point = [[x + (away + t) * d for x, d in zip(*pair, strict=True)] for pair in pairs]
            return join(subject.nth(case, point))

        found.append(roughness(f))
    return np.asarray(np.min(np.nan_to_num(found, nan=0.0), axis=0))
