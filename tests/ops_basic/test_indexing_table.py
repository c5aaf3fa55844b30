"""Indexing, choosing, sorting and diagonals, row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
from opcheck import OperatorTable, Row, distinct, real, table


class Selecting(Row):
    """A row whose operator takes conditions, then its arrays as one list, then the default."""

    def call(self, conditions: Any, *choices: Any) -> tuple[Any, ...]:
        return conditions, [*choices[:-1]], choices[-1]


def item(x: Any, key: Any) -> Any:
    return x[key]


MASK = np.array([[True, False, True], [False, False, True]])


@table(
    Row("getitem", real(3), 0, like=item),
    Row("getitem", real(3, 4), (slice(None, None, -2), -1), like=item),
    Row("getitem", real(3, 4), (slice(3, 0, -1), slice(1, None, 2)), like=item),
    Row("getitem", real(3, 4), (None, ..., 1, None), like=item),
    Row("getitem", real(3), ..., like=item),
    Row("getitem", real(), (), like=item),
    Row("getitem", real(2, 3), MASK, like=item),
    Row("getitem", real(2, 3), (slice(None), MASK[0]), like=item),
    Row("getitem", real(3, 4), [2, 0, 2], like=item),
    Row("getitem", real(3, 4), np.array([[0, 0], [-1, 2]]), like=item),
    Row("getitem", real(3, 4), ([0, 2, 2], [1, 1, 1]), like=item),
    Row("getitem", real(3, 4, 2), (slice(1, 3), np.array([[0], [3]]), [1, 1]), like=item),
    Row("getitem", real(3, 4, 2), ([0, 0], slice(None), [1, 1]), like=item),
    Row("getitem", real(3, 2), [], like=item),
    Row("getitem", real(3, 2), True, like=item),
    Row("getitem", real(3, 2), (False, 0), like=item),
    Row("getitem", real(3), np.int64(-1), like=item),
    Row("take", real(2, 3), [[0, 5], [5, -1]]),
    Row("take", real(2, 3), [0, -1, 0], axis=1),
    Row("take", real(2, 3), 1, axis=-1),
    Row("take", real(2, 3), [0, 7, -5], axis=1, mode="wrap"),
    Row("take", real(2, 3), [0, 7, -5], axis=1, mode="clip"),
    Row("take", real(2, 3), np.array([], int), axis=0),
    Row("take_along_axis", real(2, 3), np.array([[2, 0, 2, 1]]), axis=1),
    Row("take_along_axis", real(2, 3), np.array([5, 0, 5]), axis=None),
    Row("take_along_axis", real(2, 1, 2), np.zeros((2, 3, 2), int), axis=-1),
    Row("compress", [True, False, True], real(2, 3), axis=1),
    Row("compress", [0, 1], real(2, 3)),
)
class TestIndexing(OperatorTable):
    pass


@table(
    Row("where", MASK, real(2, 3), real(3)),
    Row("where", MASK, real(2, 3), 2.0),
    Row("where", MASK, 0, real(3)),
    Row("where", MASK.astype(int), real(2, 3), 2.0),
    Row("where", MASK[0], real(2, 1), real()),
    Row("where", True, real, real),
    Selecting("select", [MASK, ~MASK[0]], real(2, 3), real(3), 2.5),
    Selecting("select", [MASK[0], MASK], real(3), real(2, 1), real()),
    # NumPy asks the choices who is in charge, not the default alone
    Selecting("select", [MASK], 1, real(2, 3), like=np.select),
)
class TestChoosing(OperatorTable):
    pass


@table(
    Row("sort", distinct(2, 3)),
    Row("sort", distinct(2, 3), axis=0, kind="stable"),
    Row("sort", distinct(2, 3), axis=None),
    Row("sort", distinct(0, 3)),
    Row("partition", distinct(7), 3),
    Row("partition", distinct(2, 5), (1, -1)),
    Row("partition", distinct(5, 2), 2, axis=0),
    Row("partition", distinct(2, 3), 4, axis=None),
)
class TestSorting(OperatorTable):
    pass


@table(
    Row("diag", real(3)),
    Row("diag", real(3), -2),
    Row("diag", real(3, 4)),
    Row("diag", real(3, 4), 2),
    Row("diag", real(3, 4), k=-7),
    Row("diagonal", real(3, 4)),
    Row("diagonal", real(2, 3, 4), 1, 2, 1),
    Row("diagonal", real(2, 3, 4), offset=-1, axis1=0, axis2=-1),
    Row("linalg.diagonal", real(2, 3, 4), offset=1),
    Row("trace", real(3, 4)),
    Row("trace", real(2, 3, 4), 1, 2, 0),
    Row("trace", real(3, 4), offset=-5),
    Row("linalg.trace", real(2, 3, 4), offset=-1),
    Row("tril", real(3, 4)),
    Row("tril", real(2, 3, 3), -1),
    Row("tril", real(3)),
    Row("triu", real(3, 4), 1),
    Row("triu", real(2, 3, 3), k=-1),
)
class TestDiagonals(OperatorTable):
    pass
