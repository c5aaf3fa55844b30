"""What writes into an array, inside vmap: as a loop has it, or an error that says what to write."""

import numpy as np
import pytest

from tinypt_core import Variable, grad, hessian, registry, vmap

X = np.random.default_rng(0).normal(size=(4, 3))
MASK = np.array([True, False, True])


def values(x):
    return x.data if isinstance(x, Variable) else x


def into_diagonal(y, x):
    square = np.outer(y, y)
    np.fill_diagonal(square, x * x)
    y[...] = square[0]


#: what is done to y, computed from x; some at places that differ from element to element
WRITES = {
    "set": lambda y, x: y.__setitem__([0, 2], x[:2]),
    "set, batched index": lambda y, x: y.__setitem__(np.argsort(values(x))[:2], x[:2]),
    "set, batched mask": lambda y, x: y.__setitem__(values(x) > 0, 0.5),
    "put": lambda y, x: np.put(y, [0, 2], x[:2]),
    "put, batched index": lambda y, x: np.put(y, np.argsort(values(x))[:2], x[:2]),
    "place": lambda y, x: np.place(y, MASK, x[:2]),
    "place, batched mask": lambda y, x: np.place(y, values(x) > 0, x[:2] ** 2),
    "putmask": lambda y, x: np.putmask(y, MASK, x[:2]),
    "putmask, batched mask": lambda y, x: np.putmask(y, values(x) > 0, x[:2] ** 2),
    "copyto": lambda y, x: np.copyto(y, x[1]),
    "copyto, where": lambda y, x: np.copyto(y, x * x, where=MASK),
    "copyto, batched where": lambda y, x: np.copyto(y, x * x, where=values(x) > 0),
    "put_along_axis": lambda y, x: np.put_along_axis(y, np.array([1, 0]), x[:2], 0),
    "put_along_axis, batched": lambda y, x: np.put_along_axis(y, np.argsort(values(x)), x, 0),
    "fill_diagonal": into_diagonal,
    "add.at": lambda y, x: np.add.at(y, [0, 0, 1], x),
    "subtract.at": lambda y, x: np.subtract.at(y, [0, 0, 1], x),
}


@pytest.mark.parametrize("name", WRITES)
def test_into_a_variable(name):
    def f(x):
        y = x * 2.0
        WRITES[name](y, x)
        return np.sum(y * y * np.sin(x))

    for transform in (grad, hessian):
        g = transform(f)
        np.testing.assert_allclose(vmap(g)(X), [g(x) for x in X])
    outside = grad(lambda X: np.sum(vmap(f)(X)))(X)
    np.testing.assert_allclose(outside, [grad(f)(x) for x in X])
    nested = vmap(vmap(grad(f)))(np.stack([X, X + 1]))
    np.testing.assert_allclose(nested, [[grad(f)(x) for x in z] for z in (X, X + 1)])


PLAIN = [name for name in WRITES if name not in ("fill_diagonal", "subtract.at")]


@pytest.mark.parametrize("name", PLAIN)
def test_into_an_array_of_the_elements_own(name):
    def f(x):
        y = np.zeros_like(x)
        WRITES[name](y, x)
        return y

    try:
        found = vmap(f)(X)
    except TypeError as error:
        assert "np.where" in str(error)  # noqa: PT017 (which of them raise is no promise)
    else:
        np.testing.assert_allclose(found, [f(x) for x in X])


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("start", [lambda x: np.zeros(3), lambda x: x], ids=["shared", "argument"])
def test_into_an_array_that_others_see_raises(name, start):
    def f(x):
        y = start(x)
        WRITES[name](y, x * 1.0)
        return y

    before = X.copy()
    with pytest.raises(TypeError, match=r"np\.where|np\.stack"):
        vmap(f)(X)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("function", [np.add, np.cumsum, np.take, np.clip])
def test_out_raises(function):
    more = {np.add: (1.0,), np.cumsum: (), np.take: ([0, 1, 2],), np.clip: (0.0, 1.0)}[function]
    with pytest.raises(TypeError, match=r"out= changes an array in place; use the result"):
        vmap(lambda x: function(x, *more, out=np.zeros(3)))(X)


def test_a_strangers_function_that_writes_and_loops_raises():
    def set_first(y, x):
        y[0] = x if float(x.data) > 0 else -x

    with registry.temporary_op("set_first", set_first) as op:
        f = lambda x: op(Variable(np.zeros(3)), Variable(x[0]))  # noqa: E731
        with pytest.raises(TypeError, match="returns nothing"):
            vmap(f)(X)
