"""Shapes, joining, splitting, repeating and flipping, row by row.

All of them are linear, so each is checked as its cube: that makes derivatives of every order
run through the rule and the rule of its rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from opcheck import OperatorTable, Row, outputs, real, table


class Cubed(Row):
    """A row of which the operator and NumPy's function are both cubed."""

    def op(self, *args: Any) -> Any:
        return tuple(y * y * y for y in outputs(super().op(*args)))

    def numpy(self, *args: Any) -> Any:
        return tuple(y * y * y for y in outputs(super().numpy(*args)))


class Listed(Cubed):
    """A row whose operator takes its arrays as one list."""

    def op(self, *args: Any) -> Any:
        return super().op(list(args))

    def numpy(self, *args: Any) -> Any:
        return super().numpy(list(args))


@table(
    Cubed("reshape", real(2, 3, 2), (3, 4)),
    Cubed("reshape", real(2, 3, 2), -1),
    Cubed("reshape", real(2, 3, 2), (4, -1), order="F"),
    Cubed("reshape", real(0, 3), (3, 0, 2)),
    Cubed("reshape", real(), (1, 1)),
    Cubed("ravel", real),
    Cubed("ravel", real(2, 3), order="F"),
    Cubed("transpose", real),
    Cubed("transpose", real(2, 3, 4), (1, -1, 0)),
    Cubed("permute_dims", real(2, 3, 4), (2, 0, 1)),
    Cubed("matrix_transpose", real(2, 3, 4)),
    Cubed("linalg.matrix_transpose", real(3, 4)),
    Cubed("swapaxes", real(2, 3, 4), 0, -1),
    Cubed("moveaxis", real(2, 3, 4), 0, -1),
    Cubed("moveaxis", real(2, 3, 4), (0, -1), (1, 0)),
    Cubed("rollaxis", real(2, 3, 4), 2),
    Cubed("rollaxis", real(2, 3, 4), 0, 3),
    Cubed("rollaxis", real(2, 3, 4), -2, -1),
    Cubed("squeeze", real(1, 3, 1)),
    Cubed("squeeze", real(1, 3, 1), -1),
    Cubed("squeeze", real(1, 3, 1), axis=(0, 2)),
    Cubed("expand_dims", real(2, 3), 1),
    Cubed("expand_dims", real(2, 3), (0, -1)),
    Cubed("broadcast_to", real(2, 1), (3, 2, 4)),
    Cubed("broadcast_to", real(), (2, 0)),
    Cubed("broadcast_arrays", real, real),
    Cubed("atleast_1d", real),
    Cubed("atleast_1d", real(), real(3)),
    Cubed("atleast_2d", real),
    Cubed("atleast_3d", real),
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
    Cubed("unstack", real(3, 2), like=lambda x: [*x]),
    Cubed("unstack", real(3, 2), axis=-1, like=lambda x, axis: [*x.T]),
)
class TestJoining(OperatorTable):
    pass


@table(
    Cubed("split", real(2, 6), 3, axis=1),
    Cubed("split", real(6), [1, 1, -2]),
    Cubed("split", real(5), np.array([2, 9])),
    Cubed("split", real(5), [3, 1]),
    Cubed("split", real(2, 5), [3, 1], axis=-1),
    Cubed("array_split", real(5, 2), 3),
    Cubed("array_split", real(2, 5), 3, axis=-1),
    Cubed("array_split", real(2), 4),
    Cubed("hsplit", real(2, 4), 2),
    Cubed("hsplit", real(4), [1]),
    Cubed("vsplit", real(4, 2), 2),
    Cubed("dsplit", real(1, 2, 4), [1, 3]),
)
class TestSplitting(OperatorTable):
    pass


@table(
    Cubed("tile", real(2, 3), 2),
    Cubed("tile", real(2, 3), (2, 1, 3)),
    Cubed("tile", real(2, 1, 2), (3,)),
    Cubed("tile", real(), (2, 2)),
    Cubed("tile", real(2), 0),
    Cubed("repeat", real(2, 3), 2),
    Cubed("repeat", real(2, 3), 2, axis=-2),
    Cubed("repeat", real(2, 3), [1, 0, 3], axis=1),
    Cubed("repeat", real(2, 3), [2], axis=0),
    Cubed("repeat", real(3), np.array([0, 2, 1])),
    Cubed("pad", real(2, 3), 1),
    Cubed("pad", real(2, 3), (2, 0), constant_values=1.5),
    Cubed("pad", real(2, 3), ((1, 0), (0, 2)), constant_values=((1, 2), (3, 4))),
    Cubed("pad", real(2, 3), ((3, 1), (0, 4)), mode="edge"),
    Cubed("pad", real(2, 3), ((2,), (5,)), mode="reflect"),
    Cubed("pad", real(2, 1), 2, mode="reflect"),
    Cubed("pad", real(2, 3), 4, mode="symmetric"),
    Cubed("pad", real(2, 3), (1, 5), mode="wrap"),
    Cubed("pad", real(2, 3), {-1: (1, 2)}, like=lambda a, w: np.pad(a, ((0, 0), (1, 2)))),
    Cubed("pad", real(), 2),
    Cubed("pad", real(0, 2), ((0, 0), (1, 1)), mode="edge"),
)
class TestRepeating(OperatorTable):
    pass


@table(
    Cubed("flip", real),
    Cubed("flip", real(2, 3, 2), axis=1),
    Cubed("flip", real(2, 3, 2), axis=(0, -1)),
    Cubed("fliplr", real(2, 3)),
    Cubed("flipud", real(2, 3)),
    Cubed("roll", real, 1),
    Cubed("roll", real(2, 3), -4),
    Cubed("roll", real(2, 3), 1, axis=-1),
    Cubed("roll", real(2, 3), (1, 2), axis=(0, 1)),
    Cubed("roll", real(2, 3), 1, axis=(0, 1)),
    Cubed("rot90", real(2, 3)),
    Cubed("rot90", real(2, 3, 4), k=-1, axes=(0, 2)),
    Cubed("rot90", real(2, 3), 2),
)
class TestFlipping(OperatorTable):
    pass
