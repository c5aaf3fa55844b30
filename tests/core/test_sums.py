"""tinypt_core.sums.total, by whatever way it goes, against NumPy in long double."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinypt_core.sums import BLOCK, repeated, total

#: few rows, many; short ones, long ones
LENGTHS = st.sampled_from([1, 2, 3, 10, BLOCK, BLOCK + 1, 400])


@st.composite
def cases(draw):
    shape = tuple(draw(st.lists(LENGTHS, min_size=1, max_size=3)))
    axes = draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
    axis = draw(st.sampled_from([tuple(axes), axes[0], axes[0] - len(shape), None]))
    return shape, axis, draw(st.sampled_from([np.float32, np.float64, np.complex128]))


@settings(deadline=None, max_examples=200)
@given(cases(), st.booleans(), st.sampled_from("CF"))
def test_total_is_the_sum_along_any_axes(case, keepdims, order):
    shape, axis, dtype = case
    if np.prod(shape) > 2_000_000:
        shape = shape[:2]
        axis = 0
    a = np.random.default_rng(0).uniform(0.5, 1.5, shape).astype(dtype, order=order)
    y = total(a, axis, keepdims)
    exact = np.sum(a.astype(np.result_type(dtype, np.longdouble)), axis=axis, keepdims=keepdims)
    assert y.shape == exact.shape
    assert y.dtype == dtype
    np.testing.assert_allclose(y, exact.astype(dtype), rtol=6 * np.finfo(dtype).eps)


@pytest.mark.parametrize("axis", [(0, 2), (0, 1), (1, 2), 2, 0])
@pytest.mark.parametrize("keepdims", [False, True])
def test_many_short_rows_after_another_axis(axis, keepdims):
    a = np.random.default_rng(0).uniform(0.5, 1.5, (50, 400, 6))
    y = total(a, axis, keepdims)
    assert y.shape == np.sum(a, axis=axis, keepdims=keepdims).shape
    np.testing.assert_allclose(y, np.sum(a, axis=axis, keepdims=keepdims), rtol=1e-13)


@pytest.mark.parametrize("shape", [(2, 10), (20, 10), (200, 300), (300, 2)])
@pytest.mark.parametrize("axis", [2, -3, (0, 2), (0, 0)])
def test_an_axis_that_is_not_there_is_named(shape, axis):
    """As NumPy names it, however large the array."""
    with pytest.raises(ValueError, match=r"out of bounds|duplicate value in 'axis'"):
        total(np.ones(shape), axis)


@given(st.data())
def test_repeated_is_numpys_broadcast(data):
    shapes = st.lists(st.sampled_from([0, 1, 2, 3]), max_size=3).map(tuple)
    shape, wide = data.draw(shapes), data.draw(shapes)
    a = np.arange(math.prod(shape), dtype=data.draw(st.sampled_from([float, np.float32, int])))
    a = a.reshape(shape)
    if data.draw(st.booleans()):
        a = a.T
    try:
        expected = np.broadcast_to(a, wide)
    except ValueError as error:
        with pytest.raises(ValueError, match=re.escape(str(error))):
            repeated(a, wide)
        return
    found = repeated(a, wide)
    np.testing.assert_array_equal(found, expected)
    assert (found.dtype, found.flags.writeable) == (expected.dtype, False)
