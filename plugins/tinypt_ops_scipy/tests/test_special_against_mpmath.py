"""Values and derivatives against mpmath, which knows neither SciPy nor these rules."""

import mpmath
import numpy as np
import pytest
import scipy.special
from tinypt_core import Variable, gradients

import tinypt_ops_scipy.special as ours

mpmath.mp.dps = 25
mp = mpmath

NORMAL = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2
CASES = {
    # name: (function, lowest and highest point drawn, points at the edges of the domain)
    "erf": (mp.erf, -4, 4, [0.0]),
    "erfc": (mp.erfc, -4, 20, [0.0]),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), -3, 8, [0.0, 20.0]),
    "erfi": (mp.erfi, -4, 4, [0.0]),
    "dawsn": (lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x), -8, 8, [0.0]),
    "erfinv": (mp.erfinv, -0.99, 0.99, [0.0, 1 - 1e-9]),
    "erfcinv": (lambda x: mp.erfinv(1 - x), 0.01, 1.99, [1.0]),
    "ndtr": (NORMAL, -8, 8, [0.0]),
    "ndtri": (lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), 0.01, 0.99, [0.5]),
    "log_ndtr": (lambda x: mp.log(NORMAL(x)), -9, 12, [0.0, -30.0]),
    "gamma": (mp.gamma, 0.05, 20, [1.0, -1.5, -2.3]),
    "rgamma": (mp.rgamma, -3.9, 20, [0.0, -1.0, -3.0, 0.5]),
    "gammaln": (lambda x: mp.log(abs(mp.gamma(x))), -2.9, 50, [0.01]),
    "loggamma": (mp.loggamma, 0.05, 50, [0.01]),
    "digamma": (mp.digamma, -1.9, 50, [0.01]),
    "expit": (lambda x: 1 / (1 + mp.exp(-x)), -30, 30, [0.0, 45.0]),
    "log_expit": (lambda x: -mp.log(1 + mp.exp(-x)), -30, 30, [0.0]),
    "logit": (lambda x: mp.log(x / (1 - x)), 0.01, 0.99, [1e-9]),
    "entr": (lambda x: -x * mp.log(x), 0.01, 10, [1e-9]),
    "exp1": (mp.e1, 0.05, 20, [1e-6]),
    "expi": (mp.ei, 0.05, 20, [-2.0, 1e-6]),
    "exprel": (lambda x: mp.expm1(x) / x if x else mp.mpf(1), -8, 8, [1e-5]),
    "exp10": (lambda x: mp.mpf(10) ** x, -5, 5, [0.0]),
    "cosm1": (lambda x: mp.cos(x) - 1, -3, 3, [1e-5]),
    "j0": (lambda x: mp.besselj(0, x), -20, 20, [0.0]),
    "j1": (lambda x: mp.besselj(1, x), -20, 20, [0.0]),
    "y0": (lambda x: mp.bessely(0, x), 0.1, 20, [0.01]),
    "y1": (lambda x: mp.bessely(1, x), 0.1, 20, [0.01]),
    "i0": (lambda x: mp.besseli(0, x), -8, 8, [0.0]),
    "i1": (lambda x: mp.besseli(1, x), -8, 8, [0.0]),
    "k0": (lambda x: mp.besselk(0, x), 0.1, 10, [0.01]),
    "k1": (lambda x: mp.besselk(1, x), 0.1, 10, [0.01]),
    "ellipk": (mp.ellipk, -5, 0.95, [0.0]),
    "ellipe": (mp.ellipe, -5, 0.95, [0.0]),
    "ellipkm1": (lambda p: mp.ellipk(1 - p), 0.05, 3, [1.0, 1e-9]),
    "lambertw": (lambda x: mp.lambertw(x).real, -0.3, 20, [0.0]),
}
SLOW = {"y0", "y1", "k0", "k1"}  # in mpmath: fewer points
FIRST = {
    # functions of a constant and x: (the constants, function, lowest and highest point)
    "jv": ((-0.5, 0, 1.3, 4), mp.besselj, 0.2, 15),
    "yv": ((0.5, 0, 1.3, 4), mp.bessely, 0.5, 15),
    "iv": ((0.5, 0, 1.3, 4), mp.besseli, 0.2, 8),
    "kv": ((0.5, 0, 1.3, 4), mp.besselk, 0.2, 8),
    "polygamma": ((0, 1, 3), mp.polygamma, 0.2, 10),
    "zeta": ((1.5, 3), mp.zeta, 0.3, 10),
    "expn": ((0, 1, 4), mp.expint, 0.2, 10),
    "hyp0f1": ((0.5, 2), mp.hyp0f1, -5, 5),
}
PAIRS = {
    "xlogy": (lambda x, y: x * mp.log(y), (0.1, 3), (0.1, 3)),
    "xlog1py": (lambda x, y: x * mp.log(1 + y), (0.1, 3), (-0.9, 3)),
    "rel_entr": (lambda x, y: x * mp.log(x / y), (0.1, 3), (0.1, 3)),
    "kl_div": (lambda x, y: x * mp.log(x / y) - x + y, (0.1, 3), (0.1, 3)),
    "pseudo_huber": (lambda d, r: d * d * (mp.sqrt(1 + (r / d) ** 2) - 1), (0.3, 2), (-3, 3)),
    "boxcox": (lambda x, k: (x**k - 1) / k, (0.2, 4), (-2, 2)),
    "boxcox1p": (lambda x, k: ((1 + x) ** k - 1) / k, (-0.8, 4), (-2, 2)),
    "beta": (mp.beta, (0.3, 5), (0.3, 5)),
    "betaln": (lambda x, y: mp.log(mp.beta(x, y)), (0.3, 5), (0.3, 5)),
    "binom": (mp.binomial, (3, 8), (0.2, 2.8)),
    "poch": (mp.rf, (0.3, 4), (0.2, 4)),
    "gammainc": (lambda a, x: mp.gammainc(a, 0, x, regularized=True), (0.3, 8), (0.1, 15)),
    "gammaincc": (lambda a, x: mp.gammainc(a, x, regularized=True), (0.3, 8), (0.1, 15)),
}


def drawn(low, high, n):
    return np.random.default_rng(0).uniform(low, high, n)


def derivatives(f, x, order):
    """The values of f and its first derivatives at x, elementwise."""
    v = Variable(np.array(x))
    values = [f(v)]
    for _ in range(order):
        values.append(gradients(values[-1], v, create_graph=True)[0])
    return [value.data for value in values]


def expected(f, x, order):
    return [[float(mp.diff(f, mp.mpf(float(p)), n)) for p in x] for n in range(order + 1)]


def agree(got, want, rtol=1e-9):
    """Relative to the value or, near its zeros, to the largest of its row."""
    for g, w in zip(got, want, strict=True):
        size = min(1.0, float(np.median(np.abs(w))))
        np.testing.assert_allclose(g, w, rtol=rtol, atol=rtol * size + 1e-30)


@pytest.mark.parametrize("name", CASES)
def test_values_at_200_points_slopes_at_20_and_third_derivatives_at_3(name):
    f, low, high, edges = CASES[name]
    n, n1, n3 = (4, 1, 0) if name in SLOW else (200, 20, 3)
    op, points = getattr(ours, name), np.concatenate([edges, drawn(low, high, n)])
    agree(derivatives(op, points, 0), expected(f, points, 0))
    agree(derivatives(op, points[:n1], 1), expected(f, points[:n1], 1))
    if n3:
        few = drawn(low + 0.05 * (high - low), high, n3)
        agree(derivatives(op, few, 3), expected(f, few, 3), rtol=1e-7)


@pytest.mark.parametrize("name", FIRST)
def test_functions_with_an_order(name):
    constants, f, low, high = FIRST[name]
    for c in constants:
        points = drawn(low, high, 2 if "k" in name else 8)
        got = derivatives(lambda v, c=c: getattr(ours, name)(c, v), points, 2)
        agree(got, expected(lambda x, c=c: f(c, x), points, 2), rtol=1e-8)


@pytest.mark.parametrize("orders", [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)])
@pytest.mark.parametrize("name", PAIRS)
def test_partials_of_two_arguments(name, orders):
    f, one, two = PAIRS[name]
    n = 200 if sum(orders) < 1 else 8
    a, b = drawn(*one, n), drawn(*two, n)[::-1].copy()
    x, y = Variable(a), Variable(b)
    g = getattr(scipy.special, name)(x, y)
    for v in [x] * orders[0] + [y] * orders[1]:
        (g,) = gradients(g, v, create_graph=True)
    want = [float(mp.diff(f, p, orders)) for p in zip(a.tolist(), b.tolist(), strict=True)]
    agree([g.data], [want])


@pytest.mark.parametrize("argument", range(3))
def test_betainc_and_its_inverse_by_every_argument(argument):
    a, b, x = drawn(0.4, 6, 10), drawn(0.4, 6, 10)[::-1].copy(), drawn(0.02, 0.98, 10)
    vs = [Variable(a), Variable(b), Variable(x)]
    (g,) = gradients(scipy.special.betainc(*vs), vs[argument])
    points = list(zip(a.tolist(), b.tolist(), x.tolist(), strict=True))
    one = tuple(int(i == argument) for i in range(3))
    f = lambda a, b, x: mp.betainc(a, b, 0, x, regularized=True)
    agree([g], [[float(mp.diff(f, p, one)) for p in points]])
    p = Variable(scipy.special.betainc(a, b, x))
    back = scipy.special.betaincinv(vs[0], vs[1], p)
    (h,) = gradients(back, [vs[0], vs[1], p][argument])
    (slope,) = gradients(scipy.special.betainc(*vs), vs[2])
    np.testing.assert_allclose(h, -g / slope if argument < 2 else 1 / slope, rtol=1e-6)


@pytest.mark.parametrize("name", ["gammaincinv", "gammainccinv"])
def test_inverses_of_the_incomplete_gamma_function(name):
    a, p = drawn(0.5, 6, 30), drawn(0.05, 0.95, 30)[::-1].copy()
    x, y = Variable(a), Variable(p)
    forward = getattr(ours, name.removesuffix("inv"))
    ga, gp = gradients(forward(x, getattr(ours, name)(x, y)), [x, y])  # p again, whatever a is
    np.testing.assert_allclose(ga, 0, atol=1e-9)
    np.testing.assert_allclose(gp, 1, rtol=1e-9)


@pytest.mark.parametrize("z", [0.5, 1.0, 30.0, 300.0])
def test_incomplete_gamma_by_its_shape_far_out(z):
    a = Variable(np.array([0.1, 1.0, 20.0, 250.0]))
    (g,) = gradients(ours.gammainc(a, z), a)
    f = lambda a: mp.gammainc(a, 0, z, regularized=True)
    np.testing.assert_allclose(g, expected(f, a.data, 1)[1], rtol=1e-9, atol=2e-14)


def test_the_tails_of_the_incomplete_gamma_function_keep_their_digits():
    """By its shape, as the logarithm of a survival function asks for it."""
    a, x = np.array([0.3, 2.0, 20.0, 2.5, 7.0]), np.array([20.0, 60.0, 100.0, 1e-3, 400.0])
    v = Variable(a)
    (p,) = gradients(np.log(ours.gammainc(v, x)), v)
    (q,) = gradients(np.log(ours.gammaincc(v, x)), v)
    mp_p = lambda a, x: mp.log(mp.gammainc(a, 0, x, regularized=True))
    mp_q = lambda a, x: mp.log(mp.gammainc(a, x, regularized=True))
    points = list(zip(a.tolist(), x.tolist(), strict=True))
    np.testing.assert_allclose(
        q[[0, 1, 2, 4]], [float(mp.diff(mp_q, points[i], (1, 0))) for i in (0, 1, 2, 4)], rtol=1e-9
    )
    np.testing.assert_allclose(p[3], float(mp.diff(mp_p, points[3], (1, 0))), rtol=1e-9)
    assert gradients(ours.gammaincc(v, np.inf), v)[0].tolist() == [0.0] * 5


def test_sine_and_cosine_integrals_and_their_hyperbolic_kin():
    x = Variable(drawn(0.1, 8, 12))
    for f, ones in ((scipy.special.sici, (mp.si, mp.ci)), (scipy.special.shichi, (mp.shi, mp.chi)),
                    (scipy.special.fresnel, (mp.fresnels, mp.fresnelc))):  # fmt: skip
        for got, one in zip(f(x), ones, strict=True):
            (slope,) = gradients(got, x)
            agree([got.data, slope], expected(one, x.data, 1))


@pytest.mark.parametrize("name", ["i0e", "i1e", "k0e", "k1e", "ive", "kve"])
def test_scaled_bessel_functions_are_the_plain_ones_scaled(name):
    first = (1.5,) if "v" in name else ()
    sign = -1 if "i" in name else 1
    scaled, plain = getattr(ours, name), getattr(ours, name.removesuffix("e"))
    x = drawn(0.1, 20, 200)
    got = derivatives(lambda v: scaled(*first, v), x, 2)
    agree(got, derivatives(lambda v: np.exp(sign * v) * plain(*first, v), x, 2), rtol=1e-8)


def test_airy_functions():
    x = Variable(drawn(-4, 3, 12))
    ai, aip, bi, bip = scipy.special.airy(x)
    for got, f, n in ((ai, mp.airyai, 0), (aip, mp.airyai, 1), (bi, mp.airybi, 0),
                      (bip, mp.airybi, 1)):  # fmt: skip
        (slope,) = gradients(got, x)
        want = [[float(f(p, derivative=n + k)) for p in x.data] for k in range(2)]
        agree([got.data, slope], want)


@pytest.mark.parametrize("parameters", [(0.5, 1.5), (2, 3), (-1.5, 0.7)])
def test_confluent_hypergeometric_functions(parameters):
    points = drawn(0.3, 5, 10)
    got = derivatives(lambda v: ours.hyp1f1(*parameters, v), points, 2)
    agree(got, expected(lambda z: mp.hyp1f1(*parameters, z), points, 2))
    got = derivatives(lambda v: ours.hyperu(*parameters, v), points, 1)
    agree(got, expected(lambda z: mp.hyperu(*parameters, z), points, 1), rtol=1e-7)


@pytest.mark.parametrize("parameters", [(0.5, 1.5, 2.5), (1, 1, 2), (-0.5, 2, 0.7)])
def test_gauss_hypergeometric_function(parameters):
    points = drawn(-3, 0.9, 3)
    got = derivatives(lambda v: ours.hyp2f1(*parameters, v), points, 2)
    agree(got, expected(lambda z: mp.hyp2f1(*parameters, z), points, 2), rtol=1e-8)


def test_multigammaln():
    points = drawn(1.6, 9, 10)
    f = lambda a: (
        3 / mp.mpf(2) * mp.log(mp.pi) + sum(mp.loggamma(a - j / mp.mpf(2)) for j in range(3))
    )
    agree(derivatives(lambda v: ours.multigammaln(v, 3), points, 2), expected(f, points, 2))


def test_other_branch_of_lambert():
    points = drawn(-0.36, -0.01, 10)
    got = derivatives(lambda v: ours.lambertw(v, -1), points, 2)
    agree(got, expected(lambda x: mp.lambertw(x, -1).real, points, 2), rtol=1e-8)
