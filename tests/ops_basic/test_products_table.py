"""Products of vectors, matrices and arrays, row by row."""

from __future__ import annotations

from opcheck import OperatorTable, Row, real, table


@table(
    *(
        Row("matmul", real(*a), real(*b))
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
    Row("linalg.matmul", real(2, 3), real(3, 2)),
)
class TestMatMul(OperatorTable):
    pass


@table(
    *(
        Row("dot", real(*a), real(*b))
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
        Row("inner", real(*a), real(*b))
        for a, b in [((3,), (3,)), ((2, 3), (3,)), ((2, 1, 3), (2, 3)), ((), (2, 3)), ((2,), ())]
    ),
    Row("vdot", real(2, 3), real(3, 2)),
    Row("vdot", real(), real(1)),
    Row("outer", real(2, 2), real(3)),
    Row("outer", real(), real(3)),
    Row("linalg.outer", real(2), real(3)),
)
class TestDots(OperatorTable):
    pass


@table(
    Row("tensordot", real(2, 3), real(3, 2), 1),
    Row("tensordot", real(2, 3, 2), real(3, 2, 2)),
    Row("tensordot", real(2), real(3), axes=0),
    Row("tensordot", real(2, 3, 2), real(2, 2, 1), ([0, 2], [1, 0])),
    Row("tensordot", real(2, 3, 1), real(1, 2, 3), ([0, 2, 1], [1, 0, 2])),
    Row("tensordot", real(2, 3, 1), real(2, 3), axes=(1, 1)),
    Row("tensordot", real(2, 3, 4), real(4, 3), axes=([-1, -2], [0, 1])),
    Row("linalg.tensordot", real(2, 3), real(3, 2), axes=1),
    Row("kron", real(2), real(3)),
    Row("kron", real(2, 3), real(2)),
    Row("kron", real(2), real(1, 2, 2)),
    Row("kron", real(), real(2, 2)),
    Row("cross", real(2, 3), real(3)),
    Row("cross", real(3, 2), real(1, 2, 3), axisa=0, axisc=1),
    Row("cross", real(2, 3, 2), real(2, 3, 1), axis=1),
    Row("linalg.cross", real(2, 3), real(2, 3)),
    Row("einsum", "ij,jk->ik", real(2, 3), real(3, 2)),
    Row("einsum", "ba", real(2, 3)),
    Row("einsum", "ii", real(3, 3)),
    Row("einsum", "iji->ji", real(2, 3, 2)),
    Row("einsum", " i j , j -> i ", real(2, 3), real(3)),
    Row("einsum", "...i,...i->...", real(2, 3), real(4, 1, 3)),
    Row("einsum", "i...,i...", real(3, 2), real(3)),
    Row("einsum", "ij,ij->ij", real(1, 3), real(2, 3)),
    Row("einsum", "ij,jk,kl", real(2, 3), real(3, 2), real(2, 1), optimize=True),
    Row("einsum", real(2, 3), [0, 1], real(3, 2), [1, 27]),
    Row("einsum", real(2, 3), [Ellipsis, 1], real(3, 2), [1, 2], [2, Ellipsis]),
    Row("einsum", "i,->i", real(3), 2.0),
)
class TestContractions(OperatorTable):
    pass
