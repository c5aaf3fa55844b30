"""Traced: an array that writes down what is computed with it.

It speaks NumPy's protocols, so that functions, operators and gradient rules take it for an array.
TracedNumber stands for a Python number, which is weak: it leaves float32 what it is.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from tinypt_compile._memory import assigned
from tinypt_compile._program import SIGNS, UNARY, Method, UfuncMethod
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


class Traced(TracedNumber):
    """Stands for an array, or for one of NumPy's scalars."""

    __slots__ = ()
    __tinypt_number__ = None  # type: ignore[assignment]

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from tinypt_compile._functions import call

        if not all(issubclass(t, (TracedNumber, np.ndarray)) for t in types):
            return NotImplemented
        return call(self._trace, func, args, kwargs)

    def __tinypt_array__(self, dtype: Any = None) -> Any:
        """Itself."""
        return self if dtype is None else self.astype(dtype)

    def __tinypt_anywhere__(self) -> bool:
        """Whether a condition holds anywhere: a rule takes another way, and so does the case."""
        return bool(np.any(self))

    shape = property(lambda self: self._value.shape)
    dtype = property(lambda self: self._value.dtype)
    ndim = property(lambda self: self._value.ndim)
    size = property(lambda self: self._value.size)
    itemsize = property(lambda self: self._value.itemsize)
    nbytes = property(lambda self: self._value.nbytes)
    T = property(lambda self: self.transpose())
    mT = property(lambda self: np.swapaxes(self, -1, -2))
    real = property(lambda self: np.real(self))
    imag = property(lambda self: np.imag(self))

    def __len__(self) -> int:
        return len(self._value)

    def __iter__(self) -> Any:
        if not self.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self == value))

    def __getitem__(self, index: Any) -> Any:
        return self._trace.record(operator.getitem, (self, index), guards=_by_data(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        """A new array takes the place of one that is nobody else's."""
        if not self._trace.is_alone(self._at):
            raise self._trace.block("an array is changed in place")
        new = self._trace.record(assigned, (self, index, value))
        self._at, self._value = new._at, new._value

    @property
    def base(self) -> None:
        """None, of an array in memory of its own."""
        if not self._trace.is_alone(self._at):
            raise self._trace.block(".base of an array")

    def item(self, *args: Any) -> Any:
        """One element as a Python number: part of the case."""
        if args:
            return self[args[0] if len(args) == 1 and isinstance(args[0], tuple) else args].item()
        return self._plain().item()

    def tolist(self) -> Any:
        """The elements as Python numbers: part of the case."""
        return self._plain().tolist()

    def copy(self, order: str = "C") -> Any:
        """The same numbers in memory of their own."""
        return self._trace.record(np.array, (self,))

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """The same numbers in another dtype."""
        return self._trace.record(Method("astype"), (self, np.dtype(dtype), *args), kwargs)

    def reshape(self, *shape: Any, **kwargs: Any) -> Any:
        """The same numbers in another shape."""
        shape = shape[0] if len(shape) == 1 else shape
        return np.reshape(self, shape, **kwargs)

    def transpose(self, *axes: Any) -> Any:
        """The axes in another order."""
        axes = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        return np.transpose(self, axes or None)

    def flatten(self, order: str = "C") -> Any:
        """One axis, in memory of its own."""
        return self._trace.record(Method("flatten"), (self, order))


def _by_data(index: Any) -> bool:
    """Whether the shape of x[index] depends on the numbers in index."""
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(p, Traced) and p.dtype.kind == "b" for p in parts) or any(
        isinstance(p, slice) and any(isinstance(v, TracedNumber) for v in (p.start, p.stop, p.step))
        for p in parts
    )


def _as_function(name: str) -> Any:
    function = getattr(np, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return function(self, *args, **kwargs)

    return method


for _name in (
    "all", "any", "argmax", "argmin", "argsort", "choose", "clip", "compress", "conj", "cumprod",
    "cumsum", "diagonal", "dot", "max", "mean", "min", "nonzero", "prod", "ravel", "repeat",
    "round", "searchsorted", "squeeze", "std", "sum", "swapaxes", "take", "trace", "var",
):  # fmt: skip
    setattr(Traced, _name, _as_function(_name))


def _refused(name: str) -> Any:
    def refuse(self: Any) -> Any:
        raise self._trace.block(f".{name} of an array or a number")

    return property(refuse)


for _name in {*dir(float), *dir(complex)}:
    if not _name.startswith("_") and not hasattr(TracedNumber, _name):
        setattr(TracedNumber, _name, _refused(_name))

for _name in dir(np.ndarray):
    if not _name.startswith("_") and not hasattr(Traced, _name):
        setattr(Traced, _name, _refused(_name))
