"""What arrays have, on Variables: shape, dtype, and the views that are operators."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, TypeVar

from tinypt_core._links import OPS

_V = TypeVar("_V", bound="Attributes")


class Attributes:
    """Base of Variable: the attributes of arrays."""

    __slots__ = ()
    _array: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """The array's shape."""
        return self._array.shape  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._array.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self._array.shape)

    @property
    def dtype(self) -> Any:
        """The array's dtype."""
        return self._array.dtype

    @property
    def nbytes(self) -> int:
        """The bytes of the array's elements."""
        return self.size * int(self.dtype.itemsize)

    def __len__(self) -> int:
        return len(self._array)

    @property
    def T(self: _V) -> _V:
        """The axes in reverse order: the registered op `transpose`."""
        return OPS["transpose"](self)  # type: ignore[no-any-return]

    @property
    def mT(self: _V) -> _V:
        """The last two axes exchanged: the registered op `matrix_transpose`."""
        return OPS["matrix_transpose"](self)  # type: ignore[no-any-return]

    @property
    def real(self: _V) -> _V:
        """The real part: the registered op `real`."""
        return OPS["real"](self)  # type: ignore[no-any-return]

    @property
    def imag(self: _V) -> _V:
        """The imaginary part: the registered op `imag`."""
        return OPS["imag"](self)  # type: ignore[no-any-return]

    @property
    def flat(self: _V) -> Iterator[_V]:
        """The elements one by one, in C order."""
        return iter(OPS["ravel"](self))

    def conj(self: _V) -> _V:
        """The complex conjugate: the registered op `conjugate`."""
        return OPS["conjugate"](self)  # type: ignore[no-any-return]
