"""Arrays that are written piece by piece: every version keeps its values."""

from __future__ import annotations

import pickle
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opcheck import check_derivatives
from tinypt_core._written import Written
from tinypt_core.ops import setitem
from tinypt_core.writing import piece

from tinypt_core import Function, Variable, gradients, no_grad, writing

N = 1_500
WHOLE = 20  #: whole arrays made in a computation, whatever its length


@pytest.fixture
def always(monkeypatch: Any) -> None:
    """Small arrays are written piece by piece too."""
    monkeypatch.setattr(writing, "LARGE", 1)


@pytest.fixture
def work(monkeypatch: Any) -> Counter[str]:
    """How often a whole array was made."""
    counts: Counter[str] = Counter()

    def counted(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def call(*args: Any) -> Any:
            counts[name] += 1
            return original(*args)

        monkeypatch.setattr(owner, name, call)

    for name in ("array", "_restored", "_alone"):
        counted(Written, name)
    for name in ("copied", "scattered"):
        counted(writing, name)
    return counts


INDICES = [0, -1, slice(1, None, 2), [2, 0], [1, 1, 3], np.array([True, False, True, False]), ()]


@given(st.data())
@settings(max_examples=80, deadline=None, derandomize=True, database=None)
def test_every_version_keeps_its_values(data: Any) -> None:
    versions: list[tuple[Any, Any]] = [(Written((4,), np.dtype(float), np.arange(4.0)), None)]
    versions[0] = (versions[0][0], np.arange(4.0))
    for step in range(data.draw(st.integers(1, 8))):
        written, plain = data.draw(st.sampled_from(versions))
        index, value = data.draw(st.sampled_from(INDICES)), 10.0 * step + 1
        plain = plain.copy()
        deed = data.draw(st.sampled_from(["put", "add", "piece", "read"]))
        if deed == "put":
            written, plain[index] = written.put(index, value), value
        elif deed == "read":
            np.testing.assert_array_equal(written[index], plain[index])
            assert written.array() is not None
        else:
            np.add.at(plain, index, value)
            one = Written((4,), plain.dtype, None, (index, np.full(plain[index].shape, value)))
            written = written.put(index, value, add=True) if deed == "add" else written + one
        versions.append((written, plain))
    for written, plain in versions:
        np.testing.assert_array_equal(written, plain)


def test_it_is_an_array_like_any_other(always: None) -> None:
    one, plain = piece(np.array(2.0), 1, (3,)), np.array([0.0, 2.0, 0.0])
    for f in (
        np.exp, np.sum, np.cumsum, abs, len, lambda a: 2 * a - a / 3, lambda a: a.reshape(3, 1),
        lambda a: a @ a, lambda a: np.stack([a, a]), lambda a: a[None], lambda a: np.ones(3) + a,
        lambda a: a + 1j, lambda a: pickle.loads(pickle.dumps(a)),
    ):  # fmt: skip
        np.testing.assert_array_equal(f(one), f(plain))
    assert type(np.exp(one)) is type(one.copy()) is np.ndarray


def test_what_is_handed_out_is_not_written_into() -> None:
    x = Variable(np.zeros(N))
    first = setitem(x, 0, 1.0)
    second = setitem(first, 1, 2.0)
    data = second.data
    assert type(data) is np.ndarray
    data[0] = 99
    third = setitem(second, 2, 3.0)
    third.data[1] = 77
    assert [first.data[i] for i in range(3)] == [1, 0, 0]
    assert [second.data[i] for i in range(3)] == [99, 2, 0]
    assert [third.data[i] for i in range(3)] == [99, 77, 3]


def test_views_and_sums_taken_between_assignments_stay() -> None:
    y = Variable(np.zeros(N)) * 1.0
    y[0] = Variable(np.array(2.0))
    part, total, row = y[:3], y.sum(), np.reshape(y, (1, N))
    y[1] = 5.0
    part[0] = 7.0
    assert part.data.tolist() == [7, 0, 0]
    assert (total.item(), row.data[0, 1], y.data[0], y.data[1]) == (2, 0, 2, 5)


def filled(n: int) -> tuple[Any, Any]:
    x, buffer = Variable(np.array(3.0)), Variable(np.zeros(n))
    for i in range(n):
        buffer[i] = x * float(i)
    return buffer, x


def euler(n: int) -> tuple[Any, Any]:
    rate, u = Variable(np.array(-0.7)), Variable(np.zeros(n))
    u[0] = 2.0
    for i in range(n - 1):
        u[i + 1] = u[i] + rate * u[i] / n
    return u, rate


def summed(n: int) -> tuple[Any, Any]:
    x = Variable(np.linspace(0.0, 1.0, n))
    total = x[0] * x[1]
    for i in range(1, n):
        total = total + x[i] * x[i - 1]
    return total, x


@pytest.mark.parametrize("computed", [filled, euler, summed])
def test_whole_arrays_are_made_a_fixed_number_of_times(computed: Any, work: Any) -> None:
    y, x = computed(N)
    (g,) = gradients((y * y).sum(), x, create_graph=True)
    gradients((g * g).sum(), x)
    assert work.total() <= WHOLE, work


def test_the_gradients_of_long_computations_are_right() -> None:
    y, x = filled(N)
    numbers = np.arange(N)
    np.testing.assert_array_equal(y.data, 3.0 * numbers)
    assert gradients(y.sum(), x)[0] == numbers.sum()
    u, rate = euler(N)
    k, q = np.arange(N), 1 - 0.7 / N
    np.testing.assert_allclose(u.data, 2 * q**k)
    (first,) = gradients(u.sum(), rate, create_graph=True)
    (second,) = gradients(first, rate)
    np.testing.assert_allclose(first.data, (2 * k * q ** (k - 1.0) / N).sum())
    np.testing.assert_allclose(second, (2 * k * (k - 1) * q ** (k - 2.0) / N**2).sum())


@pytest.mark.parametrize("index", [1, (0, 2), slice(None, None, 2), [2, 0], [1, 1], (..., 0)])
def test_derivatives(index: Any, always: None) -> None:
    x = np.arange(9.0).reshape(3, 3) + 1

    def f(x: Any, value: Any) -> Any:
        y = x * x
        before = y[0] * 2
        y[index] = value
        y[index] = y[index] * value
        z = y * y
        y[0] += before * y[1]
        return z + y**2 + y[[0, 0, 1]]

    check_derivatives(f, [x, np.cos(x[index])], orders=2)


def test_other_dtypes_and_devices_of_the_gradient(always: None) -> None:
    x = Variable(np.ones(3, np.float32))
    y = x * np.float32(2)
    y[1] = Variable(np.array(4.0))
    loss = (y * y).sum() + y[0] * 1j
    assert y.dtype == np.float32
    (g,) = gradients(loss, x)
    assert g.dtype == np.float32
    np.testing.assert_array_equal(g, [8, 0, 8])


def test_a_buffer_is_a_variable(always: None) -> None:
    y = Variable(np.zeros((2, 3)), name="y")
    y[0] = Variable(np.ones(3))
    assert (y.shape, y.ndim, y.size, y.dtype, len(y), y.name) == ((2, 3), 2, 6, float, 2, "y")
    assert isinstance(y, Variable)
    assert type(y.creator).__name__ == "SetItem"
    assert repr(y) == "variable([[1. 1. 1.]\n          [0. 0. 0.]])"
    with no_grad():
        y[1] = 5.0
    assert y.data.tolist() == [[1, 1, 1], [5, 5, 5]]


class Picky(Function):
    """Its rule takes nothing but an ndarray."""

    def forward(self, x: Any) -> Any:
        return x * 2

    def backward(self, gy: Any) -> Any:
        if type(gy) is not np.ndarray:
            raise TypeError("an ndarray, please")
        return gy * 2


def test_a_rule_that_needs_an_ndarray_gets_one(always: None) -> None:
    x = Variable(np.arange(3.0))
    assert gradients(Picky()(x)[1], x)[0].tolist() == [0, 2, 0]
