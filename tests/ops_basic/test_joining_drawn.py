"""concatenate, stack, split, pad, tile and repeat over drawn shapes, axes and widths."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from opcheck import LAYOUTS, check_derivatives, check_float32, check_value, laid_out, outputs

draws = settings(max_examples=60, deadline=None, derandomize=True, database=None)
some = hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=3)


def array(data: st.DataObject, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    a: np.ndarray = laid_out(rng.normal(size=shape), data.draw(st.sampled_from(LAYOUTS)))
    return a


def axis_of(data: st.DataObject, ndim: int) -> int:
    return data.draw(st.integers(-ndim, ndim - 1))


def check(f: Any, arrays: list[np.ndarray], orders: int = 2) -> None:
    """f of Variables against f of arrays; then its cube, so that the rule of the rule runs."""
    check_value(f, f, arrays)
    check_derivatives(lambda *xs: [y * y * y for y in outputs(f(*xs))], arrays, orders)
    check_float32(lambda *xs: [y * y * y for y in outputs(f(*xs))], arrays)


@draws
@given(st.data())
def test_concatenate_and_stack(data: st.DataObject) -> None:
    shape = list(data.draw(some))
    axis = axis_of(data, len(shape))
    arrays = []
    for _ in range(data.draw(st.integers(1, 4))):
        shape[axis] = data.draw(st.integers(0, 3))
        arrays.append(array(data, tuple(shape)))
    check(lambda *xs: np.concatenate(xs, axis), arrays)
    same = [arrays[0], arrays[0] + 1.0, *arrays[:1]]
    new = axis_of(data, len(shape) + 1)
    check(lambda *xs: np.stack(xs, new), same)


@draws
@given(st.data())
def test_split(data: st.DataObject) -> None:
    a = array(data, data.draw(some))
    axis = axis_of(data, a.ndim)
    n = a.shape[axis]
    if data.draw(st.booleans()):
        cuts: Any = data.draw(st.lists(st.integers(-n - 1, n + 1), max_size=4))
        check(lambda x: np.split(x, cuts, axis), [a])
    else:
        sections = data.draw(st.integers(1, 4))
        check(lambda x: np.array_split(x, sections, axis), [a])


@draws
@given(st.data())
def test_split_of_which_one_piece_is_used(data: st.DataObject) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3))
    a = array(data, shape)
    axis = axis_of(data, a.ndim)
    i = data.draw(st.integers(0, a.shape[axis] - 1))
    check(lambda x: np.split(x, x.shape[axis], axis)[i], [a])


@draws
@given(st.data())
def test_pad(data: st.DataObject) -> None:
    mode = data.draw(st.sampled_from(["constant", "edge", "reflect", "symmetric", "wrap"]))
    low = 0 if mode == "constant" else 1
    a = array(data, data.draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=low, max_side=3)))
    pairs = st.tuples(st.integers(0, 4), st.integers(0, 4))
    widths: Any = data.draw(
        st.one_of(st.integers(0, 3), pairs, st.lists(pairs, min_size=a.ndim, max_size=a.ndim))
        if a.ndim
        else st.integers(0, 3)
    )
    check(lambda x: np.pad(x, widths, mode), [a])


@draws
@given(st.data())
def test_tile_and_repeat(data: st.DataObject) -> None:
    a = array(data, data.draw(some))
    reps = tuple(data.draw(st.lists(st.integers(0, 3), max_size=4)))
    check(lambda x: np.tile(x, reps), [a])
    axis = data.draw(st.one_of(st.none(), st.integers(-a.ndim, a.ndim - 1)))
    n = a.size if axis is None else a.shape[axis]
    times: Any = data.draw(
        st.one_of(st.integers(0, 3), st.lists(st.integers(0, 3), min_size=n, max_size=n))
    )
    if times != []:  # NumPy takes an empty list for one of floats
        check(lambda x: np.repeat(x, times, axis), [a])


@draws
@given(st.data())
def test_moving_axes_and_elements(data: st.DataObject) -> None:
    a = array(data, data.draw(hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=3)))
    order = data.draw(st.permutations(range(a.ndim)))
    i, j = axis_of(data, a.ndim), axis_of(data, a.ndim)
    shift = data.draw(st.integers(-5, 5))
    start = data.draw(st.integers(-a.ndim, a.ndim))
    check(lambda x: np.transpose(x, order), [a])
    check(lambda x: np.moveaxis(x, i, j), [a])
    check(lambda x: np.rollaxis(x, i, start), [a])
    check(lambda x: np.roll(x, shift, i), [a])
    check(lambda x: np.rot90(x, shift, (order[0], order[1])), [a])
    check(lambda x: np.flip(x, tuple(order[:2])), [a])
