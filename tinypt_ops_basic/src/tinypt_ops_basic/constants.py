"""Comparison, logic and questions about arrays: they give plain arrays and values.

Nothing here has a derivative, so nothing leaves a node in the graph. Each is NumPy's function of
the same name, and takes Variables wherever that takes arrays.

>>> from tinypt_core.ops import argmax, greater
>>> x = Variable(np.array([1.0, 3.0, 2.0]))
>>> x > 1.5, argmax(x)
(array([False,  True,  True]), np.int64(1))
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_core import Variable
from tinypt_ops_basic._samples import normal, tried_on

_NAMES = [
    "greater", "greater_equal", "less", "less_equal", "equal", "not_equal",
    "logical_and", "logical_or", "logical_xor", "logical_not",
    "isfinite", "isinf", "isnan", "isneginf", "isposinf", "signbit",
    "argmax", "argmin", "nanargmax", "nanargmin", "argsort", "argpartition", "argwhere",
    "nonzero", "flatnonzero", "count_nonzero", "any", "all", "floor_divide",
    "zeros_like", "ones_like", "empty_like", "shape", "ndim", "size",
    "searchsorted", "digitize", "isin",
    "array_equal", "array_equiv", "allclose", "isclose", "result_type", "can_cast",
    "shares_memory", "may_share_memory", "iscomplexobj", "isrealobj", "iscomplex", "isreal",
    "bitwise_and", "bitwise_or", "bitwise_xor", "invert", "left_shift", "right_shift",
    "bitwise_count", "gcd", "lcm", "lexsort", "common_type", "diag_indices_from",
    "tril_indices_from", "triu_indices_from", "einsum_path", "histogram_bin_edges", "ix_",
    "min_scalar_type", "ravel_multi_index", "unravel_index",
    "intersect1d", "array2string", "array_str", "array_repr",
]  # fmt: skip


#: arguments for the conformance kit, where normal draws alone will not do
_TRIED_ON: dict[str, tuple[tuple[Any, ...], ...]] = {
    "argpartition": ((normal(5), 2), (normal(2, 3), 1)),
    "array2string": ((normal(2, 3),),),
    "array_repr": ((normal(2, 3),),),
    "common_type": ((normal(3),),),
    "array_str": ((normal(2, 3),),),
    "einsum_path": (("ij,jk", normal(2, 3), normal(3, 2)),),
    "invert": ((np.arange(3),),),
    "bitwise_count": ((np.arange(3),),),
    **{
        name: ((np.arange(3), 2),)
        for name in (
            "bitwise_and",
            "bitwise_or",
            "bitwise_xor",
            "gcd",
            "lcm",
            "left_shift",
            "right_shift",
        )
    },
    "ravel_multi_index": ((([0, 1], [1, 2]), (2, 3)),),
    "unravel_index": (([1, 5], (2, 3)),),
    "can_cast": (("float32", "float64"),),
    "digitize": ((normal(2, 3), [-1.0, 0.0, 1.0]),),
    "result_type": ((normal(3), "float32"),),
    "min_scalar_type": ((np.array(3.5),),),
}


def plain(value: Any) -> Any:
    """A value with the arrays of its Variables, also inside lists and tuples, in their place."""
    if isinstance(value, Variable):
        return value._array
    if isinstance(value, (list, tuple)):
        return type(value)(map(plain, value))
    return value


def numbers(value: Any) -> Any:
    """The same as an array: of any kind as it is, of a list what NumPy makes of it."""
    value = plain(value)
    return value if hasattr(value, "dtype") else np.asarray(value)


def _constant(name: str) -> Callable[..., Any]:
    """The plain function that calls NumPy's of that name on plain arrays."""
    numpy_function: Callable[..., Any] = getattr(np, name)

    def constant(*args: Any, **kwargs: Any) -> Any:
        if kwargs.get("out") is not None:
            raise TypeError(f"{name}: out= is not supported; use the result")
        args = tuple([x._array if isinstance(x, Variable) else plain(x) for x in args])
        if kwargs:
            kwargs = {key: plain(value) for key, value in kwargs.items()}
        return numpy_function(*args, **kwargs)

    constant.__name__ = constant.__qualname__ = name
    constant.__doc__ = f"NumPy's `{name}`, which gives a plain array or value: it has no gradient."
    constant.__signature__ = _signature(numpy_function)  # type: ignore[attr-defined]
    return tried_on(*_TRIED_ON[name])(constant) if name in _TRIED_ON else constant


def _signature(function: Any) -> inspect.Signature:
    """NumPy's own signature; older releases have none for their ufuncs."""
    try:
        return inspect.signature(function)
    except ValueError:
        names = ["x1", "x2"][: function.nin] if isinstance(function, np.ufunc) else []
        if not names:
            return inspect.signature(lambda *args, **kwargs: None)
        kind = inspect.Parameter.POSITIONAL_ONLY
        return inspect.Signature([inspect.Parameter(name, kind) for name in names])


globals().update({name: _constant(name) for name in _NAMES})
