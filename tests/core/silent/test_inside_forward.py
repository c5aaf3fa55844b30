"""What runs inside an operator's forward is outside every transform that is looking on."""

import numpy as np
import pytest

from tinypt_core import (
    Function,
    Variable,
    checkpoint,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)


class Root(Function):
    """The z with z³ + z = x, by Newton: dz/dx = 1 / (3 z² + 1)."""

    def solve(self, x):
        raise NotImplementedError

    def forward(self, x):
        z = self.solve(x)
        assert type(z) is not Variable, "a transform gave a Variable inside a forward"
        return np.asarray(z)

    def backward(self, gy, y):
        return gy / (3 * y**2 + 1)


def residual(z, x):
    return z**3 + z - x


def newton(x, slope):
    z = np.zeros(np.shape(x)) + 0.5
    for _ in range(30):
        z = z - residual(z, x) / slope(z)
    return z


class ByGrad(Root):
    def solve(self, x):
        return newton(x, lambda z: grad(lambda t: residual(t, x))(z))


class ByValueAndGrad(Root):
    def solve(self, x):
        z = np.array(0.5)
        for _ in range(30):
            value, slope = value_and_grad(lambda t: residual(t, x))(z)
            z = z - value / slope
        return z


class ByJacobian(Root):
    def solve(self, x):
        return newton(x, lambda z: jacobian(lambda t: residual(t, x))(z))


class ByPotential(Root):
    """Minimise z⁴/4 + z²/2 - x z with gradient and Hessian."""

    def solve(self, x):
        f = lambda z: z**4 / 4 + z**2 / 2 - x * z  # noqa: E731
        z = np.array(0.5)
        for _ in range(30):
            z = z - grad(f)(z) / hessian(f)(z)
        return z


class ByForwardMode(Root):
    def solve(self, x):
        return newton(x, lambda z: jvp(lambda t: residual(t, x), (z,), (1.0,))[1])


class ByPullback(Root):
    def solve(self, x):
        return newton(x, lambda z: vjp(lambda t: residual(t, x), z)[1](np.ones(np.shape(z)))[0])


class ByHvp(Root):
    def solve(self, x):
        f = lambda z: z**4 / 4 + z**2 / 2 - x * z  # noqa: E731
        return newton(x, lambda z: hvp(f, z, np.ones(np.shape(z))))


class ByBackward(Root):
    """In the plain style, with Variables of its own."""

    def solve(self, x):
        z = Variable(np.array(0.5))
        for _ in range(30):
            r = residual(z, x)
            z.cleargrad()
            r.backward()
            z.data = np.asarray(z.data - r.data / z.grad)
        return z.data


class ByGradients(Root):
    def solve(self, x):
        def slope(z):
            v = Variable(np.asarray(z))
            return gradients(residual(v, x), v)[0]

        return newton(x, slope)


class ByCheckpoint(Root):
    def solve(self, x):
        return newton(x, grad(checkpoint(lambda t: t**3 + t)))


#: no transform inside: right in earlier releases too
PLAIN = [ByBackward, ByGradients]
CLASSES = [cls for cls in Root.__subclasses__() if cls not in PLAIN]
Z = 0.6823278038280193  # z³ + z = 1
D1 = 1 / (3 * Z**2 + 1)
D2 = -6 * Z * D1**3


def every_derivative(cls):
    f = lambda x: cls()(x)  # noqa: E731
    x = Variable(np.array(1.0))
    y = f(x)
    assert y.data == pytest.approx(Z)
    y.backward()
    assert x.grad == pytest.approx(D1)
    (slope,) = gradients(f(x), x, create_graph=True)
    assert gradients(slope, x)[0] == pytest.approx(D2)
    assert grad(f)(1.0) == pytest.approx(D1)
    assert hessian(f)(1.0) == pytest.approx(D2)
    assert jvp(f, (1.0,), (2.0,))[1] == pytest.approx(2 * D1)
    assert grad(lambda x: grad(f)(x) * x)(1.0) == pytest.approx(D2 + D1)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)
def test_programs(cls):
    every_derivative(cls)


@pytest.mark.parametrize("cls", PLAIN, ids=lambda c: c.__name__)
def test_keeps_working(cls):
    every_derivative(cls)


def test_a_system_solved_inside_a_forward():
    """z with z + 0.1 z² = A x, by Newton with a Jacobian, inside a loss."""
    a = np.array([[1.0, 0.5], [0.2, 2.0]])

    class Solve(Function):
        def forward(self, x):
            r = lambda z: z + 0.1 * z**2 - x  # noqa: E731
            z = x
            for _ in range(20):
                z = z - np.linalg.solve(jacobian(r)(z), r(z))
            return z

        def backward(self, gy, y):
            return gy / (1 + 0.2 * y)

    def loss(x):
        return np.sum(Solve()(a @ x) ** 2)

    def explicit(x):
        return np.sum((((1 + 0.4 * (a @ x)) ** 0.5 - 1) / 0.2) ** 2)

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(grad(loss)(x), grad(explicit)(x))
    np.testing.assert_allclose(hessian(loss)(x), hessian(explicit)(x))


def test_the_transforms_around_stay_connected_to_the_operator():
    """A forward that runs a transform does not cut what is outside of it."""
    w = Variable(np.array(1.5))
    slope = grad(lambda x: w * ByGrad()(x))(1.0)
    slope.backward()
    assert w.grad == pytest.approx(D1)
