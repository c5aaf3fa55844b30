"""Holding an operator to the contract: every promise, and one error that lists what is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tinypt_core._graph.changes import nothing_copied
from tinypt_core.testing.mismatch import mismatches
from tinypt_core.testing.promises import PROMISES
from tinypt_core.testing.promises._promise import raised
from tinypt_core.testing.report import Broken, error_for
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject


def check_op(op: Any, *samples: Any, order: int = 3, seed: int = 0) -> None:
    """Hold an operator to every promise of the contract.

    op: a Function class or a registered operator. samples: each a tuple of positional arguments
    (arrays become Variables, parameters follow them; a dict at the end holds keywords) or one
    array. Without samples it uses `samples(rng)`, a static method of the class that yields
    arguments inside its domain, or normal draws in several shapes and layouts. order: how many
    derivatives to check. seed: of the random numbers.

    Raises ConformanceError, which names the operator, its package, and for each broken promise
    the sample, what was expected, what came, and the usual cause.

    >>> from tinypt_core.ops import sin
    >>> check_op(sin, np.linspace(-1, 1, 5))
    """
    subject = Subject(op, samples, order, seed)
    found = [b for name in PROMISES for b in broken_promises(subject, name)]
    broken = _without_echoes(found)
    if broken:
        raise error_for(subject.name, subject.package, broken, len(PROMISES))


def _without_echoes(found: list[Broken]) -> list[Broken]:
    """An exception on ordinary inputs is no news about 0-d, empty or strided ones."""
    ordinary = {b.got for b in found if b.promise in _ORDINARY and "Error" in b.got}
    return [b for b in found if b.promise in _ORDINARY or b.got not in ordinary]


_ORDINARY = "value", "gradient", "gradient-form", "second-order"


def broken_promises(subject: Subject, name: str) -> list[Broken]:
    """How a subject breaks one promise; a check that stumbles over the operator is a finding."""
    promise = PROMISES[name]
    try:
        with nothing_copied():
            return promise.broken(subject)
    except Exception as error:
        case = next(iter(subject.__dict__.get("cases", ())), "")
        found = raised(error, case, "the operator failed while it was checked")
        return [replace(found, promise=name, cause=promise.cause)]


def check_gradient(f: Callable[..., Any], *xs: np.ndarray, order: int = 1, seed: int = 0) -> None:
    """Hold the derivatives of any function of Variables to central differences.

    f: takes one Variable per x and returns a Variable, or several. xs: arrays of floating point.
    order: how many derivatives, each against differences of the one before.

    Raises ConformanceError that says where they differ.

    >>> check_gradient(lambda x, y: x * y**2, np.ones(3), np.arange(3.0), order=2)
    """
    case = Case([np.asarray(x) for x in xs])
    subject: Any = _Plain(f, order, seed)
    broken: list[Broken] = []
    with np.errstate(all="ignore"):
        for k in range(1, order + 1):
            name = f"order-{k}" if k > 1 else "gradient"
            try:
                found = list(mismatches(subject, case, k, subject.rng(k)))
            except Exception as error:
                found = [raised(error, case, f"order {k} raised")]
            broken += [Broken(name, *_rest(b)) for b in found]
    if broken:
        name = getattr(f, "__name__", repr(f))
        module = getattr(f, "__module__", None) or "a function"
        raise error_for(name, f"module {module}", broken, order)


def _rest(b: Broken) -> tuple[str, ...]:
    return b.what, b.sample, b.where, b.expected, b.got, b.cause


class _Plain(Subject):
    """Any function of Variables, in place of an operator."""

    def __init__(self, f: Callable[..., Any], order: int, seed: int) -> None:
        self.op = self.target = self.call = f
        self.order, self.seed, self.cls, self.given, self.shared = order, seed, None, (), {}
