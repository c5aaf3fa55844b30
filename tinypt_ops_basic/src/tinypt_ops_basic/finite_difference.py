"""numpy.gradient: slopes of sampled values."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function, Variable
from tinypt_ops_basic.indexing import GetItemGrad

_slope: Any = np.gradient


class Gradient(Function):
    """Slope along axes by central differences, one-sided at the ends: np.gradient.

    varargs: the spacing of the samples, one number for all axes, or for each axis a number or
    the coordinates of the samples; they are constants. axis: an int, or a tuple; None for all.
    edge_order: 1 or 2, the accuracy at the ends. Several axes give a tuple.

    >>> from tinypt_core.ops import gradient
    >>> gradient(np.array([1.0, 4.0, 9.0, 16.0]))
    variable([3. 4. 6. 7.])
    """

    __slots__ = ("axis", "edge_order", "spacing")
    keeps_nothing = True

    def __init__(self, spacing: Any = 1.0, axis: int = -1, edge_order: int = 1) -> None:
        self.spacing, self.axis, self.edge_order = spacing, axis, edge_order

    def forward(self, f: Any) -> Any:
        return _slope(f, self.spacing, axis=self.axis, edge_order=self.edge_order)

    def backward(self, gy: Any) -> Any:
        """Slope k is made of 3 samples from start[k] on (of 2, where there are but 2)."""
        gy = np.moveaxis(gy, self.axis, 0)
        n, total = len(gy), np.zeros_like(gy)
        start = np.clip(np.arange(n) - 1, 0, max(n - 3, 0))
        for j in range(min(n, 3)):  # of 3 neighbours one is j mod 3: so NumPy tells its weight
            comb = (np.arange(n) % 3 == j).astype(float)
            weights = _slope(comb, self.spacing, edge_order=self.edge_order).astype(gy.dtype)
            terms = gy * weights.reshape((n,) + (1,) * (gy.ndim - 1))
            total = total + GetItemGrad((start + (j - start) % 3,), gy.shape).of(terms)
        return np.moveaxis(total, 0, self.axis)

    @classmethod
    def apply(cls, f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
        if any(isinstance(spacing, Variable) for spacing in varargs):
            raise TypeError("Gradient: the spacing is a constant, not a Variable; use its .data")
        ndim = np.ndim(f)
        axes = tuple(range(ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        spacings = varargs * len(axes) if len(varargs) == 1 else varargs or (1.0,) * len(axes)
        if len(spacings) != len(axes) or (len(varargs) == 1 < len(axes) and np.ndim(varargs[0])):
            raise TypeError("Gradient: invalid number of arguments; one spacing for each axis")
        slopes = tuple(
            cls._call(f, spacing, i, edge_order) for spacing, i in zip(spacings, axes, strict=True)
        )
        return slopes[0] if len(slopes) == 1 else slopes
