"""Integrals and differential equations against known solutions."""

import numpy as np
import pytest
import scipy.integrate
from tinypt_core import Variable, grad, gradients, hessian
from tinypt_core.testing import check_gradient

from tinypt_ops_scipy import integrate

T = np.array([0.0, 0.4, 1.0, 1.7])
TIGHT = {"rtol": 1e-9, "atol": 1e-11}


def decay(t, y, k):
    return -k * y


def oscillator(t, y, w):
    return [y[1], -(w**2) * y[0]]


def test_decay_by_its_rate_its_start_and_the_times():
    """y = y0 exp(-k t)."""
    k, y0, t = Variable(np.array(1.3)), Variable(np.array([2.0])), Variable(T)
    y = integrate.solve_ivp(decay, (0.0, 1.7), y0, t_eval=t, args=(k,), **TIGHT).y
    w = np.array([0.5, 1.0, -2.0, 3.0])
    gk, gy, gt = gradients(np.sum(w * y), [k, y0, t])
    e = w * np.exp(-1.3 * T)
    np.testing.assert_allclose(gk, np.sum(-2 * T * e), rtol=1e-6)
    np.testing.assert_allclose(gy, [np.sum(e)], rtol=1e-6)
    np.testing.assert_allclose(gt[1:], (-1.3 * 2 * e)[1:], rtol=1e-6)
    np.testing.assert_allclose(gt[0], 1.3 * 2 * np.sum(e[1:]), rtol=1e-6)  # starts later


def test_an_oscillator_by_its_frequency_to_the_second_order():
    """y = cos(w t), a list from fun."""
    f = lambda w: integrate.odeint(
        oscillator, np.array([1.0, 0.0]), T, (w,), tfirst=True, rtol=1e-10, atol=1e-10
    )[-1, 0]
    w, t = 2.0, T[-1]
    np.testing.assert_allclose(f(np.array(w)), np.cos(w * t), rtol=1e-7)
    np.testing.assert_allclose(grad(f)(w), -t * np.sin(w * t), rtol=1e-6)
    np.testing.assert_allclose(grad(grad(f))(w), -t * t * np.cos(w * t), rtol=1e-5)


def test_a_linear_system_is_an_exponential_of_its_matrix():
    from tinypt_ops_scipy.linalg import expm

    a, y0 = np.array([[-0.5, 1.0], [-1.0, -0.2]]), np.array([1.0, 0.5])
    w = np.array([1.0, -2.0])
    flow = lambda a, y0: (
        w
        @ integrate.solve_ivp(
            lambda t, y, a: a @ y, (0.0, 1.5), y0, t_eval=[1.5], args=(a,), method="DOP853", **TIGHT
        ).y[:, 0]
    )
    exact = lambda a, y0: w @ (expm(1.5 * a) @ y0)
    for argnum in (0, 1):
        got, want = (grad(f, argnum)(a, y0) for f in (flow, exact))
        np.testing.assert_allclose(got, want, rtol=1e-6)
    np.testing.assert_allclose(hessian(flow, 1)(a, y0), 0, atol=1e-8)


@pytest.mark.parametrize("method", ["RK23", "Radau", "BDF", "LSODA"])
def test_every_method_of_scipy(method):
    f = lambda k: integrate.solve_ivp(
        decay, (0.0, 1.0), np.array([2.0]), method, args=(k,), rtol=1e-7, atol=1e-9
    ).y[0, -1]
    np.testing.assert_allclose(grad(f)(1.3), -2 * np.exp(-1.3), rtol=2e-5)


def test_the_last_time_of_a_span():
    end = Variable(np.array(1.0))
    found = integrate.solve_ivp(decay, (0.0, end), np.array([2.0]), args=(1.3,), **TIGHT)
    (g,) = gradients(found.y[0, -1], end)
    np.testing.assert_allclose(g, -1.3 * 2 * np.exp(-1.3), rtol=1e-6)
    theirs = scipy.integrate.solve_ivp(decay, (0.0, 1.0), np.array([2.0]), args=(1.3,), **TIGHT)
    np.testing.assert_array_equal(found.t.data, theirs.t)
    np.testing.assert_allclose(found.y.data, theirs.y, rtol=1e-9)


def test_what_equations_refuse():
    w = Variable(np.array(2.0))
    with pytest.raises(TypeError, match="fun uses a Variable from outside"):
        integrate.odeint(lambda y, t: -w * y, np.ones(1), T)
    with pytest.raises(TypeError, match="events= is not supported"):
        integrate.solve_ivp(decay, (0, 1), np.ones(1), args=(w,), events=lambda t, y: y)


def test_leibniz_by_limits_and_parameters_to_the_second_order():
    f = lambda a, b, k: integrate.quad(lambda x, k: np.exp(-k[0] * x) * k[1], a, b, (k,))[0]
    check_gradient(f, np.array(0.2), np.array(1.5), np.array([0.7, 2.0]), order=2)


def test_an_integral_over_all_numbers():
    f = lambda s: integrate.quad(lambda x, s: np.exp(-0.5 * (x / s) ** 2), -np.inf, np.inf, (s,))[0]
    np.testing.assert_allclose(grad(f)(1.7), np.sqrt(2 * np.pi), rtol=1e-7)
    with pytest.raises(TypeError, match="func uses a Variable from outside"):
        integrate.quad(lambda x: x * Variable(np.array(2.0)), 0, 1)


@pytest.mark.parametrize("n", [2, 5, 6])
@pytest.mark.parametrize("name", ["trapezoid", "simpson", "cumulative_trapezoid"])
def test_samples(name, n):
    rng = np.random.default_rng(0)
    y, x = rng.normal(size=(3, n)), np.cumsum(rng.uniform(0.5, 1.5, n))
    f, theirs = getattr(integrate, name), getattr(scipy.integrate, name)
    for options in ({"x": x}, {"dx": 0.3}, {"dx": 0.3, "axis": 0}):
        np.testing.assert_allclose(f(Variable(y), **options).data, theirs(y, **options))
        check_gradient(lambda y, o=options: np.sin(f(y, **o)), y, order=2)


def test_samples_by_their_places():
    x = np.array([0.0, 0.5, 2.0])
    check_gradient(lambda x: integrate.trapezoid(np.sin(x), x), x, order=2)
    check_gradient(lambda x: integrate.cumulative_trapezoid(np.sin(x), x, initial=0), x, order=2)
    with pytest.raises(TypeError, match="simpson: x and dx are constants"):
        integrate.simpson(np.ones(3), Variable(x))
