"""Scaling by a power of two, which is exact, so that squares neither overflow nor vanish."""

from __future__ import annotations

from typing import Any

import numpy as np


def power_of_two(x: Any, axes: Any) -> Any:
    """The power of two at or below the largest |x| along axes, which stay; 1 for 0 and inf.

    Dividing by it before squares are summed is what LAPACK's nrm2 does for numbers out of range
    (Blue 1978, A portable Fortran program to find the Euclidean norm of a vector).

    >>> power_of_two(np.array([3.0, -5.0]), 0)
    array([4.])
    """
    largest = np.max(np.abs(x), axis=axes, keepdims=True)
    usual = np.isfinite(largest) & (largest > 0)
    return np.where(usual, np.exp2(np.floor(np.log2(np.where(usual, largest, 1)))), 1)


def out_of_range(y: Any, power: float) -> Any:
    """Where |x|^power may have overflowed or vanished on the way to a y of the size of x.

    >>> out_of_range(np.array([1.0, 1e-200, np.inf]), 2)
    array([False,  True,  True])
    """
    info = np.finfo(y.dtype)
    low = float(info.tiny) ** (1 / power) / info.eps
    high = float(info.max) ** min(1 / power, 1) * info.eps
    return ~((y > low) & (y < high))
