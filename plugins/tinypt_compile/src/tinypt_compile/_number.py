"""TracedNumber: a Python number that writes down what is computed with it.

It is weak as Python's numbers are: it leaves float32 what it is. What Python decides by it
belongs to the case.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from tinypt_compile._program import SIGNS, UNARY, UfuncMethod
from tinypt_compile._trace import Trace

_OURS = (np.ndarray, np.generic, int, float, complex, bool, list, tuple)


class TracedNumber:
    """Stands for a Python number."""

    __slots__ = ("__weakref__", "_at", "_trace", "_value")

    def __init__(self, trace: Trace, at: int, value: Any) -> None:
        self._trace, self._at, self._value = trace, at, value

    # -- what the core asks of a number ---------------------------------------------------------

    @property
    def __tinypt_number__(self) -> type:
        return type(self._value)

    def __tinypt_array__(self, dtype: Any = None) -> Any:
        """The strong array of it, 0-d."""
        kwargs = {} if dtype is None else {"dtype": np.dtype(dtype)}
        return self._trace.record(np.asarray, (self,), kwargs)

    def __tinypt_anywhere__(self) -> bool:
        """Whether a condition holds anywhere: a rule takes another way, and so does the case."""
        return bool(self)

    # -- NumPy ---------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if not all(isinstance(x, (TracedNumber, *_OURS)) for x in inputs):
            return NotImplemented
        if kwargs.pop("out", None) is not None or method == "at":
            raise self._trace.block(f"np.{ufunc.__name__} writes into an array")
        if method != "__call__":
            return self._trace.record(UfuncMethod(ufunc, method), inputs, kwargs)
        return self._trace.record(ufunc, inputs, kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The values themselves: part of the case. Inside an operator that makes it opaque."""
        if self._trace.inside:
            raise self._trace.block("np.asarray of a traced array")
        array = np.array(self._trace.guard(self._at), dtype)
        array.flags.writeable = False
        return array

    # -- Python decides by it: a guard ------------------------------------------------------------

    def _plain(self) -> Any:
        return self._trace.guard(self._at)

    def __bool__(self) -> bool:
        return bool(self._asked(bool))

    def _asked(self, kind: type) -> Any:
        """Only the answer belongs to the case, not the value."""
        if isinstance(self._value, (bool, np.bool_)) or np.size(self._value) != 1:
            return self._plain()
        return self._trace.guard(self._trace.record(kind, (self,))._at)

    def __float__(self) -> float:
        return float(self._plain())

    def __int__(self) -> int:
        return int(self._asked(int))

    def __complex__(self) -> complex:
        return complex(self._plain())

    def __index__(self) -> int:
        return operator.index(self._plain())

    def __str__(self) -> str:
        return str(self._plain())

    def __format__(self, spec: str) -> str:
        return format(self._plain(), spec)

    def __repr__(self) -> str:
        return repr(self._plain())

    def __hash__(self) -> int:
        """Numbers hash by their value, which belongs to the case; arrays have no hash."""
        return hash(self._plain())

    def __round__(self, ndigits: int | None = None) -> Any:
        return self._trace.record(round, (self,) if ndigits is None else (self, ndigits))

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __abs__(self) -> Any:
        return self._trace.record(abs, (self,))

    def conjugate(self) -> Any:
        """The conjugate."""
        return self._trace.record(np.conjugate, (self,))

    def is_integer(self) -> bool:
        """Whether it is integral: part of the case."""
        return bool(self._plain().is_integer())

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    def __reduce__(self) -> Any:
        raise self._trace.block("a traced array is pickled")


def _binary(name: str, fn: Any) -> None:
    def forward(self: Any, other: Any) -> Any:
        if not isinstance(other, (TracedNumber, *_OURS)):
            return NotImplemented
        return self._trace.record(fn, (self, other))

    def swapped(self: Any, other: Any) -> Any:
        if not isinstance(other, (TracedNumber, *_OURS)):
            return NotImplemented
        return self._trace.record(fn, (other, self))

    def in_place(self: Any, other: Any) -> Any:
        if isinstance(self._value, np.ndarray):
            raise self._trace.block("an array is changed in place")
        return forward(self, other)

    setattr(TracedNumber, f"__{name}__", forward)
    if fn not in _COMPARISONS:
        setattr(TracedNumber, f"__r{name}__", swapped)
        setattr(TracedNumber, f"__i{name}__", in_place)


_COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)
for _fn in SIGNS:
    _binary(_fn.__name__.strip("_"), _fn)
for _fn in UNARY:
    setattr(
        TracedNumber,
        f"__{_fn.__name__}__",
        lambda self, fn=_fn: self._trace.record(fn, (self,)),
    )


def refused(name: str) -> Any:
    def refuse(self: Any) -> Any:
        raise self._trace.block(f".{name} of an array or a number")

    return property(refuse)


for _name in {*dir(float), *dir(complex)}:
    if not _name.startswith("_") and not hasattr(TracedNumber, _name):
        setattr(TracedNumber, _name, refused(_name))
