"""Running sums and products, differences, and what is built of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function, Variable
from tinypt_ops_basic._composites import array
from tinypt_ops_basic._sums import running


class Cumsum(Function):
    """Running sum along an axis: y_k = Σ_{i≤k} a_i. axis None: of the flattened array.

    >>> from tinypt_core.ops import cumsum
    >>> cumsum(np.array([1.0, 2.0, 3.0]))
    variable([1. 3. 6.])
    """

    __slots__ = ("axis",)
    keeps_nothing = True

    def __init__(self, axis: int | None = None) -> None:
        self.axis = axis

    def forward(self, a: Any) -> Any:
        rows = np.ravel(a) if self.axis is None else np.moveaxis(a, self.axis, 0)
        y = running(np.atleast_1d(rows))
        return y if self.axis is None else np.moveaxis(y, 0, self.axis)

    def backward(self, gy: Any) -> Any:
        shape = self.shapes[0]
        axis = 0 if self.axis is None or not shape else self.axis
        gx = np.flip(Cumsum(axis).of(np.flip(gy, axis)), axis)
        return gx.reshape(shape)


class Cumprod(Function):
    """Running product along an axis: y_k = Π_{i≤k} a_i. axis None: of the flattened array.

    Its derivatives are right at zeros too, at every order.

    >>> from tinypt_core.ops import cumprod
    >>> cumprod(np.array([1.0, 2.0, 3.0]))
    variable([1. 2. 6.])
    """

    __slots__ = ("axis",)

    def __init__(self, axis: int | None = None) -> None:
        self.axis = axis

    def forward(self, a: Any) -> Any:
        return np.cumprod(a, axis=self.axis)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        axis = -1 if self.axis is None or not a.ndim else self.axis
        x = a.reshape(y.shape)
        x, y, gy = (np.swapaxes(v, axis, -1) for v in (x, y, gy))
        gx = np.swapaxes(_through_products(gy, x, y), axis, -1)
        return gx.reshape(a.shape)


def _through_products(gy: Any, x: Any, y: Any) -> Any:
    """The adjoint of cumprod along the last axis, without a division.

    gx_k = y_{k-1} s_k with s_k = gy_k + x_{k+1} s_{k+1}. The recurrence is solved by doubling:
    after each step s_k covers twice as many terms, and f_k is the product of their factors.
    """
    n = x.shape[-1]
    if n < 2:
        return gy
    one = np.ones_like(x[..., :1])
    s, f = gy, np.concatenate([x[..., 1:], 0 * one], axis=-1)
    step = 1
    while step < n:
        s = np.concatenate([s[..., :-step] + f[..., :-step] * s[..., step:], s[..., -step:]], -1)
        f = np.concatenate([f[..., :-step] * f[..., step:], np.zeros_like(f[..., -step:])], -1)
        step *= 2
    return np.concatenate([one, y[..., :-1]], axis=-1) * s


class Diff(Function):
    """n-th difference along an axis: y_k = a_{k+1} - a_k, n times.

    prepend, append: values put at the ends of the axis first; differentiable.

    >>> from tinypt_core.ops import diff
    >>> diff(np.array([1.0, 4.0, 9.0]))
    variable([3. 5.])
    """

    __slots__ = ("axis", "n")
    keeps_nothing = True

    def __init__(self, n: int = 1, axis: int = -1) -> None:
        self.n, self.axis = n, axis

    def forward(self, a: Any) -> Any:
        return np.diff(a, self.n, self.axis)

    def backward(self, gy: Any) -> Any:
        if not gy.size:
            return np.zeros_like(gy, shape=self.shapes[0])
        widths = [(0, 0)] * gy.ndim
        widths[self.axis] = (self.n, self.n)
        return (-1) ** self.n * np.diff(np.pad(gy, widths), self.n, self.axis)

    @classmethod
    def apply(
        cls, a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None
    ) -> Any:
        a = array(a)
        parts = [_end(end, a, axis) for end in (prepend, a, append) if end is not None]
        return cls._call(a if len(parts) == 1 else np.concatenate(parts, axis=axis), n, axis)


def _end(end: Any, a: Any, axis: int) -> Any:
    """A number at an end of the axis stands for a slice full of it; a Python number is weak."""
    if isinstance(end, (int, float)):
        end = np.asarray(end, np.result_type(a, end))
    if np.ndim(end) or end is a:
        return end
    shape = list(np.shape(a))
    shape[axis] = 1
    return np.broadcast_to(end, shape)


def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """Differences of the flattened array, with what `to_begin` and `to_end` put at its ends.

    >>> from tinypt_core.ops import ediff1d
    >>> ediff1d(np.array([1.0, 4.0, 9.0]), to_end=0.0)
    variable([3. 5. 0.])
    """
    y = Diff.apply(np.ravel(array(ary)))
    ends = [None if end is None else np.ravel(_end(end, y, 0)) for end in (to_begin, to_end)]
    parts = [part for part in (ends[0], y, ends[1]) if part is not None]
    return y if len(parts) == 1 else np.concatenate(parts)


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """Integral by the trapezoidal rule: Σ (x_{k+1} - x_k) (y_{k+1} + y_k) / 2 along an axis.

    x: the places of the samples, of the shape of y or of its length along `axis`,
    differentiable; without x they are dx apart. The unit is that of x times that of y.

    >>> from tinypt_core.ops import trapezoid
    >>> trapezoid(np.array([1.0, 2.0, 3.0]))
    variable(4.0)
    """
    y = _array(y)
    width = dx if x is None else Diff.apply(_along(x, y.ndim, axis), axis=axis)
    rows = np.swapaxes(y, axis, -1)
    heights = np.swapaxes(rows[..., 1:] + rows[..., :-1], axis, -1)
    return (width * heights / 2).sum(axis=axis)


def _along(x: Any, ndim: int, axis: int) -> Any:
    x = _array(x)
    if x.ndim != 1:
        return x
    shape = [1] * ndim
    shape[axis] = x.size
    return x.reshape(tuple(shape))


def _array(x: Any) -> Any:
    """x as a Variable, also where it is a list, of Variables too."""
    x = array(x)
    return x if isinstance(x, Variable) else Variable(x)
