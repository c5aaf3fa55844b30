"""Derivatives of high order against mpmath, forward against backward, and how big graphs get."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinypt_core import Variable, grad, gradients, jvp, ops, vjp

mpmath.mp.dps = 60

FUNCTIONS = {
    "tanh": (np.tanh, mpmath.tanh, 0.7),
    "sin": (np.sin, mpmath.sin, 1.0),
    "x**x": (lambda x: x**x, lambda x: x**x, 1.3),
    "exp(-x²)": (lambda x: np.exp(-(x**2)), lambda x: mpmath.exp(-(x**2)), 0.4),
    "log(x)/x": (lambda x: np.log(x) / x, lambda x: mpmath.log(x) / x, 1.7),
    "logsumexp": (
        lambda x: ops.logsumexp(x * np.array([1.0, -2.0, 0.5])),
        lambda x: mpmath.log(mpmath.exp(x) + mpmath.exp(-2 * x) + mpmath.exp(x / 2)),
        0.3,
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nested_grad_to_order_6(name):
    f, exact, x = FUNCTIONS[name]
    for order in range(1, 7):
        f = grad(f)
        want = mpmath.diff(exact, mpmath.mpf(x), order)
        assert float(f(x)) == pytest.approx(float(want), rel=1e-9), order


@pytest.mark.parametrize("name", FUNCTIONS)
def test_repeated_backward_with_create_graph_to_order_6(name):
    f, exact, at = FUNCTIONS[name]
    x = Variable(np.array(at))
    y = f(x)
    for order in range(1, 7):
        x.cleargrad()
        y.backward(create_graph=True)
        y = x.grad
        want = mpmath.diff(exact, mpmath.mpf(at), order)
        assert float(y.data) == pytest.approx(float(want), rel=1e-9), order


def test_sin_to_order_4_and_tanh_to_order_7_of_arrays():
    at = np.linspace(-2, 2, 9)
    for f, exact, top in ((np.sin, mpmath.sin, 4), (np.tanh, mpmath.tanh, 7)):
        x = Variable(at)
        y = f(x)
        for order in range(1, top + 1):
            (y,) = gradients(y, x, create_graph=True)
            want = [float(mpmath.diff(exact, mpmath.mpf(v), order)) for v in at]
            np.testing.assert_allclose(y.data, want, rtol=1e-9, atol=1e-9)


def _nodes(y):
    seen = [y._edge]
    known = set(seen)
    for node in seen:
        for edge in node._edges:
            if edge is not None and edge._order and edge not in known:
                known.add(edge)
                seen.append(edge)
    return len(seen)


def test_the_ninth_derivative_of_tanh_stays_small():
    x = Variable(np.array(0.5))
    y = np.tanh(x)
    for _ in range(9):
        (y,) = gradients(y, x, create_graph=True)
    assert _nodes(y) <= 7329 // 2
    assert float(y.data) == pytest.approx(
        float(mpmath.diff(mpmath.tanh, mpmath.mpf("0.5"), 9)), rel=1e-9
    )


# -- forward against backward --------------------------------------------------------------------

UNARY = ["sin", "cos", "tanh", "exp", "square", "negative", "arctan", "expm1"]
BINARY = ["add", "subtract", "multiply", "divide"]
SHAPED = [
    lambda v: ops.sum(v, axis=0, keepdims=True),
    lambda v: ops.transpose(v),
    lambda v: ops.reshape(v, (-1,)),
    lambda v: v @ np.linspace(-1, 1, v.shape[-1]) if v.ndim else v,
    lambda v: ops.broadcast_to(v, (2, *v.shape)),
]


@st.composite
def compositions(draw):
    steps = draw(st.lists(st.sampled_from([*UNARY, *BINARY, *SHAPED]), min_size=2, max_size=8))
    shape = draw(st.sampled_from([(), (3,), (2, 3), (1, 3)]))
    seed = draw(st.integers(0, 2**32 - 1))

    def f(x):
        v = x
        for i, step in enumerate(steps):
            if callable(step):
                v = step(v)
            elif step in UNARY:
                v = getattr(ops, step)(np.tanh(v))
            else:
                v = getattr(ops, step)(v, 2.5 + np.sin(np.sum(x) + i))
        return v

    return f, shape, seed


@settings(max_examples=100, deadline=None, derandomize=True)
@given(compositions())
def test_forward_and_backward_are_adjoint(case):
    """<u, J v> = <Jᵀ u, v> for 100 drawn compositions; and J v is a difference quotient."""
    f, shape, seed = case
    rng = np.random.default_rng(seed)
    x, v = rng.normal(size=(2, *shape))
    y, tangent = jvp(f, (x,), (v,))
    u = rng.normal(size=y.shape)
    (pulled,) = vjp(f, x)[1](u)
    assert tangent.shape == y.shape
    np.testing.assert_allclose(np.sum(u * tangent), np.sum(pulled * v), rtol=1e-9, atol=1e-11)
    eps = 1e-5
    ahead, behind = (f(Variable(np.asarray(x + s * v))).data for s in (eps, -eps))
    np.testing.assert_allclose(tangent, (ahead - behind) / (2 * eps), rtol=1e-5, atol=1e-7)
