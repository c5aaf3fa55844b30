"""Reductions of float16 count and accumulate in float32."""

import numpy as np
import pytest

from tinypt_core import Variable, grad, gradients

N = 70_000  # more than float16 can count


def half(value, n=N):
    return np.full(n, value, np.float16)


#: name -> (f, x in float16, gradient in float64)
PROGRAMS = {
    "largest of equal numbers": (np.max, half(2.0), np.full(N, 1 / N)),
    "smallest of equal numbers": (np.min, half(2.0), np.full(N, 1 / N)),
    "amax along an axis": (
        lambda x: np.sum(np.amax(np.reshape(x, (N, 1)), axis=0)), half(2.0), np.full(N, 1 / N)),
    "mean": (np.mean, half(2.0), np.full(N, 1 / N)),
    "mean of squares": (lambda x: np.mean(x * x), half(2.0), np.full(N, 4 / N)),
    "scaled mean": (lambda x: np.mean(x) * np.float16(1000), half(2.0), np.full(N, 1000 / N)),
    "mean along an axis": (
        lambda x: np.mean(np.mean(np.reshape(x, (1, N)), axis=1)), half(1.0), np.full(N, 1 / N)),
    "maximum of both halves, equal": (
        lambda x: np.max(np.concatenate([x, x])), half(1.0), np.full(N, 1 / N)),
    "variance, scaled": (
        lambda x: np.var(x) * np.float16(1000),
        np.where(np.arange(N) % 2, 1, -1).astype(np.float16),
        np.where(np.arange(N) % 2, 2, -2) * 1000 / N,
    ),
    "standard deviation, scaled": (
        lambda x: np.std(x) * np.float16(1000),
        np.where(np.arange(N) % 2, 1, -1).astype(np.float16),
        np.where(np.arange(N) % 2, 1, -1) * 1000 / N,
    ),
    "softmax weight by logsumexp": (
        lambda x: __import__("tinypt_core").ops.logsumexp(x) * np.float16(1000), half(0.0),
        np.full(N, 1000 / N)),
}  # fmt: skip


def by_backward(f, x):
    v = Variable(x)
    f(v).backward()
    return v.grad


def by_grad(f, x):
    return grad(f)(x)


def by_gradients_recorded(f, x):
    v = Variable(x)
    return gradients(f(v), v, create_graph=True)[0].data


def check(name):
    f, x, want = PROGRAMS[name]
    for way in (by_backward, by_grad, by_gradients_recorded):
        found = way(f, x)
        assert found.dtype == np.float16
        np.testing.assert_allclose(found.astype(float), want, rtol=0.02, err_msg=way.__name__)


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name):
    check(name)


def test_the_second_derivative_of_a_mean_of_squares():
    x = Variable(half(2.0))
    (slope,) = gradients(np.mean(x * x), x, create_graph=True)
    (found,) = gradients(np.sum(slope), x)
    np.testing.assert_allclose(found.astype(float), 2 / N, rtol=0.02)


def test_the_second_derivative_of_a_scaled_variance():
    x = Variable(np.where(np.arange(N) % 2, 1, -1).astype(np.float16))
    (slope,) = gradients(np.var(x) * np.float16(1000), x, create_graph=True)
    (found,) = gradients(slope[0], x)
    assert float(found[0]) == pytest.approx(2000 / N, rel=0.02)


# -- keeps working -------------------------------------------------------------------------------


def test_a_bias_gathers_its_gradient_in_float32():
    """4,096 · 16 contributions of 0.05 each: in float16 the running sum stops at 128."""
    bias = Variable(np.array(0.0, np.float16))
    x = np.full(65_536, 0.05, np.float16)
    y = np.sum(x * bias)
    (found,) = gradients(y, bias)
    assert found == pytest.approx(65_536 * float(np.float16(0.05)), rel=0.01)
