"""What a NumPy function does on traced arrays: facts, calls, and what cannot be written down."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_compile._program import mapped
from tinypt_compile._trace import Trace

#: of shape and dtype alone: the answer is no step
FACTS = {
    "ndim", "shape", "size", "result_type", "can_cast", "common_type", "iscomplexobj", "isrealobj",
    "min_scalar_type",
}  # fmt: skip
#: True or False of the values: part of the case
ANSWERS = {"allclose", "array_equal", "array_equiv", "isscalar"}
#: they write into an array, or tell where one lies in memory
REFUSED = {
    "copyto", "put", "put_along_axis", "place", "putmask", "fill_diagonal", "save", "savetxt",
    "savez", "savez_compressed", "shares_memory", "may_share_memory", "nditer", "array2string",
    "array_str", "array_repr", "apply_along_axis", "apply_over_axes", "piecewise", "vectorize",
    "frompyfunc", "fromfunction", "asarray_chkfinite",
}  # fmt: skip
#: the shape of the result follows from shapes and parameters
STABLE = {
    "all", "amax", "amin", "any", "append", "argmax", "argmin", "argpartition", "argsort",
    "array_split", "atleast_1d", "atleast_2d", "atleast_3d", "average", "bincount_", "block",
    "broadcast_arrays", "broadcast_to", "clip", "column_stack", "concatenate", "convolve", "copy",
    "corrcoef", "correlate", "cov", "cross", "cumprod", "cumsum", "cumulative_prod",
    "cumulative_sum", "diag", "diagflat", "diagonal", "diff", "dot", "dsplit", "dstack", "einsum",
    "empty_like", "expand_dims", "flip", "fliplr", "flipud", "full_like", "gradient", "hsplit",
    "hstack", "imag", "inner", "interp", "isclose", "kron", "matmul", "matrix_transpose", "max",
    "mean", "median", "min", "moveaxis", "nan_to_num", "nancumprod", "nancumsum", "nanmax",
    "nanmean", "nanmedian", "nanmin", "nanprod", "nanstd", "nansum", "nanvar", "ones_like", "outer",
    "pad", "partition", "permute_dims", "prod", "ptp", "ravel", "real", "reshape", "roll",
    "rollaxis", "rot90", "round", "searchsorted", "select", "sinc", "sort", "split", "squeeze",
    "stack", "std", "sum", "swapaxes", "take", "take_along_axis", "tensordot", "tile", "trace",
    "transpose", "trapezoid", "tri", "tril", "triu", "unstack", "unwrap", "vander", "var", "vdot",
    "vecdot", "vsplit", "vstack", "where", "zeros_like",
    "cholesky", "cond", "det", "eigh", "eigvalsh", "inv", "matrix_norm", "matrix_power",
    "multi_dot", "norm", "pinv", "qr", "slogdet", "solve", "svd", "svdvals", "tensorinv",
    "tensorsolve", "vector_norm",
    "fft", "ifft", "rfft", "irfft", "fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn",
    "irfftn", "hfft", "ihfft", "fftshift", "ifftshift",
}  # fmt: skip


def call(trace: Trace, func: Any, args: Any, kwargs: Any) -> Any:
    """One NumPy function: run it on the real arrays and write it down."""
    name = func.__name__
    kwargs = dict(kwargs)
    if name in FACTS:
        return func(*_values(trace, args), **_values(trace, kwargs))
    if name in REFUSED or kwargs.get("out") is not None:
        raise trace.block(f"np.{name} cannot be written down")
    kwargs.pop("out", None)
    if name in ANSWERS:
        return trace.guard(trace.record(func, args, kwargs)._at)
    stable = name in STABLE and not (name == "where" and len(args) == 1)
    return trace.record(func, args, kwargs, guards=not stable or _lengths(name, args, kwargs))


def _lengths(name: str, args: Any, kwargs: Any) -> bool:
    """Whether traced integers may decide a shape, as lengths, axes or places of a cut."""
    if name in ("where", "take", "take_along_axis", "concatenate", "stack", "select"):
        args = ()
    given = [*args[1:], *kwargs.values()]
    found: list[Any] = []
    mapped(given, found.append)
    return any((hasattr(v, "_trace") and v._value.__class__ in _WHOLE) or _whole(v) for v in found)


_WHOLE = (int, bool)


def _whole(value: Any) -> bool:
    return hasattr(value, "_trace") and getattr(value._value, "dtype", _FLOAT).kind in "iub"


_FLOAT = np.dtype(float)


def _values(trace: Trace, args: Any) -> Any:
    return mapped(args, lambda v: v._value if hasattr(v, "_trace") else v)
