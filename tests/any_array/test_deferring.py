"""An object whose __array_ufunc__ is None gets the operators of Python, as beside an ndarray."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable

OPERATORS = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
    operator.pow, operator.matmul, operator.and_, operator.or_, operator.xor, operator.lshift,
    operator.rshift, operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne,
]  # fmt: skip
_NAMES = [f.__name__.strip("_") for f in OPERATORS]


class Other:
    """Answers every operator with its name; NumPy could make an array of it."""

    __array_ufunc__ = None

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return np.ones(2)


for _name in _NAMES:
    for _full in (f"__{_name}__", f"__r{_name}__"):
        setattr(Other, _full, lambda self, other, name=_full: name)


@pytest.mark.parametrize("f", OPERATORS)
@pytest.mark.parametrize("dtype", [float, int])
def test_it_is_asked(f: Any, dtype: Any) -> None:
    array, other = np.ones(2, dtype), Other()
    assert f(Variable(array), other) == f(array, other)
    assert f(other, Variable(array)) == f(other, array)


def test_without_an_answer_it_is_refused() -> None:
    class Silent:
        __array_ufunc__ = None

    for f in (operator.add, operator.matmul, operator.pow):
        with pytest.raises(TypeError, match="unsupported operand"):
            f(Variable(np.ones(2)), Silent())
    with pytest.raises(TypeError, match="__array_ufunc__"):
        np.multiply(Variable(np.ones(2)), Silent())
    assert (Variable(np.ones(2)) == Silent()) is False
