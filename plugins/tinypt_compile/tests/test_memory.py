"""What runs holds no more than a person's NumPy: dead arrays go, copies of what is fresh go."""

import tracemalloc

import numpy as np
import pytest
from tinypt_compile import compile
from tinypt_compile._agrees import MATH, agrees
from tinypt_compile._release import released

from tinypt_core import grad, value_and_grad, vmap


def peak(run):
    run()
    run()
    tracemalloc.start()
    run()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest


def test_a_network_holds_one_array_a_layer():
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(64, 128)), [rng.normal(size=(128, 128)) / 11 for _ in range(6)]

    def network(x, *weights):
        for w in weights:
            x = np.tanh(x @ w)
        return np.sum(x)

    def by_hand(x, *weights):
        layers = [x]
        for w in weights:
            layers.append(np.tanh(layers[-1] @ w))
        g, grads = np.ones_like(layers[-1]), []
        for w, a, b in zip(weights[::-1], layers[-2::-1], layers[:0:-1], strict=True):
            g = g * (1 - b * b)
            grads.append(a.T @ g)
            g = g @ w.T
        return layers[-1].sum(), (g, *grads[::-1])

    step = compile(value_and_grad(network, tuple(range(7))))
    assert peak(lambda: step(x, *weights)) <= 1.05 * peak(lambda: by_hand(x, *weights))
    assert not step._reasons


def test_gradients_of_samples_are_not_copied():
    def loss(w, x):
        return np.sum(np.tanh(x @ w) ** 2)

    per_sample = compile(vmap(grad(loss), in_axes=(None, 0)))
    w, x = np.ones((10, 20)), np.random.default_rng(0).normal(size=(500, 10))
    found = per_sample(w, x)
    assert found.base is None
    assert peak(lambda: per_sample(w, x)) < 1.6 * found.nbytes


def test_a_name_goes_after_its_last_line():
    lines = ["a = f(x)", "b = a + 1", "for s in range(2):", "    c = a[s]", "    d[s] = c", "e = b",
             "return e"]  # fmt: skip
    assert released(lines, {"a", "b", "d"}) == [
        "a = f(x)", "b = a + 1", "for s in range(2):", "    c = a[s]", "    d[s] = c", "del a, d",
        "e = b", "del b", "return e",
    ]  # fmt: skip


@pytest.mark.parametrize("name", MATH)
def test_functions_of_math_that_are_taken_give_numpys_bits(name):
    import math

    if not agrees(name):
        pytest.skip("NumPy rounds otherwise here, so that its function is taken")
    ours, theirs = getattr(math, MATH[name]), getattr(np, name)
    for x in np.random.default_rng(1).uniform(1.01, 1.5, (300, theirs.nin)).tolist():
        try:
            expected = ours(*x)
        except ValueError:
            continue
        assert float(theirs(*x)) == pytest.approx(expected, rel=3e-16)
