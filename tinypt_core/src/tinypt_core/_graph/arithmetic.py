"""The operators of Python on Variables: each is the registered operator of NumPy's name for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from tinypt_core._arrays import defers_to
from tinypt_core._links import OPS

_V = TypeVar("_V", bound="Arithmetic")
_Mask: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"


class Arithmetic:
    """`+ - * / ** @ // % abs [] == <` and so on, looked up in the registry by name, once."""

    __slots__ = ()
    __hash__ = object.__hash__  # `==` compares elements; Variables are told apart by identity

    def __divmod__(self: _V, other: Any) -> tuple[np.ndarray, _V]:
        return OPS["floor_divide"](self, other), OPS["mod"](self, other)

    def __rdivmod__(self: _V, other: Any) -> tuple[np.ndarray, _V]:
        return OPS["floor_divide"](other, self), OPS["mod"](other, self)

    def __round__(self: _V, ndigits: int | None = None) -> _V:
        return OPS["round"](self, ndigits or 0)  # type: ignore[no-any-return]

    if TYPE_CHECKING:  # made below

        def __add__(self: _V, other: Any) -> _V: ...
        def __radd__(self: _V, other: Any) -> _V: ...
        def __sub__(self: _V, other: Any) -> _V: ...
        def __rsub__(self: _V, other: Any) -> _V: ...
        def __mul__(self: _V, other: Any) -> _V: ...
        def __rmul__(self: _V, other: Any) -> _V: ...
        def __truediv__(self: _V, other: Any) -> _V: ...
        def __rtruediv__(self: _V, other: Any) -> _V: ...
        def __floordiv__(self, other: Any) -> np.ndarray: ...
        def __rfloordiv__(self, other: Any) -> np.ndarray: ...
        def __mod__(self: _V, other: Any) -> _V: ...
        def __rmod__(self: _V, other: Any) -> _V: ...
        def __pow__(self: _V, other: Any) -> _V: ...
        def __rpow__(self: _V, other: Any) -> _V: ...
        def __matmul__(self: _V, other: Any) -> _V: ...
        def __rmatmul__(self: _V, other: Any) -> _V: ...
        def __lt__(self, other: Any) -> _Mask: ...
        def __le__(self, other: Any) -> _Mask: ...
        def __gt__(self, other: Any) -> _Mask: ...
        def __ge__(self, other: Any) -> _Mask: ...
        def __eq__(self, other: Any) -> _Mask: ...  # type: ignore[override]
        def __ne__(self, other: Any) -> _Mask: ...  # type: ignore[override]
        def __getitem__(self: _V, index: Any) -> _V: ...
        def __neg__(self: _V) -> _V: ...
        def __pos__(self: _V) -> _V: ...
        def __abs__(self: _V) -> _V: ...


def _operator(op: str, swap: bool = False) -> Callable[..., Any]:
    def forward(self: Any, other: Any) -> Any:
        try:
            return OPS[op](self, other)
        except TypeError:
            if defers_to(other):
                return NotImplemented
            raise

    def swapped(self: Any, other: Any) -> Any:
        try:
            return OPS[op](other, self)
        except TypeError:
            if defers_to(other):
                return NotImplemented
            raise

    return swapped if swap else forward


def _getitem(self: Any, index: Any) -> Any:
    return OPS["getitem"](self, index)


def _unary(op: str) -> Callable[..., Any]:
    return lambda self: OPS[op](self)


for _symbol, _op in {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power",
    "matmul": "matmul", "mod": "mod", "floordiv": "floor_divide",
    "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
    "lshift": "left_shift", "rshift": "right_shift",
}.items():  # fmt: skip
    setattr(Arithmetic, f"__{_symbol}__", _operator(_op))
    setattr(Arithmetic, f"__r{_symbol}__", _operator(_op, swap=True))
for _symbol, _op in {
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal",
    "eq": "equal", "ne": "not_equal",
}.items():  # fmt: skip
    setattr(Arithmetic, f"__{_symbol}__", _operator(_op))
Arithmetic.__getitem__ = _getitem  # type: ignore[method-assign]
for _symbol, _op in {
    "neg": "negative", "pos": "positive", "abs": "absolute", "invert": "invert",
}.items():  # fmt: skip
    setattr(Arithmetic, f"__{_symbol}__", _unary(_op))
