"""Digits that the obvious formula loses: values and derivatives against 50 digits."""

from __future__ import annotations

import warnings

import mpmath as mp
import numpy as np
import pytest
from scipy import special
from tinypt_core import Variable, gradients
from tinypt_core.ops import log_softmax, softmax

from tinypt_ops_scipy.special import logsumexp


def derivatives(f, x, orders=3):
    v = Variable(np.asarray(x))
    found = [f(v)]
    for _ in range(orders):
        found.append(gradients(found[-1], [v], create_graph=True)[0])
    return [y.data for y in found]


def against(f, exact, points, rtol, orders=3, dtype=float):
    for x in points:
        x = dtype(x)
        with mp.workdps(60):
            series = mp.taylor(exact, mp.mpf(float(x)), orders)
            true = [float(c * mp.factorial(n)) for n, c in enumerate(series)]
        for n, found in enumerate(derivatives(f, x, orders)):
            assert found.dtype == dtype
            assert found == pytest.approx(true[n], rel=rtol, abs=0), (x, n)


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 4e-15), (np.float32, 2e-6)])
def test_log_ndtr_far_left(dtype, rtol):
    against(
        special.log_ndtr,
        lambda x: mp.log(mp.ncdf(x)),
        [-1.5, -4, -11, -40, -300],
        rtol,
        dtype=dtype,
    )


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-14), (np.float32, 4e-6)])
def test_erfcx_far_right(dtype, rtol):
    def exact(x):
        return mp.exp(x * x) * mp.erfc(x)

    against(special.erfcx, exact, [1.5, 4, 11, 40], rtol, dtype=dtype)


def test_betaln_of_numbers_of_different_size():
    for b in (2.0, 1e-3):
        two = np.array(b)
        against(
            lambda x, two=two: special.betaln(x, two),
            lambda x, b=b: mp.loggamma(x) + mp.loggamma(b) - mp.loggamma(x + b),
            [0.3, 7.5, 1e4, 3.7e5, 1e8],
            1e-14,
        )
    x = Variable(np.array([1e-3, 3.0]))
    y = special.beta(np.array(1e6), x)
    (g,) = gradients(y, [x])
    with mp.workdps(40):
        exact = [mp.psi(0, mp.mpf(a)) - mp.psi(0, mp.mpf(a) + 10**6) for a in x.data]
    np.testing.assert_allclose(g / y.data, np.array(exact, float), rtol=1e-14)


def test_betaln_of_negative_numbers_is_scipys():
    a, b = np.array(-1.5), np.array(3.2)
    x = Variable(a)
    (g,) = gradients(special.betaln(x, b), [x])
    np.testing.assert_allclose(g, special.psi(a) - special.psi(a + b), rtol=1e-14)


def test_kl_div_of_nearly_equal_numbers():
    for d in (1e-3, 1e-8, -1e-12):
        x, y = 2.0, 2.0 + d
        with mp.workdps(60):
            a, b = mp.mpf(x), mp.mpf(y)
            exact = float(a * mp.log(a / b) - a + b)
        # an ulp of x or y changes it by 2 / d ulps
        assert special.kl_div(Variable(np.array(x)), y).data == pytest.approx(
            exact, rel=1e-15 / abs(d)
        )
    assert special.kl_div(Variable(np.array(0.0)), 3.0).data == 3


def test_pseudo_huber_of_large_residuals():
    one = np.array(1.0)
    for x in (1e-3, 1.0, 50.0, 1e4):
        second = derivatives(lambda r: special.pseudo_huber(one, r), x, 2)[2]
        assert second == pytest.approx((1 + x * x) ** -1.5, rel=1e-14)


@pytest.mark.parametrize("size", [0.0, 1e16, -1e16, 1e300])
def test_softmax_and_logsumexp_of_large_numbers(size):
    x = Variable(np.array([size, size]))
    np.testing.assert_array_equal(gradients(logsumexp(x), [x])[0], [0.5, 0.5])
    np.testing.assert_array_equal(gradients(softmax(x)[0], [x])[0], [0.25, -0.25])
    np.testing.assert_array_equal(gradients(log_softmax(x)[0], [x])[0], [0.5, -0.5])


def test_infinite_numbers_have_the_shares_of_their_limits():
    for a, shares in (([np.inf, 1.0], [1, 0]), ([-np.inf, 1.0], [0, 1]), ([-np.inf] * 2, [0, 0])):
        x = Variable(np.array(a))
        np.testing.assert_array_equal(gradients(logsumexp(x), [x])[0], shares)


@pytest.mark.parametrize("f", [softmax, log_softmax])
def test_rows_of_which_one_share_is_nearly_1(f):
    """1 - p of a confident prediction is the sum of the others."""
    a = np.array([40.0, 0.0, 1.0])
    x = Variable(a)
    with mp.workdps(60):
        e = [mp.exp(v) for v in a]
        p = [v / sum(e) for v in e]
        exact = np.array([p[1] + p[2], -p[1], -p[2]], float)
    np.testing.assert_allclose(gradients(f(x)[0], [x])[0], exact, rtol=1e-15)


def test_i0_near_0_and_at_it():
    for x in (0.0, 1e-310, 1e-160, 1e-9):
        found = derivatives(special.i0, x)
        np.testing.assert_allclose(found, [1, x / 2, 0.5, 3 * x / 8], rtol=1e-12, atol=1e-320)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_no_warning_where_the_value_is_fine():
    zero = np.zeros(1)
    for f in (special.xlogy, special.rel_entr, special.kl_div):
        x, y = Variable(zero), Variable(zero)
        assert f(x, y).data == 0
        gradients(f(x, y), [x, y])
        assert gradients(f(x, zero + 2.0), [x])[0] == pytest.approx(
            [np.log(2.0)] if f is special.xlogy else [-np.inf], abs=0
        )
        assert np.isfinite(gradients(f(zero, y), [y])[0])
    for f in (special.erf, special.erfc, special.ndtr):
        assert derivatives(f, 1e155, 1)[1] == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert derivatives(special.log_ndtr, 1e155, 1)[1] == 0
