"""The logistic function and its kin: expit, logit, softmax, log_softmax.

x: any shape, dimensionless. float32 in gives float32 out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special
from tinypt_core import Function

Axis = int | tuple[int, ...] | None


class Expit(Function):
    """Logistic sigmoid, elementwise: y = 1/(1 + exp(-x)); y' = y (1 - y).

    The rule writes 1 - y as expit(-x), which does not round to 0 for large x.

    >>> from tinypt_core.ops import expit
    >>> expit(np.array([0.0, 1.0]))
    variable([0.5        0.73105858])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return special.expit(x)

    def backward(self, gy: Any, x: Any, y: Any) -> Any:
        return gy * (y * special.expit(-x))


class Logit(Function):
    """Logit, elementwise: y = ln(x/(1 - x)); y' = 1/(x (1 - x)). x: in [0, 1].

    >>> from tinypt_core.ops import logit
    >>> logit(np.array([0.5, 0.75]))
    variable([0.         1.09861229])
    """

    __slots__ = ()
    elementwise = True

    def forward(self, x: Any) -> Any:
        return special.logit(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy / (x * (1 - x))

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        for shape in ((), (3,), (2, 3), (0, 3)):
            yield (rng.uniform(0.1, 0.9, size=shape),)


class Softmax(Function):
    """Softmax along axes: y = exp(x)/Σ exp(x).

    gx = y (gy - Σ gy y), the sum along the same axes. axis: None for all axes, as in SciPy.
    An empty x gives an empty y. Raises AxisError for an axis out of range.

    >>> from tinypt_core.ops import softmax
    >>> softmax(np.array([[0.0, 0.0], [0.0, 1.0]]), axis=1)
    variable([[0.5        0.5       ]
              [0.26894142 0.73105858]])
    """

    __slots__ = ("axis",)

    def __init__(self, axis: Axis = None) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        return special.softmax(x, axis=self.axis) if x.size else x.copy()

    def backward(self, gy: Any, y: Any) -> Any:
        return y * (gy - np.sum(gy * y, axis=self.axis, keepdims=True))

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        yield from _along_axes(rng)


class LogSoftmax(Function):
    """Logarithm of the softmax along axes: y = x - ln Σ exp(x).

    gx = gy - exp(y) Σ gy, the sum along the same axes. axis: None for all axes, as in SciPy.
    An empty x gives an empty y. Raises AxisError for an axis out of range.

    >>> from tinypt_core.ops import log_softmax
    >>> log_softmax(np.array([0.0, 1000.0]))
    variable([-1000.     0.])
    """

    __slots__ = ("axis",)

    def __init__(self, axis: Axis = None) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        return special.log_softmax(x, axis=self.axis) if x.size else x.copy()

    def backward(self, gy: Any, y: Any) -> Any:
        return gy - np.exp(y) * np.sum(gy, axis=self.axis, keepdims=True)

    @staticmethod
    def samples(rng: np.random.Generator) -> Any:
        yield from _along_axes(rng)


def _along_axes(rng: np.random.Generator) -> Any:
    yield rng.normal(size=()), None
    yield rng.normal(size=3), -1
    yield rng.normal(size=(2, 3)), None
    yield rng.normal(size=(2, 3, 4)), (0, 2)
    yield rng.normal(size=(0, 3)), 1
