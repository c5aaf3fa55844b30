"""An operator, or its rule, that cannot run on a batch: for every element by itself."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np

from tinypt_core._batch.batched import Batched, NeedsLoop
from tinypt_core._batch.looping import arrays, batched_in, may_help, replaced, told
from tinypt_core._engine.guard import guarded
from tinypt_core._modes import using_mode
from tinypt_core._transforms.sharing import Apart, Collect
from tinypt_core._variable import Variable


def one_by_one(node: Any, inputs: tuple[Any, ...]) -> Any:
    """An operator for every element of the highest batch among its inputs and parameters.

    Every element has a node of its own, whose rule runs for that element; so what an operator
    notes of its inputs is theirs.
    """
    level, n = _highest([*inputs, *_parameters(node).values()])
    told(type(node).__name__, n)
    rows = [_twin(node, level, i)(*xs) for i, xs in enumerate(_apart(tuple(inputs), level, n))]
    return _together(rows, level, any(isinstance(x, Variable) for x in inputs))


def call_one_by_one(op: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """A plain function of operators, for every element of the highest batch it is given."""
    level, n = _highest([*args, *kwargs.values()])
    told(op.__name__, n)
    calls = zip(_apart(args, level, n), _apart(kwargs, level, n), strict=True)
    rows = [op(*xs, **named) for xs, named in calls]
    if rows[0] is None:
        raise NeedsLoop(
            f"{op.__name__} returns nothing: it changes its argument, which in a batch is not its "
            f"own; write what gives a result, such as np.where or np.concatenate"
        )
    return _together(rows, level, True)


def rule_one_by_one(node: Any, asked: list[Any], recorded: bool) -> tuple[Any, ...]:
    """What a rule returns, computed for every element of the batch by itself.

    asked: what the rule gets, as Variables if it is recorded.
    """
    level, n = _highest([*asked, *_parameters(node).values()])
    told(f"the rule of {type(node).__name__}", n)
    rows = []
    for element, xs in zip(_elements(node, level, n), _apart(asked, level, n), strict=True):
        try:
            gxs = (guarded(element) if recorded else element)._rule(*xs)
        except (Exception, NeedsLoop) as error:
            if not may_help(error, [*xs, *_parameters(element).values()]):
                raise
            gxs = rule_one_by_one(element, xs, recorded)  # the next level
        rows.append(gxs if isinstance(gxs, (tuple, list)) else (gxs,))
    return tuple(
        None if column[0] is None else Collect(level).of(*column)
        for column in zip(*rows, strict=True)
    )


def _parameters(node: Any) -> dict[str, Any]:
    """What an instance holds that is batched, such as an index."""
    held = {name: x for part in node.__getstate__() for name, x in part.items()}
    return {name: x for name, x in held.items() if batched_in(x)}


def _twin(node: Any, level: int, i: int) -> Any:
    """The operator once more, with the parameters of one element."""
    twin = copy(node)
    for name, value in _parameters(node).items():
        object.__setattr__(twin, name, replaced(value, lambda x: x.data[i, ...], level))
    return twin


def _elements(node: Any, level: int, n: int) -> list[Any]:
    """What the rule of each element reads as self."""
    twins = [_twin(node, level, i) for i in range(n)]
    if node._keeps.textbook:  # it reads its inputs and outputs: those of the element
        with using_mode(enable_backprop=True):
            for twin, xs in zip(twins, _apart(node.inputs, level, n), strict=True):
                twin(*xs)
        return twins
    for twin in twins:
        for name in ("_behind", "_shape", "_dtype", "_order", "_mode"):
            object.__setattr__(twin, name, getattr(node, name))
    return twins


def _highest(values: Any) -> tuple[int, int]:
    """The highest level among arrays and Variables, and how many elements its batch has."""
    found = [(x.level, int(x.data.shape[0])) for x in batched_in(arrays(values))]
    if not found:
        raise TypeError("an operator needs a loop over a batch that is not among its inputs")
    level, n = max(found)
    if not n:
        raise ValueError("what runs in a loop says nothing about an empty batch")
    return level, n


def _together(rows: list[Any], level: int, connected: bool) -> Any:
    """The results of all elements as one batch, or as several."""
    if isinstance(rows[0], (tuple, list)):
        columns = [_together(list(c), level, connected) for c in zip(*rows, strict=True)]
        like = type(rows[0])
        return like(*columns) if hasattr(like, "_fields") else like(columns)
    if len({np.shape(y) for y in rows}) > 1:
        raise TypeError(
            "an operator gives results of different shapes for the elements of a batch; write "
            "what keeps one shape, such as np.where(mask, x, 0) instead of x[mask]"
        )
    return Collect(level).of(*(rows if connected else [y._array for y in rows]))


def _apart(x: Any, level: int, n: int) -> list[Any]:
    """A value, or a tree of them, for every element."""
    if isinstance(x, (Variable, Batched)):
        return list(Apart(level, n).of(x))
    if isinstance(x, dict):
        columns = _apart(list(x.values()), level, n)
        return [dict(zip(x, column, strict=True)) for column in columns]
    if isinstance(x, (tuple, list)) and x:  # what forward took as *xs, an index
        parts = zip(*(_apart(part, level, n) for part in x), strict=True)
        return [type(x)(part) for part in parts]
    return [x] * n
