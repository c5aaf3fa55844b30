"""The array API on Variables: names, gradients through them, and SciPy's functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable, gradients
from tinypt_core import array_api as xp

X = np.random.default_rng(0).normal(size=(3, 4))


def test_a_variable_knows_its_namespace() -> None:
    x = Variable(X)
    assert x.__array_namespace__() is xp
    assert x.__array_namespace__(api_version="2024.12") is xp
    with pytest.raises(ValueError, match=r"version 1999\.01 of the array API is not supported"):
        x.__array_namespace__(api_version="1999.01")
    assert x.device == "cpu"
    assert x.to_device("cpu") is x
    with pytest.raises(ValueError, match="the only device is 'cpu'"):
        x.to_device("cuda")
    assert x.mT.shape == (4, 3)


def test_nothing_but_the_standard_is_public() -> None:
    extra = {"annotations", "linalg", "fft", "newaxis"}
    for name in set(dir(xp)) - extra:
        if name[0] not in "_@":  # @: of pytest
            assert hasattr(np, name), name


def test_every_function_says_which_operator_it_is() -> None:
    for module in (xp, xp.linalg, xp.fft):
        for name, value in vars(module).items():
            if inspect.isfunction(value) and not name.startswith("_"):
                assert value.__name__ == name
                assert inspect.getdoc(value)


COMPOSED: dict[str, Callable[[Any, Any], Any]] = {
    "a norm": lambda xp, x: xp.sqrt(xp.sum(x**2, axis=1)),
    "a choice": lambda xp, x: xp.where(xp.greater(x, 0), xp.exp(x), xp.clip(x, -0.5, 0.0)),
    "shapes": lambda xp, x: xp.concat([xp.flip(x), xp.roll(xp.reshape(x, (4, 3)), 1).mT]),
    "sorted": lambda xp, x: xp.take(xp.sort(x, axis=1), xp.asarray([2, 0]), axis=1) ** 2,
    "running": lambda xp, x: xp.cumulative_sum(x, axis=0, include_initial=True) ** 2,
    "lists": lambda xp, x: xp.stack([x[0, :], xp.ones(4), xp.linspace(x[0, 0], 1.0, 4)]) ** 2,
    "linalg": lambda xp, x: xp.linalg.solve(x[:, :3], xp.matmul(x, x.mT)),
    "fft": lambda xp, x: xp.fft.irfft(xp.fft.rfft(x) ** 2),
    "spread": lambda xp, x: xp.var(x, axis=0, correction=1) + xp.max(x, axis=0),
}


@pytest.mark.parametrize("name", COMPOSED)
def test_the_same_lines_on_numpy_and_on_variables(name: str) -> None:
    f = COMPOSED[name]
    x, direction = Variable(X), np.random.default_rng(1).normal(size=X.shape)
    y = f(xp, x)
    np.testing.assert_allclose(y.data, f(np, X))
    (g,) = gradients(y, x)
    h = 1e-6
    slope = np.sum(f(np, X + h * direction) - f(np, X - h * direction)) / (2 * h)
    assert np.sum(g * direction) == pytest.approx(slope, rel=1e-6)


def test_constants_are_variables_of_this_namespace() -> None:
    x = xp.asarray([3.0, 1.0])
    for y in (x.__array_namespace__().isnan(x), xp.argsort(x, descending=True), xp.any(x)):
        assert isinstance(y, Variable)
    assert xp.argsort(xp.asarray([1, 2, 2]), descending=True).data.tolist() == [1, 2, 0]


def test_asarray_keeps_the_graph() -> None:
    x = Variable(np.array(2.0))
    y = xp.asarray([[x, 1.0], [0.0, x]])
    assert gradients(y, x)[0] == 2
    assert xp.asarray(x) is x
    assert gradients(xp.asarray(x, dtype=xp.float32, copy=True), x)[0] == 1
    assert gradients(xp.full((2, 2), x), x)[0] == 4
    with pytest.raises(ValueError, match="the only device is 'cpu'"):
        xp.zeros(3, device="cuda")


def test_integers_and_bits() -> None:
    x = xp.asarray([6, 5])
    assert (x & 3).tolist() == [2, 1]
    assert (~x).tolist() == [-7, -6]
    assert xp.bitwise_left_shift(x, 1).data.tolist() == [12, 10]
    assert xp.sum(xp.asarray([1, 2], dtype=xp.int8)).dtype == np.int64
    assert xp.sum(x, dtype=xp.float32).dtype == np.float32


def test_functions_of_scipy_are_differentiable(run_python: Any) -> None:
    pytest.importorskip("scipy", minversion="1.17")
    run_python(SCIPY, env={"SCIPY_ARRAY_API": "1"})


SCIPY = """
import numpy as np
from scipy import fft, integrate, signal, special, stats
from tinypt_core import Variable, gradients

rng = np.random.default_rng(0)
X = rng.normal(size=(3, 6))
for f in (
    lambda x: special.logsumexp(x, axis=1),
    lambda x: special.softmax(x, axis=1),
    lambda x: special.xlogy(x * x, x * x),
    lambda x: stats.zscore(x, axis=1),
    lambda x: stats.gmean(x * x, axis=1),
    lambda x: stats.skew(x, axis=1),
    lambda x: stats.kurtosis(x, axis=1),
    lambda x: stats.circmean(x, axis=1),
    lambda x: stats.directional_stats(x).mean_direction,
    lambda x: np.real(signal.hilbert(x, axis=1)) ** 2,
    lambda x: signal.fftconvolve(x, x, axes=1),
    lambda x: signal.resample(x, 4, axis=1) ** 2,
    lambda x: integrate.cumulative_simpson(x, axis=1) ** 2,
    lambda x: np.real(fft.rfft(x)) * np.imag(fft.fft(x))[:, :4],
):
    v = Variable(X)
    y, expected = f(v), f(X)
    np.testing.assert_allclose(y.data, expected, rtol=1e-9, atol=1e-12)
    w, d, h = rng.normal(size=expected.shape), rng.normal(size=X.shape), 1e-5
    slope = np.sum(w * (f(X + h * d) - f(X - h * d))) / (2 * h)
    np.testing.assert_allclose(np.sum(gradients(y, v, w)[0] * d), slope, rtol=1e-5, atol=1e-6)
"""
