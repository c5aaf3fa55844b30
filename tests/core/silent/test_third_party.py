"""A third party's function or ufunc of a known name is not NumPy's: the module counts too."""

import functools

import numpy as np
import pytest
from scipy import special
from silently import Kind

from tinypt_core import Variable, grad

kind = Kind()
UNKNOWN = r"(?is)(theirs|vectorized|not.*NumPy|no operator|register|NumPy's)"


def dispatched(module, name=None):
    """A function that NumPy's protocol hands on, as libraries with array backends define them."""

    def decorate(f):
        @functools.wraps(f)
        def public(*args, **kwargs):
            for arg in args:
                if not isinstance(arg, np.ndarray) and hasattr(arg, "__array_function__"):
                    return arg.__array_function__(public, (type(arg),), args, kwargs)
            return f(*args, **kwargs)

        public.__module__, public.__name__ = module, name or f.__name__
        public.__qualname__ = public.__name__
        return public

    return decorate


@dispatched("theirs.geometry", "square")
def _square(side):
    """The outline of a square."""
    return 4 * side


@dispatched("theirs.stats", "std")
def _std(x):
    return np.sum(x) / 3


@dispatched("theirs.stats", "mean")
def _mean(x):
    return np.sum(x**2)


@dispatched("theirs.numpy", "sum")
def _sum(x):
    return np.sum(x) * 2


@dispatched("numpydantic.core", "log")
def _log(x):
    return x * 7.0


@dispatched("theirs", "sin")
def _sin(degrees):
    return np.sin(degrees * np.pi / 180)


@dispatched("numpylike", "linalg.det")
def _det(a):
    return np.sum(a)


class Protocol:
    """What a compiled ufunc of another library looks like to `__array_ufunc__`."""

    def __init__(self, name, f, module="theirs"):
        self.__name__, self.f, self.__module__ = name, f, module

    def __call__(self, x):
        if isinstance(x, np.ndarray | float):
            return self.f(x)
        return x.__array_ufunc__(self, "__call__", x)


_exp = Protocol("exp", lambda x: 10**x)


@kind.either(UNKNOWN, at=1.5)
def outline_of_a_square(x):
    return _square(x) * x


@kind.either(UNKNOWN, at=[1.5, 2.0, 4.0])
def somebodys_std(x):
    return _std(x) * x[0]


@kind.either(UNKNOWN, at=[1.5, 2.0, 4.0])
def somebodys_mean(x):
    return _mean(x) ** 2


@kind.either(UNKNOWN, at=[1.5, 2.0, 4.0])
def somebodys_sum(x):
    return _sum(x) ** 2


@kind.either(UNKNOWN, at=1.5)
def a_module_whose_name_begins_with_numpy(x):
    return _log(x) * x


@kind.either(UNKNOWN, at=30.0)
def sine_of_degrees(x):
    return _sin(x) * x


@kind.either(UNKNOWN, at=[[1.5, 2.0], [3.0, 4.0]])
def a_dotted_name(x):
    return _det(x) ** 2


@kind.either(UNKNOWN, at=1.5)
def a_ufunc_that_is_not_numpys(x):
    return _exp(x) * x


def _named(f, name):
    """np.frompyfunc, under a plain name as vectorising decorators give it."""

    class Named:
        __name__ = name
        ufunc = np.frompyfunc(f, 1, 1)

        def __call__(self, x):
            if isinstance(x, Variable):
                return x.__array_ufunc__(self, "__call__", x)
            return float(self.ufunc(x))

    return Named()


_sqrt = _named(lambda t: t * t * t, "sqrt")


@kind.either(UNKNOWN, at=1.5)
def a_python_function_vectorised_under_a_known_name(x):
    return _sqrt(x) * x


test_programs = kind.test()


# -- keeps working -------------------------------------------------------------------------------


def test_numpys_own_wherever_it_lives():
    x = np.array([[2.0, 1.0], [0.5, 3.0]])
    assert grad(lambda a: np.linalg.det(a))(x).tolist() == pytest.approx(
        np.array([[3.0, -0.5], [-1.0, 2.0]])
    )
    assert grad(np.sin)(0.0) == 1
    assert grad(lambda a: np.sum(np.add(a, a)))(x).tolist() == [[2, 2], [2, 2]]


def test_scipys_ufuncs_by_name():
    """The same function under the same name, or a refusal that names what provides it."""
    for f in (special.log1p, special.exp2, special.cbrt):
        x = Variable(np.array(0.5))
        try:
            y = f(x)
        except TypeError:
            continue
        y.backward()
        h = 1e-6
        assert x.grad == pytest.approx((f(0.5 + h) - f(0.5 - h)) / (2 * h), rel=1e-6)
