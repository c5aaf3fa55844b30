"""Special functions where formulas end: zeros, ties, far tails, constants that are no constants."""

import mpmath as mp
import numpy as np
import pytest
import scipy.special
from tinypt_core import Variable, gradients, ops

import tinypt_ops_scipy.special as ours


def derivatives(f, x, order):
    v = Variable(np.array(x))
    values = [f(v)]
    for _ in range(order):
        values.append(gradients(values[-1], v, create_graph=True)[0])
    return [value.data for value in values]


def test_boxcox_by_its_exponent_at_zero():
    x, power = Variable(np.array([0.5, 3.0])), Variable(np.zeros(2))
    (g,) = gradients(scipy.special.boxcox(x, power), power, create_graph=True)
    np.testing.assert_allclose(g.data, np.log(x.data) ** 2 / 2)
    np.testing.assert_allclose(gradients(g, power)[0], np.log(x.data) ** 3 / 3)


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
    mills = [float(mp.npdf(p) / mp.ncdf(p)) for p in x]
    np.testing.assert_allclose(log_ndtr, mills, rtol=1e-12)
    expit = gradients(scipy.special.expit(v := Variable(np.array(50.0))), v)[0]
    np.testing.assert_allclose(expit, float(mp.exp(-50) / (1 + mp.exp(-50)) ** 2))


def test_an_order_that_is_a_variable_is_refused_by_name():
    v = Variable(np.array(0.5))
    for name in ("jv", "yv", "iv", "kv", "ive", "kve"):
        with pytest.raises(TypeError, match=rf"scipy\.special\.{name}: the order is a constant"):
            getattr(ops, name)(v, np.ones(2))
    with pytest.raises(TypeError, match="hyp1f1: a parameter is a constant"):
        ours.hyp1f1(v, 1.0, np.ones(2))


@pytest.mark.parametrize("n", [1, 2, 5])
def test_polygamma_of_complex_numbers(n):
    from tinypt_ops_scipy.special.gammas import Polygamma

    z = np.array([0.5 + 0.5j, -3.3 + 0.2j, 12.0 - 7.0j, 1.0 + 0j])
    want = [complex(mp.polygamma(n, w)) for w in z]
    np.testing.assert_allclose(Polygamma(n).forward(z), want, rtol=1e-12)
