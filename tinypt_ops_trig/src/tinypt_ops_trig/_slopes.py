"""What the rules of the inverse functions are made of, elementwise.

Each is written so that it keeps its digits everywhere, and has a rule of its own: differentiating
the way it is computed would subtract nearly equal numbers. x is real or complex.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function, anywhere


class OneMinusSquare(Function):
    """1 - x², as (1 - x)(1 + x), which is exact near 1; its derivative is -2x."""

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return (1 - x) * (1 + x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * (-2 * x)


class RootOnePlusSquare(Function):
    """√(1 + x²) without overflow; its derivative is x / √(1 + x²)."""

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        far = _far(x)
        if not anywhere(far):
            return np.sqrt(1 + x * x)
        near = np.where(far, 0, x)
        return np.where(far, x * np.copysign(1, np.real(x)), np.sqrt(1 + near * near))

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (x / y)


class ArctanSlope(Function):
    """1 / (1 + x²) without overflow; its derivative is -2x / (1 + x²)²."""

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        far = _far(x)
        if not anywhere(far):
            return 1 / (1 + x * x)
        near, inverse = np.where(far, 0, x), 1 / np.where(far, x, 1)
        return np.where(far, inverse * inverse, 1 / (1 + near * near))

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (-2 * (x * y) * y)


def _far(x: Any) -> Any:
    """Where 1 + x² is x² to the last digit."""
    return np.abs(x) > 4 / np.sqrt(np.finfo(x.dtype).eps)
