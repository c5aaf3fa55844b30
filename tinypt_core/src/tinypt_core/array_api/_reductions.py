"""Statistics, running sums, and whether all or any hold."""

from __future__ import annotations

from typing import Any

from tinypt_core.array_api._call import call, named


def _reduction(name: str) -> Any:
    def function(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
        return call(name, x, axis=axis, keepdims=keepdims)

    return named(function, name)


def _moment(name: str) -> Any:
    def function(
        x: Any, /, *, axis: Any = None, correction: float = 0.0, keepdims: bool = False
    ) -> Any:
        return call(name, x, axis=axis, correction=correction, keepdims=keepdims)

    return named(function, name)


def _accumulated(name: str) -> Any:
    def function(x: Any, /, *, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
        x = x if dtype is None else call("astype", x, dtype)
        y = call(name, x, axis=axis, keepdims=keepdims)
        return y if dtype is None else call("astype", y, dtype)

    return named(function, name)


def _running(name: str) -> Any:
    def function(
        x: Any, /, *, axis: Any = None, dtype: Any = None, include_initial: bool = False
    ) -> Any:
        return call(name, x, axis=axis, dtype=dtype, include_initial=include_initial)

    return named(function, name)


all, any, count_nonzero = map(_reduction, ("all", "any", "count_nonzero"))
argmax, argmin = map(_reduction, ("argmax", "argmin"))
max, mean, min = map(_reduction, ("max", "mean", "min"))
std, var = map(_moment, ("std", "var"))
prod, sum = map(_accumulated, ("prod", "sum"))
cumulative_prod, cumulative_sum = map(_running, ("cumulative_prod", "cumulative_sum"))


def diff(x: Any, /, *, axis: int = -1, n: int = 1, prepend: Any = None, append: Any = None) -> Any:
    """The operator `diff`."""
    return call("diff", x, n, axis, prepend, append)


__all__ = [
    "all",
    "any",
    "argmax",
    "argmin",
    "count_nonzero",
    "cumulative_prod",
    "cumulative_sum",
    "diff",
    "max",
    "mean",
    "min",
    "prod",
    "std",
    "sum",
    "var",
]
