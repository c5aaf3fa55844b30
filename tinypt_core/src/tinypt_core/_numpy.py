"""NumPy's own functions on Variables: np.sin(variable) -> the registered op named "sin".

A function of another library is not NumPy's, whatever its name: it goes to the op that is
registered under its module's name too, as `scipy.special.erf`.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from tinypt_core._errors import OpNotFoundError
from tinypt_core._links import OPS
from tinypt_core._variable import Variable

#: a ufunc's other methods, where they are an operator of their own
_METHODS = {
    ("add", "reduce"): "sum",
    ("multiply", "reduce"): "prod",
    ("maximum", "reduce"): "max",
    ("minimum", "reduce"): "min",
    ("add", "accumulate"): "cumsum",
    ("multiply", "accumulate"): "cumprod",
}
#: where NumPy's functions say that they live, and what is in front of their operators' names
_HOMES = {"numpy": "", "numpy.linalg": "linalg.", "numpy.fft": "fft."}
#: libraries whose compiled ufuncs do not say where they live
_LIBRARIES = ("scipy.special",)


def array_ufunc(self: Variable, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """Dispatch a ufunc, NumPy's or anybody's, to the op of its name and module."""
    name = _ufunc_name(ufunc)
    if method != "__call__":
        name = _METHODS.get((name, method), f"{name}.{method}")
        if method in ("reduce", "accumulate"):
            kwargs.setdefault("axis", 0)
    if kwargs.get("out") is not None:
        raise TypeError(f"np.{name}: out= is not supported with Variables; use the result")
    return _op(name, ufunc)(*inputs, **kwargs)


def _ufunc_name(ufunc: Any) -> str:
    name: str = ufunc.__name__
    if getattr(np, name, None) is ufunc:
        return name
    for library in _LIBRARIES:
        if getattr(sys.modules.get(library), name, None) is ufunc:
            return f"{library}.{name}"
    return f"{getattr(ufunc, '__module__', None) or 'a library'}.{name}"


def array_function(self: Variable, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """Dispatch a function, NumPy's or anybody's, to the op of its name and module."""
    module: str = func.__module__
    home = _HOMES.get(module, f"{module}.")
    return _op(home + func.__name__, func)(*args, **kwargs)


def _op(name: str, func: Any) -> Any:
    try:
        return OPS[name]
    except OpNotFoundError as error:
        raise TypeError(
            f"{func.__name__} of a Variable: {error}{_not_numpys(name, func)}"
        ) from error


#: functions that are no operators, and what to write
_WRITE = {
    "save": "np.save(file, x.data), or pickle x",
    "savez": "np.savez(file, x=x.data), or pickle x",
    "savez_compressed": "np.savez_compressed(file, x=x.data), or pickle x",
    "savetxt": "np.savetxt(file, x.data)",
}


def _not_numpys(name: str, func: Any) -> str:
    if name.rpartition(".")[0] in ("", "linalg", "fft"):
        return f"; write {_WRITE[name]}" if name in _WRITE else ""
    return (
        f"; it is not NumPy's {func.__name__}, but that of another library: register an operator "
        f"under the name {name!r} for it, or write it with NumPy's functions"
    )


Variable.__array_ufunc__ = array_ufunc  # type: ignore[attr-defined]
Variable.__array_function__ = array_function  # type: ignore[attr-defined]
