"""Products of vectors, matrices and arrays besides matmul and einsum. Each is bilinear."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import normal, sampled


class Dot(Function):
    """Dot product: over the last axis of a and the second to last of b (the only one of a vector).

    a: (..., k), b: (k,) or (..., k, m); y: (..., ..., m). A 0-d operand multiplies.

    Raises ValueError if the sizes differ.

    >>> from tinypt_core import Variable
    >>> np.dot(Variable(np.array([1.0, 2.0])), np.array([3.0, 4.0]))
    variable(11.0)
    """

    __slots__ = ()
    samples = sampled((normal(2, 3), normal(3, 2)), (normal(3), normal(3)), (normal(), normal(2)))

    def forward(self, a: Any, b: Any) -> Any:
        return np.dot(a, b)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        need_a, need_b = self.needs
        if not a.ndim or not b.ndim:
            return gy * b if need_a else None, gy * a if need_b else None
        return _dot_left(gy, a, b) if need_a else None, _dot_right(gy, a, b) if need_b else None


def _dot_left(gy: Any, a: Any, b: Any) -> Any:
    if b.ndim == 1:
        return np.expand_dims(gy, -1) * b
    if a.ndim == b.ndim == 2:
        return gy @ b.T
    others = [axis for axis in range(b.ndim) if axis != b.ndim - 2]
    return np.tensordot(gy, b, (list(range(a.ndim - 1, gy.ndim)), others))


def _dot_right(gy: Any, a: Any, b: Any) -> Any:
    if a.ndim == b.ndim == 2:
        return a.T @ gy
    rows = list(range(a.ndim - 1))
    gb = np.tensordot(a, gy, (rows, rows))
    return np.moveaxis(gb, 0, -2) if b.ndim > 1 else gb


class Vdot(Function):
    """Dot product of two arrays flattened: y = Σ conj(a) b, a 0-d array.

    Raises ValueError if they differ in size.

    >>> from tinypt_core import Variable
    >>> np.vdot(Variable(np.eye(2)), np.array([[1.0, 2.0], [3.0, 4.0]]))
    variable(5.0)
    """

    __slots__ = ()

    def forward(self, a: Any, b: Any) -> Any:
        return np.vdot(a, b)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        ga = np.conjugate(gy * np.reshape(b, a.shape))
        return ga, gy * np.conjugate(np.reshape(a, b.shape))


class Inner(Function):
    """Products over the last axes: y[i, j] = Σₖ a[i, k] b[j, k]. A 0-d operand multiplies.

    Raises ValueError if the last axes differ.

    >>> from tinypt_core import Variable
    >>> np.inner(Variable(np.eye(2)), np.array([1.0, 2.0]))
    variable([1. 2.])
    """

    __slots__ = ()
    samples = sampled((normal(2, 3), normal(4, 3)), (normal(3), normal(3)))

    def forward(self, a: Any, b: Any) -> Any:
        return np.inner(a, b)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        if not a.ndim or not b.ndim:
            return gy * b, gy * a
        rows = list(range(a.ndim - 1))
        columns = list(range(len(rows), gy.ndim))
        need_a, need_b = self.needs
        ga = np.tensordot(gy, b, (columns, list(range(b.ndim - 1)))) if need_a else None
        return ga, np.tensordot(gy, a, (rows, rows)) if need_b else None


class Outer(Function):
    """All products of an element of a and one of b, both flattened: y[i, j] = a[i] b[j].

    >>> from tinypt_core import Variable
    >>> np.outer(Variable(np.array([1.0, 2.0])), np.array([3.0, 4.0]))
    variable([[3. 4.]
              [6. 8.]])
    """

    __slots__ = ()
    samples = sampled((normal(2), normal(3)), (normal(2, 2), normal(3)))

    def forward(self, a: Any, b: Any) -> Any:
        return np.outer(a, b)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        need_a, need_b = self.needs
        ga = np.reshape(gy @ np.ravel(b), a.shape) if need_a else None
        return ga, np.reshape(np.ravel(a) @ gy, b.shape) if need_b else None


class Tensordot(Function):
    """Sum of products over pairs of axes.

    axes: how many, the last of a with the first of b; or (axes of a, axes of b). The result has
    the other axes of a, then those of b.

    Raises ValueError if the sizes differ.

    >>> from tinypt_core import Variable
    >>> np.tensordot(Variable(np.ones((2, 3, 4))), np.ones((4, 3)), ([1, 2], [1, 0])).shape
    (2,)
    """

    __slots__ = ("axes",)
    samples = sampled(
        (normal(2, 3, 2), normal(2, 3), ([0, 1], [0, 1])), (normal(2, 3), normal(3, 2), 1)
    )

    def __init__(self, axes: Any = 2) -> None:
        self.axes = axes

    def forward(self, a: Any, b: Any) -> Any:
        return np.tensordot(a, b, self.axes)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        need_a, need_b = self.needs
        axes_a, axes_b = self._pairs(a.ndim, b.ndim)
        kept = a.ndim - len(axes_a)
        rows, columns = list(range(kept)), list(range(kept, gy.ndim))
        ga = _contracted(gy, columns, b, axes_a, axes_b) if need_a else None
        return ga, _contracted(gy, rows, a, axes_b, axes_a) if need_b else None

    def _pairs(self, na: int, nb: int) -> tuple[list[int], list[int]]:
        """The summed axes of both, counted from the front."""
        if np.ndim(self.axes) == 0 and not isinstance(self.axes, (list, tuple)):
            return list(range(na - self.axes, na)), list(range(self.axes))
        axes_a, axes_b = (np.atleast_1d(axes).astype(int) for axes in self.axes)
        return [int(i) % na for i in axes_a], [int(i) % nb for i in axes_b]


def _contracted(gy: Any, free: list[int], other: Any, axes: list[int], others: list[int]) -> Any:
    """The gradient of one operand, whose axes `axes` were summed with `others` of the other."""
    rest = [axis for axis in range(other.ndim) if axis not in others]
    g = np.tensordot(gy, other, (free, rest))
    kept = [axis for axis in range(g.ndim) if axis not in axes]
    order = kept + [axes[others.index(axis)] for axis in sorted(others)]
    return np.transpose(g, tuple(int(i) for i in np.argsort(order)))


class Kron(Function):
    """Kronecker product: every element of a times all of b, laid out in blocks.

    >>> from tinypt_core import Variable
    >>> np.kron(Variable(np.array([1.0, 10.0])), np.array([1.0, 2.0]))
    variable([ 1.  2. 10. 20.])
    """

    __slots__ = ()
    samples = sampled((normal(2), normal(3)), (normal(2, 3), normal(2)))

    def forward(self, a: Any, b: Any) -> Any:
        return np.kron(a, b)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        """Every axis of gy is a pair (place in a, place in b)."""
        n = gy.ndim
        shape_a = (1,) * (n - a.ndim) + a.shape
        shape_b = (1,) * (n - b.ndim) + b.shape
        pairs = list(zip(shape_a, shape_b, strict=True))
        g = np.reshape(gy, [size for pair in pairs for size in pair])
        wide_a = np.reshape(a, [size for i, _ in pairs for size in (i, 1)])
        wide_b = np.reshape(b, [size for _, j in pairs for size in (1, j)])
        ga = np.sum(g * wide_b, axis=tuple(range(1, 2 * n, 2)))
        gb = np.sum(g * wide_a, axis=tuple(range(0, 2 * n, 2)))
        return np.reshape(ga, a.shape), np.reshape(gb, b.shape)


class Cross(Function):
    """Cross product of vectors of 3 elements along an axis, the other axes broadcasting.

    axis: that of both and of the result; or axisa, axisb, axisc one by one.

    Raises ValueError if the vectors have other than 3 elements. (NumPy gives up those of 2.)

    >>> from tinypt_core import Variable
    >>> np.cross(Variable(np.array([1.0, 0.0, 0.0])), np.array([0.0, 1.0, 0.0]))
    variable([0. 0. 1.])
    """

    __slots__ = ()

    def forward(self, a: Any, b: Any) -> Any:
        if not (a.ndim and b.ndim and a.shape[-1] == b.shape[-1] == 3):
            raise ValueError(f"both vectors need 3 elements; the shapes are {a.shape}, {b.shape}")
        return np.cross(a, b)

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        need_a, need_b = self.needs
        return np.cross(b, gy) if need_a else None, np.cross(gy, a) if need_b else None

    @classmethod
    def apply(
        cls,
        a: Any,
        b: Any,
        axisa: int = -1,
        axisb: int = -1,
        axisc: int = -1,
        axis: int | None = None,
    ) -> Any:
        """As np.cross."""
        if axis is not None:
            axisa = axisb = axisc = axis
        a = a if axisa == -1 else np.moveaxis(a, axisa, -1)
        b = b if axisb == -1 else np.moveaxis(b, axisb, -1)
        y = cls()(a, b)
        return y if axisc == -1 else np.moveaxis(y, -1, axisc)
