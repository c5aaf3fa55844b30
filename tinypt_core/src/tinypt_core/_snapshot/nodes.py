"""One node of the snapshot: of a Variable, or of a Function."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import takewhile
from typing import Any

import numpy as np

from tinypt_core._graph.places import index_at, node_at
from tinypt_core._operator.signature import parameters
from tinypt_core._snapshot.records import Node
from tinypt_core._snapshot.summary import Measure, Summary, exact, short
from tinypt_core._variable import Variable


def both(a: tuple[int, tuple[str, ...]], b: tuple[int, tuple[str, ...]]) -> Any:
    """The lower derivative, and the scopes that two uses share."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a[1], b[1], strict=False)))
    return min(a[0], b[0]), a[1][:same]


def variable_node(
    vid: str,
    edge: Any,
    data: Any,
    use: tuple[int, tuple[str, ...]],
    summary: Summary,
    noted: Measure | None = None,
) -> Node:
    """noted: how large it was, as an operator that took it noted."""
    alive: Variable | None = edge._ref()
    function, index = node_at(edge), index_at(edge)
    name = _name(alive, edge, function, index)
    shape, dtype = edge._shape, edge._dtype
    data, grad = data if alive is None else alive._array, edge._grad
    if isinstance(data, (np.ndarray, np.generic)):
        shape, dtype = data.shape, data.dtype
    grad = getattr(grad, "_array", grad)
    value, slope = summary.measure(data), summary.measure(grad)
    return Node(
        vid, "variable", name or "", name, **size(shape, dtype),
        value=summary(data), gradient=summary(grad),
        code="" if function is not None else exact(data),
        measure=value or _one(recorded(function, "values"), index) or noted,
        slope=_one(recorded(function, "gradients"), index) or slope,
        derivative=derivative(function) if function is not None else use[0],
        scope=scope(function) if function is not None else use[1],
        output_index=index,
        output_count=len(_outputs(function)) or 1,
    )  # fmt: skip


def _name(alive: Variable | None, edge: Any, function: Any, index: int) -> str | None:
    """The Variable's name, also after its owner dropped it."""
    name = alive._name if alive is not None else None
    if name is None and function is None:
        name = getattr(edge, "_name", None)
    elif name is None and hasattr(function, "_info"):
        name = function._info.get("names", {}).get(index)
    return None if name is None else str(name)


def function_node(fid: str, function: Any, provider: str, order: int) -> Node:
    label = type(function).__name__
    sizes = [size(shape, dtype) for shape, dtype in _outputs(function)]
    whole = dict(sizes[0], nbytes=sum(one["nbytes"] for one in sizes)) if sizes else {}
    notes = dict(getattr(function, "_info", {}))
    for key in ("names", *_RECORDED):
        notes.pop(key, None)
    return Node(
        fid, "function", label, op=label, provider=provider,
        params=_params(function), exact=_exact(function), **whole,
        derivative=derivative(function), scope=scope(function),
        site=str(notes.pop("site", "")),
        info={str(k): v if isinstance(v, (int, float)) else short(v) for k, v in notes.items()},
        output_count=len(sizes), order=order,
    )  # fmt: skip


def _outputs(function: Any) -> list[tuple[Any, Any]]:
    """Shape and dtype of each output."""
    return [] if function is None else function._outputs


def _params(function: Any) -> dict[str, str]:
    names = _parameters(type(function))
    return {name: short(getattr(function, name)) for name in names if hasattr(function, name)}


def _exact(function: Any) -> dict[str, str]:
    names = _parameters(type(function))
    return {name: exact(getattr(function, name)) for name in names if hasattr(function, name)}


#: what `tinypt_viz.record` notes on a Function, each a tuple of `Measure` or None
_RECORDED = ("operands", "values", "gradients", "shares")


def recorded(function: Any, key: str) -> tuple[Measure | None, ...]:
    found = getattr(function, "_info", {}).get(key, ())
    return found if isinstance(found, tuple) else ()


def _one(measures: tuple[Measure | None, ...], index: int) -> Measure | None:
    return measures[index] if index < len(measures) else None


_parameters: Any = lru_cache(parameters)
_text = lru_cache(str)


def derivative(function: Any) -> int:
    return function._mode.derivative if hasattr(function, "_mode") else 0


def scope(function: Any) -> tuple[str, ...]:
    return tuple(map(str, function._mode.scope)) if hasattr(function, "_mode") else ()


def size(shape: Any, dtype: Any) -> dict[str, Any]:
    nbytes = None if shape is None or dtype is None else math.prod(shape) * dtype.itemsize
    return {"shape": shape, "dtype": None if dtype is None else _text(dtype), "nbytes": nbytes}
