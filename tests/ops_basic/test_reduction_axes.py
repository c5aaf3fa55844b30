"""Reductions over drawn shapes, axes and keepdims, against NumPy and finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opcheck import LAYOUTS, check_derivatives, check_float32, check_value, distinct, laid_out

from tinypt_core import Variable, registry

draws = settings(max_examples=60, deadline=None, derandomize=True, database=None)

NEEDS_ELEMENTS = ("max", "min", "ptp", "median", "mean", "var", "std", "logsumexp")
NAMES = ("sum", "nansum", "prod", *NEEDS_ELEMENTS)


def logsumexp(a: Any, **axes: Any) -> Any:
    return np.log(np.sum(np.exp(a), **axes))


@st.composite
def reductions(draw: Any) -> Any:
    name = draw(st.sampled_from(NAMES))
    shape = draw(st.lists(st.integers(0, 3), max_size=3).map(tuple))
    ndim = len(shape)
    one = st.integers(-ndim, ndim - 1) if ndim else st.nothing()
    many = st.permutations(range(ndim)).flatmap(
        lambda order: st.integers(0, ndim).map(lambda n: tuple(order[:n]))
    )
    axis = draw(st.one_of(st.none(), one, many))
    keepdims = draw(st.booleans())
    seed = draw(st.integers(0, 99))
    a = distinct.sample(np.random.default_rng(seed), shape)
    return name, laid_out(a, draw(st.sampled_from(LAYOUTS))), axis, keepdims


def reduced(shape: tuple[int, ...], axis: Any) -> int:
    axes = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return int(np.prod([shape[i] for i in axes]))


@draws
@given(reductions())
def test_reductions_along_any_axes(case: Any) -> None:
    name, a, axis, keepdims = case
    assume(name not in NEEDS_ELEMENTS or reduced(a.shape, axis))
    numpy: Any = logsumexp if name == "logsumexp" else getattr(np, name)

    def op(x: Any) -> Any:
        return registry.get(name)(x, axis=axis, keepdims=keepdims)

    check_value(op, lambda x: numpy(x, axis=axis, keepdims=keepdims), [a])
    if name == "std":  # of one element: 0, where only the gradient is decided
        assume(reduced(a.shape, axis) > 1)
    check_derivatives(op, [a], orders=3)
    check_float32(op, [a])


@draws
@given(st.data())
def test_running_operators_along_any_axis(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(("cumsum", "cumprod", "diff", "trapezoid", "gradient")))
    shape = data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=3).map(tuple))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    assume(name != "gradient" or shape[axis] > 1)
    a = distinct.sample(np.random.default_rng(data.draw(st.integers(0, 99))), shape)
    a = laid_out(a, data.draw(st.sampled_from(LAYOUTS)))
    check_value(
        lambda x: registry.get(name)(x, axis=axis), lambda x: getattr(np, name)(x, axis=axis), [a]
    )
    check_derivatives(lambda x: registry.get(name)(x, axis=axis), [a], orders=2)
    check_float32(lambda x: registry.get(name)(x, axis=axis), [a])


@settings(draws, max_examples=30)
@given(
    zeros=st.lists(st.booleans(), min_size=1, max_size=6),
    name=st.sampled_from(["prod", "cumprod"]),
    seed=st.integers(0, 99),
)
def test_products_with_zeros_are_right_to_third_order(
    zeros: list[bool], name: str, seed: int
) -> None:
    a = np.random.default_rng(seed).normal(size=len(zeros)) * np.logical_not(zeros)
    check_derivatives(registry.get(name), [a], orders=3)


@pytest.mark.parametrize("name", [*NAMES, "cumsum", "cumprod", "diff", "trapezoid"])
def test_an_axis_out_of_range_is_numpys_error_and_names_the_op(name: str) -> None:
    op = registry.get(name)
    with pytest.raises(np.exceptions.AxisError, match=f"^{op.function.__name__}|^Sum|^Diff|^Swap"):
        op(Variable(np.ones((2, 3))), axis=2)


@pytest.mark.parametrize("name", ["max", "min", "ptp"])
def test_nothing_to_choose_from_is_numpys_error(name: str) -> None:
    with pytest.raises(ValueError, match=registry.get(name).function.__name__):
        registry.get(name)(Variable(np.ones((0,))))
