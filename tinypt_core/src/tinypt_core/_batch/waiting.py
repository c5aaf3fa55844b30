"""A product on its way back to something shared: it waits, since its sum costs far less.

The gradient of a matrix W that is the same for a whole batch is the sum of an outer product for
every element. Where a rule multiplies with a returning gradient, the product is kept as its two
factors; whoever needs it gets it, and who sums it over the batch gets one matrix product.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tinypt_core._batch.batched import Batched
from tinypt_core._batch.levels import is_at


class Product(Batched):
    """The product of two batched arrays, its `factors`, not yet computed."""

    __slots__ = ("factors",)
    factors: tuple[Any, ...]

    def __init__(self, level: int, a: Any, b: Any) -> None:
        super().__init__(None, level, True)
        self.factors = a, b

    @property
    def data(self) -> Any:
        """All elements, computed now."""
        if self._array is None:
            self._array = self.computed()
            self.factors = ()  # and let their memory go
        return self._array

    def _whole_shape(self) -> Any:
        if self._array is not None or any(isinstance(x, Batched) for x in self.factors):
            return self.data.shape
        return self.shape_of(*(tuple(x.shape) for x in self.factors))

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        if self._array is not None:
            return self._array.dtype
        return np.result_type(*(x.dtype for x in self.factors))

    def computed(self) -> Any:
        """The product of every element."""
        raise NotImplementedError

    def shape_of(self, m: tuple[int, ...], n: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the product of arrays of these shapes."""
        raise NotImplementedError

    def summed(self) -> Any:
        """The sum over the batch: one matrix product."""
        raise NotImplementedError


class Outer(Product):
    """Elementwise; of every axis at least one factor has length 1."""

    __slots__ = ()

    @classmethod
    def of(cls, level: int, a: Any, b: Any) -> Outer | None:
        """The product of a and b if it is worth waiting for; else None."""
        if not (is_at(a, level) and is_at(b, level)) or a.ndim != b.ndim or a.ndim < 2:
            return None
        pairs = list(zip(a.shape, b.shape, strict=True))
        if any(m != 1 != n for m, n in pairs) or min(a.size, b.size) < 2:
            return None
        return cls(level, a.data, b.data)

    def computed(self) -> Any:
        """a b."""
        a, b = self.factors
        return a * b

    def shape_of(self, m: tuple[int, ...], n: tuple[int, ...]) -> tuple[int, ...]:
        """As they broadcast."""
        return np.broadcast_shapes(m, n)

    def summed(self) -> Any:
        """Σ aᵢ bⱼ, put in the order of the axes."""
        a, b = self.factors
        n, shape = a.shape[0], np.broadcast_shapes(tuple(a.shape[1:]), tuple(b.shape[1:]))
        own = [axis for axis, m in enumerate(a.shape[1:]) if m != 1]
        rest = [axis for axis in range(len(shape)) if axis not in own]
        rows, columns = ([shape[i] for i in axes] for axes in (own, rest))
        flat = np.reshape(a, (n, prod(rows))).T @ np.reshape(b, (n, prod(columns)))
        order = [int(i) for i in np.argsort([*own, *rest])]
        return np.transpose(np.reshape(flat, (*rows, *columns)), order)


class Matrices(Product):
    """Of matrices."""

    __slots__ = ()

    def computed(self) -> Any:
        """a @ b."""
        a, b = self.factors
        return a @ b

    def shape_of(self, m: tuple[int, ...], n: tuple[int, ...]) -> tuple[int, ...]:
        """Rows of a, columns of b."""
        return (*m[:-1], n[-1])

    def summed(self) -> Any:
        """Σ aᵢₖ bₖⱼ, over k and the batch."""
        a, b = self.factors
        return np.tensordot(a, b, axes=([0, 2], [0, 1]))


def summed(x: Any, level: int) -> Any:
    """The sum over the batch of a level: the adjoint of sharing one value among all elements."""
    if not isinstance(x, Batched) or x.level < level:
        return x
    if x.level > level:
        return Batched(summed(x.data, level), x.level, x.returning)
    waits = isinstance(x, Product) and x._array is None
    return x.summed() if waits else np.sum(x.data, axis=0)  # type: ignore[attr-defined]
