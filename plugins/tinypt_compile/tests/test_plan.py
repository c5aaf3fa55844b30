"""A faster plan for a backward pass on large arrays gives the same bits, or stands aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tinypt_compile import plugin

from tinypt_core import Function, GradientError, Variable, detect_anomaly, gradients

N = 500_000
RNG = np.random.default_rng(0)
X, Y, W = RNG.uniform(0.2, 2, N), RNG.uniform(0.2, 2, N), np.array(1.7)


def rows(x: Any) -> Any:
    return np.reshape(x, (-1, 500))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "elementwise": lambda x, y, w: np.sum(np.tanh(np.sin(x) * np.cos(x) + x**2)),
    "scalars": lambda x, y, w: np.sum(np.exp(-w * x**2) * np.log(y) + w),
    "quotients": lambda x, y, w: np.mean((x - y) / (x + y) * w),
    "powers": lambda x, y, w: np.sum(x**3 * y**0.5 - 1 / x),
    "errstate": lambda x, y, w: np.sum(x**y + np.sqrt(x * y)),
    "choice": lambda x, y, w: np.sum(np.where(x > y, x * y, np.sin(x))),
    "two": lambda x, y, w: np.sum(np.sin(x) * y) + np.sum(np.sin(x) * x),
    "shared": lambda x, y, w: (lambda s: np.sum(s * y) + np.sum(np.cumsum(s)))(np.sin(x * y) * 2),
    "vector": lambda x, y, w: np.sin(x) * np.cos(y) * w,
    "rows": lambda x, y, w: np.sum(np.sin(rows(x)) * np.cos(rows(y)) + rows(x).T.T),
}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The plans made, as they are asked for."""
    made: list[Any] = []
    plan = plugin.tinypt_plan

    def noting(nodes: Any, wanted: Any) -> Any:
        made.append(plan(nodes, wanted))
        return made[-1]

    monkeypatch.setattr("tinypt_core._links.faster", noting)
    return made


def without(monkeypatch: pytest.MonkeyPatch, f: Callable[[], Any]) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr("tinypt_core._links.faster", lambda nodes, wanted: None)
        return f()


def backward(f: Callable[..., Any], arrays: Any) -> list[Any]:
    xs = [Variable(a) for a in arrays]
    f(*xs).backward()
    return [x.grad for x in xs]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_bit_changes(name: str, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = [a.astype(dtype) for a in (X, Y, W)]
    for _ in range(2):  # the second pass finds its program
        found = backward(FUNCTIONS[name], arrays)
        expected = without(monkeypatch, lambda: backward(FUNCTIONS[name], arrays))
        for ours, theirs in zip(found, expected, strict=True):
            assert (ours is None) == (theirs is None)
            if ours is not None:
                assert ours.dtype == theirs.dtype
                assert np.array_equal(ours, theirs)


def test_what_forward_computed_is_not_computed_again(steps: list[Any]) -> None:
    """A stranger's rule runs once for each of its two nodes, on stand-ins, and never again."""
    sizes: list[int] = []

    class Noting(Function):
        elementwise = True

        def forward(self, x: Any) -> Any:
            return np.sin(x)

        def backward(self, gy: Any, x: Any) -> Any:
            sizes.append(x.size)
            return gy * np.cos(x)

    def f(x: Any) -> Any:
        return np.sum(Noting()(Noting()(x)) * 2)

    for _ in range(3):
        backward(f, [X])
    assert len(steps) == 3
    assert all(steps)
    assert sizes == [16, 16]


class Leaky(Function):
    """Its rule reads a number of the class."""

    elementwise = True
    slope = 0.5

    def forward(self, x: Any) -> Any:
        return self.slope * x

    def backward(self, gy: Any) -> Any:
        return gy * self.slope


def test_numbers_of_a_class_are_looked_at() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.sin(Leaky()(Leaky()(x)) * 3))

    before = backward(f, [X])[0]
    Leaky.slope = 0.25
    try:
        after = backward(f, [X])[0]
    finally:
        Leaky.slope = 0.5
    assert np.allclose(before, 0.75 * np.cos(0.75 * X))
    assert np.allclose(after, 0.1875 * np.cos(0.1875 * X))


class Bent(Function):
    """Its rule looks at the values, so that no stand-in may decide for them."""

    elementwise = True

    def forward(self, x: Any) -> Any:
        return abs(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy if (x > 0).all() else gy * np.sign(x)


def test_a_rule_that_looks_at_values_runs_by_itself() -> None:
    x = X.copy()
    x[-1] = -1.0
    (grad,) = backward(lambda x: np.sum(np.sin(Bent()(x) * 2) * 3), [x])
    assert grad[-1] == pytest.approx(-6 * np.cos(2.0))


class Broken(Function):
    elementwise = True

    def forward(self, x: Any) -> Any:
        return x * 1.0

    def backward(self, gy: Any, x: Any) -> Any:
        raise ValueError("no gradient on Sundays")


def test_an_error_names_its_operator() -> None:
    with pytest.raises(GradientError, match=r"Broken.*no gradient on Sundays"):
        backward(lambda x: np.sum(np.sin(Broken()(x))), [X])


def test_a_setting_that_raises_names_the_operator() -> None:
    x = X.copy()
    x[7] = 0.0
    y = np.sum(np.sqrt(Variable(x)) * 2 + 1)
    with np.errstate(divide="raise"), pytest.raises(GradientError, match="divide by zero"):
        y.backward()


def test_changes_in_place_are_noticed() -> None:
    a = X.copy()
    x = Variable(a)
    y = np.sum(np.sin(x) * np.cos(x))
    a += 1
    with pytest.raises(GradientError, match="changed in place"):
        y.backward()


def test_the_gradient_in_between(steps: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    x = Variable(X)
    u = np.sin(x) * 2
    y = np.sum(np.exp(u * u) * 3)
    ours = gradients(y, [x, u])
    theirs = without(monkeypatch, lambda: gradients(y, [x, u]))
    assert len(steps) == 1
    assert steps[0]
    assert all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_nobody_is_asked_where_rules_are_looked_at(steps: list[Any]) -> None:
    small = Variable(X[:1000])
    np.sum(np.sin(small) * 2).backward()
    x = Variable(X)
    with detect_anomaly():
        np.sum(np.sin(x) * 2).backward()
    y = np.sum(np.sin(x) * 2)
    gradients(y, x, create_graph=True)
    assert steps == []
