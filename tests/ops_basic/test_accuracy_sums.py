"""Sums, spreads, products and norms: to the last digits, and nothing lost to overflow."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tinypt_core.ops import cumsum, prod, sum_to

from tinypt_core import Variable, gradients


def exactly(values: Any) -> Fraction:
    return sum((Fraction(float(v)) for v in values), Fraction(0))


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.sum(x, axis=0),
        lambda x: np.mean(x, axis=0) * len(x),
        lambda x: np.sum(x[:, :, None], axis=(0, 2)),
        lambda x: sum_to(x, (2,)),
        lambda x: cumsum(x, axis=0)[-1],
        lambda x: (
            np.sum(np.swapaxes(np.asfortranarray(x.data.T), 0, 1), axis=0)
            if False
            else np.sum(x.T, axis=1)
        ),
    ],
    ids=["sum", "mean", "axes", "sum_to", "cumsum", "transposed"],
)
def test_sums_along_the_slow_axis(call: Any) -> None:
    a = np.random.default_rng(0).uniform(0, 1, (50_000, 2)).astype(np.float32)
    y = call(Variable(a)).data
    for k in range(2):
        exact = exactly(a[:, k])
        assert abs(Fraction(float(y[k])) - exact) / exact < 4 * Fraction(float(np.finfo("f4").eps))


def test_float16_counts_and_sums_in_float32() -> None:
    x = Variable(np.ones(70_000, np.float16))
    for f, slope in ((np.max, 1 / 70_000), (np.mean, 1 / 70_000)):
        (g,) = gradients(f(x), [x])
        assert g.dtype == np.float16
        np.testing.assert_allclose(g.astype(float), slope, rtol=1e-2)
    assert np.sum(Variable(np.ones((5000, 2), np.float16)), axis=0).data.tolist() == [5000, 5000]
    assert cumsum(Variable(np.ones(5000, np.float16))).data[-1] == 5000
    assert np.mean(x).data == 1
    noise = Variable(np.where(np.arange(70_000) % 2, 300, -300).astype(np.float16))
    assert np.std(noise).data == 300
    (g,) = gradients(np.std(noise), [noise])
    np.testing.assert_allclose(np.abs(g.astype(float)), 1 / 70_000, rtol=1e-2)


def test_deviations_of_data_with_an_offset() -> None:
    a = 1e8 + np.random.default_rng(2).normal(size=1000)
    exact = [Fraction(v) for v in a]
    mean = sum(exact) / 1000
    variance = sum((v - mean) ** 2 for v in exact) / 1000
    x = Variable(a)
    y = np.var(x)
    np.testing.assert_allclose(y.data, float(variance), rtol=1e-15)
    (g,) = gradients(y, [x])
    np.testing.assert_allclose(g, [float(2 * (v - mean) / 1000) for v in exact], rtol=2e-15)
    (g,) = gradients(np.std(x), [x])
    deviation = float(variance) ** 0.5
    slope = [float((v - mean) / 1000) / deviation for v in exact]
    np.testing.assert_allclose(g, slope, rtol=3e-15)


@pytest.mark.parametrize("size", [1e200, 1e-200, 1.0])
def test_norm_and_std_of_huge_and_tiny_numbers(size: float) -> None:
    a = np.array([3.0, -4.0, 12.0])
    for order, exact in ((None, 13.0), (2, 13.0), (3, 1819 ** (1 / 3)), (1.5, None)):
        x = Variable(size * a)
        y = np.linalg.norm(x, order)
        expected = np.linalg.norm(a, order) if exact is None else exact
        np.testing.assert_allclose(y.data, size * expected, rtol=1e-14)
        (g,) = gradients(y, [x])
        one = Variable(a)
        np.testing.assert_allclose(g, gradients(np.linalg.norm(one, order), [one])[0], rtol=1e-14)
    x, one = Variable(size * a), Variable(a)
    np.testing.assert_allclose(np.std(x).data, size * a.std(), rtol=1e-14)
    (g,) = gradients(np.std(x), [x])
    np.testing.assert_allclose(g, gradients(np.std(one), [one])[0], rtol=1e-14)


def test_products_that_overflow_or_vanish() -> None:
    with np.errstate(over="ignore", under="ignore"):
        for size in (1e200, 1e-200):
            x = Variable(np.array([size, 2 * size]))
            (g,) = gradients(prod(x), [x])
            np.testing.assert_allclose(g, [2 * size, size])
    x = Variable(np.array([3.0, 7.0, 11.0]))
    (g,) = gradients(prod(x), [x], create_graph=True)
    (gg,) = gradients(g[0], [x])
    np.testing.assert_array_equal(gg, [0, 11, 7])  # by itself exactly 0


def test_sums_along_several_axes_but_not_all() -> None:
    a = np.random.default_rng(1).uniform(0, 1, (100, 100, 100, 2)).astype(np.float32)
    for y in (np.sum(Variable(a), axis=(0, 1, 2)).data, sum_to(Variable(a), (2,)).data):
        exact = a.astype(np.float64).sum(axis=(0, 1, 2))
        np.testing.assert_allclose(y, exact, rtol=5e-7)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_gradients_of_what_was_broadcast(dtype: Any) -> None:
    """The core sums them: no digit is lost to the number of rows."""
    rows = 100 if dtype == np.float16 else 50_000
    a = np.random.default_rng(3).uniform(0, 1, (rows, 2)).astype(dtype)
    bias = Variable(np.zeros(2, dtype))
    (g,) = gradients(a + bias, [bias], [a])
    for k in range(2):
        exact = exactly(a[:, k])
        assert abs(Fraction(float(g[k])) - exact) / exact < 4 * Fraction(float(np.finfo(dtype).eps))
    many = Variable(np.ones(1, np.float16))
    assert gradients(np.ones((5000, 1), np.float16) * many, [many])[0] == [5000]
