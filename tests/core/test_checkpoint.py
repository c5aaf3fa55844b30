"""checkpoint: the same gradients for less memory."""

import gc
import tracemalloc
import weakref

import numpy as np
import pytest
from tinypt_core.ops import tanh

from tinypt_core import (
    Function,
    GradientError,
    Variable,
    checkpoint,
    grad,
    gradients,
    hessian,
    no_grad,
)


def chain(x, n):
    for _ in range(n):
        x = tanh(x)
    return x


def in_pieces(x, n=200, every=14):
    for start in range(0, n, every):
        x = checkpoint(chain)(x, min(every, n - start))
    return x


def peak_and_gradient(f):
    x = Variable(np.random.default_rng(0).normal(size=50_000))
    tracemalloc.start()
    f(x).backward()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, x.grad


def test_peak_memory_of_200_layers_is_under_a_fifth_with_equal_gradients():
    whole, expected = peak_and_gradient(lambda x: chain(x, 200))
    pieces, found = peak_and_gradient(in_pieces)
    assert pieces < whole / 5
    np.testing.assert_array_equal(found, expected)


def both(f, use):
    return use(f), use(checkpoint(f))


def assert_same(pair):
    for plain, cut in zip(*pair, strict=True):
        np.testing.assert_allclose(cut, plain, rtol=1e-13)


def test_parameters_from_outside_get_gradients_of_every_order():
    w = Variable(np.array([1.0, 2.0]))

    def use(f):
        x = Variable(np.array([0.3, 0.4]))
        h = w * x  # the argument depends on the parameter too
        gx, gw = gradients(np.sum(f(h) * x), (x, w), create_graph=True)
        return (gx.data, gw.data, *gradients(np.sum(gx * gw), (x, w)))

    assert_same(both(lambda x: np.tanh(x * w) * w, use))


def test_an_intermediate_from_outside_and_what_it_was_made_of():
    w = Variable(np.array(0.7))

    def use(cut):
        h = np.sin(w)
        y = cut(lambda: np.tanh(h * w) + h)()  # reads h and w, and h was made of w
        (g,) = gradients(y, w, create_graph=True)
        return (y.data, g.data, *gradients(g, w))

    assert_same((use(lambda f: f), use(checkpoint)))


def test_it_works_with_backward_and_create_graph():
    x = Variable(np.array(0.5))
    y = checkpoint(lambda x: np.exp(np.sin(x)))(x)
    y.backward(create_graph=True)
    g = x.grad
    x.cleargrad()
    g.backward()
    plain = grad(grad(lambda x: np.exp(np.sin(x))))(0.5)
    assert x.grad == pytest.approx(plain)


def test_it_works_inside_transforms_and_around_them():
    def f(x):
        return np.sum(np.tanh(x) ** 3)

    x = np.array([0.1, -0.4])
    np.testing.assert_allclose(hessian(checkpoint(f))(x), hessian(f)(x), rtol=1e-12)
    np.testing.assert_allclose(
        grad(checkpoint(lambda x: np.sum(grad(f)(x) ** 2)))(x),
        grad(lambda x: np.sum(grad(f)(x) ** 2))(x),
        rtol=1e-12,
    )


def test_one_within_another():
    def whole(x):
        return np.sum(np.tanh(np.sin(x * x)) * x)

    nested = checkpoint(lambda x: np.sum(np.tanh(checkpoint(lambda z: np.sin(z * x))(x)) * x))
    x = np.array([0.1, -0.4])
    np.testing.assert_allclose(grad(nested)(x), grad(whole)(x), rtol=1e-12)
    np.testing.assert_allclose(hessian(nested)(x), hessian(whole)(x), rtol=1e-12)


def test_structures_go_in_and_out():
    p = {"w": Variable(np.array([1.0, 2.0])), "n": 3}
    out = checkpoint(lambda p, k: {"a": p["w"] ** p["n"], "b": (p["w"] * k,)})(p, k=2.0)
    assert list(out) == ["a", "b"]
    y = np.sum(out["a"]) + np.sum(out["b"][0])
    y.backward()
    np.testing.assert_array_equal(p["w"].grad, [5, 14])


def test_a_dropped_output_counts_as_zero():
    x = Variable(np.array(3.0))
    y, _ = checkpoint(lambda x: (x**2, np.exp(x)))(x)
    y.backward()
    assert x.grad == 6


def test_the_argument_itself_and_constants_may_come_back():
    x = Variable(np.array(3.0))
    a, b = checkpoint(lambda x: (x, Variable(np.array(2.0))))(x)
    (a * b).backward()
    assert x.grad == 2


def test_textbook_rules_inside():
    class Cube(Function):
        def forward(self, x):
            return x**3

        def backward(self, gy):
            return gy * 3 * self.input.data**2

    x = Variable(np.array(2.0))
    w = Variable(np.array(5.0))
    checkpoint(lambda x: Cube()(x * w))(x).backward()
    assert (x.grad, w.grad) == (1500, 600)


def test_its_node_is_described_by_the_name_of_the_function():
    y = checkpoint(chain)(Variable(np.array(1.0)), 3)
    assert {k: str(v) for k, v in y.creator.params.items()} == {"segment": "chain"}


def test_without_recording_it_is_the_function_itself():
    with no_grad():
        y = checkpoint(np.sin)(Variable(np.array(1.0)))
    assert y.creator is None


def test_what_happens_inside_is_freed_at_once():
    made = []

    def f(x):
        h = np.exp(x)
        made.append(weakref.ref(h._edge))
        return h * h

    gc.disable()
    try:
        x = Variable(np.array(1.0))
        y = checkpoint(f)(x)
        assert made[0]() is None
        node = weakref.ref(y.creator)
        y.backward()
        del y
        assert node() is None
    finally:
        gc.enable()


def test_a_function_that_computes_something_else_the_second_time_is_found_out():
    rng = np.random.default_rng(0)
    x = Variable(np.ones(5))
    y = np.sum(checkpoint(lambda x: x * (rng.random(5) > 0.5) * rng.random(5))(x))
    with pytest.raises(GradientError, match="random numbers"):
        y.backward()
    assert x.grad is None

    w = Variable(np.array(2.0))
    y = checkpoint(lambda x: np.sum(x * w))(x)
    w.data -= 1
    with pytest.raises(GradientError, match="another result"):
        y.backward()


def test_one_small_element_among_large_ones_is_compared_too():
    shift = np.array([1e-9, 0.0])

    @checkpoint
    def f(x):
        return np.stack([x * 1e9, x + shift[0], x - shift[0], -x * 1e9])

    y = f(Variable(np.array(1.0)))
    shift[0] = 1e-3
    assert np.allclose(y.data[0], 1e9)
    with pytest.raises(GradientError, match="another result the second time"):
        y.backward()


def test_it_must_return_variables():
    with pytest.raises(TypeError, match=r"returned float"):
        checkpoint(lambda x: 3.0)(Variable(np.array(1.0)))
