"""What can never work is refused where the class statement stands, with what would."""

import abc

import numpy as np
import pytest

from tinypt_core import Function, GradientError, Variable, grad

ERRORS = (GradientError, TypeError)


# -- a rule that asks for a name nobody has --------------------------------------------------------


def asks_for_a_misspelt_input():
    class Cube(Function):
        def forward(self, x):
            return x**3

        def backward(self, gy, xs):
            return gy * 3 * xs**2


def asks_for_two_unknown_names():
    class Product(Function):
        def forward(self, a, b):
            return a * b

        def backward(self, gy, left, right):
            return gy * right, gy * left


def asks_by_keyword():
    class Cube(Function):
        def forward(self, x):
            return x**3

        def backward(self, gy, *, slope):
            return gy * slope


def asks_for_a_parameter():
    class Power(Function):
        def __init__(self, exponent):
            self.exponent = exponent

        def forward(self, x):
            return x**self.exponent

        def backward(self, gy, x, exponent):
            return gy * exponent * x ** (exponent - 1)


def asks_with_an_inherited_forward():
    class Base(Function):
        def forward(self, x):
            return x**3

    class Derived(Base):
        def backward(self, gy, z):
            return gy * 3 * z**2


def inherits_a_rule_that_asks_for_another_input():
    class Rule(Function):
        def backward(self, gy, x):
            return gy * 3 * x**2

    class Cube(Rule):
        def forward(self, a):
            return a**3


def in_the_style_of_ctx():
    class Cube(Function):
        def forward(self, x):
            return x**3

        def backward(self, ctx, x, grad_output):
            return grad_output * 3 * x**2


UNKNOWN_NAMES = {
    asks_for_a_misspelt_input: r"'xs'.*can ask for x, y",
    asks_for_two_unknown_names: r"'left', 'right'.*can ask for a, b, y",
    asks_by_keyword: r"'slope'.*can ask for x, y",
    asks_for_a_parameter: r"'exponent'.*can ask for x, y.*self\.exponent",
    asks_with_an_inherited_forward: r"'z'.*can ask for x, y",
    inherits_a_rule_that_asks_for_another_input: r"'x'.*can ask for a, y",
    in_the_style_of_ctx: r"can ask for x, y",
}


@pytest.mark.parametrize("define", UNKNOWN_NAMES, ids=lambda f: f.__name__)
def test_a_rule_that_asks_for_a_name_nobody_has(define):
    with pytest.raises(ERRORS, match="(?s)" + UNKNOWN_NAMES[define]):
        define()


# -- another framework's style ---------------------------------------------------------------------


def static_forward_and_backward():
    class Cube(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, grad_output):
            (x,) = ctx.saved_tensors
            return grad_output * 3 * x**2


def static_forward_alone():
    class Cube(Function):
        @staticmethod
        def forward(x):
            return x**3

        def backward(self, gy, x):
            return gy * 3 * x**2


def static_backward_alone():
    class Cube(Function):
        def forward(self, x):
            return x**3

        @staticmethod
        def backward(gy, x):
            return gy * 3 * x**2


def class_methods():
    class Cube(Function):
        @classmethod
        def forward(cls, x):
            return x**3

        @classmethod
        def backward(cls, gy, x):
            return gy * 3 * x**2


@pytest.mark.parametrize(
    "define",
    [static_forward_and_backward, static_forward_alone, static_backward_alone, class_methods],
    ids=lambda f: f.__name__,
)
def test_static_and_class_methods(define):
    with pytest.raises(ERRORS, match=r"(?s)Cube.*(static|class)method.*\(self, "):
        define()


# -- a class without forward, or whose methods cannot be called ------------------------------------


class Shared(Function):
    """A base class, as long as nobody uses it."""

    def backward(self, gy, x):
        return gy * 3 * x**2


class Misspelt(Function):
    def foward(self, x):
        return x**3

    def backward(self, gy, x):
        return gy * 3 * x**2


class Empty(Function):
    pass


@pytest.mark.parametrize("cls", [Shared, Misspelt, Empty], ids=lambda c: c.__name__)
def test_a_class_without_forward_is_refused_at_its_first_use(cls):
    x = Variable(np.array(2.0))
    for use in (lambda: cls()(x), lambda: cls.apply(x), lambda: grad(lambda x: cls()(x))(2.0)):
        with pytest.raises(ERRORS, match=rf"{cls.__name__}.*forward"):
            use()


def forward_without_self():
    class Cube(Function):
        def forward():
            return 1.0

        def backward(self, gy):
            return gy


def backward_without_a_gradient():
    class Cube(Function):
        def forward(self, x):
            return x**3

        def backward(self):
            return 1.0


def forward_that_is_no_method():
    class Cube(Function):
        forward = 3.0

        def backward(self, gy):
            return gy


@pytest.mark.parametrize(
    "define",
    [forward_without_self, backward_without_a_gradient, forward_that_is_no_method],
    ids=lambda f: f.__name__,
)
def test_methods_that_can_never_be_called(define):
    with pytest.raises(ERRORS, match=r"Cube.*(forward|backward)"):
        define()


def test_the_error_is_raised_by_the_class_statement():
    with pytest.raises(ERRORS) as caught:
        asks_for_a_misspelt_input()
    last = [entry for entry in caught.traceback if entry.path.name == "test_definition.py"][-1]
    assert "class Cube" in str(last.statement)


# -- keeps working ---------------------------------------------------------------------------------


def test_a_base_class_that_shares_a_rule():
    class Rule(Function):
        def backward(self, gy, x):
            return gy * 3 * x**2

    class Cube(Rule):
        def forward(self, x):
            return x**3

    assert grad(lambda x: Cube()(x))(2.0) == 12


def test_a_base_class_that_shares_a_helper_or_nothing():
    class Base(Function):
        """Common ground."""

        def slope(self, x):
            return 3 * x**2

    class Cube(Base):
        def forward(self, x):
            return x**3

        def backward(self, gy, x):
            return gy * self.slope(x)

    class Marker(Function):
        """For isinstance."""

    assert grad(lambda x: Cube()(x))(2.0) == 12
    assert issubclass(type("Sub", (Marker, Cube), {}), Marker)


def test_an_abstract_base_class():
    class Base(Function):
        @abc.abstractmethod
        def forward(self, x): ...

        def backward(self, gy, x):
            return gy * 3 * x**2

    class Cube(Base):
        def forward(self, x):
            return x**3

    assert grad(lambda x: Cube()(x))(2.0) == 12


def test_a_forward_without_a_rule_is_an_operator_without_derivative():
    class Steps(Function):
        def forward(self, x):
            return np.floor(x)

    y = Steps()(Variable(np.array(2.5)))
    assert y.data == 2
    with pytest.raises(GradientError, match=r"Steps.*backward"):
        y.backward()


def test_helpers_may_be_static():
    class Cube(Function):
        @staticmethod
        def slope(x):
            return 3 * x**2

        def forward(self, x):
            return x**3

        def backward(self, gy, x):
            return gy * self.slope(x)

    assert grad(lambda x: Cube()(x))(2.0) == 12
