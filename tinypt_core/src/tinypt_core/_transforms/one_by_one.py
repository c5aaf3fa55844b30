"""An operator, or its rule, that cannot run on a batch: for every element by itself."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

from tinypt_core._batch.batched import Batched, NeedsLoop
from tinypt_core._batch.looping import arrays, batched_in, may_help, told
from tinypt_core._function import Function
from tinypt_core._transforms.sharing import Collect, Pick
from tinypt_core._variable import Variable


def one_by_one(node: Any, inputs: tuple[Any, ...]) -> Any:
    """An operator for every element of the highest batch among its inputs and parameters.

    Every element has a node of its own, whose rule runs for that element; so what an operator
    notes of its inputs is theirs.
    """
    level, n = _highest([*inputs, *_parameters(node).values()])
    told(type(node).__name__, n)
    connected = any(isinstance(x, Variable) for x in inputs)
    picks = [Pick(level, i, n) for i in range(n)]
    rows = [_twin(node, pick)(*(_picked(x, pick) for x in inputs)) for pick in picks]

    def together(column: Any) -> Any:
        return Collect(level)(*(column if connected else [y._data for y in column]))

    if isinstance(rows[0], tuple):
        return tuple(together(column) for column in zip(*rows, strict=True))
    return together(rows)


def _parameters(node: Any) -> dict[str, Any]:
    """What an instance holds that is batched, such as an index."""
    held = {name: x for part in node.__getstate__() for name, x in part.items()}
    return {name: x for name, x in held.items() if batched_in(x)}


def _twin(node: Any, pick: Function) -> Any:
    """The operator once more, with the parameters of one element."""
    twin = copy(node)
    for name, value in _parameters(node).items():
        setattr(twin, name, _picked(value, pick))
    return twin


def _highest(values: Any) -> tuple[int, int]:
    """The highest level among arrays and Variables, and how many elements its batch has."""
    found = [(x.level, int(x.data.shape[0])) for x in batched_in(arrays(values))]
    if not found:
        raise TypeError("an operator needs a loop over a batch that is not among its inputs")
    level, n = max(found)
    if not n:
        raise ValueError("what runs in a loop says nothing about an empty batch")
    return level, n


def rule_one_by_one(node: Any, rule: Callable[..., Any], asked: list[Any]) -> tuple[Any, ...]:
    """What a rule returns, computed for every element of the batch by itself."""
    level, n = _highest(asked)
    told(f"the rule of {type(node).__name__}", n)
    rows = []
    for i in range(n):
        element = [_picked(x, Pick(level, i, n)) for x in asked]
        try:
            gxs = rule(*element)
        except (Exception, NeedsLoop) as error:
            if not may_help(error, element):
                raise
            gxs = rule_one_by_one(node, rule, element)  # the next level
        rows.append(gxs if isinstance(gxs, (tuple, list)) else (gxs,))
    return tuple(
        None if column[0] is None else Collect(level).of(*column)
        for column in zip(*rows, strict=True)
    )


def _picked(x: Any, pick: Function) -> Any:
    if isinstance(x, (tuple, list)):  # what forward took as *xs
        return tuple(_picked(part, pick) for part in x)
    return pick.of(x) if isinstance(x, (Variable, Batched)) else x
