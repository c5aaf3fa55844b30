"""v[index] = value as a statement: aliasing, leaf rules, buffers, recurrences, orders."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from opcheck import check_derivatives

from tinypt_core import Variable, gradients, no_grad, registry

pytestmark = pytest.mark.skipif(
    not registry.is_available("setitem"), reason="no operator setitem is installed"
)
INDICES: dict[str, Any] = {
    "int": 1,
    "negative": -1,
    "pair": (0, 2),
    "slice": slice(None, None, 2),
    "column": (slice(None), 1),
    "ellipsis": (..., 0),
    "new axis": (None, 0),
    "list": [2, 0],
    "twice": [1, 1],
    "mask": np.array([True, False, True]),
    "both": (np.array([True, False, True]), 1),
}
X = np.arange(9.0).reshape(3, 3) + 1


@pytest.mark.parametrize("name", INDICES)
@pytest.mark.parametrize("wide", ["scalar", "array", "Variable", "number"])
def test_the_values_are_numpys(name: str, wide: str) -> None:
    index = INDICES[name]
    value: Any = 10 + np.arange(X[index].size).reshape(X[index].shape) * 1.0
    value = np.asarray(value)
    value = {"scalar": np.array(7.0), "number": 7, "array": value, "Variable": value}[wide]
    expected = X.copy()
    expected[index] = value
    y = Variable(X) * 1.0
    y[index] = Variable(value) if wide == "Variable" else value
    np.testing.assert_array_equal(y.data, expected)


@pytest.mark.parametrize("name", INDICES)
def test_derivatives(name: str) -> None:
    index = INDICES[name]

    def f(x: Any, value: Any) -> Any:
        y = x * x
        y[index] = value
        y[index] *= 2
        return y**2

    check_derivatives(f, [X, np.cos(X[index])], orders=2)


def test_what_was_computed_before_keeps_value_and_gradient() -> None:
    x = Variable(X.copy())
    y = x * 2
    before = y.sum()
    square = y * y
    y[0] = 0.0
    assert before.item() == 2 * X.sum()
    np.testing.assert_array_equal(gradients(before, x)[0], np.full((3, 3), 2.0))
    np.testing.assert_array_equal(gradients(square, x)[0], 8 * X)
    found = gradients(y.sum(), x)[0]
    np.testing.assert_array_equal(found, np.vstack([np.zeros(3), np.full((2, 3), 2.0)]))


def test_a_view_taken_before_keeps_its_value() -> None:
    y = Variable(X.copy()) * 1.0
    row = y[0]
    y[0, 0] = 100.0
    assert row.data.tolist() == X[0].tolist()
    assert y[0, 0].item() == 100


def test_a_fresh_leaf_is_a_buffer_and_a_used_one_refuses() -> None:
    data = np.zeros(3)
    buffer = Variable(data)
    buffer[0] = Variable(np.array(2.0))
    assert data.tolist() == [0, 0, 0]
    leaf = Variable(np.ones(3))
    leaf.sum()
    with pytest.raises(TypeError, match=r"y = x \+ 0"):
        leaf[0] = 5.0
    with no_grad():
        leaf[0] = 5.0
    assert leaf.data.tolist() == [5, 1, 1]


def test_an_euler_scheme_into_a_buffer() -> None:
    n, h = 40, 0.05

    def euler(rate: Any, start: Any) -> Any:
        buffer = Variable(np.zeros(n))
        buffer[0] = start
        for i in range(1, n):
            buffer[i] = buffer[i - 1] + h * rate * buffer[i - 1]
        return buffer

    rate, start = np.array(-0.7), np.array(2.0)
    exact = start * (1 + h * rate) ** np.arange(n)
    np.testing.assert_allclose(euler(Variable(rate), Variable(start)).data, exact)
    r = Variable(rate)
    found = gradients(euler(r, start)[-1], r)[0]
    np.testing.assert_allclose(found, start * (n - 1) * h * (1 + h * rate) ** (n - 2))
    check_derivatives(lambda a, b: euler(a, b) ** 2, [rate, start], orders=2)


def test_the_cost_is_one_node_per_assignment() -> None:
    """As many rules run as there are assignments: nothing is walked twice."""
    n = 200
    x, buffer = Variable(np.array(3.0)), Variable(np.zeros(n))
    for i in range(n):
        buffer[i] = x * float(i)
    assert gradients(buffer.sum(), x)[0] == n * (n - 1) / 2
    depth, node = 0, buffer.creator
    while type(node).__name__ == "SetItem":
        depth, node = depth + 1, getattr(node._edges[0], "_node", None)
    assert depth == n
