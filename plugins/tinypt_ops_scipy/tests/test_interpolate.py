"""Interpolation: SciPy's values, and derivatives by places and values against differences."""

import numpy as np
import pytest
import scipy.interpolate
from tinypt_core import Variable
from tinypt_core.testing import check_gradient

from tinypt_ops_scipy import interpolate

RNG = np.random.default_rng(0)
X = np.cumsum(RNG.uniform(0.5, 1.5, 6))
Y = RNG.normal(size=6)
RISING = np.cumsum(RNG.uniform(0.1, 1.5, 6))
AT = RNG.uniform(X[0], X[-1], (1, 2))
MAKE = {
    "CubicSpline": ({}, {"bc_type": "natural"}, {"bc_type": "clamped"}),
    "PchipInterpolator": ({},),
    "Akima1DInterpolator": ({},),
    "interp1d": ({}, {"kind": "quadratic"}, {"kind": "cubic"}),
    "make_interp_spline": ({}, {"k": 5}),
}


@pytest.mark.parametrize("name", MAKE)
def test_splines(name):
    ours, theirs = getattr(interpolate, name), getattr(scipy.interpolate, name)
    for options in MAKE[name]:
        for y in (Y, RISING):
            got, want = ours(X, y, **options)(AT), theirs(X, y, **options)(AT)
            np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-12)
    options = MAKE[name][-1]
    check_gradient(lambda y, x: np.sin(ours(X, y, **options)(x)), RISING, AT, order=2)


def test_derivatives_and_several_values():
    y = RNG.normal(size=(6, 2))
    ours, theirs = interpolate.CubicSpline(X, y), scipy.interpolate.CubicSpline(X, y)
    np.testing.assert_allclose(ours(AT, 1), theirs(AT, 1))
    np.testing.assert_allclose(ours.derivative(2)(AT), theirs(AT, 2))
    check_gradient(lambda y, x: interpolate.CubicSpline(X, y)(x), y, AT, order=2)
    np.testing.assert_allclose(
        interpolate.interp1d(X, y.T)(AT), scipy.interpolate.interp1d(X, y.T)(AT)
    )


def test_b_splines():
    t = np.arange(10.0)
    c = RNG.normal(size=6)
    at = RNG.uniform(3, 6, 4)
    f = lambda c, x: interpolate.BSpline(t, c, 3)(x)
    np.testing.assert_allclose(f(c, at), scipy.interpolate.BSpline(t, c, 3)(at))
    check_gradient(f, c, at, order=2)


def test_grids():
    x, y, z = X, X[:5], RNG.normal(size=(6, 5))
    xi = np.stack(
        [RNG.uniform(X[0] + 0.1, X[4] - 0.1, 3), RNG.uniform(X[0] + 0.1, X[4] - 0.1, 3)], axis=-1
    )
    f = lambda z, xi: interpolate.RegularGridInterpolator((x, y), z)(xi)
    np.testing.assert_allclose(f(z, xi), scipy.interpolate.RegularGridInterpolator((x, y), z)(xi))
    check_gradient(f, z, xi, order=2)
    g = lambda z, a, b: interpolate.RectBivariateSpline(x, y, z)(a, b)
    theirs = scipy.interpolate.RectBivariateSpline(x, y, z)
    a, b = np.sort(xi[:, 0]), np.sort(xi[:, 1])
    np.testing.assert_allclose(g(z, a, b), theirs(a, b))
    check_gradient(g, z, a, b)
    ev = lambda a, b: interpolate.RectBivariateSpline(x, y, z).ev(a, b)
    np.testing.assert_allclose(ev(a, b), theirs.ev(a, b))
    check_gradient(ev, a, b, order=2)


def test_what_is_refused():
    with pytest.raises(TypeError, match="the knots x are constants"):
        interpolate.CubicSpline(Variable(X), Y)
    with pytest.raises(ValueError, match="outside"):
        interpolate.interp1d(X, Y)(X[-1] + 1)
    with pytest.raises(ValueError, match="nearest"):
        interpolate.interp1d(X, Y, "nearest")
    with pytest.raises(TypeError, match="only method='linear'"):
        interpolate.RegularGridInterpolator((X,), Y, "cubic")
