"""An array of another library, as strict as one can be: for tests of "any array flows through".

It wraps an ndarray, speaks NumPy's two protocols, counts the calls it gets, and refuses every
conversion to a plain number or array. `plain(x)` looks inside.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

#: how often each function of NumPy was called on a Strict, by name
calls: Counter[str] = Counter()


class Converted(AssertionError):
    """Something turned a Strict into a plain number or array."""


def _refuse(name: str) -> Any:
    def refuse(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise Converted(f"{name} of an array that lives elsewhere")

    return refuse


class Strict(np.lib.mixins.NDArrayOperatorsMixin):
    """An array that NumPy's functions work on, and that never turns into one of NumPy's."""

    __slots__ = ("__weakref__", "_inside")

    def __init__(self, data: Any) -> None:
        assert not isinstance(data, Strict)
        self._inside = np.asarray(data)

    shape = property(lambda self: self._inside.shape)
    ndim = property(lambda self: self._inside.ndim)
    size = property(lambda self: self._inside.size)
    dtype = property(lambda self: self._inside.dtype)
    T = property(lambda self: Strict(self._inside.T))
    real = property(lambda self: Strict(self._inside.real))
    imag = property(lambda self: Strict(self._inside.imag))

    def __len__(self) -> int:
        return len(self._inside)

    def __getitem__(self, index: Any) -> Strict:
        calls["getitem"] += 1
        return Strict(self._inside[_in(index)])

    def __setitem__(self, index: Any, value: Any) -> None:
        calls["setitem"] += 1
        self._inside[_in(index)] = _in(value)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if any(hasattr(x, "cleargrad") for x in inputs):
            return NotImplemented  # it has never heard of Variables
        calls[ufunc.__name__] += 1
        return _out(getattr(ufunc, method)(*_in(list(inputs)), **_in(kwargs)))

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if any(hasattr(kind, "cleargrad") for kind in types):
            return NotImplemented
        calls[func.__name__] += 1
        return _out(func(*_in(list(args)), **_in(kwargs)))

    for _name in (
        "__array__", "__bool__", "__float__", "__int__", "__complex__", "__index__", "__iter__",
        "__contains__", "__buffer__", "__reduce__", "item", "tolist", "tobytes",
    ):  # fmt: skip
        locals()[_name] = _refuse(_name)
    del _name


def _method(name: str) -> Any:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        calls[name] += 1
        return _out(getattr(self._inside, name)(*_in(list(args)), **_in(kwargs)))

    return method


for _name in [
    "all",
    "any",
    "argmax",
    "argmin",
    "argsort",
    "astype",
    "clip",
    "conj",
    "conjugate",
    "copy",
    "cumprod",
    "cumsum",
    "diagonal",
    "dot",
    "max",
    "mean",
    "min",
    "prod",
    "ravel",
    "repeat",
    "reshape",
    "round",
    "squeeze",
    "std",
    "sum",
    "swapaxes",
    "take",
    "trace",
    "transpose",
    "var",
]:
    setattr(Strict, _name, _method(_name))


def _in(value: Any) -> Any:
    if isinstance(value, Strict):
        return value._inside
    if type(value) in (list, tuple):
        return type(value)(map(_in, value))
    if type(value) is dict:
        return {key: _in(v) for key, v in value.items()}
    return value


def _out(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return Strict(value)
    if isinstance(value, tuple):
        parts = map(_out, value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return list(map(_out, value)) if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """What is inside: the ndarray of a Strict, also of one in a Variable; an ndarray itself."""
    value = getattr(value, "_array", value)
    assert isinstance(value, Strict), f"turned into {type(value)}"
    return value._inside
