"""Derivatives to the last digits: orders 0 to 3 against exact arithmetic.

Errors are counted where nobody's uncertainty in x explains them: ulps / (1 + K) with
K = |x f⁽ⁿ⁺¹⁾ / f⁽ⁿ⁾|.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from tinypt_core.ops import hypot, logaddexp, logsumexp

from tinypt_core import Variable, gradients


def derivatives(f: Callable[[Any], Any], x: Any, orders: int) -> list[Any]:
    """f and its derivatives at x, of the dtype of x."""
    v = Variable(np.asarray(x))
    y = f(v)
    found = [y.data]
    for _ in range(orders):
        (y,) = gradients(y, [v], create_graph=True)
        found.append(y.data)
    return found


def ulps(f: Any, exact: Any, x: Any, orders: int = 3) -> list[float]:
    """The errors of f and of its derivatives at x. exact: f in mpmath."""
    found = derivatives(f, x, orders)
    with mp.workdps(60):
        true = mp.taylor(exact, mp.mpf(float(x)), orders + 1)
        true = [c * mp.factorial(n) for n, c in enumerate(true)]
        errors = []
        for n, value in enumerate(found):
            spacing = np.spacing(abs(np.asarray(float(true[n]), value.dtype)))
            k = abs(mp.mpf(float(x)) * true[n + 1] / true[n]) if true[n] else mp.mpf(0)
            errors.append(float(abs(mp.mpf(float(value)) - true[n]) / float(spacing) / (1 + k)))
    return errors


CASES: list[tuple[str, Any, Any, list[float], float]] = [
    ("arcsin", np.arcsin, mp.asin, [1e-9, 1e-3, 0.3, 0.9, 0.999999], 8),
    ("arccos", np.arccos, mp.acos, [1e-9, 1e-3, 0.3, 0.9, 0.999999], 8),
    ("arctanh", np.arctanh, mp.atanh, [1e-9, 1e-3, 0.3, 0.9, 0.999999], 8),
    ("arctan", np.arctan, mp.atan, [1e-9, 0.3, 2.0, 1e5, 3e9], 8),
    ("arcsinh", np.arcsinh, mp.asinh, [1e-9, 0.3, 2.0, 1e5, 3e9], 8),
    ("log10", np.log10, mp.log10, [1e-9, 0.3, 2.0, 1e5], 6),
    ("log2", np.log2, lambda x: mp.log(x, 2), [1e-9, 0.3, 2.0, 1e5], 6),
    ("hypot(x, 2)", lambda x: hypot(x, 2.0), lambda x: mp.hypot(x, 2), [1e-5, 1.0, 30.0, 1e5], 8),
    ("hypot(2, x)", lambda x: hypot(2.0, x), lambda x: mp.hypot(x, 2), [1e-5, 1.0, 30.0, 1e5], 8),
    (
        "logaddexp",
        lambda x: logaddexp(x, 1.0),
        lambda x: mp.log(mp.exp(x) + mp.e),
        [-30.0, -1.0, 0.5, 3.0, 30.0],
        8,
    ),
    ("sinc", np.sinc, mp.sincpi, [0.01, 0.3, 0.5], 8),
]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_elementwise(case: Any, dtype: Any) -> None:
    _, f, exact, points, limit = case
    for point in points:
        x = dtype(point)
        if np.isfinite(x) and not (dtype == np.float32 and abs(point) > 1e9):
            errors = ulps(f, exact, x)
            assert max(errors) <= limit, (x, errors)


def test_arctan_far_out_does_not_overflow() -> None:
    _, slope, second = derivatives(np.arctan, 1e155, 2)
    np.testing.assert_allclose(slope, float(mp.mpf(10) ** -310), rtol=1e-12)
    assert second == 0
    assert derivatives(np.arctan, np.float16(300), 1)[1] == np.float16(1 / 90001)


def test_logarithms_near_the_largest_number_do_not_overflow() -> None:
    for f, base in ((np.log10, 10), (np.log2, 2)):
        slope = derivatives(f, 1.7e308, 1)[1]
        np.testing.assert_allclose(slope, float(1 / (mp.mpf(1.7e308) * mp.log(base))), rtol=1e-12)


def test_logaddexp_of_large_and_infinite_numbers() -> None:
    for x1, x2, expected in [
        (1e17, 1e17, 0.5),
        (1e17, 1e17 - 32, float(1 / (1 + mp.exp(-32)))),
        (np.inf, 0.0, 1.0),
        (0.0, np.inf, 0.0),
        (np.inf, np.inf, 0.5),
        (-np.inf, -np.inf, 0.0),
    ]:
        x = Variable(np.array(x1))
        assert gradients(logaddexp(x, x2), [x])[0] == expected


def test_logsumexp_of_large_and_infinite_numbers() -> None:
    x = Variable(np.array([1e16, 1e16]))
    np.testing.assert_array_equal(gradients(logsumexp(x), [x])[0], [0.5, 0.5])
    x = Variable(np.array([np.inf, 0.0]))
    np.testing.assert_array_equal(gradients(logsumexp(x), [x])[0], [1, 0])
    x = Variable(np.array([-np.inf, -np.inf]))
    np.testing.assert_array_equal(gradients(logsumexp(x), [x])[0], [0, 0])


def test_shares_of_logsumexp_and_their_derivative() -> None:
    """Also where one share is nearly 1, and 1 - share would lose what is left."""
    a = np.array([40.0, 1.0, 0.5])
    x = Variable(a)
    (g,) = gradients(logsumexp(x), [x], create_graph=True)
    (gg,) = gradients(g[0], [x])
    with mp.workdps(60):
        e = [mp.exp(mp.mpf(v)) for v in a]
        share = [v / sum(e) for v in e]
        hessian = [share[0] * ((i == 0) - share[i]) for i in range(3)]
        hessian[0] = share[0] * (share[1] + share[2])
    np.testing.assert_allclose(g.data, [float(s) for s in share], rtol=4e-16)
    np.testing.assert_allclose(gg, [float(s) for s in hessian], rtol=1e-15)


def test_powers_at_a_tiny_base() -> None:
    base, exponent = Variable(np.array([1e-310, 1e-310])), Variable(np.array([0.0, 1.0]))
    y = base**exponent
    (g,) = gradients(y, [base], create_graph=True)
    np.testing.assert_array_equal(g.data, [0, 1])
    (gg,) = gradients(g, [base])
    np.testing.assert_array_equal(gg, [0, 0])


def test_hypot_at_infinity_warns_of_nothing() -> None:
    x = Variable(np.array([np.inf, -np.inf, 1.0]))
    (g,) = gradients(hypot(x, np.array([1.0, 1.0, np.inf])), [x])
    np.testing.assert_array_equal(g, [1, -1, 0])


def test_logaddexp_of_equal_and_of_nearly_equal_numbers() -> None:
    """With p = expit(x1 - x2): p (1 - p) (1 - 2p) and its derivative, p (1 - p) (1 - 6p + 6p²)."""
    found = derivatives(lambda x: logaddexp(x, 1.0), 1.0, 4)
    assert [float(f) for f in found[1:]] == [0.5, 0.25, 0.0, -0.125]
    x1, x2 = 1e-3, 1e-3 * (1 + 1e-6)
    third = derivatives(lambda x: logaddexp(x, x2), x1, 3)[3]
    with mp.workdps(40):
        p = 1 / (1 + mp.exp(mp.mpf(x2) - mp.mpf(x1)))
        np.testing.assert_allclose(third, float(p * (1 - p) * (1 - 2 * p)), rtol=1e-14)
