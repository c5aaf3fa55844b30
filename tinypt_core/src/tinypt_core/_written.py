"""Written: an array that is written into piece by piece, each time at the cost of the piece.

`x[i] = value` as an operator gives a new array, and the gradient of `x[i]` is zero but for one
place. Taken at their word, n assignments copy n arrays. Here the new version takes over the memory
of the last one, which remembers what stood there before (H. G. Baker, Shallow Binding Makes
Functional Arrays Fast, SIGPLAN Notices 26(8), 1991). So every version keeps its values, whoever
holds it, and no ownership is to be known; only the newest is quick. NumPy's functions take it for
what it is, an array.
"""

from __future__ import annotations

import os
import weakref
from _thread import RLock
from math import prod
from typing import Any

import numpy as np

_ndarray = np.ndarray

#: two threads may write into versions of the same memory
_lock = RLock()


class Written:
    """One version. It has the memory, or knows the newer version that has it, or is one piece."""

    __slots__ = ("__weakref__", "_given", "_memory", "_newer", "_older", "_piece", "dtype", "shape")

    def __init__(self, shape: tuple[int, ...], dtype: Any, memory: Any, piece: Any = None) -> None:
        self.shape = shape
        self.dtype = dtype
        self._memory = memory
        self._piece = piece  #: (index, value), of zeros with value added at index
        self._newer: Any = None  #: the version that took the memory, an index, what stood there
        self._older: Any = _nobody
        self._given = False  #: whether somebody else has the memory in hand

    def put(self, index: Any, value: Any, add: bool = False) -> Written:
        """A new version with value at index, or added there."""
        with _lock:
            memory = self._memory
            if memory is None:
                memory = self._own()
            if self._given:
                memory = memory.copy()
            before = memory[index]
            if before.__class__ is _ndarray:
                before = before.copy()
            if not add:
                memory[index] = value
            elif picks_once(index):
                memory[index] = before + value
            else:
                np.add.at(memory, index, value)
            new = Written(self.shape, self.dtype, memory)
            if not self._given:
                self._memory, self._newer, new._older = (
                    None,
                    (new, index, before),
                    weakref.ref(self),
                )
        return new

    def array(self) -> Any:
        """The ndarray; from now on nothing is written into its memory here."""
        with _lock:
            older = self._older()
            if older is not None and older._newer is not None and older._newer[0] is self:
                older._own()  # before its memory can be changed by somebody else
            self._given = True
            return self._own()

    def _own(self) -> Any:
        """The memory, which holds the values of this version."""
        if self._memory is None:
            self._memory = self._restored() if self._piece is None else self._alone()
            self._piece = self._newer = None
        return self._memory

    def _alone(self) -> Any:
        return placed(np.zeros(self.shape, self.dtype), *self._piece)

    def _restored(self) -> Any:
        """A copy of the newest version, and what stood there before each step since."""
        steps, version = [], self
        while version._memory is None:
            version, index, before = version._newer
            steps.append((index, before))
        memory = version._memory.copy()
        for index, before in reversed(steps):
            memory[index] = before
        return memory

    def __getitem__(self, index: Any) -> Any:
        with _lock:
            memory = self._memory
            picked = (self._own() if memory is None else memory)[index]
            return picked.copy() if picked.__class__ is _ndarray else picked

    def __add__(self, other: Any) -> Any:
        return _sum(self, other)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if ufunc is np.add and method == "__call__" and len(inputs) == 2 and not kwargs:
            return _sum(*inputs)
        return getattr(ufunc, method)(
            *map(whole, inputs), **{k: whole(v) for k, v in kwargs.items()}
        )

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return func(*map(whole, args), **{name: whole(v) for name, v in kwargs.items()})

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(self.array(), dtype=dtype, copy=copy)

    def copy(self) -> Any:
        """An ndarray of the same values, in memory of its own."""
        return np.array(self.array())

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return prod(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __reduce__(self) -> Any:
        return np.array, (self.array(),)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.array(), name)


def _delegate(name: str) -> Any:
    def method(self: Any, *args: Any) -> Any:
        return getattr(self.array(), name)(*map(whole, args))

    return method


_BINARY = "sub mul truediv floordiv mod pow matmul divmod and or xor lshift rshift"
_OTHERS = "lt le gt ge eq ne neg pos abs invert bool int float complex index iter contains repr str"
for _name in [*_BINARY.split(), *[f"r{n}" for n in _BINARY.split()], *_OTHERS.split(), "radd"]:
    setattr(Written, f"__{_name}__", _delegate(f"__{_name}__"))


def _nobody() -> None:
    return None


def _renew_lock() -> None:
    global _lock
    _lock = RLock()


if hasattr(os, "register_at_fork"):  # a child has none of the threads that may have held it
    os.register_at_fork(after_in_child=_renew_lock)


def _is_piece(x: Any) -> bool:
    return x.__class__ is Written and x._piece is not None


def _sum(a: Any, b: Any) -> Any:
    """a + b, at the cost of the piece where one of them is one."""
    if _is_piece(a):
        a, b = b, a
    if not _is_piece(b) or a.__class__ not in (_ndarray, Written):
        return whole(a) + whole(b)
    if a.shape != b.shape or a.dtype != b.dtype:
        return whole(a) + whole(b)
    if a.__class__ is _ndarray:
        a = Written(a.shape, a.dtype, np.array(a))
    return a.put(*b._piece, add=True)


def whole(value: Any) -> Any:
    """An ndarray in place of every Written in a value; anything else as it is."""
    if value.__class__ is Written:
        return value.array()
    if value.__class__ in (list, tuple):
        return type(value)(map(whole, value))
    return value


def _whole(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: whole(value) for name, value in kwargs.items()}


def placed(zeros: Any, index: Any, value: Any) -> Any:
    """The zeros, with value added at index."""
    if picks_once(index):
        zeros[index] = value
    else:
        np.add.at(zeros, index, value)
    return zeros


def picks_once(index: Any) -> bool:
    """Whether an index picks no element twice: everything but integer arrays.

    >>> picks_once((0, slice(None), None)), picks_once((0, (1, 1)))
    (True, False)
    """
    for part in index if index.__class__ is tuple else (index,):
        if part.__class__ in _BASIC or isinstance(part, np.integer):
            continue
        if (part if hasattr(part, "dtype") else np.asarray(part)).dtype != bool:
            return False
    return True


_BASIC = frozenset({int, slice, type(None), type(...)})
