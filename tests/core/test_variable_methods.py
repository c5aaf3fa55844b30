"""The methods of a Variable are the registered operators, with NumPy's arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable, gradients

A = np.array([[1.0, -2.0, 3.0], [4.0, 0.5, 6.0]])
SQUARE = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "creator"),
    [
        ("sum", (), {}, "Sum"),
        ("sum", (1,), {"keepdims": True}, "Sum"),
        ("mean", (), {"axis": 0}, "Mean"),
        ("var", (), {"axis": 1, "ddof": 1}, "Var"),
        ("std", (0,), {}, "Std"),
        ("max", (), {}, "Max"),
        ("min", (-1,), {}, "Min"),
        ("prod", (), {"axis": (0, 1)}, "Prod"),
        ("cumsum", (), {}, "Cumsum"),
        ("cumprod", (1,), {}, "Cumprod"),
        ("reshape", (3, 2), {}, "Reshape"),
        ("reshape", ((3, 2),), {}, "Reshape"),
        ("reshape", (-1,), {}, "Reshape"),
        ("reshape", (np.int64(6),), {}, "Reshape"),
        ("ravel", (), {}, "Ravel"),
        ("flatten", (), {}, "Copy"),
        ("transpose", (), {}, "Transpose"),
        ("transpose", (1, 0), {}, "Transpose"),
        ("transpose", ((1, 0),), {}, "Transpose"),
        ("transpose", (None,), {}, "Transpose"),
        ("swapaxes", (0, 1), {}, "SwapAxes"),
        ("dot", (A.T,), {}, "Dot"),
        ("clip", (0, 2), {}, "Clip"),
        ("clip", (), {"max": 2}, "Clip"),
        ("round", (), {}, "Round"),
        ("round", (1,), {}, "Round"),
        ("trace", (), {}, "Trace"),
        ("trace", (1,), {}, "Trace"),
        ("diagonal", (), {}, "Diagonal"),
        ("repeat", (2,), {}, "Repeat"),
        ("repeat", (2,), {"axis": 1}, "Repeat"),
        ("take", ([0, 1],), {}, "Take"),
        ("take", ([0, 0, 1],), {"axis": 1}, "Take"),
        ("astype", (np.float32,), {}, "Astype"),
        ("copy", (), {}, "Copy"),
    ],
)
def test_methods_that_differentiate(name: str, args: Any, kwargs: Any, creator: str) -> None:
    x = Variable(A.copy())
    y = getattr(x, name)(*args, **kwargs)
    expected = np.asarray(getattr(A, name)(*args, **kwargs))
    np.testing.assert_allclose(y.data, expected)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert type(y.creator).__name__.startswith(creator)
    assert gradients(y, x)[0].shape == A.shape


@pytest.mark.parametrize(
    ("name", "args", "kwargs"),
    [
        ("argmax", (), {}), ("argmin", (), {"axis": 1}), ("argsort", (), {}),
        ("nonzero", (), {}), ("any", (), {}), ("all", (), {"axis": 0}),
        ("item", (2,), {}), ("tolist", (), {}),
    ],
)  # fmt: skip
def test_methods_that_give_plain_values(name: str, args: Any, kwargs: Any) -> None:
    found = getattr(Variable(A), name)(*args, **kwargs)
    assert not isinstance(found, Variable)
    np.testing.assert_array_equal(found, getattr(A, name)(*args, **kwargs))


def test_squeeze() -> None:
    x = Variable(np.ones((1, 2, 1)))
    assert (x.squeeze().shape, x.squeeze(axis=0).shape) == ((2,), (2, 1))


def test_a_copy_has_memory_of_its_own_and_a_place_in_the_graph() -> None:
    x = Variable(A.copy())
    y = x.copy()
    y.data[...] = 0
    assert x.data[0, 0] == 1
    assert not np.shares_memory(Variable(A).flatten().data, A)
    assert gradients(y, x)[0].tolist() == np.ones_like(A).tolist()


def test_numpys_functions_are_the_same_operators() -> None:
    x = Variable(SQUARE)
    for f in (np.sum, np.mean, np.trace, np.ravel, np.max, np.cumsum):
        assert f(x).data.tolist() == f(SQUARE).tolist()
    assert np.copy(x).data is not SQUARE
