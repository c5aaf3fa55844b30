"""Integrals of samples: trapezoid, cumulative_trapezoid, simpson."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Variable

from tinypt_ops_scipy._scipy import integrate


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """∫ y dx by the trapezoidal rule along an axis: scipy.integrate.trapezoid.

    >>> float(trapezoid(np.array([0.0, 1.0, 2.0])))
    2.0
    """
    return np.trapezoid(y, x, dx, axis)


def cumulative_trapezoid(
    y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: Any = None
) -> Any:
    """∫ y dx up to each sample: scipy.integrate.cumulative_trapezoid. x: 1-d, or as y.

    initial: None, or 0 to begin the result with a 0.

    >>> cumulative_trapezoid(np.array([0.0, 1.0, 2.0]), initial=0)
    array([0. , 0.5, 2. ])
    """
    y = np.moveaxis(y, axis, -1)
    if x is not None:
        dx = np.diff(np.moveaxis(x, axis, -1) if x.ndim > 1 else x)
    total = np.cumsum(0.5 * dx * (y[..., 1:] + y[..., :-1]), axis=-1)
    if initial is not None:
        if initial != 0:
            raise ValueError("cumulative_trapezoid: initial is None or 0, as in SciPy")
        total = np.concatenate([np.zeros((*total.shape[:-1], 1)), total], axis=-1)
    return np.moveaxis(total, -1, axis)


def simpson(y: Any, x: Any = None, *, dx: float = 1.0, axis: int = -1) -> Any:
    """∫ y dx by Simpson's rule along an axis: scipy.integrate.simpson. x, dx: constants.

    The rule is linear in y, with SciPy's own weights. Raises TypeError if x is a Variable.

    >>> float(simpson(np.array([0.0, 1.0, 4.0])).round(12))
    2.666666666667
    """
    if isinstance(x, Variable) or isinstance(dx, Variable):
        raise TypeError("simpson: x and dx are constants; use their .data, or trapezoid")
    n = y.shape[axis]
    weights = integrate.simpson(np.eye(n), x=x, dx=dx, axis=-1)
    return np.sum(np.moveaxis(y, axis, -1) * weights, axis=-1)
