"""Running an operator inside a gradient rule, which must serve arrays and Variables alike."""

from __future__ import annotations

from typing import Any

from tinypt_core import Function, Variable


def compute(f: Function, *xs: Any) -> Any:
    """f of arrays as an array; f of Variables as a Variable, recorded as any operator is.

    A rule whose adjoint NumPy has no name for calls it through here, so that a plain backward
    pass makes no Variables.
    """
    if any(isinstance(x, Variable) for x in xs):
        return f(*xs)
    return f.forward(*xs)
