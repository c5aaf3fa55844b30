"""A written expression and how tightly it holds together."""

from __future__ import annotations

from typing import NamedTuple

#: from the loosest on: a + b, a @ b, a · b, -a, a ** b, f(a)
SUM, MATMUL, PRODUCT, SIGN, POWER, ATOM = range(1, 7)


class Piece(NamedTuple):
    """text, and its level; number: whether it is a plain number, as 14 is and 1/6 is not.

    letters: whether it may stand right behind a number or another such, as x and y² do in 6xy².
    """

    text: str
    level: int = ATOM
    number: bool = False
    letters: bool = False


def held(piece: Piece, level: int, opened: str = "(", closed: str = ")") -> str:
    """The text, in brackets if it is looser than `level`."""
    return piece.text if piece.level >= level else f"{opened}{piece.text}{closed}"
