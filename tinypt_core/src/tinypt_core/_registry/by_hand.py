"""Operators registered by hand, for good or for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tinypt_core._errors import OpConflictError
from tinypt_core._registry.candidate import NAME, Candidate
from tinypt_core._registry.operator import make_op, validated
from tinypt_core._registry.table import changed, get, names, ready, scanned


def register_op(name: str, function: Any = None, override: bool = False) -> Any:
    """Register an operator by hand; without `function`, a decorator for its class.

    Raises OpConflictError for a name that is taken, unless override is True; TypeError for what
    is no operator.

    >>> from tinypt_core import Function
    >>> @register_op("docs.cube")
    ... class Cube(Function):
    ...     def forward(self, x):
    ...         return x**3
    ...     def backward(self, gy, x):
    ...         return 3 * gy * x**2
    >>> get("docs.cube").provider
    'registered by hand'
    """
    if function is None:
        return lambda cls: register_op(name, cls, override)
    ready()
    if not override and name in names():
        raise OpConflictError(
            f"the operator {name!r} exists already, from {_who(name)}; choose another name, or "
            f"register it with override=True"
        )
    _place(name, function)
    return function


def _who(name: str) -> str:
    index = scanned()
    if name in index.by_hand:
        return index.by_hand[name].provider
    return ", ".join(str(c.distribution) for c in index.by_name[name])


def _place(name: str, function: Any) -> None:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a name for an operator: write identifiers with dots")
    cls = validated(function)
    candidate = Candidate(name, f"{cls.__module__}:{cls.__qualname__}", None)
    candidate.op = make_op(name, cls, candidate.provider)
    with changed() as index:
        index.by_hand[name] = candidate


@contextmanager
def temporary_op(name: str, function: Callable[..., Any]) -> Iterator[Any]:
    """An operator that is there inside a `with` block, in front of any other of its name.

    >>> from tinypt_core.ops import sin
    >>> from tinypt_core.registry import is_available
    >>> with temporary_op("twice", sin.function) as twice:
    ...     is_available("twice")
    True
    >>> is_available("twice")
    False
    """
    before = scanned().by_hand.get(name)
    _place(name, function)
    try:
        yield get(name)
    finally:
        with changed() as index:
            index.by_hand.pop(name, None)
            if before is not None:
                index.by_hand[name] = before
