"""Function: what a rule may ask for, how it may be called, and what a wrong one leads to."""

import numpy as np
import pytest
from tinypt_core.ops import sin

from tinypt_core import Function, GradientError, Variable, grad, gradients, registry


class Cube(Function):
    def forward(self, x):
        return x**3

    def backward(self, gy, x):
        return gy * 3 * x**2


def value_and_slope(f, at=2.0):
    x = Variable(np.array(at))
    y = f(x)
    y.backward()
    return float(y.data), float(x.grad)


# -- what a rule may ask for ---------------------------------------------------------------------


def test_an_input_by_name():
    assert value_and_slope(Cube()) == (8, 12)


def test_the_output_by_name():
    class Exp(Function):
        def forward(self, x):
            return np.exp(x)

        def backward(self, gy, y):
            return gy * y

    assert value_and_slope(Exp(), 0.0) == (1, 1)


def test_inputs_in_another_order_and_by_keyword():
    class Product(Function):
        def forward(self, a, b, c):
            return a * b * c

        def backward(self, gy, c, *, a, b):
            return gy * b * c, gy * a * c, gy * a * b

    xs = [Variable(np.array(v)) for v in (2.0, 3.0, 5.0)]
    Product()(*xs).backward()
    assert [float(x.grad) for x in xs] == [15, 10, 6]


def test_every_input_of_a_variadic_forward():
    class Total(Function):
        def forward(self, *xs):
            return sum(x * x for x in xs)

        def backward(self, gy, xs):
            return tuple(gy * 2 * x for x in xs)

    xs = [Variable(np.array(float(v))) for v in range(4)]
    Total()(*xs).backward()
    assert [float(x.grad) for x in xs] == [0, 2, 4, 6]


class MinMax(Function):
    """Two outputs."""

    def forward(self, a, b):
        return np.minimum(a, b), np.maximum(a, b)

    def backward(self, g0, g1, a, b):
        first = a < b
        return np.where(first, g0, g1), np.where(first, g1, g0)


def test_several_outputs_and_a_dropped_one():
    a, b = Variable(np.array([1.0, 5.0])), Variable(np.array([3.0, 2.0]))
    low, high = MinMax()(a, b)
    (low * 10 + high).backward()
    np.testing.assert_array_equal(a.grad, [10, 1])
    np.testing.assert_array_equal(b.grad, [1, 10])
    a.cleargrad()
    _, high = MinMax()(a, b)
    high.backward(create_graph=True)
    np.testing.assert_array_equal(a.grad.data, [0, 1])
    a.cleargrad()
    low = MinMax()(a, b)[0]
    (low * low).backward()
    np.testing.assert_array_equal(a.grad, [2, 0])


def test_several_outputs_by_name():
    class Both(Function):
        def forward(self, x):
            return np.exp(x), np.exp(-x)

        def backward(self, g0, g1, y0, y1):
            return g0 * y0 - g1 * y1

    x = Variable(np.array(0.5))
    a, b = Both()(x)
    (a - b).backward()
    assert x.grad == pytest.approx(2 * np.cosh(0.5))
    assert grad(grad(lambda x: Both()(x)[1]))(0.5) == pytest.approx(np.exp(-0.5))


def test_parameters_go_to_the_constructor_or_to_apply():
    class Scale(Function):
        def __init__(self, factor, offset=0.0):
            self.factor, self.offset = factor, offset

        def forward(self, x):
            return x * self.factor + self.offset

        def backward(self, gy):
            return gy * self.factor

    x = Variable(np.array(2.0))
    for y in (
        Scale(3)(x),
        Scale.apply(x, 3),
        Scale.apply(x, factor=3),
        Scale.apply(x, 3, offset=0),
    ):
        assert y.data == 6
    assert Scale.apply(x, 3, offset=1.0).data == 7
    assert Scale.apply(x=x, factor=3).creator.params == {"factor": 3, "offset": 0.0}


def test_broadcasting_is_undone_by_the_core():
    class Add(Function):
        def forward(self, a, b):
            return a + b

        def backward(self, gy):
            return gy, gy

    a, b, c = Variable(np.ones((2, 3))), Variable(np.ones((3,))), Variable(np.array(1.0))
    Add()(Add()(a, b), c).backward(create_graph=True)
    np.testing.assert_array_equal(b.grad.data, [2, 2, 2])
    assert c.grad.data == 6
    b1 = Variable(np.ones((2, 1)))
    Add()(a, b1).backward()
    np.testing.assert_array_equal(b1.grad, [[3], [3]])


def test_gradients_of_constants_are_not_computed():
    seen = []

    class Product(Function):
        def forward(self, a, b):
            return a * b

        def backward(self, gy, a, b):
            seen.append(self.needs)
            return (gy * b if self.needs[0] else None), (gy * a if self.needs[1] else None)

    x = Variable(np.array(2.0))
    Product()(x, np.array(5.0)).backward()
    assert x.grad == 5
    Product()(3.0, x).backward()
    assert x.grad == 8
    assert seen == [(True, False), (False, True)]


def test_none_for_an_input_means_zero():
    class First(Function):
        def forward(self, a, b):
            return a + 0 * b

        def backward(self, gy):
            return gy, None

    a, b = Variable(np.array(2.0)), Variable(np.array(3.0))
    First()(a, b).backward()
    assert a.grad == 1
    assert b.grad is None
    assert gradients(First()(a, b), b)[0] == 0


# -- instances -----------------------------------------------------------------------------------


def test_the_creator_is_the_instance_and_each_further_call_a_node_of_its_own():
    f = Cube()
    x, z = Variable(np.array(2.0)), Variable(np.array(3.0))
    y = f(x)
    assert y.creator is f
    w = f(z)
    assert w.creator is not f
    assert type(w.creator) is Cube
    (y + w).backward()
    assert (x.grad, z.grad) == (12, 27)


def test_an_instance_applied_to_its_own_output():
    f = Cube()
    x = Variable(np.array(1.1))
    f(f(x)).backward()
    assert x.grad == pytest.approx(9 * 1.1**8)


def test_an_instance_with_state_keeps_its_calls_apart():
    class Shaped(Function):
        def forward(self, x):
            self.shape = x.shape
            return np.sum(x)

        def backward(self, gy):
            return np.broadcast_to(gy, self.shape)

    f = Shaped()
    a, b = Variable(np.ones(2)), Variable(np.ones((3, 4)))
    ya, yb = f(a), f(b)
    ya.backward()
    yb.backward()
    assert (a.grad.shape, b.grad.shape) == ((2,), (3, 4))


def test_an_instance_first_called_with_constants_only():
    f = Cube()
    assert f(np.array(2.0)).creator is None
    assert value_and_slope(f) == (8, 12)


def test_a_forward_that_fails_leaves_the_instance_usable():
    class Picky(Cube):
        def forward(self, x):
            if x.ndim:
                raise ValueError("only 0-d")
            return x**3

    f = Picky()
    with pytest.raises(ValueError, match="Picky: only 0-d"):
        f(Variable(np.ones(2)))
    assert value_and_slope(f) == (8, 12)


# -- wrong rules ---------------------------------------------------------------------------------


def rule(backward, forward=lambda self, a, b: a * b):
    return type("Wrong", (Function,), {"forward": forward, "backward": backward})


WRONG = {
    "too few": (lambda self, gy: gy, r"returned 1 gradient for 2 inputs"),
    "too few in a tuple": (lambda self, gy: (gy,), r"returned 1 gradient for 2 inputs"),
    "too many": (lambda self, gy: (gy, gy, gy), r"returned 3 gradients for 2 inputs"),
    "shape": (lambda self, gy: (gy, np.ones(5)), r"shape \(5,\).*expected \(2,\)"),
    "shape that broadcasts": (lambda self, gy: (gy, np.ones((4, 2))), r"shape \(4, 2\).*\(2,\)"),
    "too small": (lambda self, gy: (gy, np.ones(1)), r"shape \(1,\).*expected \(2,\)"),
    "a scalar": (lambda self, gy: (gy, 1.0), r"shape \(\).*expected \(2,\)"),
    "text": (lambda self, gy: (gy, "text"), r"Wrong"),
    "it fails": (lambda self, gy: (gy, 1 / 0), r"ZeroDivisionError"),
}


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_names_the_operator_and_changes_no_grad(name, create_graph):
    backward, message = WRONG[name]
    a, b, c = (Variable(np.array([1.0, 2.0])) for _ in range(3))
    a.grad = kept = np.ones(2)
    y = rule(backward)()(a, b)
    z = sin(y) + sin(c) + sin(a)
    if create_graph:  # there, it is the first thing wrong with a plain array
        message += "|plain array|complex numbers"
    with pytest.raises(GradientError, match=message) as caught:
        z.backward(create_graph=create_graph)
    assert "Wrong (" in str(caught.value)
    assert a.grad is kept
    assert b.grad is None
    assert c.grad is None
    assert z.grad is None
    assert y.grad is None


def test_the_package_of_a_registered_operator_is_named():
    wrong = rule(lambda self, gy: gy)
    with registry.temporary_op("wrong", wrong):
        a = Variable(np.ones(2))
        with pytest.raises(GradientError, match=r"Wrong \(.*\)"):
            registry.get("wrong")(a, a).backward()


def test_without_backward_it_cannot_be_differentiated():
    class Forward(Function):
        def forward(self, x):
            return x + 1

    x = Variable(np.array(1.0))
    y = Forward()(x)
    assert y.data == 2
    with pytest.raises(GradientError, match=r"Forward.*no backward"):
        y.backward()


def test_a_forward_that_returns_nothing():
    class Nothing(Function):
        def forward(self, x):
            pass

        def backward(self, gy):
            return gy

    with pytest.raises(TypeError, match="Nothing: forward returned None"):
        Nothing()(Variable(np.array(1.0)))


def test_missing_and_excess_inputs():
    with pytest.raises(TypeError, match="Cube"):
        Cube()()
    with pytest.raises(TypeError, match="Cube"):
        Cube.apply()
    with pytest.raises(TypeError, match="Cube"):
        Cube()(Variable(np.array(1.0)), Variable(np.array(1.0)))


def test_an_error_of_forward_names_the_operator_and_keeps_its_kind():
    a, b = Variable(np.ones(2)), Variable(np.ones(3))
    with pytest.raises(ValueError, match=r"Add: operands could not be broadcast"):
        a + b
    with pytest.raises(IndexError, match="index 5 is out of bounds"):
        a[5]


# -- by hand -------------------------------------------------------------------------------------


def test_backward_by_hand_fills_in_what_the_rule_asks_for():
    f = Cube()
    f(Variable(np.array(2.0)))
    assert f.backward(np.array(1.0)) == 12
    assert f.backward(np.array(1.0), np.array(3.0)) == 27
    y = f.backward(Variable(np.array(1.0)))
    assert isinstance(y, Variable)


def test_inputs_and_outputs():
    f, x = Cube(), Variable(np.array(2.0))
    y = f(x)
    assert f.inputs == (x,)
    assert f.input is x
    assert f.outputs[0]() is y
    assert f.output is y
