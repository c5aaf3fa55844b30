"""What a transform returns stays connected to Variables that come in by a closure or argument."""

import numpy as np
import pytest
from silently import Kind

from tinypt_core import (
    Variable,
    checkpoint,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)

kind = Kind()


def leaf(*values):
    return Variable(np.array(values[0] if len(values) == 1 else values))


@kind.right(want=3.0)
def slope_of_a_product():
    w = leaf(1.5)
    y = w * grad(lambda y: w * y)(2.0)  # w², whatever y
    y.backward()
    return w.grad


@kind.right(want=[2 * (2 * 0.5 - 3.0) * 2 * 0.5 * 1, 0.0])
def physics_informed_loss():
    """u(t) = a t² + b; residual u' = 3 at t = 0.5."""
    a, b = leaf(1.0), leaf(2.0)
    u = lambda t: a * t**2 + b  # noqa: E731
    loss = (grad(u)(0.5) - 3.0) ** 2
    loss.backward()
    return [a.grad, 0.0 if b.grad is None else b.grad]


@kind.right(want=2 * (6 * 2.0 * 0.5 + 1.5 * 2.0 * 0.125) * (6 * 0.5 + 1.5 * 0.125))
def heat_equation_by_two_derivatives():
    """u = k t³, residual (u'' + 1.5 u)²."""
    k = leaf(2.0)
    u = lambda t: k * t**3  # noqa: E731
    residual = grad(grad(u))(0.5) + 1.5 * u(0.5)
    (residual**2).backward()
    return k.grad


class Network:
    def __init__(self):
        self.w = leaf(0.3, -0.7)
        self.v = leaf(1.1, 0.4)

    def __call__(self, t):
        return np.sum(self.v * np.tanh(self.w * t))


@kind.right(want=[[1.1 * 1.0, 0.4 * 1.0], [0.3, -0.7]])
def a_model_class_that_holds_variables():
    net = Network()
    slope = grad(net)(0.0)  # Σ v w
    slope.backward()
    return [net.w.grad, net.v.grad]


@kind.right(want=[2.0 * 9.0, 6 * 3.0])
def value_and_slope_in_one_loss():
    w = leaf(3.0)
    value, slope = value_and_grad(lambda t: w * t**2)(3.0)
    return [gradients(value * 2.0, w)[0], gradients(slope * 3.0, w)[0]]


@kind.right(want=[2 * 1.0, 2 * 2.0])
def regularised_by_the_jacobian():
    w = leaf(1.0, 2.0)
    j = jacobian(lambda x: w * x**2)(np.array([1.0, 2.0]))  # diag(2 w x)
    np.sum(j).backward()
    return w.grad


@kind.right(want=2.0)
def curvature_by_the_hessian():
    w = leaf(0.7)
    np.sum(hessian(lambda x: w * x[0] ** 2 + x[1])(np.array([1.0, 2.0]))).backward()
    return w.grad


@kind.right(want=[6 * 2.0 * 1.0])
def curvature_along_a_direction():
    w = leaf(0.7)
    hvp(lambda x: w * x**3, np.array(2.0), np.array(1.0)).backward()
    return [w.grad]


@kind.right(want=[3.0 * 5.0, 2.0 * 5.0])
def forward_mode_with_learned_coefficients():
    w = leaf(2.0)
    y, tangent = jvp(lambda t: w * t, (3.0,), (2.0,))
    return [gradients(y * 5.0, w)[0], gradients(tangent * 5.0, w)[0]]


@kind.right(want=[2 * 1.5 * 3.0, 1.5**2])
def a_learned_cotangent():
    w, c = leaf(1.5), leaf(3.0)
    _, pullback = vjp(lambda t: w * w * t, np.array(2.0))
    (slope,) = pullback(c)
    slope.backward()
    return [w.grad, c.grad]


@kind.right(want=[6 * 2.0 * 1.5, 3 * 4.0])
def a_variable_as_the_argument():
    x, w = leaf(2.0), leaf(1.5)
    slope = grad(lambda t: w * t**3)(x)
    slope.backward()
    return [x.grad, w.grad]


@kind.right(want=3 * 4.0)
def an_argument_that_is_not_differentiated():
    w = leaf(1.5)
    grad(lambda t, scale: scale * t**3)(2.0, w).backward()
    return w.grad


@kind.right(want=2.0)
def the_second_derivative_by_the_closure():
    """d²/dw² of d/dt (w² t) = 2."""
    w = leaf(1.5)
    slope = grad(lambda t: w**2 * t)(4.0)
    slope.backward(create_graph=True)
    first = w.grad
    w.cleargrad()
    first.backward()
    return w.grad


@kind.right(want=2 * 1.5 + 2.0)
def a_transform_over_a_transform_over_a_closure():
    w = leaf(1.5)
    outer = grad(lambda s: grad(lambda t: w**2 * t * s + w * s * t**2)(1.0))(3.0)  # w² + 2w
    outer.backward()
    return w.grad


@kind.right(want=4.0)
def through_a_checkpoint():
    w = leaf(1.5)
    grad(checkpoint(lambda t: w * t**2))(2.0).backward()
    return w.grad


@kind.right(want=[2.0, 1.0])
def trained_by_gradient_descent():
    """Fit u' = 2 t + 1 by u = a t² + b t."""
    a, b = leaf(0.0), leaf(0.0)
    for _ in range(60):
        loss = 0.0
        for t in (0.0, 0.5, 1.0):
            loss = loss + (grad(lambda t: a * t**2 + b * t)(t) - 2 * t - 1.0) ** 2
        loss.backward()
        for p in (a, b):
            p.data -= 0.1 * p.grad
            p.cleargrad()
    return [2 * a.data, b.data]


test_programs = kind.test()


# -- keeps working -------------------------------------------------------------------------------


def test_arrays_in_arrays_out():
    assert type(grad(lambda t: t**2)(3.0)) is np.ndarray
    constant = np.array(2.0)
    assert type(grad(lambda t: constant * t**2)(3.0)) is np.ndarray


def test_no_transform_touches_anybodys_grad():
    w, x = leaf(1.5), leaf(2.0)
    w.grad = kept = np.array(7.0)
    f = lambda t: w * t**2  # noqa: E731
    with no_grad():
        grad(f)(2.0)
    for run in (
        lambda: grad(f)(2.0),
        lambda: grad(f)(x),
        lambda: value_and_grad(f)(2.0),
        lambda: jvp(f, (2.0,), (1.0,)),
        lambda: vjp(f, np.array(2.0))[1](np.array(1.0)),
        lambda: hessian(f)(2.0),
        lambda: hvp(f, np.array(2.0), np.array(1.0)),
    ):
        run()
        assert w.grad is kept
        assert x.grad is None


def test_under_no_grad_the_numbers_come_out():
    w = leaf(1.5)
    with no_grad():
        found = grad(lambda t: w * t**2)(2.0)
    assert float(found.data if isinstance(found, Variable) else found) == pytest.approx(6.0)
