"""Buffer: a Variable whose elements are being assigned, on an array that is written piece by piece.

It is one until somebody reads its array; picking elements leaves it as it is.
"""

from __future__ import annotations

from math import prod
from typing import Any

from tinypt_core._links import OPS
from tinypt_core._variable import Variable
from tinypt_core._written import whole

_slot = Variable.__dict__["_array"]
_new = object.__new__


class Buffer(Variable):
    """A Variable on a Written; operators that do not know about that find an ndarray."""

    __slots__ = ()

    @property
    def _array(self) -> Any:
        array = whole(_slot.__get__(self))
        self._array = array
        return array

    @_array.setter
    def _array(self, array: Any) -> None:
        _slot.__set__(self, array)
        self.__class__ = Variable  # type: ignore[assignment]

    shape = property(lambda self: _slot.__get__(self).shape)
    dtype = property(lambda self: _slot.__get__(self).dtype)
    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: prod(self.shape))

    def __len__(self) -> int:
        return len(_slot.__get__(self))

    def __getitem__(self, index: Any) -> Any:
        return OPS["getitem"](opened(self), index)


def buffer(written: Any, edge: Any) -> Variable:
    """A Variable on a Written at the place `edge` of the graph."""
    variable: Variable = _new(Buffer)
    _slot.__set__(variable, written)
    variable._edge = edge
    variable._name = variable._grad = None
    return variable


def opened(x: Any) -> Any:
    """For an operator that works piece by piece: a Buffer as a Variable on the Written itself."""
    if x.__class__ is not Buffer:
        return x
    variable: Any = _new(Variable)
    variable._array = _slot.__get__(x)
    variable._edge = x._edge
    variable._name = variable._grad = None
    return variable
