"""Transforms of complex functions: what is asked for is the mathematics', or it is refused."""

import numpy as np
import pytest

from tinypt_core import (
    GradientError,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    numerical_diff,
    value_and_grad,
    vjp,
)

Z = np.array([0.3 + 0.4j, -1.2 + 0.1j])


def wave(x):
    return np.sum(np.exp(1j * x))


@pytest.mark.parametrize("transform", [grad, value_and_grad, jacobian, hessian])
@pytest.mark.parametrize("x", [0.5, 0.5 + 1j])
def test_the_derivative_of_a_complex_result_is_refused(transform, x):
    with pytest.raises(GradientError, match=r"complex: take np\.real"):
        transform(wave)(x)


def test_real_functions_of_complex_arguments_have_gradients():
    def f(z):
        return np.sum(np.abs(z) ** 2 + np.real(z**3))

    np.testing.assert_allclose(grad(f)(Z), 2 * np.conj(Z) + 3 * Z**2)
    np.testing.assert_allclose(numerical_diff(f, Z), grad(f)(Z), rtol=1e-6)


def test_holomorphic():
    np.testing.assert_allclose(grad(wave, holomorphic=True)(Z), 1j * np.exp(1j * Z))
    value, g = value_and_grad(wave, holomorphic=True)(Z)
    assert value == wave(Z)
    np.testing.assert_allclose(g, 1j * np.exp(1j * Z))
    j = jacobian(lambda z: z[::-1] * z[0], holomorphic=True)(Z)
    np.testing.assert_allclose(j, [[Z[1], Z[0]], [2 * Z[0], 0]])
    second = grad(grad(lambda z: z**3, holomorphic=True), holomorphic=True)(Z[0])
    np.testing.assert_allclose(second, 6 * Z[0])


@pytest.mark.parametrize(
    ("f", "x", "what"),
    [(wave, 0.5, "argument"), (lambda z: np.sum(np.abs(z)), Z, "result")],
)
def test_what_is_no_holomorphic_function_is_refused(f, x, what):
    for transform in (grad, jacobian):
        with pytest.raises(GradientError, match=f"holomorphic, but has a real {what}"):
            transform(f, holomorphic=True)(x)


def test_products_with_the_jacobian_take_complex_results():
    y, tangent = jvp(wave, (0.5,), (2.0,))
    np.testing.assert_allclose([y, tangent], [np.exp(0.5j), 2j * np.exp(0.5j)])
    (g,) = vjp(wave, 0.5)[1](np.array(1j))
    np.testing.assert_allclose(g, (1j * 1j * np.exp(0.5j)).real)
    v = np.array([1j, 2.0])
    np.testing.assert_allclose(hvp(lambda z: np.sum(np.real(z**3)), Z, v), 6 * Z * v)


def test_differences_of_a_complex_function_of_real_numbers():
    x = np.array([0.5, -0.2])
    np.testing.assert_allclose(numerical_diff(wave, x), 1j * np.exp(1j * x), rtol=1e-6)
    assert numerical_diff(np.sum, np.zeros((0, 2))).shape == (0, 2)
    assert numerical_diff(np.sum, np.zeros(2, np.complex64)).dtype == np.complex64
