"""Rules run on large arrays block by block: the same gradients, and the same errors."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import tinypt_core._backward as loop
import tinypt_core._blocks as blocks
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes
from tinypt_core._reuse import now
from tinypt_core.ops import add, array_split, cos, exp, multiply, sin, sum, tanh
from tinypt_core.testing import check_op

from tinypt_core import Function, GradientError, Variable, gradients, registry

Ran = list[list[str]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ran]:
    """Blocks of three elements, also for one rule; the operators of every stretch run so."""
    found: Ran = []
    run = blocks._run

    def spy(stretch: list[Any], *args: Any) -> Any:
        result = run(stretch, *args)
        found.append([type(n).__name__ for n in stretch])
        return result

    monkeypatch.setattr(blocks, "_run", spy)
    monkeypatch.setattr(blocks, "BLOCK", 3)
    monkeypatch.setattr(blocks, "RULES", 1)
    monkeypatch.setattr(loop, "LARGE", 4)
    yield found
    assert now.cut is None


def in_one_piece(f: Callable[..., Variable], *xs: np.ndarray) -> tuple[Any, ...]:
    """The gradients of sum(f) without blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "LARGE", float("inf"))
        variables = [Variable(x) for x in xs]
        return gradients(f(*variables), variables)


def differences(f: Callable[..., Any], x: np.ndarray) -> np.ndarray:
    """Central differences of an elementwise function."""
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6  # type: ignore[no-any-return]


def line(n: int = 11) -> np.ndarray:
    return np.linspace(-2.0, 2.0, n)


def expression(x: Any) -> Any:
    return np.tanh(np.sin(x) * np.cos(x) + x**2)


@given(shape=array_shapes(max_dims=4, max_side=4), seed=st.integers(0, 2**32 - 1))
def test_a_stretch_of_any_shape(shape: tuple[int, ...], seed: int) -> None:
    x = Variable(np.random.default_rng(seed).normal(size=shape))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", 3)
        patch.setattr(loop, "LARGE", 1)
        sum(expression(x)).backward()
    np.testing.assert_allclose(x.grad, differences(expression, x.data), atol=1e-8)
    np.testing.assert_array_equal(x.grad, *in_one_piece(expression, x.data))


def test_the_whole_expression_is_one_stretch(ran: Ran) -> None:
    x = Variable(line())
    sum(expression(x)).backward()
    assert ran == [["Tanh", "Add", "Pow", "Mul", "Cos", "Sin"]]


@pytest.mark.parametrize("n", [524_288, 600_001])
def test_sizes_as_they_are(n: int) -> None:
    x = Variable(line(n))
    sum(expression(x)).backward()
    np.testing.assert_allclose(x.grad, differences(expression, x.data), atol=1e-8)


def test_two_rules_go_in_one_piece(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "RULES", 3)
    x = Variable(line())
    sum(tanh(sin(x) + x)).backward()
    assert ran == []
    sum(tanh(sin(x) * x)).backward()
    assert ran == [["Tanh", "Mul", "Sin"]]


def test_small_arrays_go_in_one_piece(ran: Ran) -> None:
    x = Variable(line(3))
    sum(expression(x)).backward()
    assert ran == []


def elementwise_operators() -> list[type[Function]]:
    classes = {registry.get(name).function for name in registry.names()}
    asking = [f for f in classes if isinstance(f, type) and f.elementwise and f._signature.asks]
    return sorted(asking, key=lambda f: f.__name__)


@pytest.mark.parametrize("operator", elementwise_operators(), ids=lambda f: f.__name__)
def test_operators_keep_their_promises(operator: type[Function], ran: Ran) -> None:
    check_op(operator, order=1)
    assert ran


# -- where a stretch ends ------------------------------------------------------------------------


def test_a_broadcast_operand_ends_it(ran: Ran) -> None:
    x, b = Variable(line(12).reshape(4, 3)), Variable(line(3))
    sum(tanh(sin(x) * b)).backward()
    assert ran == [["Tanh"], ["Sin"]]
    np.testing.assert_allclose(
        x.grad, differences(lambda a: np.tanh(np.sin(a) * b.data), x.data), atol=1e-8
    )
    by_b = differences(lambda a: np.tanh(np.sin(x.data) * a), np.broadcast_to(b.data, (4, 3)))
    np.testing.assert_allclose(b.grad, by_b.sum(0), atol=1e-8)


def test_a_broadcast_constant_ends_it(ran: Ran) -> None:
    x, c = Variable(line(12).reshape(4, 3)), line(3)
    sum(tanh(sin(x) * c)).backward()
    assert ran == [["Tanh"], ["Sin"]]
    expected = differences(lambda a: np.tanh(np.sin(a) * c), x.data)
    np.testing.assert_allclose(x.grad, expected, atol=1e-8)


def test_a_broadcast_operand_that_nobody_kept(ran: Ran) -> None:
    x, b = Variable(line(12).reshape(4, 3)), Variable(line(3))
    y = tanh(sin(x) + b)
    (found,) = gradients(y, b)
    assert ran == [["Tanh"]]
    slope = 1 - y.data**2
    np.testing.assert_allclose(found, slope.sum(0), rtol=1e-12)
    (found,) = gradients(y, x)  # b does not matter now
    assert ran == [["Tanh"], ["Tanh", "Add", "Sin"]]
    np.testing.assert_allclose(found, slope * np.cos(x.data), rtol=1e-12)


def test_arrays_in_another_order_go_in_one_piece(ran: Ran) -> None:
    x = Variable(line(12).reshape(4, 3).T)
    sum(expression(x)).backward()
    assert ran == []
    np.testing.assert_allclose(x.grad, differences(expression, x.data), atol=1e-8)


def test_a_gradient_in_another_order(ran: Ran) -> None:
    x, w = Variable(line(12).reshape(4, 3)), line(12).reshape(3, 4)
    sum(expression(x).T * w).backward()
    assert ran
    np.testing.assert_allclose(x.grad, w.T * differences(expression, x.data), atol=1e-8)


def test_gradients_that_came_from_elsewhere_are_added(ran: Ran) -> None:
    x = Variable(line(12))
    s = sin(x)
    y = sum(tanh(s * s)) + sum(s[::2])
    y.backward()
    assert ran == [["Tanh", "Mul", "Sin"]]
    expected = differences(lambda a: np.tanh(np.sin(a) ** 2), x.data)
    expected[::2] += np.cos(x.data[::2])
    np.testing.assert_allclose(x.grad, expected, atol=1e-8)


def test_one_piece_of_several(ran: Ran) -> None:
    x = Variable(line(12))
    one, two = array_split(exp(x), 2)
    sum(sin(one) * cos(two)).backward()
    assert ["Mul", "Cos", "Sin"] in ran
    a, b = np.exp(x.data[:6]), np.exp(x.data[6:])
    expected = [a * np.cos(a) * np.cos(b), -b * np.sin(a) * np.sin(b)]
    np.testing.assert_allclose(x.grad, np.concatenate(expected), rtol=1e-12)


def test_a_constant_gets_no_gradient(ran: Ran) -> None:
    x, c = Variable(line()), np.full(11, 3.0)
    sum(sin(x) * c * 2.0 + np.float64(1.0) * x).backward()
    assert ran
    np.testing.assert_allclose(x.grad, 6 * np.cos(x.data) + 1)


def test_operands_of_two_dtypes(ran: Ran) -> None:
    def f(x: Any, w: Any) -> Any:
        return tanh(sin(x) * w)

    x, w = Variable(line().astype(np.float32)), Variable(line())
    sum(f(x, w)).backward()
    for found, expected in zip((x.grad, w.grad), in_one_piece(f, x.data, w.data), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert (x.grad.dtype, w.grad.dtype) == (np.float32, np.float64)
    expected = differences(lambda a: np.tanh(np.sin(a) * w.data), x.data.astype(float))
    np.testing.assert_allclose(x.grad, expected, atol=1e-6)


# -- what is asked for -----------------------------------------------------------------------------


def test_the_gradient_of_something_between(ran: Ran) -> None:
    x = Variable(line())
    s = sin(x)
    y = tanh(s * cos(x))
    found = gradients(y, [s, x, y])
    assert ran == [["Tanh", "Mul", "Cos"], ["Sin"]]
    slope = 1 - y.data**2
    np.testing.assert_allclose(found[0], slope * np.cos(x.data), rtol=1e-12)
    expected = differences(lambda a: np.tanh(np.sin(a) * np.cos(a)), x.data)
    np.testing.assert_allclose(found[1], expected, atol=1e-8)
    np.testing.assert_array_equal(found[2], np.ones(11))


def test_only_the_paths_to_what_is_asked_for(ran: Ran) -> None:
    x, w = Variable(line()), Variable(line() + 3)
    (found,) = gradients(tanh(sin(x) * exp(w)), w)
    assert ran == [["Tanh", "Mul", "Exp"]]
    expected = differences(lambda a: np.tanh(np.sin(x.data) * np.exp(a)), w.data)
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_retaining_the_gradients_between(ran: Ran) -> None:
    x = Variable(line())
    s = sin(x)
    y = tanh(s)
    y.backward(retain_grad=True)
    assert ran == []
    np.testing.assert_allclose(s.grad, 1 - y.data**2, rtol=1e-12)


def test_gradients_share_no_memory(ran: Ran) -> None:
    x, w = Variable(line()), Variable(line())
    sum(sin(x + w)).backward()
    assert ran == [["Sin", "Add"]]
    x.grad += 1
    np.testing.assert_allclose(w.grad, np.cos(2 * line()), rtol=1e-12)


def test_a_gradient_accumulates(ran: Ran) -> None:
    x = Variable(line())
    for _ in range(2):
        sum(tanh(sin(x))).backward()
    np.testing.assert_allclose(
        x.grad, 2 * differences(lambda a: np.tanh(np.sin(a)), x.data), atol=1e-8
    )


# -- a rule that does not keep its word ------------------------------------------------------------


class Elementwise(Function):
    elementwise = True

    def forward(self, x: Any) -> Any:
        return 2 * x


def refusal(rule: Callable[..., Any]) -> str:
    cls = type("Broken", (Elementwise,), {"backward": rule})
    with pytest.raises(GradientError) as error:
        sum(cls.apply(Variable(line()))).backward()
    return str(error.value)


def test_a_wrong_shape_is_named_whole(ran: Ran) -> None:
    said = refusal(lambda self, gy, x: (gy * x)[:2])
    assert "shape (2,)" in said
    assert "expected (11,)" in said
    assert "shape (1,)" in refusal(lambda self, gy, x: (gy * x)[:1])
    assert ran == []


def test_a_wrong_number_of_gradients(ran: Ran) -> None:
    assert "returned 2 gradients for 1 input" in refusal(lambda self, gy, x: (gy, gy * x))
    assert ran == []


def test_what_a_rule_raises(ran: Ran) -> None:
    def rule(self: Any, gy: Any, x: Any) -> Any:
        raise ZeroDivisionError("nobody's fault")

    assert "Broken" in refusal(rule)
    assert "nobody's fault" in refusal(rule)


def test_an_error_of_floating_point(ran: Ran) -> None:
    x = Variable(line())
    y = sum(tanh(np.sqrt(x * x)))
    with np.errstate(all="raise"), pytest.raises(GradientError, match="FloatingPointError"):
        y.backward()
    assert x.grad is None


def test_a_rule_that_needs_the_whole_array_after_all(ran: Ran) -> None:
    class Masked(Function):
        elementwise = True

        def forward(self, x: Any) -> Any:
            self.mask = x > 0
            return x * self.mask

        def backward(self, gy: Any, x: Any) -> Any:
            return gy * self.mask

    x = Variable(line())
    sum(tanh(Masked.apply(sin(x)))).backward()
    assert ran == [["Sin"]]
    expected = differences(lambda a: np.tanh(np.maximum(np.sin(a), 0)), x.data)
    np.testing.assert_allclose(x.grad[x.data != 0], expected[x.data != 0], atol=1e-8)


def test_a_rule_that_gives_gradients_for_some_blocks_only(ran: Ran) -> None:
    class Sometimes(Elementwise):
        def backward(self, gy: Any, x: Any) -> Any:
            return 2 * gy if (x < 0).any() else None

    x = Variable(line())
    sum(Sometimes.apply(x)).backward()
    assert ran == []
    np.testing.assert_array_equal(x.grad, np.full(11, 2.0))


def test_rules_in_the_textbook_style_see_whole_arrays(ran: Ran) -> None:
    class Double(Elementwise):
        def backward(self, gy: Any) -> Any:
            return gy * (self.inputs[0].data * 0 + 2)

    x = Variable(line())
    sum(tanh(Double.apply(x))).backward()
    assert ran == [["Tanh"]]
    np.testing.assert_allclose(x.grad, differences(lambda a: np.tanh(2 * a), x.data), atol=1e-8)


# -- what it is for --------------------------------------------------------------------------------


def test_rules_take_from_the_graph_block_by_block(ran: Ran) -> None:
    computed = []

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

    x = Variable(line(60_000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", 20_000)
        sum(multiply(Sine.apply(x), Cosine.apply(x))).backward()
    assert ran == [["Mul", "Cosine", "Sine"]]
    assert computed == ["sin", "cos"]
    expected = differences(lambda a: np.sin(a) * np.cos(a), x.data)
    np.testing.assert_allclose(x.grad, expected, atol=1e-8)


def test_another_array_of_the_same_leaf_is_not_taken(ran: Ran) -> None:
    x = Variable(line(60_000))
    old = x.data
    s = sin(x)
    x.data = x.data + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", 20_000)
        sum(s * cos(x)).backward()
    assert ran == [["Mul", "Cos", "Sin"]]
    expected = np.cos(old) * np.cos(old + 1) - np.sin(old) * np.sin(old + 1)
    np.testing.assert_allclose(x.grad, expected, rtol=1e-12)


def test_no_large_arrays_between_the_rules() -> None:
    x = Variable(line(1_000_000).reshape(1000, 1000))
    y = x
    for _ in range(8):
        y = tanh(add(y, y))
    y = sum(y)
    tracemalloc.start()
    y.backward()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.5 * x.data.nbytes  # the gradient of x, and some blocks
