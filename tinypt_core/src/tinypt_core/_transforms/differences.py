"""Differences, to compare a derivative with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_core._errors import GradientError
from tinypt_core._modes import get_mode, using_mode
from tinypt_core._transforms.run import floats
from tinypt_core._variable import Variable


def numerical_diff(f: Callable[..., Any], x: Any, eps: float = 1e-4) -> np.ndarray:
    """The gradient of sum(f(x)) by central differences: (f(x + eps) - f(x - eps)) / (2 eps).

    x: an array or Variable; its elements are moved one at a time, in double precision. `f` gets
    a Variable and returns a Variable or array. Result: x's shape and dtype, with an error
    of order eps² f'''(x). Complex elements of x move in both directions of the plane, and the
    gradient g of s, the sum's real part, has ds = Re(sum(g dx)); a complex function of a real x
    has a complex derivative.

    >>> import numpy as np
    >>> numerical_diff(lambda x: x**2, np.array([1.0, 2.0])).round(6)
    array([2., 4.])
    >>> numerical_diff(lambda z: abs(z) ** 2, np.array([1.0 + 2.0j])).round(6)
    array([2.-4.j])
    """
    mode = get_mode()
    if mode.enable_backprop and (mode.transform or mode.recording_rule):
        raise GradientError(
            "numerical_diff gives a plain array, which an outer derivative cannot see; use grad, "
            "or write `with no_grad():` around it"
        )
    start = floats(x)
    slope = _plane_slope if start.dtype.kind == "c" else _slope
    slopes = [slope(f, start, i, eps) for i in np.ndindex(start.shape)]
    out = np.reshape(slopes, start.shape) if slopes else np.zeros_like(start)
    return out if np.iscomplexobj(out) > np.iscomplexobj(start) else out.astype(start.dtype)


def _plane_slope(f: Callable[..., Any], x: np.ndarray, i: tuple[int, ...], eps: float) -> Any:
    return _slope(f, x, i, eps).real - 1j * _slope(f, x, i, eps, 1j).real


def _slope(
    f: Callable[..., Any], x: np.ndarray, i: tuple[int, ...], eps: float, way: complex = 1
) -> Any:
    ahead, behind = (_moved(f, x, i, step) for step in (way * eps, -way * eps))
    return np.sum(ahead - behind) / (2 * eps)


def _moved(f: Callable[..., Any], x: np.ndarray, i: tuple[int, ...], step: complex) -> Any:
    moved = np.array(x, np.result_type(x, float))
    moved[i] += step
    with using_mode(enable_backprop=False):
        y = f(Variable(moved))
    return y._array if isinstance(y, Variable) else np.asarray(y)
