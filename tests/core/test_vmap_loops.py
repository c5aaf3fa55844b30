"""What cannot run on a batch runs in a loop: nested, over any axes, with several inputs, outputs
and parameters; values and derivatives equal a loop written by hand."""

import numpy as np
import pytest

from tinypt_core import Function, Variable, checkpoint, grad, gradients, hessian, jvp, vjp, vmap


class Halves(Function):
    """Two inputs, a parameter, two outputs: x y and k x, or k y and x, by the sign of Σx."""

    def __init__(self, k=2.0, swap=False):
        self.k, self.swap = k, swap

    def forward(self, x, y):
        if bool(np.sum(x) > 0) is not self.swap:
            return x * y, self.k * x
        return self.k * y, x * x

    def backward(self, ga, gb, x, y):
        if bool(np.sum(x) > 0) is not self.swap:
            return ga * y + self.k * gb, ga * x
        return 2 * gb * x, self.k * ga


class OnlyTheRule(Halves):
    """x y and k x; only the rule branches, and both branches say the same."""

    def forward(self, x, y):
        return x * y, self.k * x

    def backward(self, ga, gb, x, y):
        by_x = ga * y + self.k * gb if bool(np.sum(x) > 0) else self.k * gb + y * ga
        return by_x, ga * x


def f(x, y, op=Halves, **parameters):
    a, b = op(**parameters)(x, y)
    return np.sum(np.sin(a) * b)


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def close(found, expected):
    found, expected = (getattr(y, "data", y) for y in (found, expected))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def elements(a, axis, n):
    return [a] * n if axis is None else list(np.moveaxis(a, axis, 0))


def stacked(a, axis, n, seed):
    return a if axis is None else np.stack([a, *normal(n - 1, *a.shape, seed=seed)], axis)


DERIVED = {
    "gradients": lambda x, y: grad(f, (0, 1))(x, y),
    "hessian": lambda x, y: hessian(f)(x, y),
    "a rule": lambda x, y: grad(lambda x, y: f(x, y, OnlyTheRule), (0, 1))(x, y),
    "a rule's own": lambda x, y: hessian(lambda y: f(x, y, OnlyTheRule))(y),
    "parameters": lambda x, y: grad(lambda x: f(x, y, k=3.0, swap=True))(x),
    "jvp": lambda x, y: jvp(f, (x, y), (y, x))[1],
    "vjp": lambda x, y: vjp(lambda x, y: Halves()(x, y)[0], x, y)[1](y),
    "checkpoint": lambda x, y: grad(checkpoint(f))(x, y),
}


@pytest.mark.parametrize("name", DERIVED)
@pytest.mark.parametrize("inner", [(0, 0), (-1, None), (None, 0)])
@pytest.mark.parametrize("outer", [(0, 1), (None, -1)])
def test_nested_over_any_axes(name, inner, outer):
    g, args = DERIVED[name], []
    for k in range(2):
        a = stacked(normal(3, seed=k), inner[k], 2, 10 + k)
        args.append(stacked(a, outer[k], 3, 20 + k))
    found = vmap(vmap(g, inner), outer)(*args)
    rows = [elements(a, axis, 3) for a, axis in zip(args, outer, strict=True)]
    alone = [
        [g(*xs) for xs in zip(*map(elements, row, inner, (2, 2)), strict=True)]
        for row in zip(*rows, strict=True)
    ]
    if not isinstance(found, tuple):
        found, alone = (found,), [[(y,) for y in row] for row in alone]
    for k, y in enumerate(found):
        close(y, [[parts[k] for parts in row] for row in alone])


@pytest.mark.parametrize("axis", [0, 1])
def test_the_gradient_outside(axis):
    x, y = normal(3, 3), normal(3, seed=1)
    batched = lambda x, y: np.sum(vmap(f, (axis, None))(x, y))  # noqa: E731

    def loop(x, y):
        return sum(f(row, y) for row in (x if axis == 0 else x.T))

    for k in (0, 1):
        close(grad(batched, k)(x, y), grad(loop, k)(x, y))
    close(hessian(batched, 1)(x, y), hessian(loop, 1)(x, y))


def test_several_outputs_of_which_one_is_dropped():
    x, y = Variable(normal(4, 3)), normal(4, 3, seed=1)
    _, b = vmap(Halves(3.0), out_axes=(0, 1))(x, y)
    assert b.shape == (3, 4)
    expected = [
        gradients(Halves(3.0)(v := Variable(r), s)[1], v)[0] for r, s in zip(x.data, y, strict=True)
    ]
    close(gradients(b, x)[0], expected)


def test_a_keyword_is_the_same_for_all():
    x, y = normal(4, 3), normal(4, 3, seed=1)
    found = vmap(grad(f))(x, y, k=5.0, swap=True)
    close(found, [grad(lambda r, s: f(r, s, k=5.0, swap=True))(*r) for r in zip(x, y, strict=True)])
    assert vmap(f).report(Variable(x), y) == {"Halves": 4}


def test_it_costs_as_much_as_its_elements():
    """The way in and out of the loop is linear in the number of elements."""
    sizes = []

    class Counted(Function):
        def forward(self, x):
            float(x)
            return x * 2.0

        def backward(self, gy):
            return gy * 2.0

    import tracemalloc

    for n in (100, 200):
        x = Variable(np.ones((n, 1)))
        y = np.sum(vmap(lambda x: Counted()(x[0]))(x))
        tracemalloc.start()
        gradients(y, x)
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert sizes[1] < 3 * sizes[0], sizes
