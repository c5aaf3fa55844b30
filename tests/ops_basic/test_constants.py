"""Comparison, logic and questions give plain arrays and values, and cut nothing."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable, gradients, ops, registry
from tinypt_ops_basic import constants

X = np.array([[1.0, -2.0, np.nan], [np.inf, 0.0, 3.0]])
Y = np.array([1.0, 5.0, 0.0])
CALLS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(constants._NAMES, (X,)),
    **dict.fromkeys(
        [
            "greater",
            "greater_equal",
            "less",
            "less_equal",
            "equal",
            "not_equal",
            "logical_and",
            "logical_or",
            "logical_xor",
            "floor_divide",
            "array_equal",
            "array_equiv",
            "allclose",
            "isclose",
            "result_type",
            "shares_memory",
            "may_share_memory",
            "isin",
        ],
        (X, Y),
    ),
    "argpartition": (Y, 1),
    "searchsorted": (np.array([0.0, 2.0]), Y),
    "digitize": (Y, np.array([0.0, 2.0])),
    **dict.fromkeys(
        ["bitwise_and", "bitwise_or", "bitwise_xor", "gcd", "lcm", "left_shift", "right_shift"],
        (np.array([6, 5]), np.array([3, 1])),
    ),
    **dict.fromkeys(["invert", "bitwise_count", "ix_"], (np.array([6, 5]),)),
    **dict.fromkeys(["tril_indices_from", "triu_indices_from"], (X,)),
    "diag_indices_from": (np.eye(2),),
    "einsum_path": ("ij,jk", X, X.T),
    "histogram_bin_edges": (Y, 2),
    "intersect1d": (Y, np.array([5.0, 1.0])),
    "ravel_multi_index": ((np.array([1, 0]), np.array([0, 1])), (2, 2)),
    "unravel_index": (np.array([3, 1]), (2, 2)),
    "can_cast": (np.array([1, 2], np.int8).dtype, np.float64),
}


def same(a: Any, b: Any) -> bool:
    if isinstance(a, list):
        return bool(a == b)
    if isinstance(a, tuple):
        return all(map(same, a, b))
    return type(a) is type(b) and np.array_equal(
        a, b, equal_nan=isinstance(a, np.ndarray) and a.dtype.kind == "f"
    )


@pytest.mark.filterwarnings("ignore:All-NaN|invalid value|divide by zero")
@pytest.mark.parametrize("name", constants._NAMES)
def test_as_numpys_on_plain_arrays(name: str) -> None:
    args = CALLS[name]
    variables = [Variable(a) if isinstance(a, np.ndarray) else a for a in args]
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(*args)
        found = [registry.get(name)(*variables)]
        if name != "can_cast":  # a question about dtypes: NumPy asks no array
            found.append(getattr(np, name)(*variables))
    for value in found:
        assert not isinstance(value, Variable)
        if name == "empty_like":
            assert value.shape == expected.shape
        else:
            assert same(value, expected)


@pytest.mark.parametrize("name", constants._NAMES)
def test_documented_with_numpys_signature(name: str) -> None:
    op = registry.get(name)
    assert op.__name__ == name
    assert "no gradient" in op.__doc__
    assert isinstance(inspect.signature(op), inspect.Signature)
    assert op.function is getattr(constants, name)
    assert op.provider.startswith("tinypt-ops-basic")


def test_operators_of_comparison() -> None:
    x = Variable(np.array([1.0, 2.0, 3.0]))
    assert (x > 2).tolist() == [False, False, True]
    assert (x >= x).tolist() == [True] * 3
    assert (x > 2).tolist() == [False, False, True]
    assert (x == np.array([1, 0, 3])).tolist() == [True, False, True]
    assert (x != x).tolist() == [False] * 3
    assert (x // 2).tolist() == [0, 1, 1]
    assert all(type(c) is np.ndarray for c in (x > 2, x <= 2, x == 2, x // 2))


def test_variables_inside_lists() -> None:
    x = Variable(np.array([1.0, 2.0]))
    assert ops.array_equal([x, x], np.array([[1, 2], [1, 2]])) is True


def test_comparison_inside_a_rule_under_create_graph() -> None:
    x = Variable(np.array([-1.0, 2.0]))
    (g,) = gradients(np.maximum(x, 0) ** 2, x, create_graph=True)
    assert gradients(g, x)[0].tolist() == [0, 2]


def test_out_is_refused() -> None:
    with pytest.raises(TypeError, match="out= is not supported"):
        ops.argmax(Variable(np.ones(2)), out=np.zeros((), int))
