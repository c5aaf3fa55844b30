"""Operators take lists of Variables as NumPy takes lists of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable, gradients, ops, registry

PLAIN = [
    "mean", "std", "var", "sum", "prod", "max", "min", "median", "average", "ptp", "cumsum", "sort",
    "diff", "ediff1d", "ravel", "nanmean", "transpose", "squeeze", "flip", "sin", "linalg.norm",
    "atleast_1d", "hstack", "vstack", "trapezoid", "logsumexp",
]  # fmt: skip
CALLS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(PLAIN, ()),
    "quantile": (0.3,),
    "tile": (2,),
    "repeat": (2,),
    "roll": (1,),
    "reshape": ((2, 1),),
    "clip": (2.0, 4.0),
    "where": ([True, False], 0.0),
}


def call(name: str, a: Any) -> Any:
    arguments = (CALLS[name][0], a, *CALLS[name][1:]) if name == "where" else (a, *CALLS[name])
    return registry.get(name)(*arguments)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("nested", [False, True])
def test_the_same_as_of_the_stacked_list(name: str, nested: bool) -> None:
    if nested and name in ("where", "reshape"):
        return
    x, y = Variable(np.array(1.5)), Variable(np.array(3.5))
    a: Any = [[x, y], [2.5, x]] if nested else [x, y]
    stacked = np.stack([np.stack(row) for row in a]) if nested else np.stack(a)
    got, want = call(name, a), call(name, stacked)
    np.testing.assert_array_equal(got.data, want.data)
    for g, w in zip(
        gradients(ops.sum(got**2), [x, y]), gradients(ops.sum(want**2), [x, y]), strict=True
    ):
        np.testing.assert_allclose(g, w)


def test_constants_stay_constants() -> None:
    x = Variable(np.array(1.5))
    assert ops.mean([x.detach(), 2.5]).creator is None
    (g,) = gradients(ops.mean([x.detach(), x]), x)
    assert g == 0.5


@pytest.mark.parametrize("function", [np.mean, np.linalg.norm, np.array, lambda a: np.r_[a]])
def test_numpys_own_functions_cannot_see_them_and_raise(function: Any) -> None:
    x = Variable(np.array([1.0]))
    with pytest.raises(TypeError, match=r"write np\.stack"):
        function([x, x])


def test_dtype_and_casting_of_joins() -> None:
    x = Variable(np.ones(2))
    for join in (np.concatenate, np.stack, np.vstack, np.hstack):
        y = join([x, x], dtype=np.float32)
        assert y.dtype == np.float32
        np.testing.assert_array_equal(gradients(ops.sum(y), x)[0], [2.0, 2.0])
        with pytest.raises(TypeError, match="cannot cast"):
            join([x, x], dtype=np.float32, casting="safe")
