"""What a report says: the domain, overflow, digits; and that plain functions can be subjects."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from tinypt_core.testing import check_op

from tinypt_core import ConformanceError, Function, Variable, ops

X = np.array([0.3, 1.2])


def report(op, *samples):
    with pytest.raises(ConformanceError) as caught:
        check_op(op, *samples)
    return str(caught.value), {b.promise: b for b in caught.value.broken}


def test_where_no_step_is_possible_it_speaks_of_the_domain_and_of_samples():
    class OneOnly(Function):
        """Twice x, of one x alone."""

        def forward(self, x):
            if not np.array_equal(x, X.astype(x.dtype)):
                raise ValueError("not this one")
            return 2 * x

        def backward(self, gy):
            return 2 * gy

    text, broken = report(OneOnly, X)
    assert set(broken) == {"gradient"}
    assert "forward raises at every step" in broken["gradient"].what
    assert "domain" in broken["gradient"].cause
    assert "samples" in broken["gradient"].cause
    assert "float64 (2,)" in text


def test_a_wrong_rule_on_a_thin_domain_is_still_caught():
    class Entropy(Function):
        """Of a distribution; a factor is wrong."""

        def forward(self, p):
            if abs(np.sum(p) - 1) > 1e-6:
                raise ValueError("not a distribution")
            return -np.sum(p * np.log(p))

        def backward(self, gy, p):
            return -gy * (2 * np.log(p) + 1)

    _, broken = report(Entropy, np.array([0.2, 0.3, 0.5]))
    assert "inside the domain" in broken["gradient"].where


def test_a_gradient_that_is_not_finite_is_overflow_or_zero_by_zero():
    class Stretched(Function):
        """Hyperbolic tangent, its slope by exponentials."""

        def forward(self, x):
            return np.tanh(x)

        def backward(self, gy, x):
            e = np.exp(2 * x)
            return gy * 4 * e / (e + 1) ** 2

    _, broken = report(Stretched)
    assert "nan" in broken["gradient"].got
    assert "overflow, or 0/0" in broken["gradient"].cause


def test_lost_digits_are_counted_and_located():
    class Late(Function):
        """1 - cos(x)."""

        elementwise = True

        def forward(self, x):
            return 1 - np.cos(x)

        def backward(self, gy, x):
            return gy * np.sin(x)

    _, broken = report(Late)
    what = broken["accuracy"].what
    assert what.startswith("loses 7 digits near x = 0, order 0: a difference of two nearly equal")


class Plain:
    """A registered plain function, as a composite or a constant is."""

    def __init__(self, function):
        self.function, self.provider = function, "my-ops 1.0"
        self.__name__ = self.__qualname__ = function.__name__
        self.__doc__, self.__signature__ = function.__doc__, inspect.signature(function)

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


def test_a_composite_that_is_a_plain_function():
    def mean_square(x, axis=None):
        """The mean of the squares."""
        return ops.mean(x * x, axis=axis)

    check_op(Plain(mean_square))
    check_op(Plain(mean_square), (np.ones((2, 3)), {"axis": 1}))


def test_a_composite_that_loses_the_graph():
    def half_detached(x):
        """x times itself, half of it detached."""
        return x * Variable(x.data)

    text, broken = report(Plain(half_detached))
    assert "gradient" in broken
    assert text.startswith("half_detached (my-ops 1.0) broke")


def test_a_constant_that_is_a_plain_function():
    def is_large(x):
        """Whether elements are large."""
        return np.asarray(getattr(x, "data", x)) > 1

    check_op(Plain(is_large))
