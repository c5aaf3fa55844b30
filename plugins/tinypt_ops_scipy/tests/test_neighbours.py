"""Elementwise operators: what an element is next to, in an array or in a batch, changes nothing."""

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from tinypt_core import Variable, gradients, registry, vmap

ONE = """digamma gammaln rgamma ellipk ellipe ellipkm1 expit logit ndtr ndtri log_ndtr erf erfinv
    erfcx exprel exp1 expi entr j0 i1e""".split()  # noqa: SIM905
TWO = """gammainc gammaincc gammaincinv gammainccinv stdtr stdtrit beta betaln boxcox boxcox1p
    xlogy rel_entr pseudo_huber binom poch""".split()  # noqa: SIM905
THREE = "betainc betaincc betaincinv".split()  # noqa: SIM905
#: operators, and arguments inside their domain
CASES = {
    **dict.fromkeys(ONE, ((0.4, 0.7),)),
    **dict.fromkeys(TWO, ((0.8, 2.5), (0.3, 0.6))),
    **dict.fromkeys(THREE, ((0.8, 2.5), (1.5, 0.9), (0.3, 0.6))),
}
OUTSIDE = [np.nan, np.inf, -np.inf, -1.0, 0.0, 1.0, 7.5]


def orders(f, xs):
    """Value, gradients, and the gradients of their sum."""
    xs = [Variable(x) for x in xs]
    y = f(*xs)
    first = gradients(y, xs, create_graph=True)
    second = gradients(list(first), xs)
    return [v.data for v in (y, *first)] + list(second)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=6, deadline=None)
@given(bad=st.lists(st.sampled_from(OUTSIDE), min_size=3, max_size=3))
def test_what_lies_outside_the_domain_spoils_no_neighbour(name, bad):
    f = getattr(scipy.special, name)
    good = [np.array(x) for x in CASES[name]]
    mixed = [np.array([*x, b]) for x, b in zip(good, bad, strict=False)]
    with np.errstate(all="ignore"):
        alone = orders(f, good)
        for y, expected in zip(orders(f, mixed), alone, strict=True):
            np.testing.assert_allclose(y[:2], expected, rtol=1e-12)
        for y, expected in zip(vmap(lambda *xs: orders(f, xs))(*mixed), alone, strict=True):
            np.testing.assert_allclose(y[:2], expected, rtol=1e-12)


@pytest.mark.parametrize(("name", "parameters", "good"), [
    ("lambertw", (), 0.5), ("expn", (3,), 0.5), ("hyperu", (0.5, 1.5), 0.5), ("zeta", (2.5,), 0.5),
    ("hyp1f1", (0.5, 1.5), 0.5), ("hyp2f1", (0.5, 1.5, 2.5), 0.5), ("polygamma", (1,), 0.5),
])  # fmt: skip
@pytest.mark.parametrize("bad", OUTSIDE)
def test_nor_with_parameters_before_the_argument(name, parameters, good, bad):
    op = registry.get(f"scipy.special.{name}")
    f = lambda x: op(*parameters, x) if parameters else op(x)
    x = np.array([good, bad])
    with np.errstate(all="ignore"):
        alone = orders(f, [x[:1]])
        for many in (orders(f, [x]), vmap(lambda x: orders(f, [x]))(x)):
            for y, expected in zip(many, alone, strict=True):
                np.testing.assert_allclose(y[:1], expected, rtol=1e-12)


def test_kummers_function_ends_at_infinity():
    f = registry.get("scipy.special.hyp1f1")
    assert np.isnan(f(2, 3, np.array([np.inf, 1e12])).data).all()
    assert f(-1, 3, np.array(1e12)).data == scipy.special.hyp1f1(-1, 3, 1e12)
