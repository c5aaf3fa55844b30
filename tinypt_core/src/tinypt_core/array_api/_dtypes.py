"""Functions of dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._variable import Variable
from tinypt_core.array_api._call import call

isdtype = np.isdtype


def _dtype(x: Any) -> Any:
    return x.dtype if isinstance(x, Variable) else x


def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Any:
    """The operator `astype`; x itself if copy is False and it has the dtype already."""
    on_cpu(device)
    return x if not copy and x.dtype == dtype else call("astype", x, dtype)


def can_cast(from_: Any, to: Any, /) -> bool:
    """Whether values of a dtype (or those of an array) are kept by another."""
    return np.can_cast(_dtype(from_), to)


def finfo(type: Any, /) -> Any:
    """The limits of a dtype of floating point."""
    return np.finfo(_dtype(type))


def iinfo(type: Any, /) -> Any:
    """The limits of an integer dtype."""
    return np.iinfo(_dtype(type))


def result_type(*arrays_and_dtypes: Any) -> Any:
    """The dtype that an operation on these gives."""
    return np.result_type(*map(_dtype, arrays_and_dtypes))


def on_cpu(device: Any) -> None:
    """Refuse any device but the one there is."""
    if device not in (None, "cpu"):
        raise ValueError(f"the only device is 'cpu', not {device!r}")


__all__ = ["astype", "can_cast", "finfo", "iinfo", "isdtype", "result_type"]
