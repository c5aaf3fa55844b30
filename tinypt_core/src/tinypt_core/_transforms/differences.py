"""numerical_diff: a derivative by trying, to judge the others by."""

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
    of order eps² f'''(x).

    >>> import numpy as np
    >>> numerical_diff(lambda x: x**2, np.array([1.0, 2.0])).round(6)
    array([2., 4.])
    """
    mode = get_mode()
    if mode.enable_backprop and (mode.transform or mode.recording_rule):
        raise GradientError(
            "numerical_diff gives a plain array, which an outer derivative cannot see; use grad, "
            "or write `with no_grad():` around it"
        )
    start = floats(x)
    out = np.empty(start.shape, start.dtype)
    for i in np.ndindex(start.shape):
        ahead, behind = (_moved(f, start, i, step) for step in (eps, -eps))
        out[i] = np.sum(ahead - behind) / (2 * eps)
    return out


def _moved(f: Callable[..., Any], x: np.ndarray, i: tuple[int, ...], step: float) -> Any:
    moved = np.array(x, float)
    moved[i] += step
    with using_mode(enable_backprop=False):
        y = f(Variable(moved))
    return y._array if isinstance(y, Variable) else np.asarray(y)
