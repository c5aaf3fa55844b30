"""Products of vectors and matrices."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tinypt_core import Function


class MatMul(Function):
    """Matrix product y = x1 @ x2, over leading axes as they broadcast.

    x1: (..., n, k) or (k,), x2: (..., k, m) or (k,); y: (..., n, m) without the axes that a
    vector does not have.

    Raises ValueError if the inner sizes differ or an operand is 0-d.

    >>> from tinypt_core import Variable
    >>> Variable(np.array([[1.0, 2.0]])) @ np.array([[3.0], [4.0]])
    variable([[11.]])
    """

    __slots__ = ()

    def forward(self, x1: Any, x2: Any) -> Any:
        return x1 @ x2

    def backward(self, gy: Any, x1: Any, x2: Any) -> Any:
        need1, need2 = self.needs
        if x1.ndim == x2.ndim == 2:
            return gy @ x2.T if need1 else None, x1.T @ gy if need2 else None
        return _left(gy, x1, x2) if need1 else None, _right(gy, x1, x2) if need2 else None


def _left(gy: Any, x1: Any, x2: Any) -> Any:
    """The gradient gy x2ᵀ of the left operand."""
    if x2.ndim == 1:
        return np.expand_dims(gy, -1) * x2
    if x1.ndim == 1:
        return (np.expand_dims(gy, -2) @ np.swapaxes(x2, -1, -2))[..., 0, :]
    return gy @ np.swapaxes(x2, -1, -2)


def _right(gy: Any, x1: Any, x2: Any) -> Any:
    """The gradient x1ᵀ gy of the right operand."""
    if x1.ndim == 1:
        return np.expand_dims(x1, -1) * np.expand_dims(gy, -2) if x2.ndim > 1 else x1 * gy
    if x2.ndim == 1:
        return (np.swapaxes(x1, -1, -2) @ np.expand_dims(gy, -1))[..., 0]
    if x2.ndim == 2:  # one matrix for all: sum over the leading axes in the product itself
        (k, m), rows = x2.shape, prod(x1.shape[:-1])
        return np.reshape(x1, (rows, k)).T @ np.reshape(gy, (rows, m))
    return np.swapaxes(x1, -1, -2) @ gy
