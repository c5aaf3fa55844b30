"""Traced: an array that writes down what is computed with it.

It speaks NumPy's protocols, so that functions, operators and gradient rules take it for an array.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from tinypt_compile._memory import assigned
from tinypt_compile._number import TracedNumber, refused
from tinypt_compile._program import Method


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

    @property
    def strides(self) -> Any:
        """How it lies in memory, which follows from how the arguments do: part of the case."""
        self._trace.note_strides()
        return self._value.strides

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


for _name in dir(np.ndarray):
    if not _name.startswith("_") and not hasattr(Traced, _name):
        setattr(Traced, _name, refused(_name))
