"""Products of vectors, matrices and arrays, row by row, each as its cube."""

from __future__ import annotations

from typing import Any

from opcheck import OperatorTable, Row, outputs, real, table


class Cubed(Row):
    """A row of which the operator and NumPy's function are both cubed."""

    def op(self, *args: Any) -> Any:
        return tuple(y * y * y for y in outputs(super().op(*args)))

    def numpy(self, *args: Any) -> Any:
        return tuple(y * y * y for y in outputs(super().numpy(*args)))


@table(
    *(
        Cubed("matmul", real(*a), real(*b))
        for a, b in [
            ((2, 3), (3, 2)),
            ((3,), (3,)),
            ((2, 3), (3,)),
            ((3,), (3, 2)),
            ((3,), (2, 3, 2)),
            ((2, 2, 3), (3,)),
            ((2, 2, 3), (3, 2)),
            ((2, 3), (2, 3, 2)),
            ((2, 1, 1, 3), (2, 3, 1)),
            ((0, 3), (3, 2)),
            ((2, 0), (0, 2)),
            ((2, 2, 0), (0, 1)),
        ]
    ),
    Cubed("linalg.matmul", real(2, 3), real(3, 2)),
)
class TestMatMul(OperatorTable):
    pass


@table(
    *(
        Cubed("dot", real(*a), real(*b))
        for a, b in [
            ((3,), (3,)),
            ((2, 3), (3,)),
            ((3,), (3, 2)),
            ((2, 3), (3, 2)),
            ((2, 2, 3), (2, 3, 2)),
            ((3,), (2, 3, 2)),
            ((2, 2, 3), (3,)),
            ((), (2, 3)),
            ((2, 3), ()),
            ((0, 3), (3, 2)),
        ]
    ),
    *(
        Cubed("inner", real(*a), real(*b))
        for a, b in [((3,), (3,)), ((2, 3), (3,)), ((2, 1, 3), (2, 3)), ((), (2, 3)), ((2,), ())]
    ),
    Cubed("vdot", real(2, 3), real(3, 2)),
    Cubed("vdot", real(), real(1)),
    Cubed("outer", real(2, 2), real(3)),
    Cubed("outer", real(), real(3)),
    Cubed("linalg.outer", real(2), real(3)),
)
class TestDots(OperatorTable):
    pass


@table(
    Cubed("tensordot", real(2, 3), real(3, 2), 1),
    Cubed("tensordot", real(2, 3, 2), real(3, 2, 2)),
    Cubed("tensordot", real(2), real(3), axes=0),
    Cubed("tensordot", real(2, 3, 2), real(2, 2, 1), ([0, 2], [1, 0])),
    Cubed("tensordot", real(2, 3, 1), real(1, 2, 3), ([0, 2, 1], [1, 0, 2])),
    Cubed("tensordot", real(2, 3, 1), real(2, 3), axes=(1, 1)),
    Cubed("tensordot", real(2, 3, 4), real(4, 3), axes=([-1, -2], [0, 1])),
    Cubed("linalg.tensordot", real(2, 3), real(3, 2), axes=1),
    Cubed("kron", real(2), real(3)),
    Cubed("kron", real(2, 3), real(2)),
    Cubed("kron", real(2), real(1, 2, 2)),
    Cubed("kron", real(), real(2, 2)),
    Cubed("cross", real(2, 3), real(3)),
    Cubed("cross", real(3, 2), real(1, 2, 3), axisa=0, axisc=1),
    Cubed("cross", real(2, 3, 2), real(2, 3, 1), axis=1),
    Cubed("linalg.cross", real(2, 3), real(2, 3)),
    Cubed("einsum", "ij,jk->ik", real(2, 3), real(3, 2)),
    Cubed("einsum", "ba", real(2, 3)),
    Cubed("einsum", "ii", real(3, 3)),
    Cubed("einsum", "iji->ji", real(2, 3, 2)),
    Cubed("einsum", " i j , j -> i ", real(2, 3), real(3)),
    Cubed("einsum", "...i,...i->...", real(2, 3), real(4, 1, 3)),
    Cubed("einsum", "i...,i...", real(3, 2), real(3)),
    Cubed("einsum", "ij,ij->ij", real(1, 3), real(2, 3)),
    Cubed("einsum", "ij,jk,kl", real(2, 3), real(3, 2), real(2, 1), optimize=True),
    Cubed("einsum", real(2, 3), [0, 1], real(3, 2), [1, 27]),
    Cubed("einsum", real(2, 3), [Ellipsis, 1], real(3, 2), [1, 2], [2, Ellipsis]),
    Cubed("einsum", "i,->i", real(3), 2.0),
)
class TestContractions(OperatorTable):
    pass
