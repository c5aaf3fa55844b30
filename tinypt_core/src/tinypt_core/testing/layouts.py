"""The same values, laid out differently in memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tinypt_core.testing.samples import Case


def strided(x: np.ndarray) -> np.ndarray:
    """x with a gap between its elements."""
    wide = np.zeros((*x.shape[:-1], 2 * x.shape[-1]) if x.ndim else (2,), x.dtype)
    view = wide[..., ::2] if x.ndim else wide[0:1].reshape(())
    view[...] = x
    return view


def backwards(x: np.ndarray) -> np.ndarray:
    """x with negative strides."""
    flip = (slice(None, None, -1),) * x.ndim
    return np.ascontiguousarray(x[flip])[flip] if x.ndim else x.copy()


def fortran(x: np.ndarray) -> np.ndarray:
    """x in column order."""
    return np.array(x, order="F")


def read_only(x: np.ndarray) -> np.ndarray:
    """x, which nobody may write to."""
    x = x.copy()
    x.flags.writeable = False
    return x


def layouts(case: Case) -> Iterator[Case]:
    """The same call on arrays that lie differently in memory."""
    for kind, change in (
        ("strided", strided), ("strided", backwards), ("strided", fortran),
        ("read-only", read_only),
    ):  # fmt: skip
        yield case.like([change(x) for x in case.xs], kind, change)
