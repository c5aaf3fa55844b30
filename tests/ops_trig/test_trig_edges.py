"""High orders, singular points and the package's names."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from importlib import metadata
from typing import Any

import mpmath
import numpy as np
import pytest

import tinypt_ops_trig
from tinypt_core import Function, Variable, gradients, ops

mpmath.mp.dps = 40


def derivatives(f: Callable[..., Any], x0: Any, order: int, dtype: Any = float) -> list[Any]:
    """f(x0), f'(x0) and so on, as Variables."""
    x = Variable(np.array(x0, dtype))
    ys = [f(x)]
    for _ in range(order):
        (y,) = gradients(ys[-1], x, create_graph=True)
        ys.append(y)
    return ys


def check_against_mpmath(f: Any, exact: Any, points: Any, order: int, tol: float = 1e-9) -> None:
    for x0 in points:
        found = [y.item() for y in derivatives(f, x0, order)]
        expected = [float(mpmath.diff(exact, mpmath.mpf(x0), n)) for n in range(order + 1)]
        np.testing.assert_allclose(found, expected, rtol=tol, atol=tol, err_msg=f"at {x0}")


def test_fourth_derivative_of_sine() -> None:
    check_against_mpmath(np.sin, mpmath.sin, (-7.0, -1.0, 0.0, 0.3, 2.0), 4)
    check_against_mpmath(np.cos, mpmath.cos, (-7.0, -1.0, 0.0, 0.3, 2.0), 4)


def test_seventh_derivative_of_tanh() -> None:
    check_against_mpmath(np.tanh, mpmath.tanh, (-3.0, -1.0, 0.0, 0.3, 1.0, 2.0), 7)


def test_sixth_derivative_of_tan() -> None:
    check_against_mpmath(np.tan, mpmath.tan, (-1.0, 0.0, 0.3, 2.0), 6)


def test_sixth_derivatives_of_the_inverse_functions() -> None:
    for f, exact in (
        (np.arctan, mpmath.atan),
        (np.arcsinh, mpmath.asinh),
        (np.arctanh, mpmath.atanh),
        (np.arcsin, mpmath.asin),
        (np.arccos, mpmath.acos),
    ):
        check_against_mpmath(f, exact, (-0.5, 0.0, 0.25), 6)
    check_against_mpmath(np.arccosh, mpmath.acosh, (1.5, 3.0), 6)


@pytest.mark.parametrize("x0", [0.0, 1e-300, -1e-8, 1e-4, 0.05, 0.3, 0.318, 0.64, 0.96, -1.27, 1.6])
def test_derivatives_of_sinc_at_and_near_zero(x0: float) -> None:
    """Against the series of the entire function, term by term."""
    found = [y.item() for y in derivatives(np.sinc, x0, 6)]
    for n, value in enumerate(found):
        terms = (
            (-1) ** k * mpmath.pi ** (2 * k) / mpmath.factorial(2 * k + 1)
            * mpmath.ff(2 * k, n) * mpmath.mpf(x0) ** (2 * k - n)
            for k in range((n + 1) // 2, 60)
        )  # fmt: skip
        assert value == pytest.approx(float(mpmath.fsum(terms)), rel=1e-11, abs=1e-12)


def test_derivatives_of_sinc_far_from_zero() -> None:
    check_against_mpmath(np.sinc, mpmath.sincpi, (-40.25, 3.0, 100.1), 4)


def test_high_derivative_of_sinc_in_single_precision() -> None:
    ys = derivatives(np.sinc, [0.0, 0.3, 2.0], 4, np.float32)
    assert {y.dtype.name for y in ys} == {"float32"}
    exact = [float(mpmath.diff(mpmath.sincpi, mpmath.mpf(x0), 4)) for x0 in ("0.3", "2")]
    np.testing.assert_allclose(ys[4].data, [np.pi**4 / 5, *exact], rtol=1e-4)


def functions_behind(y: Variable) -> int:
    seen: dict[int, Any] = {}
    stack: list[Any] = [y.creator]
    while stack:
        f = stack.pop()
        if f is not None and id(f) not in seen:
            seen[id(f)] = f
            stack += [v.creator for v in f.inputs]
    return len(seen)


@pytest.mark.parametrize("f", [np.tanh, np.tan])
def test_graph_of_a_high_derivative_stays_small(f: Any) -> None:
    counts = [functions_behind(y) for y in derivatives(f, 1.0, 9)]
    assert counts[9] < 40
    assert counts[9] - counts[8] == counts[5] - counts[4]


def test_tanh_keeps_its_output_only() -> None:
    x = Variable(np.linspace(-1, 1, 5))
    inner = x * 2.0
    kept = weakref.ref(inner.data)
    y = np.tanh(inner)
    del inner
    assert kept() is None
    (g,) = gradients(y, x, create_graph=True)
    (gg,) = gradients(g, x)
    exact = [-8 * np.tanh(2 * t) / np.cosh(2 * t) ** 2 for t in x.data]
    np.testing.assert_allclose(gg, exact, rtol=1e-12, atol=1e-15)


def test_second_derivative_of_tanh_through_a_product() -> None:
    """The derivative operator is reached along two paths: x and the gradient itself."""
    x = Variable(np.array([0.5, -1.0]))
    (g,) = gradients(np.tanh(x) * np.tanh(x), x, create_graph=True)
    (gg,) = gradients(g * g, x)
    h = 1e-5
    slope = [
        (mpmath.diff(lambda t: mpmath.diff(lambda s: mpmath.tanh(s) ** 2, t) ** 2, t0, h=h))
        for t0 in (0.5, -1.0)
    ]
    np.testing.assert_allclose(gg, [float(s) for s in slope], rtol=1e-8)


def test_arctan2_at_the_origin_has_gradient_zero() -> None:
    y, x = Variable(np.zeros(2)), Variable(np.zeros(2))
    angle = np.arctan2(y, x)
    g = gradients(angle, [y, x], create_graph=True)
    second = gradients([g[0] + g[1]], [y, x])
    for array in (angle.data, g[0].data, g[1].data):
        np.testing.assert_array_equal(array, 0)
    assert np.isnan(second).all(), "that gradient is a convention"


@pytest.mark.parametrize("r", [1e-200, 1.0, 1e200])
def test_arctan2_at_every_scale(r: float) -> None:
    y, x = Variable(np.array(3 * r)), Variable(np.array(-4 * r))
    gy, gx = gradients(np.arctan2(y, x), [y, x])
    assert gy == pytest.approx(-4 / 25 / r)
    assert gx == pytest.approx(-3 / 25 / r)


def test_arcsinh_of_the_largest_numbers() -> None:
    x = Variable(np.array([1e200, -1e308]))
    np.testing.assert_allclose(gradients(np.arcsinh(x), x)[0], [1e-200, 1e-308])


@pytest.mark.parametrize(
    ("f", "x0", "slope"),
    [
        (np.arcsin, 1.0, np.inf),
        (np.arcsin, -1.0, np.inf),
        (np.arccos, 1.0, -np.inf),
        (np.arccosh, 1.0, np.inf),
    ],
)
def test_infinite_slope_at_the_end_of_the_domain(f: Any, x0: float, slope: float) -> None:
    x = Variable(np.array([x0]))
    y = f(x)
    with np.errstate(divide="ignore"):
        assert gradients(y, x)[0] == [slope]


@pytest.mark.parametrize(
    "name", sorted(e.name for e in metadata.distribution("tinypt-ops-trig").entry_points)
)
def test_every_operator_is_imported_from_the_package(name: str) -> None:
    op = getattr(tinypt_ops_trig, name)
    assert op is getattr(ops, name)
    assert getattr(tinypt_ops_trig, op.function.__name__) is op.function
    assert issubclass(op.function, Function)
    assert {name, op.function.__name__} <= set(dir(tinypt_ops_trig))


def test_an_unknown_name_of_the_package() -> None:
    with pytest.raises(AttributeError, match="no operator and no class 'sine'"):
        tinypt_ops_trig.sine  # noqa: B018


@pytest.mark.parametrize("name", ["sin", "tanh", "sinc", "arctan", "deg2rad"])
def test_integers_and_half_precision_go_forward_as_in_numpy(name: str) -> None:
    f = getattr(np, name)
    for array in (np.array([0, 1, 2]), np.array([0.5, 1], np.float16), np.array(3)):
        y = f(Variable(array))
        assert y.dtype == f(array).dtype
        np.testing.assert_array_equal(y.data, f(array))


def test_large_arrays_of_two_that_are_each_other_s_derivative() -> None:
    x = Variable(np.linspace(-4.0, 4.0, 20_001))
    (np.sin(x) * np.cos(x)).backward()
    np.testing.assert_allclose(x.grad, np.cos(2 * x.data), atol=1e-15)
    x.cleargrad()
    (np.sinh(x) * np.cosh(x)).backward()
    np.testing.assert_allclose(x.grad, np.cosh(2 * x.data), rtol=1e-14)


def test_refusals_name_the_operator() -> None:
    x = Variable(np.ones(3))
    with pytest.raises(TypeError, match="out="):
        np.sin(x, out=np.empty(3))
    with pytest.raises(IndexError, match="Unwrap"):  # NumPy has no AxisError here
        np.unwrap(x, axis=2)
    with pytest.raises(ValueError, match="Arctan2"):
        np.arctan2(x, np.ones(2))
