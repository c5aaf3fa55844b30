"""vmap of the operators whose samples the kit does not differentiate; the kit promises the rest.

docs/operators.md, which tests/packaging holds to its script, runs that promise for every operator.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from tinypt_core import Variable, grad, gradients, hessian, registry, vmap

TABLE = Path(__file__).parents[2] / "docs" / "operators.md"
ONE = [
    "all", "any", "argmax", "argmin", "argsort", "count_nonzero", "isfinite", "isinf", "isnan",
    "isneginf", "isposinf", "signbit", "iscomplex", "isreal", "ndim", "size", "zeros_like",
    "ones_like", "logical_not", "nanargmax", "nanargmin", "floor", "sign", "rint", "trunc",
]  # fmt: skip
TWO = [
    "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "isclose", "allclose",
    "array_equal", "logical_and", "logical_or", "logical_xor", "searchsorted", "isin",
]  # fmt: skip


def drawn(seed):
    return np.random.default_rng(seed).integers(-3, 4, (4, 2, 3)).astype(float)


def same(found, expected):
    np.testing.assert_allclose(np.asarray(getattr(found, "data", found)), expected)


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("axis", [0, -1])
def test_values_without_a_derivative(name, axis):
    op, x = registry.get(name), drawn(0)
    plain = lambda x: np.asarray(getattr(op(x), "data", op(x)))  # noqa: E731
    expected = [plain(Variable(row)) for row in np.moveaxis(x, axis, 0)]
    same(vmap(lambda x: op(Variable(x)), axis)(x), expected)


@pytest.mark.parametrize("name", TWO)
def test_comparisons(name):
    op, a, b = registry.get(name), drawn(1)[:, 0], drawn(2)[:, 1]
    a = np.sort(a)
    expected = [np.asarray(getattr(np, name)(x, y)) for x, y in zip(a, b, strict=True)]
    same(vmap(lambda x, y: op(Variable(x), y))(a, b), expected)


def test_where_of_a_batched_condition():
    a, b = drawn(3), drawn(4)
    f = lambda a, b: np.sum(np.where(a > b, a * b, a) ** 2)  # noqa: E731
    for argnum in (0, 1):
        for transform in (grad, hessian):
            g = transform(f, argnum)
            same(vmap(g)(a, b), [g(x, y) for x, y in zip(a, b, strict=True)])
    x = Variable(a)
    out = gradients(np.sum(vmap(f)(x, b)), x)[0]
    same(out, [grad(f)(x, y) for x, y in zip(a, b, strict=True)])


def test_assignment_to_a_part():
    def f(x):
        y = x * 2.0
        y[0] = np.sin(x[1])
        y[:, 1] *= x[:, 0]
        return np.sum(y * y)

    x = drawn(5)
    same(vmap(grad(f))(x), [grad(f)(row) for row in x])
    same(vmap(hessian(f))(x), [hessian(f)(row) for row in x])


def test_most_operators_run_on_a_batch_at_once():
    at_once = re.findall(r"^\| (`[^|]*) \|([^|]*)\|[^|]*\| at once \|", TABLE.read_text(), re.M)
    names = sum(1 + len(re.findall("`[^`]+`", aliases)) for _, aliases in at_once)
    assert names >= 195
