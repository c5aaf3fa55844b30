"""Batching rules of what runs along axes: reductions, running sums, sorting, Fourier transforms."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._batch.batched import NeedsLoop
from tinypt_core._batch.table import Batch, rule


@rule(
    np.sum, np.prod, np.max, np.min, np.amax, np.amin, np.mean, np.std, np.var, np.ptp, np.median,
    np.any, np.all, np.count_nonzero, np.nansum, np.nanprod, np.nanmax, np.nanmin, np.nanmean,
    np.nanstd, np.nanvar, np.nanmedian,
)  # fmt: skip
def reduction(batch: Batch, f: Any, a: Any, axis: Any = None, *rest: Any, **kwargs: Any) -> Any:
    """Along axes, None for all."""
    return f(batch.front(a), batch.axes(axis, np.ndim(a)), *rest, **kwargs)


@rule(
    np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.cumsum, np.cumprod, np.nancumsum,
    np.nancumprod,
)  # fmt: skip
def along_one(
    batch: Batch, f: Any, a: Any, axis: Any = None, *rest: Any, keepdims: Any = False, **kwargs: Any
) -> Any:
    """Along one axis, None for the flattened array; a number has one axis."""
    wide = a if np.ndim(a) else np.reshape(a, 1)
    moved, i = batch.along(wide, axis)
    if f in _ARGS:
        y = f(moved, i, *rest, **kwargs)
        return np.reshape(y, _kept(batch, a, axis, y, bool(keepdims)))
    return f(moved, i, *rest, **kwargs)


_ARGS = (np.argmax, np.argmin, np.nanargmax, np.nanargmin)


def _kept(batch: Batch, a: Any, axis: Any, y: Any, keepdims: bool) -> tuple[int, ...]:
    shape = list(np.shape(a))
    if axis is None or not shape:
        return (batch.size, *([1] * len(shape) if keepdims else []))
    i = batch.axis(axis, len(shape)) - 1
    return (batch.size, *shape[:i], *([1] if keepdims else []), *shape[i + 1 :])


@rule(np.sort, np.argsort)
def along_last(batch: Batch, f: Any, a: Any, *args: Any, axis: Any = -1, **kwargs: Any) -> Any:
    """Along one axis, by default the last; None for the flattened array."""
    moved, i = batch.along(a, args[0] if args else axis)
    return f(moved, *args[1:], axis=i, **kwargs)


@rule(np.unwrap)
def unwrap(batch: Batch, f: Any, p: Any, discont: Any = None, axis: int = -1, **kwargs: Any) -> Any:
    """Without the jumps along an axis."""
    return f(batch.front(p), discont, batch.axis(axis, np.ndim(p)), **kwargs)


@rule(np.partition, np.argpartition)
def partition(
    batch: Batch, f: Any, a: Any, kth: Any, axis: Any = -1, *rest: Any, **kwargs: Any
) -> Any:
    """The kth smallest at its place."""
    moved, i = batch.along(a, axis)
    return f(moved, kth, i, *rest, **kwargs)


@rule(np.diff)
def diff(batch: Batch, f: Any, a: Any, n: int = 1, axis: int = -1, **ends: Any) -> Any:
    """Differences along an axis."""
    if ends:
        raise NeedsLoop
    return np.diff(batch.front(a), n, batch.axis(axis, np.ndim(a)))


@rule(np.gradient)
def gradient(batch: Batch, f: Any, a: Any, *spacing: Any, axis: Any = None, **kwargs: Any) -> Any:
    """Slopes along axes; several give a tuple."""
    return np.gradient(batch.front(a), *spacing, axis=batch.axes(axis, np.ndim(a)), **kwargs)


@rule(np.flip)
def flip(batch: Batch, f: Any, m: Any, axis: Any = None) -> Any:
    """Backwards along axes, None for all."""
    return np.flip(batch.front(m), batch.axes(axis, np.ndim(m)))


@rule(np.roll)
def roll(batch: Batch, f: Any, a: Any, shift: Any, axis: Any = None) -> Any:
    """Round and round along axes; None: as if it had one."""
    if axis is None:
        flat = np.roll(np.reshape(batch.front(a), (batch.size, np.size(a))), shift, 1)
        return np.reshape(flat, (batch.size, *np.shape(a)))
    return np.roll(batch.front(a), shift, batch.axes(axis, np.ndim(a)))


@rule(np.linalg.norm)
def norm(
    batch: Batch, f: Any, x: Any, ord: Any = None, axis: Any = None, keepdims: Any = False
) -> Any:
    """Of vectors or matrices; by default of all numbers."""
    a, ndim = batch.front(x), np.ndim(x)
    if axis is not None:
        return f(a, ord, batch.axes(axis, ndim), keepdims)
    if ord is not None and (ndim == 1 or (ndim == 2 and ord not in ("f", "fro"))):
        return f(a, ord, batch.axes(0, 1) if ndim == 1 else (1, 2), keepdims)
    if ord not in (None, 2, "f", "fro") or (ord == 2 and ndim != 1):
        raise NeedsLoop
    y = f(np.reshape(a, (batch.size, np.size(x))), None, 1)
    return np.reshape(y, (batch.size, *(1,) * ndim)) if keepdims else y


@rule(np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft)
def fft(
    batch: Batch, f: Any, a: Any, n: Any = None, axis: int = -1, norm: Any = None, **kwargs: Any
) -> Any:
    """Along one axis."""
    return f(batch.front(a), n, batch.axis(axis, np.ndim(a)), norm, **kwargs)


@rule(np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2)
def fft2(
    batch: Batch,
    f: Any,
    a: Any,
    s: Any = None,
    axes: Any = (-2, -1),
    norm: Any = None,
    **kwargs: Any,
) -> Any:
    """Along two axes."""
    return f(batch.front(a), s, batch.axes(axes, np.ndim(a)), norm, **kwargs)


@rule(np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn)
def fftn(
    batch: Batch, f: Any, a: Any, s: Any = None, axes: Any = None, norm: Any = None, **kwargs: Any
) -> Any:
    """Along axes: all of them, or the last as many as there are sizes."""
    if axes is None and s is not None:
        raise NeedsLoop
    return f(batch.front(a), s, batch.axes(axes, np.ndim(a)), norm, **kwargs)


@rule(np.fft.fftshift, np.fft.ifftshift)
def fftshift(batch: Batch, f: Any, x: Any, axes: Any = None) -> Any:
    """Halves exchanged along axes, None for all."""
    return f(batch.front(x), batch.axes(axes, np.ndim(x)))
