"""Edges of shapes, joining, indexing and choosing: layouts, views, refusals, kinks."""

from __future__ import annotations

import weakref
from importlib import metadata
from typing import Any

import numpy as np
import pytest

import tinypt_ops_basic
from tinypt_core import Variable, gradients, ops


def variable(*shape: int, dtype: Any = float) -> Variable:
    return Variable(np.arange(np.prod(shape), dtype=dtype).reshape(shape))


@pytest.mark.parametrize("order", ["C", "F", "A"])
@pytest.mark.parametrize("layout", ["C", "F"])
def test_orders_of_reshape_and_ravel(order: Any, layout: Any) -> None:
    data = np.arange(6.0).reshape(2, 3).copy(layout)
    for f in (lambda a: np.reshape(a, (3, 2), order=order), lambda a: np.ravel(a, order=order)):
        x = Variable(data)
        y = f(x)
        np.testing.assert_array_equal(y.data, f(data))
        weights = np.arange(10.0, 16).reshape(y.shape)
        (g,) = gradients(y, x, weights)
        at = f(np.arange(6).reshape(2, 3).copy(layout))  # which element of x each of y is
        np.testing.assert_array_equal(g.reshape(-1)[at], weights)


def test_ravel_in_memory_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order 'K' is not supported; write order="):
        np.ravel(variable(2, 3), order="K")


def test_shapes_are_views_and_gradients_are_not() -> None:
    x = variable(2, 3)
    for y in (x.T, np.reshape(x, 6), x[:, 1:], np.broadcast_to(x, (2, 2, 3)), np.split(x, 2)[0]):
        assert np.shares_memory(y.data, x.data)
        assert y.creator.is_view
        weights = np.ones(y.shape)
        (g,) = gradients(y, x, weights)
        assert not np.shares_memory(g, weights)
        assert g.flags.writeable


def test_a_shape_operator_keeps_no_array() -> None:
    inner = variable(2, 3) * 2.0
    kept = weakref.ref(inner.data)
    y = np.concatenate([np.transpose(inner), np.ones((1, 2))])
    del inner
    assert kept() is None
    assert y.shape == (4, 2)


def test_concatenate_refuses_as_numpy_does() -> None:
    for bad in ([], [np.ones((2, 2)), np.ones(3)], [np.ones(()), np.ones(())]):
        with pytest.raises(ValueError) as ours:  # noqa: PT011 (the message is compared)
            ops.concatenate([*map(Variable, bad)])
        with pytest.raises(ValueError) as theirs:  # noqa: PT011
            np.concatenate(bad)
        assert str(ours.value) == f"Concatenate: {theirs.value}"
    with pytest.raises(TypeError, match="out= is not supported"):
        np.concatenate([variable(2), variable(2)], out=np.empty(4))


@pytest.mark.parametrize(
    ("call", "kind", "name"),
    [
        (lambda x: np.reshape(x, (4, 2)), ValueError, "Reshape"),
        (lambda x: np.transpose(x, (0, 0)), ValueError, "Transpose"),
        (lambda x: np.swapaxes(x, 0, 2), np.exceptions.AxisError, "SwapAxes"),
        (lambda x: np.moveaxis(x, 3, 0), np.exceptions.AxisError, "MoveAxis"),
        (lambda x: np.squeeze(x, 0), ValueError, "Squeeze"),
        (lambda x: np.expand_dims(x, 7), np.exceptions.AxisError, "ExpandDims"),
        (lambda x: np.broadcast_to(x, (3, 2)), ValueError, "BroadcastTo"),
        (lambda x: np.stack([x, x], axis=4), np.exceptions.AxisError, "Stack"),
        (lambda x: np.split(x, 2, axis=1), ValueError, "Split"),
        (lambda x: np.hsplit(np.reshape(x, 6), 4), ValueError, "hsplit: Split"),
        (lambda x: np.pad(x, -1), ValueError, "Pad"),
        (lambda x: np.pad(x[:0], 1, "edge"), ValueError, "Pad"),
        (lambda x: np.repeat(x, [1, 2, 3]), ValueError, "Repeat"),
        (lambda x: np.flip(x, 2), np.exceptions.AxisError, "Flip"),
        (lambda x: np.fliplr(x[0]), ValueError, "Fliplr"),
        (lambda x: np.roll(x, 1, axis=2), np.exceptions.AxisError, "Roll"),
        (lambda x: np.rot90(x, axes=(0, 0)), ValueError, "Rot90"),
        (lambda x: x[2], IndexError, "GetItem"),
        (lambda x: x[0.5], IndexError, "GetItem"),
        (lambda x: x[np.ones(3, bool)], IndexError, "GetItem"),
        (lambda x: np.take(x, [6]), IndexError, "Take"),
        (lambda x: np.take_along_axis(x, np.array([[3]]), 1), IndexError, "TakeAlongAxis"),
        (lambda x: np.sort(x, axis=2), np.exceptions.AxisError, "Sort"),
        (lambda x: np.partition(x, 3), ValueError, "Partition"),
        (lambda x: np.diag(np.reshape(x, (1, 2, 3))), ValueError, "Diag"),
        (lambda x: np.diagonal(x[0]), ValueError, "Diagonal"),
        (lambda x: np.select([x > 1], [x, x]), ValueError, "Select"),
        (lambda x: np.where(x > 1, x, np.ones(2)), ValueError, "Where"),
    ],
)
def test_what_numpy_refuses_is_refused_with_its_error(call: Any, kind: Any, name: str) -> None:
    x = variable(2, 3)
    with pytest.raises(kind, match=f"^{name}"):
        call(x)
    with pytest.raises(kind):
        call(x.data)


def test_modes_of_pad_that_are_no_selection_are_refused() -> None:
    with pytest.raises(ValueError, match="mode 'mean' is not supported"):
        np.pad(variable(3), 1, mode="mean")
    with pytest.raises(TypeError, match="not a Variable"):
        np.pad(variable(3), 1, constant_values=variable(1))


def test_an_index_may_be_a_variable_of_integers() -> None:
    x = variable(4)
    y = x[Variable(np.array([3, 0, 3]))]
    np.testing.assert_array_equal(gradients(y, x)[0], [1, 0, 0, 2])
    assert x[Variable(np.array(1)), ...].item() == 1


@pytest.mark.parametrize("key", [((0, 0), (1, 1)), ([0, 0], (1, 1)), ((0, 0),), (0, (1, 1))])
def test_a_tuple_inside_an_index_is_an_array(key: Any) -> None:
    x = variable(2, 3)
    y = x[key]
    expected = np.zeros((2, 3))
    np.add.at(expected, key, 1)
    np.testing.assert_array_equal(y.data, x.data[key])
    np.testing.assert_array_equal(gradients(y, x)[0], expected)


def test_iterating_and_unpacking() -> None:
    a, b = variable(2, 3)
    np.testing.assert_array_equal((a * b).data, [0, 4, 10])


def test_where_with_a_condition_alone() -> None:
    rows, columns = np.where(variable(2, 3) > 3)
    assert rows.tolist() == [1, 1]
    assert columns.tolist() == [1, 2]


def test_where_with_half_of_its_choices() -> None:
    with pytest.raises(ValueError, match="Where: either both or neither"):
        np.where(variable(2) > 0, variable(2))


def test_where_on_a_variable_as_condition() -> None:
    x = Variable(np.array([0.0, 2.0]))
    np.testing.assert_array_equal(np.where(x, x * 3.0, 1.0).data, [1, 6])


def test_safe_form_of_where() -> None:
    """The gradient of log at 0 is infinite; the documented form never computes it."""
    x = Variable(np.array([0.0, 2.0]))
    safe = np.where(x > 0, x, 1.0)
    y = np.where(x > 0, np.log(safe), 0.0)
    (g,) = gradients(y, x, create_graph=True)
    (gg,) = gradients(g, x)
    np.testing.assert_array_equal(g.data, [0, 0.5])
    np.testing.assert_array_equal(gg, [0, -0.25])


def test_where_keeps_single_precision_beside_numbers() -> None:
    x = variable(3, dtype=np.float32)
    for condition in (x > 1, np.array([1, 0, 1]), True):
        assert np.where(condition, x, 0.0).dtype == np.float32
        assert np.where(condition, 1, x).dtype == np.float32
    assert np.select([x > 1], [x], 0.5).dtype == np.float32


def test_each_of_equal_elements_gets_the_gradient_of_one_place() -> None:
    x = Variable(np.array([2.0, 1.0, 2.0, 1.0]))
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(gradients(np.sort(x), x, weights)[0], [3, 1, 4, 2])
    (g,) = gradients(np.partition(x, 2), x, weights)
    assert sorted(g) == [1, 2, 3, 4]


def test_partition_of_many_is_numpys() -> None:
    data = np.random.default_rng(0).normal(size=1000)
    x = Variable(data)
    y = np.partition(x, 300)
    np.testing.assert_array_equal(y.data, np.partition(data, 300))
    weights = np.arange(1000.0)
    (g,) = gradients(y, x, weights)
    np.testing.assert_array_equal(g[np.argsort(data)], weights[np.argsort(y.data)])


def test_nan_sorts_last() -> None:
    x = Variable(np.array([np.nan, 1.0, 0.0]))
    np.testing.assert_array_equal(np.sort(x).data, [0, 1, np.nan])
    np.testing.assert_array_equal(gradients(np.sort(x)[2], x)[0], [1, 0, 0])


def test_integers_pass_through_shapes() -> None:
    x = variable(2, 3, dtype=int)
    for y in (x.T, x[0], np.concatenate([x, x]), np.sort(x), np.diag(x), x @ x.T):
        assert y.dtype == int


def test_half_precision_goes_forward() -> None:
    x = variable(2, 3, dtype=np.float16)
    for y in (x.T, x[:, ::2], np.pad(x, 1), np.tile(x, 2), np.sort(x), x @ x.T, np.trace(x)):
        assert y.dtype == np.float16


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in sorted(e.name for e in metadata.distribution("tinypt-ops-basic").entry_points)
        if "." not in n
    ],
)
def test_every_operator_is_imported_from_the_package(name: str) -> None:
    """Also after everything has been used: no module may hide an operator."""
    assert getattr(tinypt_ops_basic, name) is getattr(ops, name)
    assert getattr(ops, name).function.__module__.startswith("tinypt_ops_basic.")
