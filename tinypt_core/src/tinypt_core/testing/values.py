"""Small things about what operators are given and give back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinypt_core._variable import Variable

Arrays = list[np.ndarray]


def variables_of(values: Sequence[Any]) -> list[Any]:
    """A Variable on each array; a Python number stays what it is."""
    return [x if type(x) in (int, float) else Variable(np.asarray(x)) for x in values]


def normal(rng: np.random.Generator, like: Any) -> np.ndarray:
    """Normal numbers of a shape; complex ones for complex ones."""
    x = np.asarray(rng.normal(size=like.shape))
    return np.asarray(x + 1j * rng.normal(size=like.shape)) if like.dtype.kind == "c" else x


def flat(result: Any) -> list[Any]:
    """What an operator returned, as a flat list."""
    if isinstance(result, (tuple, list)):
        return [y for part in result for y in flat(part)]
    return [result]


def to_array(y: Any) -> np.ndarray:
    """The array of a Variable, or of whatever else an operator returned."""
    return y.data if isinstance(y, Variable) else np.asarray(y)
