"""Implicit functions against unrolled iterations and closed forms."""

import numpy as np
import pytest
from tinypt_core import Variable, grad, gradients, hessian
from tinypt_core.testing import check_gradient

from tinypt_ops_scipy import optimize
from tinypt_ops_scipy.optimize import implicit

A = np.array([[3.0, 1.0], [0.5, 2.0]])


def cubic(x, a):  # one real root in each component
    return x**3 + x - a


def unrolled(a):
    """Newton's method on the cubic, every step differentiated."""
    x = a * 0 + 1.0
    for _ in range(12):
        x = x - cubic(x, a) / (3 * x**2 + 1)
    return x


SOLVERS = {
    "implicit": lambda a: implicit(cubic, lambda a: unrolled(a))(a),
    "root": lambda a: optimize.root(cubic, np.ones(2), args=(a,), tol=1e-12).x,
    "newton": lambda a: optimize.newton(cubic, np.ones(2), args=(a,), tol=1e-12),
    "fixed_point": lambda a: optimize.fixed_point(
        lambda x, a: x - cubic(x, a) / (3 * x**2 + 1), np.ones(2), args=(a,), xtol=1e-12
    ),
}


@pytest.mark.parametrize("name", SOLVERS)
def test_as_the_unrolled_iteration_to_the_second_order(name):
    a, w = np.array([1.0, 4.0]), np.array([0.3, 2.0])
    for derivative, rtol in ((grad, 1e-8), (hessian, 1e-7)):
        got, want = (
            derivative(lambda a, s=s: np.sum(w * s(a)))(a) for s in (SOLVERS[name], unrolled)
        )
        np.testing.assert_allclose(got, want, rtol=rtol, atol=1e-9)


@pytest.mark.parametrize("solve", [
    lambda a: optimize.brentq(cubic, -1, 9, args=(a,), xtol=1e-14),
    lambda a: optimize.root_scalar(cubic, args=(a,), bracket=(-1, 9), xtol=1e-14).root,
])  # fmt: skip
def test_scalar_roots(solve):
    a = np.array(4.0)
    np.testing.assert_allclose(grad(solve)(a), grad(unrolled)(a), rtol=1e-8)
    np.testing.assert_allclose(grad(grad(solve))(a), grad(grad(unrolled))(a), rtol=1e-7)


def test_a_linear_system_is_an_implicit_function():
    solve = implicit(lambda x, a, b: a @ x - b, lambda a, b: np.linalg.solve(a, b))
    b = np.array([1.0, -2.0])
    check_gradient(lambda a, b: np.sin(solve(a, b)), A, b, order=2)


def test_the_minimum_of_a_quadratic():
    """x = A⁻¹ b, and the value -bᵀ A⁻¹ b/2."""
    s, b = A @ A.T, np.array([1.0, -2.0])
    f = lambda x, s, b: 0.5 * np.sum(x * (s @ x)) - np.sum(b * x)
    found = lambda b: optimize.minimize(f, np.zeros(2), args=(s, b)).x
    w = np.array([0.7, 2.0])
    np.testing.assert_allclose(grad(lambda b: np.sum(w * found(b)))(b), np.linalg.solve(s, w))
    np.testing.assert_allclose(grad(lambda b: f(found(b), s, b))(b), -np.linalg.solve(s, b))


def test_the_mean_minimises_squares_and_moves_with_each_datum():
    data = np.array([1.0, 2.0, 6.0])
    mean = lambda d: optimize.minimize(lambda m, d: np.sum((d - m) ** 2), np.zeros(1), args=(d,)).x[
        0
    ]
    np.testing.assert_allclose(grad(mean)(data), [1 / 3] * 3, rtol=1e-9)


def test_derivatives_of_ones_own_get_the_arguments_too():
    a = Variable(np.array(4.0))
    slope = lambda x, a: 3 * x**2 + 1
    roots = [
        optimize.newton(cubic, 1.0, args=(a,), fprime=slope, fprime2=lambda x, a: 6 * x),
        optimize.root_scalar(cubic, args=(a,), x0=1.0, fprime=slope, method="newton").root,
        optimize.root(cubic, np.ones(1), args=(a,), jac=lambda x, a: np.diag(slope(x, a))).x[0],
    ]
    for root in roots:
        np.testing.assert_allclose(root.data, unrolled(4.0))
    f = lambda x, a: np.sum((x - a) ** 4 + (x - a) ** 2)
    for method in ("Newton-CG", "trust-ncg"):
        found = optimize.minimize(f, np.ones(1), args=(a,), method=method,
                                  hess=lambda x, a: np.diag(12 * (x - a) ** 2 + 2))  # fmt: skip
        np.testing.assert_allclose(gradients(found.x, a)[0], 1)


def test_a_variable_from_outside_is_not_dropped():
    w = Variable(np.array(2.0))
    with pytest.raises(TypeError, match="uses a Variable from outside"):
        optimize.brentq(lambda x: x - w, 0, 5)
    with pytest.raises(TypeError, match="uses a Variable from outside"):
        implicit(lambda x, a: x - a * w, lambda a: a * 2.0)(Variable(np.ones(2)))


def test_a_residual_of_another_shape_and_a_singular_slope_are_refused():
    a = Variable(np.ones(2))
    with pytest.raises(ValueError, match="shape"):
        implicit(lambda x, a: np.sum(x - a), lambda a: a)(a)
    flat = implicit(lambda x, a: (x - a) ** 2, lambda a: a)(a)
    with pytest.raises(Exception, match=r"[Ss]ingular"):
        gradients(flat, a)


def test_an_assignment_and_bounds_are_refused():
    with pytest.raises(TypeError, match="no derivative"):
        optimize.linear_sum_assignment(Variable(np.eye(2)))
    with pytest.raises(TypeError, match="bounds= is not supported"):
        optimize.minimize(lambda x: np.sum(x**2), np.ones(2), bounds=[(0, 1)] * 2)
