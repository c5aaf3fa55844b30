"""Indexing, choosing, sorting and diagonals, row by row, each as its cube (see Cubed)."""

from __future__ import annotations

from typing import Any

import numpy as np
from opcheck import OperatorTable, Row, distinct, outputs, real, table


class Cubed(Row):
    """A row of which the operator and NumPy's function are both cubed."""

    def op(self, *args: Any) -> Any:
        return tuple(y * y * y for y in outputs(super().op(*args)))

    def numpy(self, *args: Any) -> Any:
        return tuple(y * y * y for y in outputs(super().numpy(*args)))


class Selecting(Cubed):
    """A row whose operator takes conditions, then its arrays as one list, then the default."""

    def op(self, conditions: Any, *choices: Any) -> Any:
        return super().op(conditions, list(choices[:-1]), choices[-1])

    def numpy(self, conditions: Any, *choices: Any) -> Any:
        return super().numpy(conditions, list(choices[:-1]), choices[-1])


def item(x: Any, key: Any) -> Any:
    return x[key]


MASK = np.array([[True, False, True], [False, False, True]])


@table(
    Cubed("getitem", real(3), 0, like=item),
    Cubed("getitem", real(3, 4), (slice(None, None, -2), -1), like=item),
    Cubed("getitem", real(3, 4), (slice(3, 0, -1), slice(1, None, 2)), like=item),
    Cubed("getitem", real(3, 4), (None, ..., 1, None), like=item),
    Cubed("getitem", real(3), ..., like=item),
    Cubed("getitem", real(), (), like=item),
    Cubed("getitem", real(2, 3), MASK, like=item),
    Cubed("getitem", real(2, 3), (slice(None), MASK[0]), like=item),
    Cubed("getitem", real(3, 4), [2, 0, 2], like=item),
    Cubed("getitem", real(3, 4), np.array([[0, 0], [-1, 2]]), like=item),
    Cubed("getitem", real(3, 4), ([0, 2, 2], [1, 1, 1]), like=item),
    Cubed("getitem", real(3, 4, 2), (slice(1, 3), np.array([[0], [3]]), [1, 1]), like=item),
    Cubed("getitem", real(3, 4, 2), ([0, 0], slice(None), [1, 1]), like=item),
    Cubed("getitem", real(3, 2), [], like=item),
    Cubed("getitem", real(3, 2), True, like=item),
    Cubed("getitem", real(3, 2), (False, 0), like=item),
    Cubed("getitem", real(3), np.int64(-1), like=item),
    Cubed("take", real(2, 3), [[0, 5], [5, -1]]),
    Cubed("take", real(2, 3), [0, -1, 0], axis=1),
    Cubed("take", real(2, 3), 1, axis=-1),
    Cubed("take", real(2, 3), [0, 7, -5], axis=1, mode="wrap"),
    Cubed("take", real(2, 3), [0, 7, -5], axis=1, mode="clip"),
    Cubed("take", real(2, 3), np.array([], int), axis=0),
    Cubed("take_along_axis", real(2, 3), np.array([[2, 0, 2, 1]]), axis=1),
    Cubed("take_along_axis", real(2, 3), np.array([5, 0, 5]), axis=None),
    Cubed("take_along_axis", real(2, 1, 2), np.zeros((2, 3, 2), int), axis=-1),
    Cubed("compress", [True, False, True], real(2, 3), axis=1),
    Cubed("compress", [0, 1], real(2, 3)),
)
class TestIndexing(OperatorTable):
    pass


@table(
    Cubed("where", MASK, real(2, 3), real(3)),
    Cubed("where", MASK, real(2, 3), 2.0),
    Cubed("where", MASK, 0, real(3)),
    Cubed("where", MASK.astype(int), real(2, 3), 2.0),
    Cubed("where", MASK[0], real(2, 1), real()),
    Cubed("where", True, real, real),
    Selecting("select", [MASK, ~MASK[0]], real(2, 3), real(3), 2.5),
    Selecting("select", [MASK[0], MASK], real(3), real(2, 1), real()),
    # NumPy asks the choices who is in charge, not the default alone
    Selecting("select", [MASK], 1, real(2, 3), like=np.select),
)
class TestChoosing(OperatorTable):
    pass


@table(
    Cubed("sort", distinct(2, 3)),
    Cubed("sort", distinct(2, 3), axis=0, kind="stable"),
    Cubed("sort", distinct(2, 3), axis=None),
    Cubed("sort", distinct(0, 3)),
    Cubed("partition", distinct(7), 3),
    Cubed("partition", distinct(2, 5), (1, -1)),
    Cubed("partition", distinct(5, 2), 2, axis=0),
    Cubed("partition", distinct(2, 3), 4, axis=None),
)
class TestSorting(OperatorTable):
    pass


@table(
    Cubed("diag", real(3)),
    Cubed("diag", real(3), -2),
    Cubed("diag", real(3, 4)),
    Cubed("diag", real(3, 4), 2),
    Cubed("diag", real(3, 4), k=-7),
    Cubed("diagonal", real(3, 4)),
    Cubed("diagonal", real(2, 3, 4), 1, 2, 1),
    Cubed("diagonal", real(2, 3, 4), offset=-1, axis1=0, axis2=-1),
    Cubed("linalg.diagonal", real(2, 3, 4), offset=1),
    Cubed("trace", real(3, 4)),
    Cubed("trace", real(2, 3, 4), 1, 2, 0),
    Cubed("trace", real(3, 4), offset=-5),
    Cubed("linalg.trace", real(2, 3, 4), offset=-1),
    Cubed("tril", real(3, 4)),
    Cubed("tril", real(2, 3, 3), -1),
    Cubed("tril", real(3)),
    Cubed("triu", real(3, 4), 1),
    Cubed("triu", real(2, 3, 3), k=-1),
)
class TestDiagonals(OperatorTable):
    pass
