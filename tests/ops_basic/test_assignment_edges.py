"""Assignment beyond the table: dtypes, constants, buffers, and NumPy's functions that write."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from opcheck import check_derivatives
from tinypt_core.ops import setitem

from tinypt_core import Variable, gradients

WRITERS = {
    "put": lambda a, v: np.put(a, [0, -1, 0], v),
    "put, repeated": lambda a, v: np.put(a, [1, 3, 5, 7], v),
    "put, clipped": lambda a, v: np.put(a, [20, -5], v, mode="clip"),
    "place": lambda a, v: np.place(a, np.arange(9).reshape(3, 3) % 2 == 0, v),
    "putmask": lambda a, v: np.putmask(a, np.arange(9).reshape(3, 3) % 3 == 1, v),
    "copyto": lambda a, v: np.copyto(a, v[:1]),
    "copyto, where": lambda a, v: np.copyto(a, v[0], where=np.eye(3, dtype=bool)),
    "fill_diagonal": lambda a, v: np.fill_diagonal(a, v),
    "fill_diagonal, one": lambda a, v: np.fill_diagonal(a, v[1]),
    "put_along_axis": lambda a, v: np.put_along_axis(a, np.array([[0, 2, 1]]), v[1], 0),
    "put_along_axis, flat": lambda a, v: np.put_along_axis(a, np.array([0, 4]), v, None),
}


@given(data=st.data())
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_any_basic_or_integer_index(data: Any) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3))
    basic = hnp.basic_indices(shape, allow_newaxis=True)
    integers = hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(max_side=3))
    index = data.draw(basic | integers)
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape)
    wide = np.shape(x[index])
    value = rng.normal(size=data.draw(st.sampled_from([wide, wide[1:], (1, *wide), ()])))
    expected = x.copy()
    try:
        expected[index] = value
    except ValueError:  # wide[1:] is the shape of an element, (1, *wide) of a 0-d view
        return
    np.testing.assert_array_equal(setitem(Variable(x), index, Variable(value)).data, expected)
    check_derivatives(lambda a, b: setitem(a, index, b) ** 2, [x, value], orders=2)


@pytest.mark.parametrize("name", WRITERS)
def test_numpys_functions_write_into_a_variable(name: str) -> None:
    write = WRITERS[name]
    x, value = np.arange(9.0).reshape(3, 3), np.array([10.0, 20.0])
    expected = x.copy()
    write(expected, value)

    def written(a: Any, v: Any) -> Any:
        a = a * 1.0
        write(a, v)
        return a

    np.testing.assert_array_equal(written(Variable(x), Variable(value)).data, expected)
    np.testing.assert_array_equal(written(Variable(x), value).data, expected)
    check_derivatives(lambda a, v: written(a, v) ** 3, [x, value], orders=2)


@pytest.mark.parametrize("name", WRITERS)
def test_an_array_cannot_hold_a_variable(name: str) -> None:
    array = np.zeros((3, 3))
    with pytest.raises(TypeError, match=r"cannot hold a Variable|does not turn into an array"):
        WRITERS[name](array, Variable(np.array([1.0, 2.0])))
    assert not array.any()


def test_values_that_would_lose_their_gradient_are_refused() -> None:
    with pytest.raises(TypeError, match=r"float64 values do not fit into an array of int64"):
        setitem(np.zeros(2, int), 0, Variable(np.array(0.5)))
    with pytest.raises(TypeError, match=r"write x.astype\('complex128'\)"):
        setitem(Variable(np.zeros(2)), 0, np.array(1j))


def test_the_dtype_is_that_of_x() -> None:
    x, value = Variable(np.zeros(2, np.float32)), Variable(np.array(0.5))
    y = setitem(x, 0, value)
    assert y.dtype == np.float32
    gx, gvalue = gradients(y, [x, value])
    assert (gx.dtype, gvalue.dtype) == (np.float32, np.float64)
    assert setitem(x, 0, 1).dtype == np.float32
    assert setitem(np.zeros(2, int), 0, True).data.tolist() == [1, 0]


def test_constants_on_either_side() -> None:
    x, value = Variable(np.arange(3.0)), Variable(np.array(0.5))
    assert gradients(setitem(x, 1, 0.5), x)[0].tolist() == [1, 0, 1]
    assert gradients(setitem(np.arange(3.0), [0, 1], value), value)[0] == 2


def test_an_index_that_changes_later_does_not_matter() -> None:
    x, index = Variable(np.arange(3.0)), np.array([0])
    y = setitem(x, index, 5.0)
    index[0] = 2
    assert gradients(y, x)[0].tolist() == [0, 1, 1]


def test_a_recurrence_written_into_a_buffer() -> None:
    def euler(rate: Any) -> Any:
        buffer = setitem(np.zeros(6), 0, 1.0)
        for i in range(5):
            buffer = setitem(buffer, i + 1, buffer[i] + 0.1 * rate * buffer[i])
        return buffer

    rate = np.array(-0.7)
    np.testing.assert_allclose(euler(Variable(rate)).data, (1 + 0.1 * rate) ** np.arange(6))
    check_derivatives(lambda r: euler(r) ** 2, [rate])
