"""The loop: order, pruning, length, memory."""

import contextlib
import gc
import time
import weakref

import numpy as np
import pytest
from tinypt_core.ops import exp, sin

from tinypt_core import Function, GradientError, Variable, gradients, no_grad


def test_gradients_gives_one_per_input_and_leaves_grad_alone():
    x0, x1, other = (Variable(np.array(v)) for v in (2.0, 3.0, 4.0))
    y = x0 * x1
    found = gradients(y, (x0, x1, other))
    assert found == (3, 2, 0)
    assert all(type(g) is np.ndarray for g in found)
    assert gradients(y, x0) == (3,)
    assert gradients(y, [y, x0, x0]) == (1, 3, 3)
    assert {v.grad for v in (x0, x1, other, y)} == {None}


def test_gradients_of_several_outputs_with_weights():
    x = Variable(np.array([1.0, 2.0]))
    y0, y1 = x * x, sin(x)
    (g,) = gradients([y0, y1], x, [np.array([1.0, 0.0]), Variable(np.array([0.0, 1.0]))])
    np.testing.assert_allclose(g, [2, np.cos(2)])
    (g,) = gradients([y0, y0], x)
    np.testing.assert_array_equal(g, [4, 8])
    (g,) = gradients([y0, x], x)  # one output is behind another
    np.testing.assert_array_equal(g, [3, 5])


def test_gradients_by_intermediates_are_total():
    x = Variable(np.array(2.0))
    a = x * x
    y = a * x
    assert gradients(y, (a, x)) == (2, 12)


def test_gradients_misuse():
    x = Variable(np.array([1.0, 2.0]))
    y = x * x
    with pytest.raises(GradientError, match=r"shape \(3,\), not \(2,\)"):
        gradients(y, x, np.ones(3))
    with pytest.raises(GradientError, match="1 outputs, but 2 grad_outputs"):
        gradients(y, x, [np.ones(2), np.ones(2)])
    with pytest.raises(GradientError, match="floating point"):
        gradients(y, Variable(np.array([1, 2])))
    with pytest.raises(TypeError, match="not a Variable"):
        gradients(y, np.ones(2))
    with pytest.raises(TypeError, match="not a Variable"):
        gradients(np.ones(2), x)


def test_grad_of_the_output_is_the_weight():
    x = Variable(np.array([1.0, 2.0]))
    y = x * x
    y.grad = np.array([1.0, 10.0])
    y.backward()
    np.testing.assert_array_equal(x.grad, [2, 40])


def test_only_paths_to_the_requested_inputs_are_walked():
    pulled = []

    class Watch(Function):
        def __init__(self, name):
            self.name = name

        def forward(self, x):
            return x * 1

        def backward(self, gy):
            pulled.append(self.name)
            return gy

    a, b = Variable(np.array(1.0)), Variable(np.array(2.0))
    y = Watch("a")(a) * Watch("b")(b) + Watch("b")(Watch("b")(b))
    gradients(y, a)
    assert pulled == ["a"]
    pulled.clear()
    gradients(y, a, create_graph=True)
    assert pulled == ["a"]


def test_create_graph_records_only_what_depends_on_a_variable():
    x = Variable(np.array(2.0))
    (g,) = gradients(3 * x, x, create_graph=True)
    assert g.data == 3
    (zero,) = gradients(g, x, create_graph=True)
    assert zero.data == 0


def test_the_same_place_reached_in_many_ways():
    x = Variable(np.array(1.5))
    y = x
    for _ in range(60):
        y = y + y
    start = time.perf_counter()
    y.backward()
    assert time.perf_counter() - start < 1
    assert x.grad == 2.0**60
    x.cleargrad()
    y.backward(create_graph=True)
    assert x.grad.data == 2.0**60


def test_a_wide_graph_is_linear():
    def seconds(n):
        x = Variable(np.array(1.0))
        y = sum(x * float(i) for i in range(n))
        start = time.perf_counter()
        y.backward()
        return time.perf_counter() - start, float(x.grad)

    assert seconds(4000)[1] == 4000 * 3999 / 2
    small = min(seconds(2000)[0] for _ in range(3))
    large = min(seconds(16_000)[0] for _ in range(3))
    assert large < 8 * small * 4  # quadratic would be 64 times


def test_a_chain_of_a_million_ops_runs_and_is_freed_without_recursion():
    x = Variable(np.array(0.5))
    y = x
    for _ in range(1_000_000):
        y = y + 1e-6
    assert float(y.data) == pytest.approx(1.5)
    y.backward()
    assert x.grad == 1
    first = weakref.ref(x._edge)
    del y
    x.cleargrad()
    assert first() is not None
    node = weakref.ref(x._edge)
    del x
    assert node() is None


def test_a_long_chain_under_create_graph():
    x = Variable(np.array(0.5))
    y = x
    for _ in range(20_000):
        y = sin(y) * 1.0001
    (g,) = gradients(y, x, create_graph=True)
    (second,) = gradients(g, x)
    assert np.isfinite(second)
    del y, g


# -- memory --------------------------------------------------------------------------------------


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _graph(x):
    h = exp(sin(x) * x)
    return np.sum(h * h + sin(h)), [weakref.ref(h._edge), weakref.ref(h.data)]


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("differentiate", [False, True])
def test_dropping_the_output_frees_the_graph(no_collector, create_graph, differentiate):
    x = Variable(np.ones(1000))
    y, watched = _graph(x)
    watched.append(weakref.ref(y._edge))
    if differentiate:
        y.backward(create_graph=create_graph)
        if create_graph:
            watched.append(weakref.ref(x.grad._edge))
    del y
    x.cleargrad()
    assert [w() for w in watched] == [None] * len(watched)


def test_dropping_everything_frees_a_recorded_gradient(no_collector):
    x = Variable(np.ones(1000))
    y, watched = _graph(x)
    y.backward(create_graph=True)
    watched += [weakref.ref(x._edge), weakref.ref(x.data), weakref.ref(x.grad._edge)]
    del x, y
    assert [w() for w in watched] == [None] * len(watched)


def test_gradients_leaves_nothing_behind(no_collector):
    x = Variable(np.ones(1000))
    y, watched = _graph(x)
    (g,) = gradients(y, x, create_graph=True)
    (second,) = gradients(np.sum(g * g), x, create_graph=True)
    watched += [weakref.ref(g._edge), weakref.ref(second._edge)]
    del y, g, second
    assert [w() for w in watched] == [None] * len(watched)


def test_a_failing_rule_leaves_nothing_behind(no_collector):
    class Fails(Function):
        def forward(self, x):
            return x * 1

        def backward(self, gy):
            raise ValueError("no")

    x = Variable(np.ones(1000))
    y, watched = _graph(Fails()(x))
    with contextlib.suppress(GradientError):
        y.backward()
    del y
    gc.collect()  # tracebacks have cycles of their own
    assert [w() for w in watched] == [None] * len(watched)


def test_add_keeps_no_operand(no_collector):
    x = Variable(np.ones(1000))
    a, b = x * 2.0, x * 3.0
    watched = [weakref.ref(a.data), weakref.ref(b.data)]
    y = a + b
    del a, b
    assert [w() for w in watched] == [None, None]
    y.backward()
    assert x.grad[0] == 5


def test_what_a_rule_does_not_ask_for_is_not_kept(no_collector):
    x = Variable(np.ones(1000))
    a = x * 2.0
    watched = weakref.ref(a.data)
    y = exp(a)  # asks for y only
    del a
    assert watched() is None
    y.backward()
    np.testing.assert_allclose(x.grad, 2 * np.exp(2))


def test_no_grad_keeps_nothing(no_collector):
    x = Variable(np.ones(1000))
    with no_grad():
        a = sin(x)
        watched = weakref.ref(a.data)
        y = a * a
        del a
        assert watched() is None
    assert y.creator is None


def test_a_dropped_variable_is_freed_though_the_graph_lives(no_collector):
    x = Variable(np.ones(3))
    w = Variable(np.ones(3))
    dropped = weakref.ref(w)
    y = x + w
    del w
    assert dropped() is None
    y.backward()
    np.testing.assert_array_equal(x.grad, 1)
