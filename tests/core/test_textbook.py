"""The tutorial's programs as they stand, imports aside."""

import math

import numpy as np
import pytest

from tinypt_core import Function, Variable, numerical_diff, ops


def library_square():
    return ops.square.function


def library_exp():
    return ops.exp.function


class OwnSquare(Function):
    def forward(self, x):
        y = x**2
        return y

    def backward(self, gy):
        x = self.input.data
        gx = 2 * x * gy
        return gx


class OwnExp(Function):
    def forward(self, x):
        y = np.exp(x)
        return y

    def backward(self, gy):
        x = self.input.data
        gx = np.exp(x) * gy
        return gx


class Square2(Function):
    """The style of the later chapters."""

    def forward(self, x):
        return x**2

    def backward(self, gy):
        x = self.inputs[0].data
        return 2 * x * gy


class Exp2(Function):
    """Reads its output, through the reference and directly."""

    def forward(self, x):
        return np.exp(x)

    def backward(self, gy):
        assert self.output is self.outputs[0]()
        return self.outputs[0]().data * gy


PAIRS = {
    "library": lambda: (library_square(), library_exp()),
    "own": lambda: (OwnSquare, OwnExp),
    "inputs": lambda: (Square2, Exp2),
}


@pytest.fixture(params=PAIRS)
def pair(request):
    return PAIRS[request.param]()


def test_composition(pair):
    Square, Exp = pair
    A, B, C = Square(), Exp(), Square()
    x = Variable(np.array(0.5))
    a = A(x)
    b = B(a)
    y = C(b)
    assert float(y.data) == 1.648721270700128


def test_backward_by_hand(pair):
    Square, Exp = pair
    A, B, C = Square(), Exp(), Square()
    x = Variable(np.array(0.5))
    a = A(x)
    b = B(a)
    y = C(b)
    y.grad = np.array(1.0)
    b.grad = C.backward(y.grad)
    a.grad = B.backward(b.grad)
    x.grad = A.backward(a.grad)
    assert float(x.grad) == pytest.approx(3.297442541400256, rel=1e-15)


def test_walking_the_creators_by_hand(pair):
    Square, Exp = pair
    A, B, C = Square(), Exp(), Square()
    x = Variable(np.array(0.5))
    a = A(x)
    b = B(a)
    y = C(b)
    assert y.creator is C
    assert y.creator.input is b
    assert y.creator.input.creator is B
    assert y.creator.input.creator.input is a
    assert y.creator.input.creator.input.creator is A
    assert y.creator.input.creator.input.creator.input is x

    y.grad = np.array(1.0)
    C = y.creator
    b = C.input
    b.grad = C.backward(y.grad)
    B = b.creator
    a = B.input
    a.grad = B.backward(b.grad)
    A = a.creator
    x = A.input
    x.grad = A.backward(a.grad)
    assert float(x.grad) == pytest.approx(3.297442541400256, rel=1e-15)


def test_walking_the_creators_when_only_the_ends_are_held(pair):
    Square, Exp = pair
    x = Variable(np.array(0.5))
    y = Square()(Exp()(Square()(x)))
    variable, grad = y, np.array(1.0)
    while variable.creator is not None:
        grad = variable.creator.backward(grad)
        variable = variable.creator.input
    assert variable is x
    assert float(grad) == pytest.approx(3.297442541400256, rel=1e-15)


def test_automatic_backward(pair):
    Square, Exp = pair
    x = Variable(np.array(0.5))
    y = Square()(Exp()(Square()(x)))
    y.backward()
    assert float(x.grad) == pytest.approx(3.297442541400256, rel=1e-15)
    assert type(x.grad) is np.ndarray


def test_functions_instead_of_classes():
    x = Variable(np.array(0.5))
    y = ops.square(ops.exp(ops.square(x)))
    y.backward()
    assert float(x.grad) == pytest.approx(3.297442541400256, rel=1e-15)


def test_numerical_difference_agrees(pair):
    Square, _ = pair
    x = Variable(np.random.default_rng(0).normal(size=1))
    y = Square()(x)
    y.backward()
    assert np.allclose(x.grad, numerical_diff(Square(), x))
    assert numerical_diff(Square(), Variable(np.array(2.0))) == pytest.approx(4, abs=1e-9)


def test_only_arrays_are_taken():
    Variable(np.array(1.0))
    Variable(None)
    with pytest.raises(TypeError, match=r"<class 'float'> is not supported"):
        Variable(1.0)


def test_addition_of_several_variables():
    x, y = Variable(np.array(2.0)), Variable(np.array(3.0))
    z = ops.add(ops.square(x), ops.square(y))
    z.backward()
    assert (z.data, x.grad, y.grad) == (13, 4, 6)


def test_the_same_variable_twice():
    x = Variable(np.array(3.0))
    y = ops.add(x, x)
    y.backward()
    assert x.grad == 2
    x.cleargrad()
    y = ops.add(ops.add(x, x), x)
    y.backward()
    assert x.grad == 3


def test_a_complex_graph():
    x = Variable(np.array(2.0))
    a = ops.square(x)
    y = ops.add(ops.square(a), ops.square(a))
    y.backward()
    assert (y.data, x.grad) == (32, 64)


def test_gradients_are_kept_only_where_wanted():
    x0, x1 = Variable(np.array(1.0)), Variable(np.array(1.0))
    t = ops.add(x0, x1)
    y = ops.add(x0, t)
    y.backward()
    assert y.grad is None
    assert t.grad is None
    assert (x0.grad, x1.grad) == (2, 1)
    x0.cleargrad()
    x1.cleargrad()
    y.backward(retain_grad=True)
    assert (y.grad, t.grad) == (1, 1)


def test_operators_and_their_gradients():
    a, b, c = (Variable(np.array(v)) for v in (3.0, 2.0, 1.0))
    y = a * b + c
    y.backward()
    assert repr(y) == "variable(7.0)"
    assert (a.grad, b.grad) == (2, 3)
    x = Variable(np.array(2.0))
    for y, want in (
        (x + np.array(3.0), 5),
        (x + 3.0, 5),
        (3.0 * x + 1.0, 7),
        (np.array([2.0])[0] + x, 4),
        (-x, -2),
        (2.0 - x, 0),
        (x - 1.0, 1),
        (1 / x, 0.5),
        (x**3, 8),
    ):
        assert isinstance(y, Variable)
        assert y.data == want


def test_sphere_matyas_and_goldstein_price():
    def sphere(x, y):
        return x**2 + y**2

    def matyas(x, y):
        return 0.26 * (x**2 + y**2) - 0.48 * x * y

    def goldstein(x, y):
        return (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)) * (
            30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
        )

    for f, want in ((sphere, (2, 2)), (matyas, (0.04, 0.04)), (goldstein, (-5376, 8064))):
        x, y = Variable(np.array(1.0)), Variable(np.array(1.0))
        f(x, y).backward()
        assert (float(x.grad), float(y.grad)) == pytest.approx(want, rel=1e-12)


def rosenbrock(x0, x1):
    return 100 * (x1 - x0**2) ** 2 + (x0 - 1) ** 2


def test_gradient_descent_on_rosenbrock():
    x0, x1 = Variable(np.array(0.0)), Variable(np.array(2.0))
    y = rosenbrock(x0, x1)
    y.backward()
    assert f"{x0.grad} {x1.grad}" == "-2.0 400.0"

    for i in range(9_999):
        y = rosenbrock(x0, x1)
        x0.cleargrad()
        x1.cleargrad()
        y.backward()
        x0.data -= 0.001 * x0.grad
        x1.data -= 0.001 * x1.grad
        if i == 999:
            assert float(x0.data) == pytest.approx(0.683712, abs=1e-6)
            assert float(x1.data) == pytest.approx(0.465953, abs=1e-6)
    assert float(x0.data) == pytest.approx(0.99449622, abs=1e-8)
    assert float(x1.data) == pytest.approx(0.98900063, abs=1e-8)


def f(x):
    return x**4 - 2 * x**2


def test_newton_with_the_second_derivative_by_hand():
    x = Variable(np.array(2.0))
    for _ in range(10):
        y = f(x)
        x.cleargrad()
        y.backward()
        x.data -= x.grad / (12 * x.data**2 - 4)
    assert x.data == 1


def test_newton_by_create_graph():
    x = Variable(np.array(2.0))
    seen = []
    for _ in range(10):
        seen.append(float(x.data))
        y = f(x)
        x.cleargrad()
        y.backward(create_graph=True)
        gx = x.grad
        x.cleargrad()
        gx.backward()
        gx2 = x.grad
        x.data -= gx.data / gx2
    assert seen[1] == pytest.approx(1.4545454545454546)
    assert x.data == 1.0


def test_higher_derivatives_of_sin_by_hand():
    x = Variable(np.array(1.0))
    y = ops.sin(x)
    y.backward(create_graph=True)
    for want in (-math.sin(1), -math.cos(1), math.sin(1)):
        gx = x.grad
        x.cleargrad()
        gx.backward(create_graph=True)
        assert float(x.grad.data) == pytest.approx(want, rel=1e-12)


def test_taylor_series_of_sin():
    def my_sin(x, threshold=1e-150):
        y = 0
        for i in range(100_000):
            c = (-1) ** i / math.factorial(2 * i + 1)
            t = c * x ** (2 * i + 1)
            y = y + t
            if abs(t.data) < threshold:
                break
        return y

    x = Variable(np.array(np.pi / 4))
    y = my_sin(x)
    y.backward()
    assert float(y.data) == pytest.approx(0.7071067811865475, rel=1e-12)
    assert float(x.grad) == pytest.approx(0.7071067811865475, rel=1e-12)


def test_double_backward_through_a_gradient():
    x = Variable(np.array(2.0))
    y = x**2
    y.backward(create_graph=True)
    gx = x.grad
    x.cleargrad()
    z = gx**3 + y
    z.backward()
    assert x.grad == 100


def test_a_walker_of_ones_own_meets_every_variable_once():
    x = Variable(np.array(1.0), name="x")
    h = np.sin(x) + 1.0
    y = h * h
    del h
    seen, functions = {id(y)}, [y.creator]
    for f in functions:
        for v in f.inputs:
            seen.add(id(v))
            if v.creator is not None and v.creator not in functions:
                functions.append(v.creator)
    names = [type(f).__name__ for f in functions]
    assert names == ["Mul", "Add", "Sin"]
    assert functions[0].inputs[0] is functions[0].inputs[1] is functions[1].outputs[0]()
    assert functions[2].inputs[0] is x
    assert len(seen) == 5  # y, h, the constant 1, sin(x), x
    np.testing.assert_allclose(functions[0].inputs[0].data, np.sin(1.0) + 1)


def test_a_dropped_variable_keeps_its_name_for_a_walker():
    x = Variable(np.array(1.0))
    h = np.exp(x)
    h.name = "h"
    y = h + 1.0
    del h
    assert y.creator.inputs[0].name == "h"
    assert y.creator.inputs[0].data == np.exp(1.0)
