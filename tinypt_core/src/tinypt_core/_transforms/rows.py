"""Jacobians: the pullbacks of all elements of a result, as one batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._batch.looping import told
from tinypt_core._batch.whole import Batched, NeedsLoop, inside, next_level
from tinypt_core._transforms.run import Run, pull_back
from tinypt_core._transforms.sharing import Leave
from tinypt_core._transforms.tree import leaves
from tinypt_core._variable import Variable

#: numbers in a batch of pullbacks, from which on they come in several
LARGE = 2**22


def rows(run: Run, i: int, chunk: int | None) -> list[Any]:
    """The Jacobian of output leaf i of a run by each of its Variables.

    All pullbacks at once, or `chunk` of them, or as many as one can have of a large result; one
    by one where a batch cannot go through.
    """
    y = leaves(run.output)[i]
    shapes = [(*y.shape, *x.shape) for x in run.xs]
    if not y.size:
        return [np.zeros(shape, x.dtype) for x, shape in zip(run.xs, shapes, strict=True)]
    step = min(y.size, chunk or max(1, LARGE // max(v.size for v in (y, *run.xs))))
    parts = [_pulled(run, y, _units(y, k, step)) for k in range(0, y.size, step)]
    columns = [_joined(column) for column in zip(*parts, strict=True)]
    return [np.reshape(c, shape) for c, shape in zip(columns, shapes, strict=True)]


def _units(y: Variable, start: int, n: int) -> Any:
    """Unit vectors of the shape of y: n of them, or those that are left."""
    n = min(n, y.size - start)
    return np.eye(n, y.size, start, dtype=y.dtype).reshape(n, *y.shape)


def _pulled(run: Run, y: Variable, units: Any) -> list[Any]:
    """A row for each unit vector, by each Variable."""
    level, n = next_level(), len(units)
    try:
        with inside(level):
            gxs = pull_back([y], run.xs, [Batched(units, level)], run.connected)
        return [Leave(level, 0, n).of(gx) for gx in gxs]
    except (Exception, NeedsLoop):
        told(f"the Jacobian of {run.name}", n)
        rows = [pull_back([y], run.xs, [unit], run.connected) for unit in units]
        return [np.stack(column) for column in zip(*rows, strict=True)]


def _joined(parts: Any) -> Any:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
