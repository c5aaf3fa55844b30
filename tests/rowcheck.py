"""Tables of operators whose values and derivatives are checked, and nothing else of them.

@table(Row("interp", real(5), np.arange(4.0), real(4)))
class TestGrids(Table):
    pass
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from opcheck import Domain, Row, check_derivatives, check_float32, check_value, laid_out, outputs


class Cubed(Row):
    """A row of which the operator and NumPy's function are both cubed: a linear one is as well."""

    def op(self, *args: Any) -> Any:
        return tuple(y * y * y for y in outputs(super().op(*args)))

    def numpy(self, *args: Any) -> Any:
        return tuple(y * y * y for y in outputs(super().numpy(*args)))


def drawn(row: Row, seed: int = 0) -> list[Any]:
    """Arguments of a row, in one shape: what a composite is made of is tried in all of them."""
    rng, shapes = np.random.default_rng(seed), iter([(2, 3), (3,), (2, 1)])
    return [
        a.sample(rng, a.shape if a.shape is not None else next(shapes))
        if isinstance(a, Domain)
        else a
        for a in row.args
    ]


def table(*rows: Row) -> Any:
    """Give a class of tests its rows."""
    return pytest.mark.parametrize("row", rows, ids=str)


class Table:
    """What every row is held to: NumPy's own value, and finite differences."""

    def test_value(self, row: Row) -> None:
        args = drawn(row)
        check_value(row.op, row.numpy, args)
        check_value(row.op, row.numpy, [laid_out(a, "strided") for a in args])

    def test_numpys_function_dispatches(self, row: Row) -> None:
        if row.like is None:
            check_value(row.numpy, row.op, drawn(row))

    def test_derivatives(self, row: Row) -> None:
        for seed in range(2):
            check_derivatives(row.op, drawn(row, seed), 2 if "linalg" in row.name else 3, seed)

    def test_float32(self, row: Row) -> None:
        check_float32(row.op, drawn(row))
