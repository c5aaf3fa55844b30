"""Discrete cosine and sine transforms: linear, so the rule is the transposed transform."""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import normal, sampled
from tinypt_ops_scipy._scipy import fft

#: of each transform: its inverse
_INVERSE = {"dct": "idct", "idct": "dct", "dst": "idst", "idst": "dst"}


class RealTransform(Function):
    """SciPy's dct, idct, dst or idst of x along an axis.

    The matrix of each is orthogonal but for the weights of its first and last row and column:
    M = diag(r) Q diag(c), Q orthogonal, that is norm="ortho". So the gradient, Mᵀ gy, is
    c Q⁻¹ (r gy). name: which; type: 1 to 4; norm: None, "ortho" or "forward".
    """

    __slots__ = ("axis", "name", "norm", "type")
    keeps_nothing = True
    samples = sampled((normal(5), "dct", 2), (normal(2, 4), "idst", 3, 0), (normal(4), "dct", 1))

    def __init__(self, name: str, type: int = 2, axis: int = -1, norm: str | None = None) -> None:
        self.name, self.type, self.axis, self.norm = name, type, axis, norm

    def forward(self, x: Any) -> Any:
        return getattr(fft, self.name)(x, self.type, axis=self.axis, norm=self.norm)

    def backward(self, gy: Any) -> Any:
        n = self.shapes[0][self.axis]
        rows, columns = _weights(self.name, self.type, n, self.norm)
        shape = [-1 if i == self.axis % gy.ndim else 1 for i in range(gy.ndim)]
        back = RealTransform(_INVERSE[self.name], self.type, self.axis, "ortho")
        rows, columns = (np.reshape(w, shape).astype(gy.dtype) for w in (rows, columns))
        return columns * back.of(rows * gy)


def _weights(name: str, type: int, n: int, norm: str | None) -> tuple[Any, Any]:
    """r and c of M = diag(r) Q diag(c), read off M's and Q's own values."""
    plain = getattr(fft, name)(np.eye(n), type, axis=0, norm=norm)
    ortho = getattr(fft, name)(np.eye(n), type, axis=0, norm="ortho")
    ratio = np.divide(plain, ortho, out=np.zeros((n, n)), where=np.abs(ortho) > 1e-9 / n)
    reference = int(np.argmax(np.min(np.abs(ortho), axis=1)))  # a row without zeros
    columns = ratio[reference]
    rows = np.max(ratio / columns, axis=1)
    return rows, columns


def _transform(name: str, x: Any, type: int, n: Any, axis: int, norm: str | None) -> Any:
    if n is not None:
        raise TypeError(f"{name}: n= is not supported; pad or cut x")
    return RealTransform(name, type, axis, norm).of(x)


def dct(x: Any, type: int = 2, n: Any = None, axis: int = -1, norm: str | None = None) -> Any:
    """Discrete cosine transform: scipy.fft.dct.

    >>> dct(np.array([1.0, 1.0]))
    array([4., 0.])
    """
    return _transform("dct", x, type, n, axis, norm)


def idct(x: Any, type: int = 2, n: Any = None, axis: int = -1, norm: str | None = None) -> Any:
    """Inverse discrete cosine transform: scipy.fft.idct."""
    return _transform("idct", x, type, n, axis, norm)


def dst(x: Any, type: int = 2, n: Any = None, axis: int = -1, norm: str | None = None) -> Any:
    """Discrete sine transform: scipy.fft.dst."""
    return _transform("dst", x, type, n, axis, norm)


def idst(x: Any, type: int = 2, n: Any = None, axis: int = -1, norm: str | None = None) -> Any:
    """Inverse discrete sine transform: scipy.fft.idst."""
    return _transform("idst", x, type, n, axis, norm)


def _every(name: str, x: Any, type: int, axes: Any, norm: str | None) -> Any:
    for axis in range(x.ndim) if axes is None else axes:
        x = _transform(name, x, type, None, axis, norm)
    return x


def dctn(x: Any, type: int = 2, axes: Any = None, norm: str | None = None) -> Any:
    """Discrete cosine transform along several axes, all by default: scipy.fft.dctn."""
    return _every("dct", x, type, axes, norm)


def idctn(x: Any, type: int = 2, axes: Any = None, norm: str | None = None) -> Any:
    """Inverse discrete cosine transform along several axes: scipy.fft.idctn."""
    return _every("idct", x, type, axes, norm)


def dstn(x: Any, type: int = 2, axes: Any = None, norm: str | None = None) -> Any:
    """Discrete sine transform along several axes, all by default: scipy.fft.dstn."""
    return _every("dst", x, type, axes, norm)


def idstn(x: Any, type: int = 2, axes: Any = None, norm: str | None = None) -> Any:
    """Inverse discrete sine transform along several axes: scipy.fft.idstn."""
    return _every("idst", x, type, axes, norm)
