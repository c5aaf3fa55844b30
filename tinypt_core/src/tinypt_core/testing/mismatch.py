"""The rule of one order against differences of the order before, and where they differ.

Elements are tried one by one where they are few, else along random directions, so that the cost
stays linear.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from tinypt_core.testing.differences import Slope, basis, directions, one_sided, singular, slope
from tinypt_core.testing.domain import anywhere, turn
from tinypt_core.testing.levels import Level, cojoin, in_double, join, level
from tinypt_core.testing.report import Broken, show
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import Arrays, normal

_FEW, _MANY = 3, 300


class Gap(NamedTuple):
    """Where the rule and the differences disagree."""

    expected: float
    got: float
    weights: Arrays


def mismatches(
    subject: Subject, case: Case, k: int, rng: np.random.Generator, thorough: bool | None = None
) -> Iterator[Broken]:
    """Where order k differs from differences of order k - 1; none if it does not."""
    case = in_double(case)
    at = level(subject, case, k, rng)
    if thorough is None:
        thorough = case.size <= _FEW
    if turn(subject, case) is not anywhere:
        yield from _inside(at, rng)
    elif thorough:
        yield from _by_element(at)
    else:
        yield from _by_direction(at, rng)
    if k > 1:
        n = len(case.xs)
        still = [np.zeros_like(x) for x in case.xs]
        moved = [*still, *(normal(rng, x) for x in at.point[n:])]
        if (gap := _gap(at, moved)) is not None:
            yield _broken(at, gap, 1.0, f"derivative by the gradients of order {k - 1}")


def disagreement(at: Level, direction: Arrays, where: str) -> Broken | None:
    """How the rule differs from the differences along one direction, kinks granted."""
    gap = _gap(at, direction)
    return None if gap is None or _at_kink(at, direction, gap) else _broken(at, gap, 1.0, where)


def _inside(at: Level, rng: np.random.Generator) -> Iterator[Broken]:
    """Along a few directions that stay inside a thin domain."""
    way = turn(at.subject, at.case)
    if way is None:
        if len(at.groups) == 1:
            yield _no_step(at)
        return
    for _ in range(4):
        for i, x in enumerate(at.case.xs):
            direction = at.with_input(i, way(directions(rng, x), x))
            where = f"along a direction of input {i} inside the domain"
            if (broken := disagreement(at, direction, where)) is not None:
                yield broken
                return


def _no_step(at: Level) -> Broken:
    return Broken(
        "",
        "the gradient cannot be checked: forward raises at every step from this sample",
        sample=str(at.case),
        expected="room around the sample, inside the operator's domain",
        got="no step that stays inside the domain",
        cause="the sample lies on the edge of the domain, or the domain is thin there: give "
        "samples with room around them, check_op(op, (x, parameter)) or a static method "
        "samples(rng) on the class",
    )


def _by_element(at: Level) -> Iterator[Broken]:
    for i, x in enumerate(at.case.xs):
        reach = np.where(x == 0, 1.0, np.clip(np.abs(x), 1e-7, 1.0))
        for unit in basis(x):
            direction = at.with_input(i, unit * reach)
            gap = _gap(at, direction)
            if gap is not None and not _at_kink(at, direction, gap):
                index = tuple(int(j[0]) for j in np.nonzero(unit)) if x.ndim else ()
                where = f"input {i}, element {index} = {show(x[index])}"
                yield _broken(at, gap, float(np.sum(unit * reach)), where)
                return


def _by_direction(at: Level, rng: np.random.Generator) -> Iterator[Broken]:
    for i, x in enumerate(at.case.xs):
        if not x.size:
            continue
        direction = at.with_input(i, directions(rng, x))
        gap = _gap(at, direction)
        if gap is None:
            continue
        if at.case.size <= _MANY:
            found = list(_by_element(at))
            yield from found
            if found or any(_kinks(at, i)):
                return
        yield _broken(at, gap, 1.0, f"along a random direction of input {i}")
        return


def _kinks(at: Level, i: int) -> Iterator[bool]:
    x = at.case.xs[i]
    for unit in basis(x):
        direction = at.with_input(i, unit)
        left, right = one_sided(at.along(direction))
        kink = np.any(np.abs(left - right) > 1e-3 * (np.abs(left) + np.abs(right)))
        yield bool(kink) or _undefined(at, direction)


def _gap(at: Level, direction: Arrays) -> Gap | None:
    """The first disagreement along a direction, for each of the weights."""
    far = at.case.role == "far"  # there a function may be 1 - 1e-17, and its gradient lost in it
    derivative = slope(at.along(direction), at.eps, unit=float(far))
    whole = _diagonal(at, direction)
    for weights, gradients in zip(at.weights, at.gradients, strict=True):
        expected, bound = _expected(weights, derivative, whole)
        parts = [_times(g, d) for g, d in zip(gradients, direction, strict=True)]
        got = sum(parts) if whole else np.sum(join(parts))
        size = sum(map(np.abs, parts)) if whole else np.sum(np.abs(join(parts)))
        bound = bound + _rtol(at.eps) * np.where(np.isfinite(size), size, 0)
        with np.errstate(all="ignore"):  # a vertical tangent: the differences grow without end
            steep = np.isinf(got) & (bound > 0.5 * np.abs(expected))
        wrong = (
            ~steep & ~(np.abs(got - expected) <= bound) & np.isfinite(bound) & np.isfinite(expected)
        )
        if np.any(wrong):
            worst = np.flatnonzero(wrong)[0]
            return Gap(float(np.ravel(expected)[worst]), float(np.ravel(got)[worst]), weights)
    return None


def _times(g: np.ndarray, d: np.ndarray) -> np.ndarray:
    """g d, and 0 where there is no step, even at an infinite slope."""
    return np.asarray(np.where(d == 0, 0.0, np.real(g * d)))


def _rtol(eps: float) -> float:
    return 1e-8 if eps < 1e-12 else 1e-3


def _expected(weights: Arrays, derivative: Slope, whole: bool) -> tuple[Any, Any]:
    """What the differences say, and how far from it the rule may be."""
    w = cojoin(weights)
    value = np.where(w == 0, 0, w * derivative.value)
    bound = np.abs(w) * (20 * derivative.error + 1e-8 * derivative.scale)
    bound = np.where(w == 0, 0, bound)
    if not whole:
        return np.sum(value), np.sum(bound)
    rows = len(weights), *weights[0].shape
    return value.reshape(rows).sum(0), bound.reshape(rows).sum(0)


def _diagonal(at: Level, direction: Arrays) -> bool:
    """Whether elements may be compared one by one: a large elementwise case, by its input."""
    return (
        at.case.size > 50 and not any(map(np.any, direction[1:])) and at.subject.diagonal(at.case)
    )


class Sides(NamedTuple):
    """Slopes along a direction from the left and from the right, and what the rule says."""

    left: float
    right: float
    got: float
    slack: float

    @property
    def between(self) -> bool:
        """Whether the rule's lies between the two, or there is no telling."""
        low, high = sorted((self.left, self.right))
        far = self.got < low - self.slack or self.got > high + self.slack
        return not (far and np.isfinite(self.slack))


def sides(at: Level, direction: Arrays) -> Sides:
    """The one-sided slopes along a direction."""
    w, parts = cojoin(at.weights[0]), cojoin(at.gradients[0]) * join(direction)
    left, right = one_sided(at.along(direction))
    with np.errstate(all="ignore"):
        size = float(np.sum(np.abs(w) * (np.abs(left) + np.abs(right))))
        slack = 1e-4 * size + 1e-9 * float(np.sum(np.abs(parts)))
        return Sides(float(np.sum(w * left)), float(np.sum(w * right)), float(sum(parts)), slack)


def _at_kink(at: Level, direction: Arrays, gap: Gap) -> bool:
    """At a kink, where the slopes to both sides differ, the rule may choose any between them.

    Beyond the first derivative it may say NaN: there is no such number.
    """
    if np.isnan(gap.got) and _undefined(at, direction):
        return True
    left, right = one_sided(at.along(direction))
    w = cojoin(gap.weights)
    with np.errstate(all="ignore"):
        a, b = float(np.sum(w * left)), float(np.sum(w * right))
        size = float(np.sum(np.abs(w) * (np.abs(left) + np.abs(right))))
    if not np.isfinite(size):
        return True
    slack = 1e-4 * size
    return abs(a - b) > 10 * slack and min(a, b) - slack <= gap.got <= max(a, b) + slack


def _undefined(at: Level, direction: Arrays) -> bool:
    """Whether order k > 1 has no value: an order before it has a kink or a jump on the way."""
    groups = [*at.groups, at.weights[0]]
    orders = range(1, len(groups)) if len(at.groups) > 1 else ()
    lower = [at._replace(groups=groups[:n], weights=[groups[n]]) for n in orders]
    return any(singular(level.along(direction[: len(level.point)])) for level in lower)


def _broken(at: Level, gap: Gap, length: float, where: str) -> Broken:
    k = len(at.groups)
    order = ("", "the gradient", "the second derivative", "the third derivative")
    name = order[k] if k < len(order) else f"the derivative of order {k}"
    return Broken(
        "",
        f"{name} differs from central differences" + (" of the order before" if k > 1 else ""),
        sample=str(at.case),
        where=where,
        expected=show(gap.expected / length),
        got=show(gap.got / length),
        cause="" if np.isfinite(gap.got) else _NOT_FINITE,
    )


_NOT_FINITE = (
    "overflow, or 0/0: exp of a large number, inf - inf, 0 * inf, a division by what is 0 there; "
    "rewrite the rule so that it stays finite where the derivative is"
)
