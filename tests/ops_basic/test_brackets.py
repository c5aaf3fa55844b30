"""r_ and c_: NumPy's values on arrays, gradients by place on Variables."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from tinypt_core.ops import c_, r_

from tinypt_core import Variable, gradients, ops

A, B, M = np.arange(3.0), np.arange(3.0, 6), np.arange(6.0).reshape(3, 2)
KEYS: dict[str, Any] = {
    "vectors": (A, B),
    "a number": (A, 2.5, B),
    "a slice": (slice(0, 3), A),
    "counted points": (slice(0, 1, 4j), A),
    "a list": ([1.0, 2.0, 3.0], A),
    "axis": ("-1", M, M),
    "axis and dimensions": ("0,2", A, B),
    "all three": ("0,2,0", A, B),
    "columns of a wider one": ("1,3,1", A, B),
    "one": A,
}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize(("ours", "theirs"), [(r_, np.r_), (c_, np.c_)])
def test_values_and_places(name: str, ours: Any, theirs: Any) -> None:
    key = KEYS[name]
    if theirs is np.c_ and name in ("a number", "counted points"):
        return
    items = key if isinstance(key, tuple) else (key,)
    xs = [Variable(i) if isinstance(i, np.ndarray) else i for i in items]
    y = ours[tuple(xs)] if isinstance(key, tuple) else ours[xs[0]]
    np.testing.assert_array_equal(y.data, theirs[key])
    leaves = [x for x in xs if isinstance(x, Variable)]
    weights = np.random.default_rng(0).normal(size=y.shape)
    for i, g in enumerate(gradients(y, leaves, weights)):
        for at in np.ndindex(g.shape):
            units = [np.zeros_like(x.data) for x in leaves]
            units[i][at] = 1.0
            zero = iter(units)
            moved = [next(zero) if isinstance(x, Variable) else x for x in xs]
            rest = [np.zeros_like(x.data) if isinstance(x, Variable) else x for x in xs]
            step = theirs[tuple(moved)] - theirs[tuple(rest)]
            assert g[at] == pytest.approx(np.sum(weights * step))


def test_scalars_join_to_a_vector() -> None:
    x = Variable(np.array(2.0))
    y = r_[x, x, 1]
    np.testing.assert_array_equal(y.data, [2.0, 2.0, 1.0])
    assert gradients(ops.sum(y), x)[0] == 2


def test_matrices_are_refused() -> None:
    with pytest.raises(ValueError, match="write three integers"):
        r_["r", Variable(A)]


def test_it_is_an_operator_like_any() -> None:
    assert pickle.loads(pickle.dumps(r_)) is r_
    assert r_.provider.startswith("tinypt-ops-basic")
    assert np.array_equal(r_(Variable(A), 1.0).data, np.r_[A, 1.0])
