"""The extension `linalg` of the standard."""

from __future__ import annotations

from typing import Any

from tinypt_core.array_api._call import binary, call, parameter, unary

matmul = binary("matmul")
solve = binary("solve", "linalg.solve")
outer = binary("outer")
matrix_transpose = unary("matrix_transpose")
det, inv, slogdet = (unary(name, f"linalg.{name}") for name in ("det", "inv", "slogdet"))
eigh, eigvalsh = unary("eigh", "linalg.eigh"), unary("eigvalsh", "linalg.eigvalsh")
svdvals = unary("svdvals", "linalg.svdvals")


def cholesky(x: Any, /, *, upper: bool = False) -> Any:
    """The operator `linalg.cholesky`."""
    return call("linalg.cholesky", x, upper=upper)


def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The operator `linalg.cross`."""
    return call("linalg.cross", x1, x2, axis=axis)


def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """The operator `linalg.diagonal`."""
    return call("linalg.diagonal", x, offset=offset)


def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The operator `linalg.matrix_norm`."""
    return call("linalg.matrix_norm", x, keepdims=keepdims, ord=ord)


def matrix_power(x: Any, n: int, /) -> Any:
    """The operator `linalg.matrix_power`."""
    return call("linalg.matrix_power", x, n)


def matrix_rank(x: Any, /, *, rtol: Any = None) -> Any:
    """The rank, which is constant."""
    return call("linalg.matrix_rank", x, rtol=parameter(rtol))


def pinv(x: Any, /, *, rtol: Any = None) -> Any:
    """The operator `linalg.pinv`."""
    return call("linalg.pinv", x) if rtol is None else call("linalg.pinv", x, rtol=parameter(rtol))


def qr(x: Any, /, *, mode: str = "reduced") -> Any:
    """The operator `linalg.qr`."""
    return call("linalg.qr", x, mode)


def svd(x: Any, /, *, full_matrices: bool = True) -> Any:
    """The operator `linalg.svd`."""
    return call("linalg.svd", x, full_matrices)


def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    """The operator `tensordot`."""
    return call("tensordot", x1, x2, axes)


def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """The operator `linalg.trace`."""
    x = x if dtype is None else call("astype", x, dtype)
    return call("linalg.trace", x, offset=offset)


def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The operator `vecdot`."""
    return call("vecdot", x1, x2, axis=axis)


def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The operator `linalg.vector_norm`."""
    return call("linalg.vector_norm", x, axis=axis, keepdims=keepdims, ord=ord)


__all__ = [
    "cholesky",
    "cross",
    "det",
    "diagonal",
    "eigh",
    "eigvalsh",
    "inv",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "svd",
    "svdvals",
    "tensordot",
    "trace",
    "vecdot",
    "vector_norm",
]
