"""Einstein summation. Its rule is Einstein summation again."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import normal, sampled
from tinypt_ops_basic.indexing import GetItemGrad

_SORTED = ascii_uppercase + ascii_lowercase  # NumPy sorts labels by their codes


class Einsum(Function):
    """Sum of products of the operands over the letters that the output lacks.

    subscripts: "ij,jk->ik", one group of letters for each operand, with an ellipsis for axes
    that broadcast, and repeated letters for diagonals; without "->" the output has the ellipsis
    and, sorted, the letters that occur once. Operands and lists of ints by turns work as well.
    optimize: passed to np.einsum, forward and backward.

    Raises ValueError if subscripts do not fit the operands.

    >>> from tinypt_core import Variable
    >>> np.einsum("ij,j->i", Variable(np.eye(2)), np.array([3.0, 4.0]))
    variable([3. 4.])
    """

    __slots__ = ("optimize", "subscripts")
    samples = sampled(("ij,jk->ik", normal(2, 3), normal(3, 2)), ("...ii", normal(2, 3, 3)))

    def __init__(self, subscripts: str, optimize: Any = False) -> None:
        self.subscripts = subscripts
        self.optimize = optimize

    def forward(self, *operands: Any) -> Any:
        return np.einsum(self.subscripts, *operands, optimize=self.optimize)

    def backward(self, gy: Any, operands: Any) -> Any:
        terms, output = explicit(self.subscripts, [x.ndim for x in operands])
        needs = self.needs
        return tuple(
            self._gradient(gy, i, operands, terms, output) if needs[i] else None
            for i in range(len(operands))
        )

    def _gradient(self, gy: Any, i: int, operands: Any, terms: list[str], output: str) -> Any:
        """gy times the other operands, summed over the letters that operand i lacks.

        Letters that nobody else has, or has with size 1 only, are broadcast; those of size 1 here
        are summed; repeated ones go onto the diagonal.
        """
        term, shape = terms[i], operands[i].shape
        sizes = dict(zip(term, shape, strict=True))
        others = [*terms[:i], *terms[i + 1 :]]
        found = [c for c in sizes if sizes[c] != 1 and any(c in t for t in (output, *others))]
        rest = [*operands[:i], *operands[i + 1 :]]
        target = "".join(found)
        subscripts = f"{','.join([output, *others])}->{target}"
        g = np.einsum(subscripts, gy, *rest, optimize=self.optimize)
        present = dict(zip(found, g.shape, strict=True))
        g = np.reshape(g, [present.get(c, 1) for c in sizes])
        if g.shape != tuple(sizes.values()):
            g = np.broadcast_to(g, tuple(sizes.values()))
        if len(sizes) == len(term):
            return g
        grid = dict(zip(sizes, np.ix_(*map(np.arange, sizes.values())), strict=True))
        return GetItemGrad(tuple(grid[c] for c in term), shape).of(g)

    @classmethod
    def apply(
        cls, subscripts: Any, /, *operands: Any, out: None = None, optimize: Any = False
    ) -> Any:
        """As np.einsum."""
        args = (subscripts, *operands)
        subscripts, *arrays = args if isinstance(subscripts, str) else _written_out(args)
        return super().apply(*arrays, subscripts=subscripts, optimize=optimize, out=out)


def explicit(subscripts: str, ndims: Sequence[int]) -> tuple[list[str], str]:
    """One letter for every axis of every operand, and those of the output.

    >>> explicit("...ij,jk", [3, 2])
    (['Aij', 'jk'], 'Aik')
    """
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if not arrow:
        once = sorted(c for c in set(inputs) - set(",.") if inputs.count(c) == 1)
        output = ("..." if "..." in inputs else "") + "".join(once)
    free = [c for c in _SORTED if c not in subscripts]
    widths = [n - len(t.replace("...", "")) for t, n in zip(terms, ndims, strict=True)]
    widest = max((w for t, w in zip(terms, widths, strict=True) if "..." in t), default=0)
    dots = "".join(free[:widest])
    full = [t.replace("...", dots[widest - w :]) for t, w in zip(terms, widths, strict=True)]
    return full, output.replace("...", dots)


def _written_out(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Operands and lists of ints by turns, as a string of subscripts followed by the operands."""
    lists = args[1::2] if len(args) % 2 == 0 else (*args[1::2], args[-1])
    operands = list(args[0 : len(args) - len(args) % 2 : 2])
    terms = ["".join("..." if c is Ellipsis else _SORTED[c] for c in row) for row in lists]
    inputs = ",".join(terms[: len(operands)])
    return ("->".join([inputs, *terms[len(operands) :]]), *operands)
