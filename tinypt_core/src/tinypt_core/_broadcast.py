"""The adjoint of broadcasting: sum over the axes along which a value was repeated."""

from __future__ import annotations

from typing import Any

from tinypt_core.sums import BLOCK, HALF, total


def broadcast_axes(shape: tuple[int, ...], wide: tuple[int, ...]) -> tuple[int, ...] | None:
    """The axes of `wide` along which an array of `shape` is repeated; None if it cannot be.

    >>> broadcast_axes((3, 1), (2, 3, 4))
    (0, 2)
    >>> broadcast_axes((2,), (3,)) is None
    True
    """
    lead = len(wide) - len(shape)
    if lead < 0:
        return None
    axes = [*range(lead)]
    for i, (n, m) in enumerate(zip(shape, wide[lead:], strict=True), lead):
        if n is not m and n != m:  # Dask knows lengths that equal nothing
            if n != 1:
                return None
            axes.append(i)
    return tuple(axes)


def sum_to(array: Any, shape: tuple[int, ...]) -> Any:
    """Sum an array (or Variable) down to `shape`, from which it could have been broadcast.

    Raises ValueError if `shape` does not broadcast to the shape of the array.
    """
    axes = broadcast_axes(shape, array.shape)
    if axes is None:
        raise ValueError(f"shape {shape} does not broadcast to {array.shape}")
    return collapsed(array, axes, shape)


def collapsed(array: Any, axes: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """The same, where the axes to sum over are known."""
    if not axes:
        return array
    small = array.size <= BLOCK and array.dtype is not HALF  # the same, and quicker
    return (array.sum(axis=axes) if small else total(array, axes)).reshape(shape)
