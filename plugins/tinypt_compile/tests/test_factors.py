"""Numbers that are multiplied at once give the bits of one multiplication after the other."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinypt_compile import compile

from tinypt_core import grad, hessian, vmap

#: what rounding, overflow, subnormal numbers and signs of zero show at
EDGES = [
    0.0, -0.0, 1.0, -3.0, 0.1, 5e-324, -1.5e-323, 2.2e-308, 1.1e-308, 8.9e307, -1.79e308,
    6e-8, 6.1e-5, 65504.0, 3.4e38, 1.4e-45, 1.2e-38, np.inf, -np.inf, np.nan,
]  # fmt: skip
FACTORS = [2.0, -2.0, 4.0, 100.0, -3.0, 0.1, 0.5, -1.0, 1.0, 3, 2, 1000.0, 4096.0]


def bits(x):
    """An array as something to compare, every NaN alike."""
    x = np.asarray(x)
    return x.dtype, np.where(np.isnan(x), "nan", x.astype(str)).tolist(), np.signbit(x[x == 0])


def same(a, b):
    for mine, other in zip(bits(a), bits(b), strict=True):
        np.testing.assert_array_equal(mine, other)


@given(st.lists(st.sampled_from(FACTORS), min_size=2, max_size=4), st.integers(0, 15))
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_row_of_factors(dtype, factors, signs):
    def product(x):
        for i, k in enumerate(factors):
            x = -(k * x) if signs >> i & 1 else x * k
        return x

    with np.errstate(all="ignore"):
        x = np.array(EDGES).astype(dtype)
        program = compile(product)
        same(program(x), product(x))
        assert not program._reasons


def test_a_row_of_whole_factors_is_one_product():
    program = compile(lambda x: -(100.0 * (2.0 * x)))
    assert "-200.0 * x" in program.source(np.ones(3))
    program = compile(lambda x: 0.1 * (2.0 * x))
    assert "0.1 * (2.0 * x)" in program.source(np.ones(3))


def rows(start, scale=1.0):
    """One-hot rows, made inside a program, where they are constants."""
    return np.eye(4)[:, start : start + 3] * scale


def both(x, k):
    product = rows(0) * x
    return k * (rows(1) + product) + product


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.complex128])
def test_a_factor_of_minus_one(dtype):
    x = np.array([0.0, -0.0, 2.0, -3.0]).astype(dtype)
    for f in (lambda x: -1 * x, lambda x: 1 + -1 * x * x, lambda x: x * -1.0):
        program = compile(f)
        found, expected = program(x), f(x)
        assert found.dtype == expected.dtype
        same(found.real, expected.real)
        same(found.imag, expected.imag)
    assert "1 - x * x" in compile(lambda x: 1 + -1 * x * x).source(np.ones(3))


ROWS = {
    "a product": (lambda x, k: k * (rows(0) * x), 1),
    "a product that others read": (lambda x, k: k * (rows(0) * x) + rows(0) * x, 2),
    "a sum": (lambda x, k: k * (rows(1) + rows(0) * x), 1),
    "a sum of a product that others read": (both, 2),
    "a difference": (lambda x, k: (rows(0) - rows(1) * x) * k, 1),
    "the other difference": (lambda x, k: k * (rows(0) * x - rows(1)), 1),
    "the same places": (lambda x, k: k * (rows(0) + rows(0) * x), 2),
    "no units": (lambda x, k: k * (rows(0, 0.1) * x), 2),
    "no units in a sum": (lambda x, k: k * (rows(1) + rows(0, 3.0) * x), 2),
    "zeros below zero": (lambda x, k: k * (rows(1, -1.0) + rows(0) * x), 2),
    "a batch": (lambda x, k: k * (rows(0) * np.stack([x] * 4)), 1),
}


@pytest.mark.parametrize("k", [3.0, 0.1, 1e300, -7.0, -0.1, np.inf])
@pytest.mark.parametrize("name", ROWS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_factor_of_one_hot_rows(name, k):
    row, products = ROWS[name]
    program = compile(lambda x: row(x, k))
    for x in np.lib.stride_tricks.sliding_window_view(np.array(EDGES), 3):
        with np.errstate(all="ignore"):
            same(program(x.copy()), row(x.copy(), k))
    if 1 < k < np.inf:
        body = program.source(np.ones(3)).partition("def ")[2]
        assert body.count(" * ") == products, body
    assert not program._reasons


@pytest.mark.parametrize("n", [4, 40])
def test_a_hessian_is_a_dozen_calls(n):
    def rosenbrock(x):
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    program, rng = compile(hessian(rosenbrock)), np.random.default_rng(0)
    for _ in range(3):
        x = rng.normal(size=n)
        np.testing.assert_array_equal(program(x), hessian(rosenbrock)(x))
    text = program.source(x)
    assert not re.search("broadcast_to|reshape|copy|zeros_like", text[text.index("def ") :])
    assert program(x).flags.owndata


# -- arrays that are filled -----------------------------------------------------------------------


def test_an_array_of_ones_own_is_filled_without_a_copy():
    def filled(x):
        y = x * 2
        for i in range(3):
            y[i] = x[i] ** 2
        return y

    program, x = compile(filled), np.arange(5.0)
    assert ".copy()" not in program.source(x)
    np.testing.assert_array_equal(program(x), filled(x))
    np.testing.assert_array_equal(x, np.arange(5.0))


def test_zeros_are_made_anew_at_every_call():
    program = compile(grad(lambda x: np.sum(np.sin(x[1:]))))
    x = np.arange(4.0)
    first = program(x)
    first += 7
    np.testing.assert_array_equal(program(x), grad(lambda x: np.sum(np.sin(x[1:])))(x))


@pytest.mark.parametrize("dtype", [np.float32, np.complex128])
def test_zeros_of_another_dtype(dtype):
    def part(x):
        return np.sum(np.abs(x[1:] * x[:-1]) ** 2)

    x = np.arange(1, 5).astype(dtype)
    program = compile(grad(part))
    assert program(x).dtype == dtype
    np.testing.assert_array_equal(program(x), grad(part)(x))


def test_the_diagonal_that_is_copied_is_not_the_arguments():
    program = compile(lambda x: np.einsum("ii->i", x).copy())
    x = np.eye(3)
    program(x)
    found = program(x)
    assert not np.shares_memory(found, x)


def test_a_batch_of_fillings():
    def shifted(x):
        return np.sum(x[1:] * x[:-1] ** 3)

    rows = np.random.default_rng(0).normal(size=(6, 5))
    for f in (vmap(grad(shifted)), vmap(hessian(shifted))):
        np.testing.assert_array_equal(compile(f)(rows), f(rows))
        np.testing.assert_array_equal(compile(f)(np.asfortranarray(rows)), f(rows))


def read_later(x):
    y = x * 3
    z = y * 2
    y[0] = 5.0
    return z + y


def a_view_times_one(x):
    y = x[1:] * 1
    y[0] = 5.0
    return y


def ones_that_are_filled(x):
    y = np.ones_like(x)
    y[0] = x[1]
    return y


@pytest.mark.parametrize("fill", [read_later, a_view_times_one, ones_that_are_filled])
def test_what_is_filled_changes_nothing_else(fill):
    program, x = compile(fill), np.arange(1.0, 5.0)
    program(x)
    np.testing.assert_array_equal(program(x), fill(x.copy()))
    np.testing.assert_array_equal(x, np.arange(1.0, 5.0))
    assert not program._reasons


def test_a_shape_that_is_there_shares_memory_as_eagerly():
    def both(x):
        y = x * 2
        return y.reshape(4), y

    def part(x):
        return x, x[1:].reshape(3)

    x = np.arange(4.0)
    for f in (both, part):
        program = compile(f)
        program(x)
        assert np.shares_memory(*program(x)) == np.shares_memory(*f(x))
        assert not program._reasons


def test_a_sign_stays_where_there_is_less_to_negate():
    x, m = np.ones(3), np.ones((4, 3))
    assert "m * -np.sin(x)" in compile(lambda x, m: m * -np.sin(x)).source(x, m)
