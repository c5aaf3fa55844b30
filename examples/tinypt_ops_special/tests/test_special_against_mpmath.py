"""Values and derivatives against mpmath, which knows neither SciPy nor these rules."""

import mpmath
import numpy as np
import pytest
import scipy.special
from tinypt_core import Variable, gradients, ops

mpmath.mp.dps = 40

PLAIN = [-2.5, -0.7, 0.0, 0.3, 1.0, 3.2]
POSITIVE = [0.2, 0.5, 1.0, 1.7, 6.3]
CASES = {
    "erf": (mpmath.erf, PLAIN),
    "erfc": (mpmath.erfc, PLAIN),
    "ndtr": (mpmath.ncdf, PLAIN),
    "log_ndtr": (lambda x: mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2), [-9.0, *PLAIN, 12.0]),
    "gammaln": (lambda x: mpmath.log(abs(mpmath.gamma(x))), [-1.4, *POSITIVE]),
    "digamma": (mpmath.digamma, [-1.4, *POSITIVE]),
    "psi": (mpmath.digamma, POSITIVE),
    "expit": (lambda x: 1 / (1 + mpmath.exp(-x)), [*PLAIN, 45.0]),
    "logit": (lambda x: mpmath.log(x / (1 - x)), [0.01, 0.3, 0.5, 0.9]),
    "i0": (lambda x: mpmath.besseli(0, x), PLAIN),
    "i1": (lambda x: mpmath.besseli(1, x), PLAIN),
    "entr": (lambda x: -x * mpmath.log(x), POSITIVE),
}


def derivatives(f, x, order):
    """The values of f and its first derivatives at x, elementwise."""
    v = Variable(np.array(x))
    values = [f(v)]
    for _ in range(order):
        values.append(gradients(values[-1], v, create_graph=True)[0])
    return [value.data for value in values]


def expected(f, x, order):
    return [[float(mpmath.diff(f, mpmath.mpf(p), n)) for p in x] for n in range(order + 1)]


@pytest.mark.parametrize("name", CASES)
def test_three_derivatives(name):
    f, points = CASES[name]
    got = derivatives(getattr(ops, name), points, 3)
    np.testing.assert_allclose(got, expected(f, points, 3), rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("n", range(4))
def test_orders_of_polygamma_and_bessel(n):
    got = derivatives(lambda v: ops.polygamma(n, v), POSITIVE, 3)
    want = expected(lambda x: mpmath.polygamma(n, x), POSITIVE, 3)
    np.testing.assert_allclose(got, want, rtol=1e-9)
    got = derivatives(lambda v: scipy.special.iv(n, v), PLAIN, 3)
    want = expected(lambda x: mpmath.besseli(n, x), PLAIN, 3)
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-13)


PAIRS = {
    "xlogy": lambda x, y: x * mpmath.log(y),
    "betaln": lambda x, y: mpmath.log(mpmath.beta(x, y)),
    "kl_div": lambda x, y: x * mpmath.log(x / y) - x + y,
}


@pytest.mark.parametrize("orders", [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (2, 1), (1, 2), (0, 3)])
@pytest.mark.parametrize("name", PAIRS)
def test_mixed_partials_of_two_arguments(name, orders):
    x, y = Variable(np.array([0.4, 1.3])), Variable(np.array([2.1, 0.6]))
    g = getattr(scipy.special, name)(x, y)
    for v in [x] * orders[0] + [y] * orders[1]:
        (g,) = gradients(g, v, create_graph=True)
    want = [float(mpmath.diff(PAIRS[name], p, orders)) for p in [(0.4, 2.1), (1.3, 0.6)]]
    np.testing.assert_allclose(g.data, want, rtol=1e-9, atol=1e-13)


def test_mixed_partial_holds_where_x_is_zero():
    x, y = Variable(np.array(0.0)), Variable(np.array(4.0))
    (gy,) = gradients(scipy.special.xlogy(x, y), y, create_graph=True)
    assert gy.data == 0
    assert gradients(gy, x)[0] == 0.25


def test_zero_over_zero_is_not_nan():
    x, y = np.zeros(2), Variable(np.array([0.0, 3.0]))
    assert gradients(scipy.special.xlogy(x, y), y)[0].tolist() == [0, 0]
    assert gradients(scipy.special.kl_div(x, y), y)[0].tolist() == [1, 1]


def test_tails_stay_finite():
    x = np.array([-1e4, -300.0, 40.0])
    log_ndtr = gradients(scipy.special.log_ndtr(v := Variable(x)), v)[0]
    assert not np.any(derivatives(scipy.special.log_ndtr, [50.0, 900.0], 3))
    mills = [float(mpmath.npdf(p) / mpmath.ncdf(p)) for p in x]
    np.testing.assert_allclose(log_ndtr, mills, rtol=1e-12)
    expit = gradients(scipy.special.expit(v := Variable(np.array(50.0))), v)[0]
    np.testing.assert_allclose(expit, float(mpmath.exp(-50) / (1 + mpmath.exp(-50)) ** 2))
