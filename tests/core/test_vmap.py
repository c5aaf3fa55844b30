"""vmap against a loop: axes, trees, nesting, derivatives inside and outside, what loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinypt_core import (
    Function,
    GradientError,
    Variable,
    checkpoint,
    grad,
    gradients,
    hessian,
    jacobian,
    jvp,
    ops,
    value_and_grad,
    vjp,
    vmap,
)


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def slices(args, in_axes, n):
    """The arguments of each element, as a loop would take them."""
    return [
        [a if axis is None else np.take(a, i, axis) for a, axis in zip(args, in_axes, strict=True)]
        for i in range(n)
    ]


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10)


# -- axes and trees --------------------------------------------------------------------------------


@pytest.mark.parametrize("in_axes", [(0, 0), (-1, 0), (1, -2), (None, 0), (0, None), (2, None)])
@pytest.mark.parametrize("out_axes", [0, 1, -1])
def test_axes(in_axes, out_axes):
    f = lambda a, b: np.sin(a) @ np.cos(b).T  # noqa: E731
    args = []
    for k, axis in enumerate(in_axes):
        a = normal(3, 4, seed=k)
        args.append(a if axis is None else np.stack([a, 2 * a, -a], axis))
    found = vmap(f, in_axes, out_axes)(*args)
    expected = np.stack([f(*xs) for xs in slices(args, in_axes, 3)], out_axes)
    assert isinstance(found, np.ndarray)
    close(found, expected)


def test_trees():
    x = {"w": normal(4, 3), "b": [normal(4), (normal(3, 4),)]}
    axes = {"w": 0, "b": [None, (1,)]}
    f = lambda t, k: {"y": (t["w"] * k, None), "z": [np.sum(t["b"][0]) + t["b"][1][0]]}  # noqa: E731
    found = vmap(f, in_axes=(axes, None), out_axes={"y": 0, "z": [1]})(x, 2.0)
    close(found["y"][0], 2 * x["w"])
    assert found["y"][1] is None
    close(found["z"][0], np.sum(x["b"][0]) + x["b"][1][0])


def test_what_is_the_same_for_all_is_repeated_or_given_once():
    w = normal(3)
    y = vmap(lambda x: (w, 1.0))(np.zeros(2))
    close(y[0], [w, w])
    close(y[1], [1, 1])
    close(vmap(lambda x: w, out_axes=None)(np.zeros(2)), w)
    with pytest.raises(ValueError, match="differs from element to element"):
        vmap(lambda x: x, out_axes=None)(np.zeros(2))


def test_results_share_no_memory_with_arguments():
    x = normal(3, 2)
    y = vmap(lambda x: x)(x)
    y[...] = 0
    assert x.all()

    def twice(x):
        y = np.sin(x)
        return y, y

    a, b = vmap(twice)(x)
    assert not np.shares_memory(a, b)


def test_nesting():
    a, b = normal(3, 4), normal(5, 4)
    close(vmap(vmap(np.dot, (None, 0)), (0, None))(a, b), a @ b.T)
    close(vmap(vmap(np.dot, (0, None)), (None, 0), out_axes=1)(a, b), a @ b.T)
    close(vmap(lambda x: vmap(lambda y: np.sum(x) * y - x[0])(b))(a).shape, (3, 5, 4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vmap(np.sin)(1.0), "no axis 0"),
        (lambda: vmap(np.sin, None)(np.ones(2)), "there are none"),
        (lambda: vmap(np.add)(np.ones(2), np.ones(3)), r"different lengths: \[2, 3\]"),
        (lambda: vmap(np.add, (0,))(np.ones(2), np.ones(2)), "1 entries for the 2 arguments"),
        (lambda: vmap(np.add, ({"a": 0}, 0))(np.ones(2), np.ones(2)), "does not fit"),
    ],
)
def test_what_does_not_fit_says_so(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda x: x if x > 0 else -x, r"np\.where"),
        (lambda x: normal(3)[x.astype(int)], r"np\.take\("),
        (lambda x: float(x), r"np\.sqrt"),
        (lambda x: np.array([x, x]), r"np\.stack"),
        (lambda x: np.arange(3)[np.newaxis][np.arange(3) > x], "np"),
    ],
)
def test_what_needs_one_number_raises_and_says_what_to_write(f, message):
    with pytest.raises(TypeError, match=message):
        vmap(f)(np.ones(2))
    with pytest.raises(TypeError, match=message):
        vmap(lambda x: f(Variable(x).data))(np.ones(2))


def test_an_except_in_the_function_does_not_swallow_it():
    def f(x):
        try:
            return x if x > 0 else -x
        except Exception:
            return x * 0

    with pytest.raises(TypeError, match=r"np\.where"):
        vmap(f)(np.ones(2))


# -- derivatives -----------------------------------------------------------------------------------


def loss(w, x):
    return np.sum(np.sin(x @ w) ** 2)


W, X = normal(3, 2), normal(5, 3, seed=1)


def total(w, x):
    """The sum of the losses, one by one."""
    y = loss(w, x[0])
    for i in range(1, 5):
        y = y + loss(w, x[i])
    return y


def batched_total(w, x):
    return np.sum(vmap(loss, (None, 0))(w, x))


def test_gradients_inside():
    close(vmap(grad(loss), (None, 0))(W, X), [grad(loss)(W, x) for x in X])
    found = vmap(value_and_grad(loss, (0, 1)), (None, 0))(W, X)
    close(found[0], [loss(Variable(W), x).data for x in X])
    close(found[1][1], [grad(loss, 1)(W, x) for x in X])


@pytest.mark.parametrize("transform", [grad, hessian])
@pytest.mark.parametrize("argnum", [0, 1])
def test_derivatives_outside(transform, argnum):
    close(transform(batched_total, argnum)(W, X), transform(total, argnum)(W, X))


@pytest.mark.parametrize("transform", [hessian, jacobian])
def test_derivatives_of_higher_order_inside(transform):
    close(vmap(transform(loss, 1), (None, 0))(W, X), [transform(loss, 1)(W, x) for x in X])
    close(vmap(transform(loss), (None, 0))(W, X), [transform(loss)(W, x) for x in X])


def test_jvp_and_vjp():
    v = normal(5, 3, seed=2)
    found = vmap(lambda x, v: jvp(lambda z: loss(W, z), (x,), (v,)))(X, v)
    expected = [jvp(lambda z: loss(W, z), (x,), (u,)) for x, u in zip(X, v, strict=True)]
    close(found[1], [e[1] for e in expected])
    _, pullback = vjp(vmap(lambda x: np.sin(x) * x[0]), X)
    loop = [vjp(lambda x: np.sin(x) * x[0], x)[1](u)[0] for x, u in zip(X, v, strict=True)]
    close(pullback(v)[0], loop)
    close(jvp(lambda x: batched_total(W, x), (X,), (v,))[1], np.sum(grad(total, 1)(W, X) * v))


def test_grad_of_vmap_of_grad():
    f = lambda w: np.sum(vmap(grad(loss, 1), (None, 0))(w, X) ** 2)  # noqa: E731
    g = lambda w: sum_of([np.sum(grad(loss, 1)(w, x) ** 2) for x in X])  # noqa: E731
    close(grad(f)(W), grad(g)(W))
    close(hessian(f)(W), hessian(g)(W))


def sum_of(values):
    y = values[0]
    for v in values[1:]:
        y = y + v
    return y


def slopes(w, x):
    return np.tanh(x @ w)


Z = normal(2, 5, 3, seed=3)
V = normal(3, seed=4)
#: what is differentiated, of arrays in a batch and of the same one by one
NESTED = {
    "hessian of vmap of jacobian": (
        lambda: hessian(lambda w: np.sum(vmap(jacobian(slopes), (None, 0))(w, X) ** 3))(W),
        lambda: hessian(lambda w: sum_of([np.sum(jacobian(slopes)(w, x) ** 3) for x in X]))(W),
    ),
    "vmap of hessian of vmap": (
        lambda: vmap(hessian(batched_total), (None, 0))(W, Z),
        lambda: [hessian(total)(W, z) for z in Z],
    ),
    "jacobian of vmap of grad": (
        lambda: jacobian(lambda w: vmap(grad(loss), (None, 0))(w, X))(W),
        lambda: [jacobian(lambda w, x=x: grad(loss)(w, x))(W) for x in X],
    ),
    "grad of vmap of grad of vmap": (
        lambda: grad(lambda w: np.sum(vmap(grad(batched_total), (None, 0))(w, Z) ** 2))(W),
        lambda: grad(lambda w: sum_of([np.sum(grad(total)(w, z) ** 2) for z in Z]))(W),
    ),
    "hessian of a sum with what is shared": (
        lambda: hessian(lambda w: np.sum(vmap(lambda x: (w + x) ** 2)(X)))(V),
        lambda: hessian(lambda w: sum_of([np.sum((w + x) ** 2) for x in X]))(V),
    ),
    "hessian of two vmaps that share": (
        lambda: hessian(
            lambda w: np.sum(vmap(lambda x: vmap(lambda y: np.sum(w * x * y + w))(X))(X) ** 2)
        )(V),
        lambda: hessian(lambda w: sum_of([np.sum(w * x * y + w) ** 2 for x in X for y in X]))(V),
    ),
    "hessian of what ignores its argument": (
        lambda: hessian(lambda w: np.sum(vmap(lambda x: w * w)(X) * X))(V),
        lambda: hessian(lambda w: sum_of([np.sum(w * w * x) for x in X]))(V),
    ),
}


@pytest.mark.parametrize("name", NESTED)
def test_transforms_nest(name):
    batched, one_by_one = NESTED[name]
    close(batched(), one_by_one())


def test_a_variable_used_inside_and_outside():
    f = lambda v: np.sum(vmap(lambda x: x * np.sum(v) * np.sin(x))(v) * v)  # noqa: E731
    g = lambda v: np.sum(v * np.sum(v) * np.sin(v) * v)  # noqa: E731
    x = normal(4)
    close(grad(f)(x), grad(g)(x))
    close(hessian(f)(x), hessian(g)(x))


def test_backward_through_a_vmap_reaches_what_is_closed_over():
    w, x = Variable(W), Variable(X)
    y = vmap(lambda x: loss(w, x))(x)
    assert isinstance(y, Variable)
    assert y.shape == (5,)
    np.sum(y).backward()
    close(w.grad, grad(total)(W, X))
    close(x.grad, grad(total, 1)(W, X))
    w.cleargrad()
    np.sum(vmap(lambda x: loss(w, x))(X)).backward(create_graph=True)
    first = w.grad
    w.cleargrad()
    np.sum(first**2).backward()
    expected = grad(lambda w: np.sum(grad(total)(w, X) ** 2))(W)
    close(w.grad, expected)


def test_gradients_by_a_shared_variable_are_one_for_each_element():
    w = Variable(W)
    found = vmap(lambda x: gradients(loss(w, x), w)[0])(X)
    close(found, [grad(loss)(W, x) for x in X])
    doubled = w * 2.0  # a path that is the same for all
    found = vmap(lambda x: gradients(loss(doubled, x), w)[0])(X)
    close(found, [2 * grad(loss)(2 * W, x) for x in X])


def test_backward_inside_onto_something_shared_says_what_to_write():
    w = Variable(W)
    with pytest.raises(GradientError, match="inside vmap"):
        vmap(lambda x: loss(w, x).backward())(X)
    assert w.grad is None


def test_an_array_comes_out_where_nothing_is_connected():
    assert isinstance(vmap(lambda x: ops.sin(x))(X), np.ndarray)
    assert isinstance(vmap(lambda x: loss(W, x))(Variable(X)), Variable)


def test_the_gradient_of_something_shared_builds_no_outer_products(monkeypatch):
    from tinypt_core._batch.waiting import Product

    monkeypatch.setattr(Product, "data", property(lambda self: pytest.fail("was built")))
    f = lambda w: np.sum(vmap(lambda x: np.sin(x @ w))(X))  # noqa: E731
    close(grad(f)(W), X.T @ np.cos(X @ W))
    y = normal(5, 4, 3)  # each element a matrix
    g = lambda w: np.sum(vmap(lambda y: np.sin(y @ w))(y))  # noqa: E731
    close(grad(g)(W), np.sum(np.swapaxes(y, 1, 2) @ np.cos(y @ W), axis=0))


# -- what cannot run on a batch --------------------------------------------------------------------


class Branching(Function):
    """A stranger's operator: branches on its input, and its rule too."""

    def forward(self, x):
        return x**2 if x.sum() > 0 else x**3

    def backward(self, gy, x):
        return gy * 2 * x if np.sum(x) > 0 else gy * 3 * x**2


class Noting(Function):
    """In the textbook style; forward notes the side, and fills an array in place."""

    def forward(self, x):
        self.side = bool(x.sum() > 0)
        y = np.empty(x.shape)
        y[...] = x if self.side else -x
        return y

    def backward(self, gy):
        return gy if self.side else -gy


class BranchingRule(Function):
    """Only the rule branches."""

    def forward(self, x):
        return np.abs(x)

    def backward(self, gy, x):
        if (x == 0).any():
            return gy * np.where(x == 0, 0.5, np.sign(x))
        return gy * np.sign(x)


class Particular(Function):
    """Takes nothing but arrays of NumPy, and says so."""

    def forward(self, x):
        if type(x) is not np.ndarray:
            raise TypeError("an ndarray, please")
        return np.exp(x)

    def backward(self, gy, y):
        if not isinstance(gy, np.ndarray | Variable):
            raise TypeError("an ndarray, please")
        return gy * y


@pytest.mark.parametrize("op", [Branching, Noting, BranchingRule, Particular])
def test_a_strangers_operator_loops_and_so_does_its_rule(op):
    f = lambda x: np.sum(op()(x) * np.sin(x))  # noqa: E731
    x = normal(4, 3)
    x[1, 1] = 0
    close(vmap(lambda x: op()(x))(x), [op().forward(row) for row in x])
    close(vmap(grad(f))(x), [grad(f)(row) for row in x])
    outside = lambda z: np.sum(vmap(f)(z))  # noqa: E731
    close(grad(outside)(x), [grad(f)(row) for row in x])
    nested = vmap(vmap(grad(f)))(np.stack([x, 2 * x]))
    close(nested, [[grad(f)(row) for row in z] for z in (x, 2 * x)])
    assert vmap(grad(f)).report(x)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_in_a_loop_an_element_is_not_the_others_affair(bad):
    f = lambda x: np.sum(Branching()(x) * np.sin(x))  # noqa: E731
    x = normal(3, 2)
    x[1, 0] = bad
    with np.errstate(invalid="ignore"):
        outside = grad(lambda z: np.sum(vmap(f)(z)))(x)
        close(outside, [grad(f)(row) for row in x])
        close(vmap(hessian(f))(x), [hessian(f)(row) for row in x])
    assert np.isfinite(outside[[0, 2]]).all()


class Textbook(Function):
    """The rule reads the node, and branches on what it finds."""

    def forward(self, x, k):
        return x * k * np.exp(x)

    def backward(self, gy):
        x, k = self.inputs
        y = self.output
        return (
            gy * k * np.exp(x) + gy * y if np.sum(x) > 0 else gy * k * np.exp(x) * (1 + x)
        ), None


def test_a_rule_in_the_textbook_style_that_branches():
    f = lambda x: np.sum(Textbook()(x, 2.0) * x)  # noqa: E731
    g = lambda x: np.sum(2.0 * x * np.exp(x) * x)  # noqa: E731
    x = np.array([[1.0, 2.0], [-1.0, -3.0]])
    close(vmap(grad(f))(x), [grad(g)(row) for row in x])
    close(grad(lambda x: np.sum(vmap(f)(x)))(x), [grad(g)(row) for row in x])
    close(vmap(hessian(f))(x), [hessian(g)(row) for row in x])


class Shifted(Function):
    """A parameter that may be batched, which only the rule cannot take."""

    def __init__(self, k):
        self.k = k

    def forward(self, x):
        return x * self.k

    def backward(self, gy):
        return gy * (self.k if self.k > 0 else self.k + 0.0)


def test_a_rule_that_cannot_take_a_batched_parameter():
    k = np.array([2.0, -3.0])
    x = normal(2, 3)
    close(vmap(lambda x, k: grad(lambda x: np.sum(Shifted(k)(x)))(x))(x, k), k[:, None] + 0 * x)


def test_a_plain_function_of_operators_that_loops():
    x = normal(4, 5)
    f = lambda x: np.sum(np.nanvar(x) * x)  # noqa: E731
    close(vmap(grad(f))(x), [grad(f)(row) for row in x])
    with pytest.raises(TypeError, match="different shapes"):
        vmap(lambda x: np.trim_zeros(Variable(x)))(np.array([[0.0, 1.0], [1.0, 2.0]]))


def test_a_checkpoint_inside_and_outside():
    w = Variable(normal(3))
    f = lambda x: np.sum(np.sin(np.sin(w * x)) * x)  # noqa: E731
    g = checkpoint(f)
    close(vmap(grad(g))(X).data, vmap(grad(f))(X).data)
    close(vmap(hessian(g))(X).data, vmap(hessian(f))(X).data)
    expected = gradients(np.sum(vmap(f)(X)), w)[0]
    close(gradients(np.sum(vmap(g)(X)), w)[0], expected)
    x = Variable(X)
    close(gradients(np.sum(vmap(g)(x)), x)[0], gradients(np.sum(vmap(f)(x)), x)[0])
    outside = checkpoint(lambda x: np.sum(vmap(f)(x)))
    close(gradients(outside(x), w)[0], expected)


def test_the_second_derivative_of_an_operator_that_loops():
    f = lambda x: np.sum(Branching()(x) * x)  # noqa: E731
    g = lambda x: np.sum((x**2 if np.sum(x) > 0 else x**3) * x)  # noqa: E731
    x = np.array([[1.0, 2.0], [-1.0, -3.0]])
    close(vmap(hessian(f))(x), [hessian(g)(row) for row in x])


def test_a_variable_at_a_batched_index():
    i = np.array([2, 0, 2])
    f = lambda w: np.sum(vmap(lambda k: w[k] ** 2)(i))  # noqa: E731
    close(vmap(lambda k: Variable(W)[k])(i).data, W[i])
    close(grad(f)(W), grad(lambda w: np.sum(w[i] ** 2))(W))
    close(hessian(f)(W), hessian(lambda w: np.sum(w[i] ** 2))(W))


def test_an_empty_batch():
    assert vmap(lambda x: np.sin(x) @ W)(X[:0]).shape == (0, 2)
    with pytest.raises((ValueError, GradientError), match="empty batch"):
        vmap(Branching())(X[:0])


def test_what_is_wrong_anyway_raises_what_it_raises_for_one_element():
    with pytest.raises(ValueError, match="MatMul"):
        vmap(lambda x: Variable(x) @ np.ones((7, 2)))(X)

    class Wrong(Function):
        def forward(self, x):
            return x * 2

        def backward(self, gy):
            raise KeyError("wrong")

    with pytest.raises(GradientError, match=r"Wrong.*its rule failed"):
        vmap(grad(lambda x: np.sum(Wrong()(x))))(X)


def test_a_jacobian_of_an_operator_that_takes_no_batch():
    close(jacobian(Particular())(V), np.diag(np.exp(V)))


def test_jacobians_in_chunks():
    f = lambda x: np.outer(np.sin(x), x)  # noqa: E731
    x = normal(3)
    expected = np.stack([jvp(f, x, v)[1] for v in np.eye(3)], axis=-1)
    for chunk in (None, 1, 2, 4, 9, 20):
        close(jacobian(f, chunk=chunk)(x), expected)
        close(vmap(jacobian(f, chunk=chunk))(np.stack([x, x])), [expected, expected])
    close(hessian(lambda x: np.sum(f(x)), chunk=2)(x), jacobian(grad(lambda x: np.sum(f(x))))(x))


@pytest.mark.parametrize("shape", [(1500, 2), (2, 1500), (1500,)])
def test_the_jacobian_of_a_large_result_is_bounded_in_memory(shape, monkeypatch):
    import tracemalloc

    from tinypt_core._transforms import rows

    monkeypatch.setattr(rows, "LARGE", 30_000)
    w = normal(*shape)
    f = (lambda x: np.sin(x * w)) if len(shape) == 1 else (lambda x: np.sin(w @ x))
    x = np.ones(shape[1]) if len(shape) > 1 else np.array(1.0)
    expected = np.cos(w @ x)[:, None] * w if len(shape) > 1 else np.cos(w) * w
    jacobian(f)(x)
    tracemalloc.start()
    found = jacobian(f)(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    close(found, expected)
    assert peak < 5e6 < 8 * w.size**2  # bytes; the unit vectors alone would be the latter


# -- any composition -------------------------------------------------------------------------------

STEPS = [
    np.sin,
    lambda x: x * x[..., ::-1],
    lambda x: np.sum(x, axis=0, keepdims=True) + x,
    lambda x: x @ np.full((3, 3), 0.5),
    lambda x: np.swapaxes(np.swapaxes(x, 0, 1) * 2.0, 0, 1),
    lambda x: np.concatenate([x[1:], x[:1] ** 2]),
    lambda x: np.where(x > 0, x, np.exp(x)),
    lambda x: x / (1 + np.max(x**2)),
    lambda x: np.cumsum(x, axis=1),
    lambda x: np.reshape(np.transpose(x), (2, 3)) - np.mean(x),
    lambda x: np.einsum("ij,kj->ik", x, x) @ x,
]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, len(STEPS) - 1), min_size=1, max_size=4),
    st.tuples(st.integers(-3, 2), st.integers(-4, 3)),
)
def test_any_composition_nested_twice(steps, axes):
    """Value, gradient inside and gradient outside equal two loops."""

    def f(x):
        for k in steps:
            x = STEPS[k](x)
        return np.sum(np.tan(0.1 * x))

    inner, outer = axes
    a = 0.5 * np.moveaxis(normal(2, 2, 2, 3), 1, inner if inner < 0 else inner + 1)
    a = np.moveaxis(a, 0, outer)
    rows = [list(np.moveaxis(z, inner, 0)) for z in np.moveaxis(a, outer, 0)]
    both = lambda g: vmap(vmap(g, inner), outer)  # noqa: E731
    close(both(f)(a), [[f(Variable(x)).data for x in row] for row in rows])
    expected = np.array([[grad(f)(x) for x in row] for row in rows])
    close(both(grad(f))(a), expected)
    outside = grad(lambda z: np.sum(both(f)(z)))(a)
    found = np.moveaxis(np.moveaxis(outside, outer, 0), inner if inner < 0 else inner + 1, 1)
    close(found, expected)
