"""Indexing, taking and sorting over drawn shapes and indices."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from opcheck import LAYOUTS, check_derivatives, check_float32, check_value, distinct, laid_out

from tinypt_core import registry

draws = settings(max_examples=60, deadline=None, derandomize=True, database=None)
fewer = settings(max_examples=30, deadline=None, derandomize=True, database=None)
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)


def array(data: st.DataObject, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    a: np.ndarray = laid_out(distinct.sample(rng, shape), data.draw(st.sampled_from(LAYOUTS)))
    return a


def check(f: Any, like: Any, a: np.ndarray, orders: int = 2) -> None:
    """f against NumPy; then the cube of it, so that the rule of the rule runs as well."""

    def cubed(x: Any) -> Any:
        y = f(x)
        return y * y * y

    check_value(f, like, [a])
    check_derivatives(cubed, [a], orders)
    check_float32(cubed, [a])


@draws
@given(st.data())
def test_basic_indices(data: st.DataObject) -> None:
    """ints, slices with any step, newaxis, ellipsis."""
    a = array(data, data.draw(shapes))
    key = data.draw(hnp.basic_indices(a.shape, allow_newaxis=True, max_dims=5))
    check(lambda x: x[key], lambda x: x[key], a)


@draws
@given(st.data())
def test_integer_arrays_with_repeats(data: st.DataObject) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3))
    a = array(data, shape)
    n = data.draw(st.integers(1, len(shape)))
    picked = data.draw(hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=4))
    key: list[Any] = [
        data.draw(hnp.arrays(np.intp, picked, elements=st.integers(-size, size - 1)))
        for size in shape[:n]
    ]
    where = data.draw(st.integers(0, n))
    for part in data.draw(st.sampled_from([[], [None], [slice(None, None, -1)]])):
        if part is None or n < len(shape):
            key.insert(where, part)
    if len(key) > n and key[where] is not None:  # an axis more is used up: fit the indices to it
        sizes = shape[:where], shape[where + 1 : n + 1]
        for i, size in enumerate((*sizes[0], 0, *sizes[1])):
            if i != where:
                key[i] = key[i] % size
    check(lambda x: x[tuple(key)], lambda x: x[tuple(key)], a)


@draws
@given(st.data())
def test_boolean_masks(data: st.DataObject) -> None:
    a = array(data, data.draw(shapes))
    n = data.draw(st.integers(0, a.ndim))
    mask = data.draw(hnp.arrays(bool, a.shape[:n]))
    check(lambda x: x[mask], lambda x: x[mask], a)


@draws
@given(st.data())
def test_take_along_an_axis(data: st.DataObject) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3))
    a = array(data, shape)
    axis = data.draw(st.one_of(st.none(), st.integers(-a.ndim, a.ndim - 1)))
    size = a.size if axis is None else shape[axis]
    picked = data.draw(hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3))
    mode = data.draw(st.sampled_from(["raise", "wrap", "clip"]))
    far = 0 if mode == "raise" else 5
    drawn = st.integers(-size - far, size - 1 + far)
    indices = data.draw(hnp.arrays(np.intp, picked, elements=drawn))
    take = registry.get("take")
    check(
        lambda x: take(x, indices, axis=axis, mode=mode),
        lambda x: np.take(x, indices, axis=axis, mode=mode),
        a,
    )
    if axis is not None:
        rows = [3 if i == axis % a.ndim else n for i, n in enumerate(shape)]
        along = data.draw(hnp.arrays(np.intp, rows, elements=st.integers(-size, size - 1)))
        check(
            lambda x: np.take_along_axis(x, along, axis),
            lambda x: np.take_along_axis(x, along, axis),
            a,
        )


@fewer
@given(st.data())
def test_sorting_along_an_axis(data: st.DataObject) -> None:
    a = array(data, data.draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)))
    axis = data.draw(st.one_of(st.none(), st.integers(-a.ndim, a.ndim - 1)))
    check(lambda x: np.sort(x, axis), lambda x: np.sort(x, axis), a)
    size = a.size if axis is None else a.shape[axis]
    kth = data.draw(st.integers(-size, size - 1))
    check(lambda x: np.partition(x, kth, axis), lambda x: np.partition(x, kth, axis), a)


@fewer
@given(st.data())
def test_diagonals_over_two_axes(data: st.DataObject) -> None:
    a = array(data, data.draw(hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=3)))
    axis1, axis2 = data.draw(st.permutations(range(a.ndim)))[:2]
    axis2 -= a.ndim if data.draw(st.booleans()) else 0
    offset = data.draw(st.integers(-4, 4))
    for f in (np.diagonal, np.trace):
        check(
            lambda x, f=f: f(x, offset, axis1, axis2),
            lambda x, f=f: f(x, offset, axis1, axis2),
            a,
        )
