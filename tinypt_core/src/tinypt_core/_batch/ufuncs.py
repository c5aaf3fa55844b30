"""Ufuncs of batched arrays: the elements align at their last axes, the hidden axes at the first."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._batch.batched import Batched, NeedsLoop, above
from tinypt_core._batch.indexing import add_at
from tinypt_core._batch.levels import length, top, wide
from tinypt_core._batch.looping import batched_in, looped, wrapped
from tinypt_core._batch.table import Batch, run
from tinypt_core._batch.waiting import Outer


def array_ufunc(self: Batched, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """A ufunc, or a method of one, of batched arrays.

    NumPy asks once per class, so this is asked for all levels: the highest comes first, and its
    arrays may be batched in their turn.
    """
    for x in inputs:
        if x.__class__ not in _PLAIN and isinstance(x, tuple(above)):
            return NotImplemented
    if kwargs.get("out") is not None and method != "at":
        raise NeedsLoop(f"np.{ufunc.__name__}: out= changes an array in place; use the result")
    if method == "__call__" and ufunc.signature is None:
        return _elementwise(ufunc, inputs, kwargs)
    if method == "__call__" or method == "outer":
        f, args = (ufunc, inputs) if method == "__call__" else (_outer, (ufunc, *inputs))
        found = batched_in((inputs, kwargs))
        return run(f, args, kwargs, found, top(found))
    run_method: Any = _METHODS[method]
    return run_method(ufunc, *inputs, **kwargs)


_PLAIN = {Batched, np.ndarray, np.float64, float, int}


def _elementwise(ufunc: Any, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    where = kwargs.pop("where", True)
    operands = inputs if where is True else (*inputs, where)
    level = ndim = 0
    returning = False
    for x in operands:
        if isinstance(x, Batched):
            level = max(level, x.level)
            returning = returning or x.returning
        ndim = max(ndim, x.ndim if hasattr(x, "ndim") else np.ndim(x))
    if returning and ufunc is np.multiply and where is True and not kwargs:
        product = Outer.of(level, *inputs)
        if product is not None:
            return product
    aligned = [wide(x, level, ndim) for x in operands]
    if where is not True:
        kwargs["where"] = aligned.pop()
    return wrapped(ufunc(*aligned, **kwargs), level, returning)


def _reduce(ufunc: Any, a: Any, axis: Any = 0, where: Any = True, **kwargs: Any) -> Any:
    if where is not True:
        kwargs["where"] = where
        return _method_in_loop(ufunc, "reduce", a, axis=axis, **kwargs)
    batch = Batch(a.level, length((a,), a.level))
    data = ufunc.reduce(a.data, axis=batch.axes(axis, a.ndim), **kwargs)
    return Batched(data, a.level, a.returning)


def _accumulate(ufunc: Any, a: Any, axis: Any = 0, **kwargs: Any) -> Any:
    batch = Batch(a.level, length((a,), a.level))
    data = ufunc.accumulate(a.data, axis=batch.axis(axis, a.ndim), **kwargs)
    return Batched(data, a.level, a.returning)


def _reduceat(ufunc: Any, a: Any, *given: Any, axis: Any = 0, **kwargs: Any) -> Any:
    named = kwargs.pop("indices", None)  # NumPy may give them in both places
    indices = given[0] if given else named
    if isinstance(indices, Batched) or not isinstance(a, Batched):
        return _method_in_loop(ufunc, "reduceat", a, indices=indices, axis=axis, **kwargs)
    batch = Batch(a.level, length((a,), a.level))
    data = ufunc.reduceat(a.data, indices, axis=batch.axis(axis, a.ndim), **kwargs)
    return Batched(data, a.level, a.returning)


def _at(ufunc: Any, a: Any, indices: Any, *values: Any, **kwargs: Any) -> None:
    if ufunc is not np.add or kwargs:
        raise NeedsLoop(
            f"np.{ufunc.__name__}.at changes an array in place; use the result of a function"
        )
    add_at(a, indices, *values)


def _method_in_loop(ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
    name = f"np.{ufunc.__name__}.{method}"
    level = top(batched_in((args, kwargs)))
    return looped(name, getattr(ufunc, method), args, kwargs, level)


_METHODS = {"reduce": _reduce, "accumulate": _accumulate, "reduceat": _reduceat, "at": _at}


def _outer(ufunc: Any, a: Any, b: Any, **kwargs: Any) -> Any:
    """Every pair of an element of a and one of b: a with as many axes more as b has."""
    return ufunc(np.reshape(a, (*np.shape(a), *(1,) * np.ndim(b))), b, **kwargs)


def generic(batch: Batch, ufunc: Any, *inputs: Any, **kwargs: Any) -> Any:
    """A ufunc on cores, such as vecdot: the loop axes align before them."""
    if "axes" in kwargs or "axis" in kwargs or "?" in ufunc.signature:
        raise NeedsLoop(f"np.{ufunc.__name__} with axes")
    cores = [len(c.split(",")) if c else 0 for c in _cores(ufunc.signature)]
    loops = max(np.ndim(x) - core for x, core in zip(inputs, cores, strict=True))
    aligned = [batch.wide(x, loops + core) for x, core in zip(inputs, cores, strict=True)]
    return ufunc(*aligned, **kwargs)


def _cores(signature: str) -> list[str]:
    inputs = signature.partition("->")[0]
    return [core.strip("() ") for core in inputs.replace("),(", ")|(").split("|")]
