"""Calling the registered operators; what is plain becomes a Variable again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_core._links import OPS
from tinypt_core._variable import Variable


def constant(x: Any) -> Variable:
    """A constant on an array: what is made of numbers has nothing to be differentiated by."""
    return Variable(x).detach()


def variable(y: Any) -> Any:
    """y as a Variable, or its parts if there are several; what is plain is a constant."""
    if isinstance(y, Variable):
        return y
    if isinstance(y, (list, tuple)):
        parts = map(variable, y)
        return type(y)(*parts) if hasattr(y, "_fields") else type(y)(parts)
    return constant(np.asarray(y))


def parameter(x: Any) -> Any:
    """A parameter that is not differentiated: the array of a Variable."""
    return x.data if isinstance(x, Variable) else x


def call(name: str, *args: Any, **kwargs: Any) -> Any:
    """The registered operator of this name."""
    return variable(OPS[name](*args, **kwargs))


def unary(name: str, operator: str = "") -> Callable[..., Any]:
    """The function of one array that is the operator `operator`, by default of the same name."""

    def function(x: Any, /) -> Any:
        return call(operator or name, x)

    return named(function, name, operator)


def binary(name: str, operator: str = "") -> Callable[..., Any]:
    """The function of two arrays or numbers."""

    def function(x1: Any, x2: Any, /) -> Any:
        return call(operator or name, x1, x2)

    return named(function, name, operator)


def named(function: Any, name: str, operator: str = "") -> Callable[..., Any]:
    """The function under its name in the standard."""
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"The operator `{operator or name}`."
    return function  # type: ignore[no-any-return]
