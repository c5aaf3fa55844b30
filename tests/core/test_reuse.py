"""`self.reuse`: a rule takes what the graph holds, and only where that is safe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any
from weakref import ref

import numpy as np
import pytest
from tinypt_core._reuse import now
from tinypt_core.ops import add, multiply

from tinypt_core import Function, Variable, gradients

LARGE = 20_000
computed: list[str] = []


@pytest.fixture(autouse=True)
def nothing_computed_yet() -> Iterator[None]:
    computed.clear()
    yield
    assert not now.held  # no pass is in progress any more


class Sine(Function):
    elementwise = True

    def forward(self, x: Any) -> Any:
        computed.append("sin")
        return np.sin(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * self.reuse(Cosine, x)


class Cosine(Function):
    elementwise = True

    def forward(self, x: Any) -> Any:
        computed.append("cos")
        return np.cos(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return -gy * self.reuse(Sine, x)


def variable(n: int = LARGE) -> Variable:
    return Variable(np.linspace(-3.0, 3.0, n))


def difference(f: Any, x: np.ndarray) -> np.ndarray:
    """Central differences of an elementwise function."""
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6  # type: ignore[no-any-return]


def test_what_the_graph_holds_is_not_computed_again() -> None:
    x = variable()
    multiply(Sine.apply(x), Cosine.apply(x)).backward()
    assert computed == ["sin", "cos"]
    expected = difference(lambda a: np.sin(a) * np.cos(a), x.data)
    np.testing.assert_allclose(x.grad, expected, atol=1e-9)


@pytest.mark.parametrize("n", [1, 7, 9_999])
def test_small_arrays_are_not_searched_for(n: int) -> None:
    x = variable(n)
    multiply(Sine.apply(x), Cosine.apply(x)).backward()
    assert computed == ["sin", "cos", "sin", "cos"]


def test_an_output_that_nobody_keeps_is_computed() -> None:
    x = variable()
    add(Sine.apply(x), Cosine.apply(x)).backward()
    assert computed == ["sin", "cos", "sin", "cos"]
    expected = difference(lambda a: np.sin(a) + np.cos(a), x.data)
    np.testing.assert_allclose(x.grad, expected, atol=1e-9)


def test_another_array_at_the_same_leaf() -> None:
    x = variable()
    old = x.data
    s = Sine.apply(x)
    x.data = x.data + 1  # of the same shape: the leaf stays what it is
    multiply(s, Cosine.apply(x)).backward()
    expected = np.cos(old) * np.cos(old + 1) - np.sin(old) * np.sin(old + 1)
    np.testing.assert_allclose(x.grad, expected, rtol=1e-12)


@pytest.mark.parametrize("how", ["replaced", "in place", "augmented"])
def test_an_output_that_somebody_changed(how: str) -> None:
    x = variable()
    s, c = Sine.apply(x), Cosine.apply(x)
    if how == "replaced":
        s.data = 2 * np.sin(x.data)
    elif how == "in place":
        s.data[:] += np.sin(x.data)
    else:
        s.data *= 2
    multiply(s, c).backward()
    expected = np.cos(x.data) ** 2 - 2 * np.sin(x.data) ** 2
    np.testing.assert_allclose(x.grad, expected, rtol=1e-12)


def test_an_operator_with_other_parameters() -> None:
    class Scaled(Function):
        def __init__(self, by: float = 1.0) -> None:
            self.by = by

        def forward(self, x: Any) -> Any:
            return self.by * x

        def backward(self, gy: Any, x: Any) -> Any:
            return gy * self.by + 0 * x

    class Half(Function):
        """x²/2, whose derivative is x."""

        def forward(self, x: Any) -> Any:
            return x * x / 2

        def backward(self, gy: Any, x: Any) -> Any:
            return gy * self.reuse(Scaled, x)

    x = variable()
    multiply(Half.apply(x), Scaled.apply(x, 3.0)).backward()
    np.testing.assert_allclose(x.grad, difference(lambda a: 1.5 * a**3, x.data), atol=1e-7)


def test_an_output_of_another_pass() -> None:
    x = variable()
    held = multiply(Cosine.apply(x), Cosine.apply(x))
    held.backward()
    x.cleargrad()
    x.data[:] += 1
    s = Sine.apply(x)
    multiply(s, s).backward()
    np.testing.assert_allclose(x.grad, np.sin(2 * x.data), rtol=1e-10, atol=1e-12)
    assert held.size == LARGE


class Pause(Function):
    """y = x, whose rule calls somebody first."""

    keeps_nothing = True

    def __init__(self, call: Callable[[], object]) -> None:
        self.call = call

    def forward(self, x: Any) -> Any:
        return x.copy()

    def backward(self, gy: Any) -> Any:
        self.call()
        return gy


def test_a_pass_sees_its_own_graph_while_another_thread_runs_one() -> None:
    inside, go_on = Event(), Event()
    other = Pause.apply(Sine.apply(variable()), lambda: (inside.set(), go_on.wait(10)))
    thread = Thread(target=other.backward)
    x = variable()
    product = multiply(Sine.apply(x), Cosine.apply(x))
    y = Pause.apply(product, lambda: (thread.start(), inside.wait(10)))
    computed.clear()
    y.backward()
    found = not computed
    go_on.set()
    thread.join()
    assert found
    np.testing.assert_allclose(x.grad, np.cos(2 * x.data), atol=1e-12)


def test_a_rule_called_by_hand() -> None:
    x = variable()
    f = Sine()
    f(x)
    np.testing.assert_allclose(f.backward(np.ones(LARGE)), np.cos(x.data), rtol=1e-12)


def test_higher_derivatives_record_the_operator() -> None:
    x = variable()
    (gx,) = gradients(multiply(Sine.apply(x), Cosine.apply(x)), x, create_graph=True)
    np.testing.assert_allclose(gx.data, np.cos(2 * x.data), atol=1e-12)
    (ggx,) = gradients(gx, x)
    np.testing.assert_allclose(ggx, -2 * np.sin(2 * x.data), atol=1e-12)


def test_nothing_stays_behind() -> None:
    """What a pass found is forgotten with it."""
    x = variable()
    s = Sine.apply(x)
    y = multiply(s, Cosine.apply(x))
    y.backward()
    array = ref(s.data)
    del s, y
    assert array() is None
