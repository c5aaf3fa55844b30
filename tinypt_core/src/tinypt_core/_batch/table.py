"""The table of batching rules: what a NumPy function does to the hidden axis."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from tinypt_core._batch.batched import Batched, NeedsLoop, above
from tinypt_core._batch.indexing import require_own
from tinypt_core._batch.levels import is_at, length, wide
from tinypt_core._batch.looping import batched_in, looped, wrapped

#: NumPy function -> (rule, how many of its arguments may be batched, their names)
_RULES: dict[Any, tuple[Callable[..., Any], int, frozenset[str]]] = {}
_ALL = 1 << 30


class Batch:
    """One call at one level: what a rule asks about the hidden axis."""

    __slots__ = ("level", "size")

    def __init__(self, level: int, size: int) -> None:
        self.level = level
        self.size = size

    def holds(self, x: Any) -> bool:
        """Whether x is batched here, and not the same for all elements."""
        return is_at(x, self.level)

    def front(self, x: Any) -> Any:
        """x with the hidden axis first, repeated along it if it is the same for all elements."""
        if self.holds(x):
            return x.data
        return np.broadcast_to(x, (self.size, *np.shape(x)))

    def wide(self, x: Any, ndim: int) -> Any:
        """x so that elements of `ndim` axes broadcast with it."""
        return wide(x, self.level, ndim)

    def axis(self, axis: Any, ndim: int) -> int:
        """An axis of an element, counted from the hidden one."""
        return 1 + int(normalize_axis_index(_index(axis), ndim))

    def axes(self, axis: Any, ndim: int) -> Any:
        """An axis or several; None for all of them."""
        if axis is None:
            return tuple(range(1, ndim + 1))
        if isinstance(axis, (tuple, list)):
            axes = normalize_axis_tuple(tuple(_index(i) for i in axis), ndim)
            return tuple(1 + int(i) for i in axes)
        return self.axis(axis, ndim)

    def along(self, a: Any, axis: Any) -> tuple[Any, int]:
        """a with the hidden axis, and the one axis meant; None flattens each element."""
        if axis is None:
            return np.reshape(self.front(a), (self.size, np.size(a))), 1
        return self.front(a), self.axis(axis, max(np.ndim(a), 0))


def _index(axis: Any) -> int:
    return int(axis.__index__())


def rule(*functions: Any, arrays: int = 1) -> Callable[..., Any]:
    """Decorator: `rule(batch, f, *args, **kwargs)` is how f runs on a batch.

    It takes what f takes, of which the first `arrays` arguments may be batched, and returns an
    array with the hidden axis first, or several. Where it raises NeedsLoop, f runs in a loop.

    >>> @rule(np.flipud)
    ... def flipud(batch, f, m):
    ...     return np.flip(batch.front(m), batch.axis(0, np.ndim(m)))
    """

    def register(written: Any) -> Any:
        for function in functions:
            add_rule(function, written, arrays)
        return written

    return register


def add_rule(function: Any, written: Callable[..., Any], arrays: int = 1) -> None:
    """Put a batching rule for a NumPy function into the table; see `rule`. The last one counts."""
    names = [
        p.name for p in inspect.signature(written).parameters.values() if p.kind != p.VAR_KEYWORD
    ]
    _RULES[function] = written, arrays, frozenset(names[2 : 2 + arrays])


def has_rule(function: Any) -> bool:
    """Whether a NumPy function runs on a whole batch at once."""
    return function in _RULES


def array_function(self: Batched, f: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """A NumPy function of batched arrays: by its rule, or in a loop."""
    if any(issubclass(kind, tuple(above)) for kind in types):
        return NotImplemented
    found = batched_in((args, kwargs))
    if not found:  # it was in `like=`, which NumPy keeps to itself
        made = f(*args, **kwargs)
        if f not in (np.array, np.asarray, np.asanyarray):
            return made
        if isinstance(self.data, Batched):
            made = array_function(self.data, f, types, args, kwargs)
        n = length((self,), self.level)
        return Batched(np.broadcast_to(made, (n, *np.shape(made))), self.level)
    level = max(x.level for x in found)
    if f in _WRITES:
        require_own(args[0] if args else next(iter(kwargs.values())), level)
    elif kwargs.get("out") is not None:
        raise NeedsLoop(f"{_name(f)}: out= changes an array in place; use the result")
    return run(f, args, kwargs, found, level)


#: functions that return nothing, and write into their first argument
_WRITES = {np.copyto, np.fill_diagonal, np.place, np.put, np.put_along_axis, np.putmask}


def run(f: Any, args: Any, kwargs: Any, found: list[Batched], level: int) -> Any:
    """f at the highest level, of which the elements may be batched in their turn."""
    known = _RULES.get(f)
    if known is not None:
        written, arrays, names = known
        others = (args[arrays:], [v for k, v in kwargs.items() if k not in names])
        if arrays == _ALL or not any(is_at(x, level) for x in batched_in(others)):
            batch = Batch(level, length(found, level))
            try:
                result = written(batch, f, *args, **kwargs)
            except NeedsLoop:
                pass
            else:
                if result.__class__ is Plain:
                    return result.value
                if is_at(result, level):  # a product that waits
                    return result
                return wrapped(result, level, any(x.returning for x in found))
    return looped(_name(f), f, args, kwargs, level)


class Plain:
    """What a rule gives that is the same for all elements, such as a shape."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _name(f: Any) -> str:
    module = getattr(f, "__module__", None) or "numpy"
    return f"{module.replace('numpy', 'np')}.{f.__name__}"
