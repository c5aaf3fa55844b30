"""A promise: a name, a sentence, the usual cause when it is broken, and how to check it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject

#: what can be asked of an operator that has no derivative at all
_OF_CONSTANTS = "value", "inputs-unchanged", "metadata"

Check = Callable[[Subject], Iterator[Broken]]


@dataclass(frozen=True)
class Promise:
    """What every operator promises."""

    name: str
    says: str
    cause: str
    check: Check

    def broken(self, subject: Subject) -> list[Broken]:
        """How the operator breaks this promise, told once; nothing if it holds."""
        with quiet():
            if subject.constant and self.name not in _OF_CONSTANTS:
                return []
            found = [b for b in [next(iter(self.check(subject)), None)] if b is not None]
        return [replace(b, promise=self.name, cause=b.cause or self.cause) for b in found]


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings of what NumPy meets on the way: empty arrays, the edge of the domain."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


#: every promise by its name, in the order of the report
PROMISES: dict[str, Promise] = {}


def promise(name: str, says: str, cause: str) -> Callable[[Check], Check]:
    """Register a check under the name of its promise."""

    def register(check: Check) -> Check:
        PROMISES[name] = Promise(name, says, cause, check)
        return check

    return register


def raised(error: Exception, case: Any = "", what: str = "it raised") -> Broken:
    """A finding for an exception."""
    text = str(error)
    got = f"{type(error).__name__}: {text if len(text) < 400 else text[:397] + '...'}"
    return Broken("", what, sample=str(case), expected="no error", got=got)


def forward_error(subject: Subject, case: Case) -> Exception | None:
    """What forward raises on a case."""
    return _once(subject, "forward", case, lambda: subject.value(case))


def plain_error(subject: Subject, case: Case) -> Exception | None:
    """What the rule raises on a case, in a plain pass."""
    if forward_error(subject, case) is not None:
        return None
    return _once(subject, "plain", case, lambda: _pull(subject, case, 1))


def recorded_error(subject: Subject, case: Case) -> Exception | None:
    """What the rule raises on a case when it runs on Variables."""
    if plain_error(subject, case) is not None:
        return None
    return _once(subject, "recorded", case, lambda: _pull(subject, case, 2))


def _pull(subject: Subject, case: Case, k: int) -> None:
    if subject.differentiable(case):
        rng = subject.rng(3)
        groups = [list(case.xs), subject.cotangents(case, rng), list(case.xs)]
        subject.nth(case, groups[: k + 1])


def _once(subject: Subject, what: str, case: Case, run: Callable[[], Any]) -> Exception | None:
    key = what, case
    if key not in subject.shared:
        try:
            run()
            subject.shared[key] = None
        except Exception as error:
            subject.shared[key] = error
    return subject.shared[key]  # type: ignore[no-any-return]


def running(subject: Subject, *kinds: str) -> list[Case]:
    """The cases (of these kinds) on which forward runs."""
    return [
        c
        for c in subject.cases
        if (not kinds or c.kind in kinds) and forward_error(subject, c) is None
    ]


def smooth_cases(subject: Subject, *kinds: str) -> list[Case]:
    """The cases (of these kinds) that can be differentiated in a plain pass."""
    return [
        c
        for c in running(subject, *kinds)
        if plain_error(subject, c) is None
        and subject.differentiable(c)
        and all(np.all(np.isfinite(x)) for x in c.xs)
    ]


def recorded_cases(subject: Subject, *kinds: str) -> list[Case]:
    """The cases that can be differentiated twice."""
    return [c for c in smooth_cases(subject, *kinds) if recorded_error(subject, c) is None]


def close(a: Any, b: Any, rtol: float) -> bool:
    """Whether two arrays are equal up to rounding, relative to their largest element."""
    if a.shape != b.shape:
        return False
    a, b = (np.asarray(x, np.result_type(x, float)) for x in (a, b))
    finite = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    size = max(np.max(np.abs(b[finite]), initial=0.0), np.max(np.abs(a[finite]), initial=0.0))
    return bool(np.all(np.abs(a - b)[finite] <= rtol * size))


def differing(
    expected: list[Any], got: list[Any], rtol: float, case: Any, what: str, name: str
) -> Iterator[Broken]:
    """A finding for the first array that differs."""
    if len(expected) != len(got):
        yield Broken("", what, str(case), f"number of {name}s", str(len(expected)), str(len(got)))
        return
    from tinypt_core.testing.report import show

    for i, (a, b) in enumerate(zip(expected, got, strict=True)):
        if not close(a, b, rtol):
            yield Broken("", what, str(case), f"{name} {i}", show(a), show(b))
            return
