"""Distributions: SciPy's values, and derivatives by data and parameters against differences."""

import numpy as np
import pytest
import scipy.stats
from tinypt_core import Variable, grad
from tinypt_core.testing import check_gradient

from tinypt_ops_scipy import stats

SHAPES = {
    "norm": [], "t": [3.5], "gamma": [2.3], "beta": [1.7, 2.4], "chi2": [3.2], "expon": [],
    "lognorm": [0.6], "laplace": [], "logistic": [], "cauchy": [], "uniform": [], "pareto": [2.5],
    "weibull_min": [1.8], "gumbel_r": [], "gumbel_l": [],
}  # fmt: skip
METHODS = ["pdf", "logpdf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf"]


def arguments(name, method):
    """Inside the support: (x or q, shapes, loc, scale)."""
    shapes = [np.array(s) for s in SHAPES[name]]
    q = np.array([0.15, 0.4, 0.85])
    loc, scale = np.array(0.3), np.array(1.4)
    x = q if method in ("ppf", "isf") else getattr(scipy.stats, name).ppf(q, *shapes, loc, scale)
    return x, *shapes, loc, scale


@pytest.mark.parametrize("name", SHAPES)
def test_continuous_distributions_by_data_and_every_parameter(name):
    for method in METHODS:
        args = arguments(name, method)
        f, theirs = (getattr(getattr(s, name), method) for s in (stats, scipy.stats))
        np.testing.assert_allclose(f(*args), theirs(*args), rtol=1e-9, atol=1e-14)
        check_gradient(f, *args)
    check_gradient(getattr(stats, name).logpdf, *arguments(name, "logpdf"), order=2)


@pytest.mark.parametrize(
    "name", [n for n in SHAPES if np.isfinite(getattr(scipy.stats, n).support(*SHAPES[n])[0])]
)
def test_outside_the_support(name):
    ours, theirs = getattr(stats, name), getattr(scipy.stats, name)
    x = Variable(np.array([-3.0, 1e9 if name in ("beta", "uniform") else 1.5]))
    for method in METHODS[:6]:
        got, want = (getattr(d, method)(x if d is ours else x.data, *SHAPES[name])
                     for d in (ours, theirs))  # fmt: skip
        np.testing.assert_allclose(got.data, want)
    g = grad(lambda x: np.sum(ours.pdf(x, *SHAPES[name])))(x.data)
    assert g[0] == 0
    assert np.isfinite(g).all()


def test_far_tails():
    x = np.array([-40.0, 40.0])
    np.testing.assert_allclose(
        grad(lambda x: np.sum(stats.norm.logsf(x)))(x), [0, -40.0249688], atol=1e-6
    )
    np.testing.assert_allclose(stats.norm.logcdf(x), scipy.stats.norm.logcdf(x))


def test_parameters_by_name():
    x = np.array([0.2, 0.5])
    np.testing.assert_allclose(stats.t.pdf(x, scale=2.0, df=3), scipy.stats.t.pdf(x, 3, scale=2.0))
    with pytest.raises(TypeError, match="T: missing parameter df"):
        stats.t.pdf(x)
    with pytest.raises(TypeError, match="Norm takes loc, scale"):
        stats.norm.pdf(x, shape=1)


def test_discrete_distributions():
    k = np.array([-1.0, 0, 1, 2.5, 4, 6])
    for name, shapes in (("poisson", [2.3]), ("binom", [5.0, 0.3])):
        ours, theirs = getattr(stats, name), getattr(scipy.stats, name)
        for method in ("pmf", "logpmf", "cdf", "sf"):
            got, want = (getattr(d, method)(k, *shapes) for d in (ours, theirs))
            np.testing.assert_allclose(got, want, atol=1e-15)
    check_gradient(lambda mu: stats.poisson.logpmf(k[1:3], mu), np.array(2.3), order=2)
    check_gradient(lambda mu: stats.poisson.cdf(k, mu), np.array(2.3), order=2)
    check_gradient(lambda p: stats.binom.logpmf(k[1:3], 5.0, p), np.array(0.3), order=2)
    check_gradient(lambda p: stats.binom.cdf(k, 5.0, p), np.array(0.3), order=2)


def test_dirichlet():
    x, alpha = np.array([0.2, 0.3, 0.5]), np.array([1.5, 2.0, 0.7])
    np.testing.assert_allclose(
        stats.dirichlet.logpdf(x, alpha), scipy.stats.dirichlet.logpdf(x, alpha)
    )
    check_gradient(lambda a: stats.dirichlet.logpdf(x, a), alpha, order=2)
    with pytest.raises(ValueError, match="sum to 1"):
        stats.dirichlet.logpdf(2 * x, alpha)


def test_multivariate_normal():
    rng = np.random.default_rng(0)
    x, mean, a = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(3, 3))
    cov = a @ a.T + np.eye(3)
    f, theirs = stats.multivariate_normal.logpdf, scipy.stats.multivariate_normal.logpdf
    np.testing.assert_allclose(f(x, mean, cov), theirs(x, mean, cov))
    np.testing.assert_allclose(f(x, mean, 2.0), theirs(x, mean, 2.0))
    check_gradient(f, x[0], mean, cov, order=2)
    check_gradient(lambda x: f(x, mean, cov), x)
    entropy = stats.multivariate_normal.entropy
    np.testing.assert_allclose(
        entropy(mean, cov), scipy.stats.multivariate_normal.entropy(mean, cov)
    )
    check_gradient(lambda c: entropy(mean, c), cov)


def test_multivariate_normal_on_the_space_that_a_singular_covariance_spans():
    cov, mean = np.diag([2.0, 1.0, 0.0]), np.array([0.5, 0.0, 1.0])
    f, theirs = stats.multivariate_normal, scipy.stats.multivariate_normal
    on, off = np.array([0.2, 0.1, 1.0]), np.array([0.2, 0.1, 1.1])
    for x in (on, off, np.stack([on, off])):
        want = theirs.logpdf(x, mean, cov, allow_singular=True)
        np.testing.assert_allclose(f.logpdf(x, mean, cov, allow_singular=True), want)
    check_gradient(
        lambda x: f.pdf(np.append(x, 1.0), mean, cov, allow_singular=True), on[:2], order=2
    )
    with pytest.raises(np.linalg.LinAlgError):
        f.logpdf(on, mean, cov)
    with pytest.raises(TypeError, match=r"cov\.data"):
        f.logpdf(on, mean, Variable(cov), allow_singular=True)
    with pytest.raises(np.linalg.LinAlgError, match="negative"):
        f.logpdf(on, mean, -cov, allow_singular=True)


def test_what_has_no_rule_is_scipys_on_arrays():
    for name, shapes in SHAPES.items():
        ours, theirs = (getattr(s, name).interval(0.9, *shapes) for s in (stats, scipy.stats))
        assert ours == theirs
    assert stats.dirichlet.rvs([1.0, 2.0], size=3).shape == (3, 2)
    with pytest.raises(TypeError, match="does not turn into"):
        stats.norm.mean(Variable(np.array(2.0)))
    with pytest.raises(AttributeError, match="median_of"):
        _ = stats.norm.median_of
