"""Which functions of `math` round as NumPy's do here: NumPy has faster loops on some processors."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

#: NumPy's name of a ufunc: the name in math
MATH = {
    "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "exp": "exp", "expm1": "expm1", "log": "log", "log2": "log2",
    "log10": "log10", "log1p": "log1p", "sqrt": "sqrt", "arctan2": "atan2", "hypot": "hypot",
    "radians": "radians", "deg2rad": "radians", "degrees": "degrees", "rad2deg": "degrees",
    "copysign": "copysign", "fabs": "fabs", "power": "pow",
}  # fmt: skip
#: how many numbers are tried, of every size that functions are used at
_TRIED = 2000


@cache
def agrees(name: str) -> bool:
    """Whether math's function gives NumPy's bits, tried once at numbers of its domain."""
    ours, theirs = getattr(math, MATH[name]), getattr(np, name)
    rng = np.random.default_rng(0)
    sizes = np.repeat([0.5, 2.0, 20.0, 500.0], _TRIED // 4)
    points = rng.uniform(-1, 1, (theirs.nin, _TRIED)) * sizes
    if name in ("arccosh", "power"):
        points[0] = 1 + abs(points[0])
    with np.errstate(all="ignore"):
        return all(_is_same(ours, theirs, xs) for xs in zip(*points.tolist(), strict=True))


def _is_same(ours: object, theirs: object, xs: tuple[float, ...]) -> bool:
    try:
        return bool(ours(*xs) == theirs(*xs))  # type: ignore[operator]
    except (ValueError, ArithmeticError):  # outside the domain: NumPy computes it anyway
        return True
