"""The rest of NumPy beyond the table: NaN, options, lists, functions of functions, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from opcheck import check_derivatives

from tinypt_core import Variable, gradients, ops

HOLES = np.array([[1.0, np.nan, 3.0], [0.5, 2.0, np.nan], [0.25, 4.0, 1.5]])
X = np.random.default_rng(0).normal(size=(3, 4))


def like_numpy(f: Any, *xs: np.ndarray, orders: int = 2) -> None:
    """f has the same value on Variables as on arrays, and the derivatives of that."""
    expected, found = f(*xs), f(*map(Variable, xs))
    several = isinstance(expected, (tuple, list))
    for a, b in zip(
        expected if several else [expected], found if several else [found], strict=True
    ):
        np.testing.assert_allclose(getattr(b, "data", b), a, rtol=1e-12, atol=1e-14)

    def first(*vs: Any) -> Any:
        y = f(*vs)
        return (y[0] if several else y) ** 2

    check_derivatives(first, list(xs), orders)


NAN_FUNCTIONS = {
    "nanmax": np.nanmax, "nanmin": np.nanmin, "nansum": np.nansum, "nanprod": np.nanprod,
    "nanmean": np.nanmean, "nanvar": np.nanvar, "nanstd": np.nanstd, "nanmedian": np.nanmedian,
    "nancumsum": np.nancumsum, "nancumprod": np.nancumprod,
    "nanquantile": lambda a, axis: np.nanquantile(a, 0.37, axis),
    "nanpercentile": lambda a, axis: np.nanpercentile(a, 37.0, axis),
}  # fmt: skip


@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("name", NAN_FUNCTIONS)
def test_nan_is_left_out(name: str, axis: Any) -> None:
    f, there = NAN_FUNCTIONS[name], ~np.isnan(HOLES)

    def of_the_rest(values: Any) -> Any:
        return f(ops.setitem(HOLES, there, values) if isinstance(values, Variable) else
                 np.where(there, np.nan_to_num(HOLES), np.nan), axis)  # fmt: skip

    like_numpy(of_the_rest, HOLES[there])
    x = Variable(HOLES)
    assert (gradients(f(x, axis), x)[0][~there] == 0).all()


def test_where_nothing_is_left() -> None:
    x = np.array([[np.nan, np.nan], [1.0, 2.0]])
    for f in (np.nanmax, np.nanmin, np.nanmean, np.nanmedian, np.nanvar):
        y = f(Variable(x), axis=1)
        assert np.isnan(y.data[0])
        assert np.isfinite(y.data[1])


def test_quantiles_of_nan_are_nan() -> None:
    y = np.quantile(Variable(HOLES), 0.5, axis=1)
    np.testing.assert_array_equal(y.data, [np.nan, np.nan, 1.5])


@pytest.mark.parametrize("method", ["linear", "weibull", "median_unbiased"])
def test_quantiles_are_differentiable_by_q(method: str) -> None:
    like_numpy(lambda a, q: np.quantile(a, q, axis=1, method=method), X, np.array([0.41, 0.63]))


def test_quantiles_refuse() -> None:
    x = Variable(X)
    with pytest.raises(ValueError, match="method 'inverted_cdf' is not supported"):
        np.quantile(x, 0.5, method="inverted_cdf")
    with pytest.raises(ValueError, match=r"in the range \[0, 1\]"):
        np.quantile(x, 1.5)
    with pytest.raises(TypeError, match="quantiles are of real numbers"):
        np.nanmedian(Variable(X * 1j))


def test_interp_by_all_its_arguments() -> None:
    x, xp = np.array([[0.2, 1.3], [-1.0, 2.9]]), np.array([0.0, 1.0, 2.5])
    like_numpy(np.interp, x, xp, np.array([1.0, -1.0, 4.0]))
    like_numpy(lambda x, f: np.interp(x, xp, f, left=7.0, right=-7.0), x, xp**2)
    like_numpy(lambda x, f: np.interp(x, xp[::-1], f, period=2.7), x, xp**2)
    like_numpy(lambda x, f: np.interp(x, [1.0], f), x, np.array([2.0]), orders=1)


def test_choose_takes_a_list() -> None:
    index = np.array([[0, 1, 1], [1, 2, 0]])
    like_numpy(lambda a, b: np.choose(index, [a, b, 4.0]), X[0, :3], X[:2, :1])
    like_numpy(lambda a: np.choose(index * 5, [a, 2.0], mode="wrap"), X[0, :3])
    with pytest.raises(ValueError, match="invalid entry"):
        np.choose([2], [Variable(X[0]), 1.0])


def test_trim_zeros() -> None:
    x = np.array([0.0, 0.0, 1.0, 0.0, 2.0, 0.0])
    for trim in ("fb", "f", "b"):
        v = Variable(x)
        y = np.trim_zeros(v, trim)
        np.testing.assert_array_equal(y.data, np.trim_zeros(x, trim))
        assert gradients(y * y, v)[0].tolist() == [0, 0, 2, 0, 4, 0]
    assert np.trim_zeros(Variable(np.zeros(3))).shape == (0,)


def test_weights_are_differentiable() -> None:
    w = np.array([1.0, 2.0, 0.5, 1.5])
    like_numpy(lambda m, w: np.cov(m, aweights=w, fweights=[1, 3, 2, 1]), X, w)
    like_numpy(lambda m, w: np.cov(m, aweights=w, ddof=0), X, w)
    like_numpy(lambda x, y, w: np.polyfit(x, y, 1, w=w), X[0], X[1], w)
    like_numpy(lambda w: np.histogram([0.1, 0.5, 2.0, 3.0], 4, (0.0, 2.0), weights=w)[0], w)
    like_numpy(lambda b: np.logspace(0.5, 1.0, 3, base=b), np.array(3.0))


def test_counts_are_plain() -> None:
    assert type(np.bincount(Variable(np.array([1, 1])))) is np.ndarray
    counts, edges = np.histogram(Variable(X))  # edges between the least and the greatest of X
    assert type(counts) is np.ndarray
    assert type(edges) is Variable


def test_unique_with_everything() -> None:
    x = np.array([2.0, 1.0, 2.0, 5.0])
    found = np.unique(Variable(x), return_index=True, return_inverse=True, return_counts=True)
    for a, b in zip(np.unique(x, True, True, True), found, strict=True):
        np.testing.assert_array_equal(a, getattr(b, "data", b))
    assert np.unique_all(Variable(x)).values.data.tolist() == [1, 2, 5]
    assert np.unique_counts(Variable(x)).counts.tolist() == [1, 2, 1]
    assert np.unique_inverse(Variable(x)).inverse_indices.tolist() == [1, 0, 1, 2]


@pytest.mark.parametrize("name", ["union1d", "setdiff1d", "setxor1d"])
def test_sets(name: str) -> None:
    f, x, y = getattr(np, name), np.array([3.0, 1.0, 5.0, 1.0]), np.array([5.0, 2.0, 3.0])
    for a, b in ((Variable(x), y), (x, Variable(y)), (Variable(x), Variable(y))):
        np.testing.assert_array_equal(f(a, b).data, f(x, y))
    v = Variable(x)
    assert gradients(f(v, y), v)[0].tolist() == {
        "union1d": [1, 1, 1, 0],
        "setdiff1d": [0, 1, 0, 0], "setxor1d": [0, 1, 0, 0],
    }[name]  # fmt: skip


def test_functions_of_functions() -> None:
    like_numpy(lambda a: np.apply_along_axis(lambda v: v[:2] * v[1], 0, a), X)
    like_numpy(lambda a: np.apply_along_axis(np.sum, 1, a), X)
    like_numpy(lambda a: np.apply_along_axis(np.outer, -1, a, np.arange(2.0)), X)
    like_numpy(lambda a: np.apply_over_axes(np.sum, a[None], [0, 2]), X)


def test_piecewise_looks_at_each_part_alone() -> None:
    def f(x: Any) -> Any:
        return np.piecewise(x, [x > 0, x < -0.5], [np.log, lambda v: v * v, 3.0])

    x = np.array([-1.0, -0.2, 0.7, 2.0])
    like_numpy(f, x)
    assert np.isfinite(gradients(f(Variable(x)), Variable(x))[0]).all()
    like_numpy(lambda x: np.piecewise(x, x.shape == (), [np.exp]), np.array(0.5), orders=1)
    with pytest.raises(ValueError, match="2 conditions need as many functions"):
        np.piecewise(Variable(x), [x > 0, x < 0], [np.log])


def test_parts_of_numbers() -> None:
    x = np.array([12.0, -0.3, 5e-320, np.inf])
    for f in (np.frexp, np.modf, np.fix):
        for a, b in zip(f(x), f(Variable(x)), strict=True):
            np.testing.assert_array_equal(getattr(b, "data", b), a)
    like_numpy(np.frexp, np.array([12.0, -0.3]), orders=1)
    assert np.ldexp(Variable(np.array(1e-300)), 1100).data == np.ldexp(1e-300, 1100)


UFUNC_METHODS = {
    **{f"{u.__name__}.outer": (lambda a, u=u: u.outer(np.abs(a[0]), a[:2] ** 2)) for u in (
        np.add, np.subtract, np.multiply, np.divide, np.power, np.hypot, np.maximum, np.minimum,
        np.logaddexp)},
    **{f"{u.__name__}.accumulate": (lambda a, u=u: u.accumulate(a, axis=1)) for u in (
        np.add, np.multiply, np.subtract, np.divide, np.maximum, np.minimum, np.logaddexp)},
    **{f"{u.__name__}.reduceat": (lambda a, u=u: u.reduceat(a, [0, 2, 1], axis=1)) for u in (
        np.add, np.multiply, np.maximum, np.minimum)},
}  # fmt: skip


@pytest.mark.parametrize("name", UFUNC_METHODS)
def test_methods_of_ufuncs(name: str) -> None:
    like_numpy(UFUNC_METHODS[name], 0.5 + np.arange(12).reshape(3, 4) * 0.61 % 1)


@pytest.mark.parametrize("ufunc", [np.add, np.subtract])
def test_ufunc_at(ufunc: Any) -> None:
    def f(a: Any, b: Any) -> Any:
        a = a * 1.0
        ufunc.at(a, ([0, 0, 2], [1, 1, 3]), b)
        return a

    like_numpy(f, X, np.array([1.0, 2.0, 3.0]))
    with pytest.raises(TypeError, match="an array cannot hold a Variable"):
        ufunc.at(np.zeros(2), [0], Variable(np.array([1.0])))


def test_lists_may_hold_variables() -> None:
    a = Variable(np.array(2.0))
    assert ops.append([a, 1.0], 3.0).data.tolist() == [2, 1, 3]
    assert ops.polyval([a, 1.0], 3.0).data == 7
    assert gradients(ops.linalg.multi_dot([np.ones((1, 1)), [[a]]]), a)[0] == 1


def test_lstsq_gives_all_that_numpy_gives() -> None:
    b = np.arange(3.0)
    for a in (X, X[:, :2], np.ones((3, 2))):
        for ours, theirs in zip(
            np.linalg.lstsq(Variable(a), b), np.linalg.lstsq(a, b), strict=True
        ):
            np.testing.assert_allclose(getattr(ours, "data", ours), theirs, atol=1e-13)


def test_insert_refuses_what_would_lose_the_gradient() -> None:
    with pytest.raises(TypeError, match="do not fit into an array of int64"):
        np.insert(np.arange(3), 1, Variable(np.array(0.5)))
    with pytest.raises(TypeError, match="do not fit into an array of int64"):
        np.full_like(Variable(np.arange(3)), 0.5)
