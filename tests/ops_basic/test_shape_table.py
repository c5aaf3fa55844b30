"""Shapes, joining, splitting, repeating and flipping, row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
from opcheck import OperatorTable, Row, real, table


class Listed(Row):
    """A row whose operator takes its arrays as one list."""

    def call(self, *args: Any) -> tuple[Any, ...]:
        return ([*args],)


@table(
    Row("reshape", real(2, 3, 2), (3, 4)),
    Row("reshape", real(2, 3, 2), -1),
    Row("reshape", real(2, 3, 2), (4, -1), order="F"),
    Row("reshape", real(0, 3), (3, 0, 2)),
    Row("reshape", real(), (1, 1)),
    Row("ravel", real),
    Row("ravel", real(2, 3), order="F"),
    Row("transpose", real),
    Row("transpose", real(2, 3, 4), (1, -1, 0)),
    Row("permute_dims", real(2, 3, 4), (2, 0, 1)),
    Row("matrix_transpose", real(2, 3, 4)),
    Row("linalg.matrix_transpose", real(3, 4)),
    Row("swapaxes", real(2, 3, 4), 0, -1),
    Row("moveaxis", real(2, 3, 4), 0, -1),
    Row("moveaxis", real(2, 3, 4), (0, -1), (1, 0)),
    Row("rollaxis", real(2, 3, 4), 2),
    Row("rollaxis", real(2, 3, 4), 0, 3),
    Row("rollaxis", real(2, 3, 4), -2, -1),
    Row("squeeze", real(1, 3, 1)),
    Row("squeeze", real(1, 3, 1), -1),
    Row("squeeze", real(1, 3, 1), axis=(0, 2)),
    Row("expand_dims", real(2, 3), 1),
    Row("expand_dims", real(2, 3), (0, -1)),
    Row("broadcast_to", real(2, 1), (3, 2, 4)),
    Row("broadcast_to", real(), (2, 0)),
    Row("broadcast_arrays", real, real),
    Row("atleast_1d", real),
    Row("atleast_1d", real(), real(3)),
    Row("atleast_2d", real),
    Row("atleast_3d", real),
)
class TestShapes(OperatorTable):
    pass


@table(
    Listed("concatenate", real(2, 3), real(1, 3)),
    Listed("concatenate", real(2, 3), real(2, 0), real(2, 1), axis=-1),
    Listed("concatenate", real(2, 3), real(4), axis=None),
    Listed("concat", real(2), real(3)),
    Listed("vstack", real(2, 3), real(3)),
    Listed("hstack", real(2, 3), real(2, 1)),
    Listed("hstack", real(2), real(3)),
    Listed("dstack", real(2, 3), real(2, 3)),
    Listed("dstack", real(3), real(3)),
    Listed("column_stack", real(2), real(2, 3)),
    Listed("stack", real(2, 3), real(2, 3)),
    Listed("stack", real(2, 3), real(2, 3), real(2, 3), axis=-1),
    Listed("stack", real(), real()),
    Row("unstack", real(3, 2), like=lambda x: [*x]),
    Row("unstack", real(3, 2), axis=-1, like=lambda x, axis: [*x.T]),
)
class TestJoining(OperatorTable):
    pass


@table(
    Row("split", real(2, 6), 3, axis=1),
    Row("split", real(6), [1, 1, -2]),
    Row("split", real(5), np.array([2, 9])),
    Row("split", real(5), [3, 1]),
    Row("split", real(2, 5), [3, 1], axis=-1),
    Row("array_split", real(5, 2), 3),
    Row("array_split", real(2, 5), 3, axis=-1),
    Row("array_split", real(2), 4),
    Row("hsplit", real(2, 4), 2),
    Row("hsplit", real(4), [1]),
    Row("vsplit", real(4, 2), 2),
    Row("dsplit", real(1, 2, 4), [1, 3]),
)
class TestSplitting(OperatorTable):
    pass


@table(
    Row("tile", real(2, 3), 2),
    Row("tile", real(2, 3), (2, 1, 3)),
    Row("tile", real(2, 1, 2), (3,)),
    Row("tile", real(), (2, 2)),
    Row("tile", real(2), 0),
    Row("repeat", real(2, 3), 2),
    Row("repeat", real(2, 3), 2, axis=-2),
    Row("repeat", real(2, 3), [1, 0, 3], axis=1),
    Row("repeat", real(2, 3), [2], axis=0),
    Row("repeat", real(3), np.array([0, 2, 1])),
    Row("pad", real(2, 3), 1),
    Row("pad", real(2, 3), (2, 0), constant_values=1.5),
    Row("pad", real(2, 3), ((1, 0), (0, 2)), constant_values=((1, 2), (3, 4))),
    Row("pad", real(2, 3), ((3, 1), (0, 4)), mode="edge"),
    Row("pad", real(2, 3), ((2,), (5,)), mode="reflect"),
    Row("pad", real(2, 1), 2, mode="reflect"),
    Row("pad", real(2, 3), 4, mode="symmetric"),
    Row("pad", real(2, 3), (1, 5), mode="wrap"),
    Row("pad", real(2, 3), {-1: (1, 2)}, like=lambda a, w: np.pad(a, ((0, 0), (1, 2)))),
    Row("pad", real(), 2),
    Row("pad", real(0, 2), ((0, 0), (1, 1)), mode="edge"),
)
class TestRepeating(OperatorTable):
    pass


@table(
    Row("flip", real),
    Row("flip", real(2, 3, 2), axis=1),
    Row("flip", real(2, 3, 2), axis=(0, -1)),
    Row("fliplr", real(2, 3)),
    Row("flipud", real(2, 3)),
    Row("roll", real, 1),
    Row("roll", real(2, 3), -4),
    Row("roll", real(2, 3), 1, axis=-1),
    Row("roll", real(2, 3), (1, 2), axis=(0, 1)),
    Row("roll", real(2, 3), 1, axis=(0, 1)),
    Row("rot90", real(2, 3)),
    Row("rot90", real(2, 3, 4), k=-1, axes=(0, 2)),
    Row("rot90", real(2, 3), 2),
)
class TestFlipping(OperatorTable):
    pass
