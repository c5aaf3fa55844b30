"""setitem, row by row: every kind of index, the value as wide as the index picks, or broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np
from opcheck import real
from rowcheck import Cubed, Table, table

ROWS = np.array([[True, False, True], [False, True, False]])


def assigned(x: Any, index: Any, value: Any) -> Any:
    y = x.copy()
    y[index] = value
    return y


@table(
    *(
        Cubed("setitem", real(2, 3), index, real(*shape), like=assigned)
        for index, shape in [
            (0, (3,)),
            (-1, ()),
            ((1, 2), ()),
            ((slice(None), 1), (2,)),
            (slice(None, None, -1), (2, 3)),
            ((..., None, 0), (2, 1)),
            (Ellipsis, (1, 1, 3)),
            ([1, 0], (2, 3)),
            ([1, 1], (2, 3)),
            ((slice(None), [0, 2, 0]), (3,)),
            (([0, 0, 1], [2, 2, 0]), (3,)),
            (ROWS, (3,)),
            (ROWS, (1,)),
            (([True, False], 1), ()),
            ((slice(None), np.zeros(3, bool)), ()),
            (slice(2, 2), ()),
        ]
    ),
    Cubed("setitem", real(), (), real(), like=assigned),
    Cubed("setitem", real(0, 3), (slice(None), 1), real(), like=assigned),
)
class TestSetItem(Table):
    pass
