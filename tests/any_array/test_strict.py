"""Every operator and rule runs on an array that refuses to become one of NumPy's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import strict_array
from strict_array import Converted, Strict, plain
from tinypt_core.ops import hypot, logsumexp
from tinypt_core.testing.subject import Subject

from tinypt_core import Function, Variable, gradients, hvp, registry

#: these answer with a Python number or truth: whether a Strict lets NumPy ask is its own affair
ANSWERS = {
    "allclose", "array_equal", "array_equiv", "iscomplexobj", "isrealobj", "linalg.matrix_rank",
    "may_share_memory", "shares_memory", "ndim", "shape", "size",
}  # fmt: skip
#: text, types and new memory: nothing to compare
NOT_ARRAYS = {
    "array2string", "array_repr", "array_str", "can_cast", "result_type", "empty_like",
    "min_scalar_type", "common_type", "einsum_path",
}  # fmt: skip
#: what asks for plain numbers on the way (levels of a quantile, the zeros to trim, which elements a
#: condition holds for, the rank of a matrix): the array's own error, with the operator's name and
#: the kind of array; listed in docs/more-data-than-memory.md
CONVERT = {
    "divmod", "geomspace", "histogram", "linalg.lstsq", "nanpercentile", "nanquantile",
    "percentile", "piecewise", "polymul", "quantile", "roots", "trim_zeros",
}  # fmt: skip
OPERATORS = sorted(
    {
        row.name
        for row in registry.candidates()
        if row.distribution in ("tinypt-ops-basic", "tinypt-ops-trig")
    }
    - ANSWERS
    - NOT_ARRAYS
    - CONVERT
)


def levels(call: Callable[..., Any], arrays: list[Any], kind: Callable[..., Any]) -> list[Any]:
    """Outputs, gradients, recorded gradients, and the gradients of a weighted sum of those."""
    xs = [Variable(kind(x)) for x in arrays]
    ys = call(xs)
    ys = list(ys) if isinstance(ys, (tuple, list)) else [ys]
    floats = [y for y in ys if isinstance(y, Variable) and y.dtype.kind in "fc"]
    if not floats or not xs:
        return ys
    plainly = gradients(floats, xs)
    recorded = gradients(floats, xs, create_graph=True)
    weights = [np.cos(np.arange(g.size)).reshape(g.shape) + 0.3 for g in recorded]
    total = sum((g * kind(w)).sum() for g, w in zip(recorded, weights, strict=True))
    return [*ys, *plainly, *recorded, *gradients([np.real(total)], xs)]


def check(call: Callable[..., Any], arrays: list[Any]) -> None:
    """On a Strict everything is a Strict, of the values that NumPy has."""
    with np.errstate(all="ignore"):
        expected = levels(call, arrays, np.copy)
        found = levels(call, arrays, lambda a: Strict(a.copy()))
    for y, want in zip(found, expected, strict=True):
        want = getattr(want, "_array", want)
        np.testing.assert_allclose(plain(y), want, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_operator(name: str) -> None:
    subject = Subject(registry.get(name))
    kinds = ("gradient", "broadcasting", "zero-d")
    cases = [case for case in subject.cases if case.kind in kinds and case.xs][:3]
    for case in cases:

        def call(xs: list[Any], case: Any = case) -> Any:
            found = subject.run(case, xs)
            return found[0] if len(found) == 1 else tuple(found)

        check(call, case.xs)


A = np.random.default_rng(5).normal(size=(2, 3))
EDGES: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "hypot at 0": (lambda xs: hypot(*xs), [np.zeros(2), np.zeros(2)]),
    "maximum at a tie": (lambda xs: np.maximum(*xs), [A, A.copy()]),
    "max of equal numbers": (lambda xs: np.max(xs[0]), [np.ones(3)]),
    "std of equal numbers": (lambda xs: np.std(xs[0]), [np.ones(3)]),
    "norm at 0": (lambda xs: np.linalg.norm(xs[0]), [np.zeros(3)]),
    "norm of order 3": (lambda xs: np.linalg.norm(xs[0], 3), [A[0]]),
    "logsumexp of infinity": (lambda xs: logsumexp(xs[0]), [np.array([0.5, -np.inf])]),
    "sum of many": (
        lambda xs: np.sum(xs[0] ** 2, axis=0),
        [np.linspace(1, 2, 600).reshape(300, 2)],
    ),
    "cumsum of many": (lambda xs: np.cumsum(xs[0] ** 2), [np.linspace(1, 2, 300)]),
    "arctan far out": (lambda xs: np.arctan(xs[0]), [np.array([1e9, 0.5])]),
    "rows twice": (lambda xs: xs[0][[0, 0, 1]] ** 2, [A]),
    "numbers beside": (lambda xs: 2 * xs[0] ** 2 - 1 / xs[0] + np.float32(3) * xs[0], [A]),
    "NumPy beside": (lambda xs: (A * xs[0] + xs[0] @ A.T @ A) ** 2, [A]),
    "masks": (lambda xs: np.where(xs[0] > 0, xs[0] ** 2, 0.0).mean(axis=1), [A]),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_edge(name: str) -> None:
    check(*EDGES[name])


def test_numpy_parameters_get_the_kind_of_the_data() -> None:
    w = Variable(np.ones(3))
    y = (Variable(Strict(A)) @ w).sum()
    assert np.array_equal(plain(gradients(y, w)[0]), A.sum(axis=0))
    y = (Strict(A) @ w).sum()
    y.backward()
    assert np.array_equal(plain(w.grad), A.sum(axis=0))


def test_gradients_accumulate() -> None:
    x = Variable(Strict(A.copy()))
    for _ in range(2):
        (x * x).sum().backward()
    assert np.array_equal(plain(x.grad), 4 * A)
    x.cleargrad()
    (x * x).sum().backward(create_graph=True)
    assert np.array_equal(plain(x.grad), 2 * A)


def test_hessian_vector_product() -> None:
    found = hvp(lambda x: (x**4).sum(), Strict(A), Strict(np.ones((2, 3))))
    np.testing.assert_allclose(plain(found), 12 * A**2)


def test_calls_are_counted() -> None:
    strict_array.calls.clear()
    x = Variable(Strict(A))
    y = np.exp(x)
    assert strict_array.calls == {"exp": 1}
    gradients(y, x)
    assert strict_array.calls["exp"] == 1


def test_a_strict_is_strict() -> None:
    x = Strict(np.ones(1))
    for convert in (np.asarray, float, bool, int, complex, list, x.__class__.item):
        with pytest.raises(Converted):
            convert(x)


@pytest.mark.parametrize("name", sorted(CONVERT - {"divmod", "histogram"}))
def test_what_asks_for_numbers_raises(name: str) -> None:
    """With the operator's name and the kind of array, and never with a plain array instead."""

    subject = Subject(registry.get(name))
    case = next(case for case in subject.cases if case.kind == "gradient" and case.xs)
    args, kwargs = case.fill([Variable(Strict(x)) for x in case.xs])
    with pytest.raises(
        Converted, match=f"(?i){name.rpartition('.')[2]}.* on arrays of strict_array: "
    ):
        subject.call(*args, **kwargs)


class ByNumpy(Function):
    """An operator of a library that knows NumPy only."""

    def forward(self, x: Any) -> Any:
        return np.asarray(x)

    def backward(self, gy: Any) -> Any:
        return np.frombuffer(gy)


def test_an_operator_that_cannot_take_it_names_the_kind() -> None:
    class Foreign(Strict):
        def __array__(self, *args: Any, **kwargs: Any) -> Any:
            raise TypeError("no implicit conversion")

    with pytest.raises(TypeError, match=r"ByNumpy.* on arrays of .*: no implicit"):
        ByNumpy()(Variable(Foreign(A)))


def test_a_rule_that_cannot_names_it_too() -> None:
    class Half(ByNumpy):
        def forward(self, x: Any) -> Any:
            return x / 2

    with pytest.raises(Exception, match=r"Half.* its rule failed on arrays of strict_array"):
        Half()(Variable(Strict(A))).backward()
