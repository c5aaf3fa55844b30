"""NumPy's own functions on Variables: np.sin(variable) -> the registered op named "sin"."""

from __future__ import annotations

from typing import Any

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


def array_ufunc(self: Variable, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """Dispatch a ufunc, NumPy's or anybody's, to the op of its name."""
    if method == "__call__":
        name = ufunc.__name__
    else:
        name = _METHODS.get((ufunc.__name__, method), f"{ufunc.__name__}.{method}")
        if method in ("reduce", "accumulate"):
            kwargs.setdefault("axis", 0)
    if kwargs.get("out") is not None:
        raise TypeError(f"np.{name}: out= is not supported with Variables; use the result")
    return _op(name, ufunc)(*inputs, **kwargs)


def array_function(self: Variable, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """Dispatch a NumPy function to the op of its name."""
    module = func.__module__.removeprefix("numpy").strip(".")
    name = f"{module}.{func.__name__}" if module in ("linalg", "fft") else func.__name__
    return _op(name, func)(*args, **kwargs)


def _op(name: str, func: Any) -> Any:
    try:
        return OPS[name]
    except OpNotFoundError as error:
        raise TypeError(f"{func.__name__} of a Variable: {error}") from error


Variable.__array_ufunc__ = array_ufunc  # type: ignore[attr-defined]
Variable.__array_function__ = array_function  # type: ignore[attr-defined]
