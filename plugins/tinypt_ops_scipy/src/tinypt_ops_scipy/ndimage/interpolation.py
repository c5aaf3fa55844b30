"""Images at places between their elements, by linear interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_scipy.interpolate.grids import multilinear
from tinypt_ops_scipy.interpolate.splines import _array, _plain


def map_coordinates(
    input: Any, coordinates: Any, *, order: int = 3, mode: str = "constant", cval: float = 0.0
) -> Any:
    """The image at coordinates (d, ...), in elements: scipy.ndimage.map_coordinates, order 1.

    mode: "constant" with cval outside, or "nearest" for the value at the edge. By the image and
    by the coordinates. order: write order=1; another one, SciPy's default 3 too, raises
    TypeError, other modes ValueError. At the elements themselves the derivative by the
    coordinates jumps, and is that of the element's right.

    >>> map_coordinates(np.array([0.0, 10.0]), np.array([[0.5]]), order=1)
    array([5.])
    """
    if order != 1:
        raise TypeError(f"map_coordinates: order={order}, and only order=1 is differentiable here")
    if mode not in ("constant", "nearest"):
        raise ValueError(f"map_coordinates: mode {mode!r}; it is 'constant' or 'nearest'")
    input, coordinates = _array(input), _array(coordinates)
    ends = np.reshape(np.array(input.shape) - 1.0, (-1,) + (1,) * (coordinates.ndim - 1))
    places = _plain(coordinates)
    inside = (places >= 0) & (places <= ends)
    kept = np.where(inside, coordinates, np.clip(places, 0, ends))
    value = multilinear(input, [kept[i] for i in range(input.ndim)])
    return value if mode == "nearest" else np.where(np.all(inside, axis=0), value, cval)


def affine_transform(
    input: Any,
    matrix: Any,
    offset: Any = 0.0,
    output_shape: tuple[int, ...] | None = None,
    *,
    order: int = 3,
    mode: str = "constant",
    cval: float = 0.0,
) -> Any:
    """The image at matrix @ place + offset: scipy.ndimage.affine_transform, order 1.

    matrix: (d, d), or (d,) for a diagonal; offset: a number or (d,). By the image, the matrix and
    the offset.
    """
    input, matrix, offset = _array(input), _array(matrix), _array(offset)
    shape = output_shape or input.shape
    places = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij")).astype(float)
    flat = np.reshape(places, (len(shape), -1))
    moved = matrix @ flat if matrix.ndim > 1 else np.expand_dims(matrix, 1) * flat
    moved = moved + (np.expand_dims(offset, 1) if offset.ndim else offset)
    coordinates = np.reshape(moved, (input.ndim, *shape))
    return map_coordinates(input, coordinates, order=order, mode=mode, cval=cval)


def shift(
    input: Any, shift: Any, *, order: int = 3, mode: str = "constant", cval: float = 0.0
) -> Any:
    """The image moved by `shift` elements, a number or (d,): scipy.ndimage.shift, order 1."""
    ones = np.ones(np.ndim(_plain(input)))
    return affine_transform(input, ones, -_array(shift) * ones, order=order, mode=mode, cval=cval)
