"""The same on a GPU: runs where CuPy and a device are there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable, gradients, hvp, value_and_grad

cp: Any = pytest.importorskip("cupy")

try:
    _devices = cp.cuda.runtime.getDeviceCount()
except Exception:
    _devices = 0
pytestmark = pytest.mark.skipif(not _devices, reason="no GPU")

rng = np.random.default_rng(0)
X, W = rng.normal(size=(20, 4)), rng.normal(size=4)


def loss(x: Any, w: Any) -> Any:
    z = np.tanh(x @ w)
    return (np.logaddexp(0, z) + np.where(z > 0, z**2, 0)).mean() + np.linalg.norm(w) + w.max()


def test_gradients_are_numpys_and_stay_there() -> None:
    value, expected = value_and_grad(loss, (0, 1))(X, W)
    y, found = value_and_grad(loss, (0, 1))(cp.asarray(X), cp.asarray(W))
    assert all(isinstance(g, cp.ndarray) for g in (y, *found))
    np.testing.assert_allclose(y.get(), value)
    for g, want in zip(found, expected, strict=True):
        np.testing.assert_allclose(g.get(), want, rtol=1e-9, atol=1e-12)


def test_second_order() -> None:
    v = np.cos(np.arange(4.0))
    expected = hvp(lambda w: loss(X, w), W, v)
    found = hvp(lambda w: loss(cp.asarray(X), w), cp.asarray(W), cp.asarray(v))
    np.testing.assert_allclose(found.get(), expected, rtol=1e-9)


def test_gathered_rows() -> None:
    x = Variable(cp.asarray(X))
    found = gradients((x[[0, 0, 3]] ** 2).sum(), x)[0]
    expected = np.zeros_like(X)
    np.add.at(expected, [0, 0, 3], 2 * X[[0, 0, 3]])
    np.testing.assert_allclose(found.get(), expected)
