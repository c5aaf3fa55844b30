"""The kit's own arithmetic, against closed forms and mpmath: it is not made of itself."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from tinypt_core.testing import check_gradient, check_op, numerical_jacobian
from tinypt_core.testing.differences import directions, one_sided, roughness, slope

from tinypt_core import ConformanceError, Function, Variable, ops

POINTS = np.array([-2.7, -0.31, 0.004, 0.9, 5.2])


@pytest.mark.parametrize("name", ["sin", "exp", "erf", "atan", "sinh"])
def test_slope_has_ten_digits(name):
    f = np.vectorize(lambda x: float(getattr(mpmath, name)(x)), otypes=[float])
    expected = [float(mpmath.diff(getattr(mpmath, name), x)) for x in POINTS]
    found = slope(lambda t: f(POINTS + t))
    np.testing.assert_allclose(found.value, expected, rtol=1e-9, atol=1e-11)
    assert np.all(np.abs(found.value - expected) <= 20 * found.error + 1e-15)


def test_slope_near_a_pole_and_at_the_edge_of_the_domain():
    x = np.array([1.57, 0.001])
    found = slope(lambda t: np.array([np.tan(x[0] + t), np.log(x[1] + t * x[1])]))
    np.testing.assert_allclose(found.value, [1 / np.cos(1.57) ** 2, 1.0], rtol=1e-6)


def test_slope_close_to_a_kink_takes_the_right_side():
    found = slope(lambda t: np.abs(np.array([1e-4, -1e-3]) + t))
    np.testing.assert_allclose(found.value, [1, -1], rtol=1e-8)


def test_slope_says_when_it_does_not_know():
    jump = slope(lambda t: np.floor(np.array([2.0]) + t))
    assert jump.error[0] > abs(jump.value[0]) * 0.05 or jump.error[0] > 1


def test_one_sided_slopes_of_a_kink():
    left, right = one_sided(lambda t: np.abs(np.zeros(1) + t))
    np.testing.assert_allclose([left[0], right[0]], [-1, 1])


def test_roughness_tells_single_from_double():
    x = POINTS

    def double(t):
        return np.sin(x + t * x)

    def single(t):
        return np.sin((x + t * x).astype(np.float32)).astype(float)

    assert np.max(roughness(double)) < 1e-12
    assert np.max(roughness(single)) > 1e-8


def test_directions_do_not_cross_zero():
    rng = np.random.default_rng(0)
    x = rng.normal(size=1000) * 10.0 ** rng.uniform(-5, 2, 1000)
    step = directions(rng, x)
    assert np.all(step != 0)
    assert np.all(np.sign(x + 3 * 2.0**-6 * step) == np.sign(x))


def test_jacobian_of_a_linear_map_is_its_matrix():
    a = np.arange(12.0).reshape(4, 3) - 5
    np.testing.assert_allclose(numerical_jacobian(lambda x: a @ x, np.ones(3)), a, atol=1e-9)


def test_jacobian_has_the_shape_of_value_and_input():
    x = np.linspace(0.1, 0.6, 6).reshape(2, 3)
    found = numerical_jacobian(lambda x: x**2, x)
    expected = np.zeros((2, 3, 2, 3))
    for i in np.ndindex(2, 3):
        expected[(*i, *i)] = 2 * x[i]
    assert found.shape == (2, 3, 2, 3)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_jacobian_by_each_of_several_inputs_and_of_operators():
    x, y = np.array([1.0, 2.0]), np.array(3.0)
    by_x, by_y = numerical_jacobian(lambda a, b: ops.multiply(a, b), x, y)
    np.testing.assert_allclose(by_x, 3 * np.eye(2), atol=1e-9)
    np.testing.assert_allclose(by_y, [1, 2], atol=1e-9)
    assert numerical_jacobian(np.sin, np.zeros((0, 2))).shape == (0, 2, 0, 2)


def test_check_gradient_takes_any_function_of_variables():
    def f(x, y):
        return (x * y).sum() + np.sin(x)

    check_gradient(f, np.array([0.3, -1.2]), np.array([2.0, 0.1]), order=3)


def test_check_gradient_says_where():
    class Wrong(Function):
        def forward(self, x):
            return x**2

        def backward(self, gy, x):
            return gy * x * np.where(x > 2, 1.0, 2.0)

    with pytest.raises(
        ConformanceError, match=r"gradient: .*\n.*\n *where +input 0, element \(1,\)"
    ):
        check_gradient(lambda x: Wrong()(x), np.array([1.0, 3.0]))


def test_check_gradient_of_second_order_only():
    def f(x):
        return ops.exp(x) if x.data.sum() > 0 else x

    check_gradient(f, np.array([1.0]), order=2)


class Half(Function):
    """y = x / 2, wrong."""

    def forward(self, x):
        return x / 2

    def backward(self, gy):
        return gy


def test_error_names_op_package_sample_and_promise():
    with pytest.raises(ConformanceError) as caught:
        check_op(Half, np.array([1.0, 2.0]))
    error = caught.value
    assert isinstance(error, AssertionError)
    assert (error.op, error.package) == ("Half", f"module {__name__}")
    assert {b.promise for b in error.broken} == {"gradient", "complex"}
    text = str(error)
    for part in ("Half", "gradient:", "float64 (2,)", "expected", "got", "cause"):
        assert part in text


def test_every_broken_promise_is_named():
    class Bad(Function):
        def forward(self, x):
            return x

        def backward(self, gy):
            gy *= 2
            return gy

    with pytest.raises(ConformanceError) as caught:
        check_op(Bad)
    names = {b.promise for b in caught.value.broken}
    assert {"gradient", "gy-unchanged", "fresh-output", "metadata"} <= names


def test_order_limits_what_is_checked():
    class Cut(Function):
        """Sine."""

        def forward(self, x):
            return np.sin(x)

        def backward(self, gy):
            return gy * np.cos(self.inputs[0].data)

    check_op(Cut, order=1)
    with pytest.raises(ConformanceError, match="second-order"):
        check_op(Cut, order=2)


def test_operator_without_samples_for_its_parameters():
    class Scaled(Function):
        """y = c x."""

        def __init__(self, c):
            self.c = c

        def forward(self, x):
            return self.c * x

        def backward(self, gy):
            return self.c * gy

    with pytest.raises(ConformanceError, match="give samples"):
        check_op(Scaled)
    check_op(Scaled, (np.ones(3), 2.0))
    check_op(Scaled, (np.ones(3), {"c": 2.0}))


def test_check_op_refuses_a_plain_function():
    with pytest.raises(TypeError, match="check_gradient"):
        check_op(np.sin)


def test_samples_are_left_as_they_were():
    x = np.array([0.5, 1.5])

    class Writes(Function):
        """Writes."""

        def forward(self, x):
            x += 1
            return x * 2

        def backward(self, gy):
            return gy * 2

    with pytest.raises(ConformanceError, match="inputs-unchanged"):
        check_op(Writes, x)
    np.testing.assert_array_equal(x, [0.5, 1.5])


def test_nothing_of_the_check_stays_behind():
    x = Variable(np.array([0.5, 1.5]))
    check_op(ops.sin, (x.data,))
    assert x.grad is None
