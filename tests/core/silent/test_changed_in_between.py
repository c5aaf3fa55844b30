"""What changes between forward and backward: the gradient of the values used, or an error."""

from types import SimpleNamespace

import numpy as np
import pytest
from silently import CHANGED, Kind, agree, right_or_refused

from tinypt_core import (
    Function,
    GradientError,
    Variable,
    detect_anomaly,
    gradients,
    profile,
    vjp,
)

kind = Kind()
X = np.array([1.0, 2.0, 3.0])


def leaf():
    return Variable(X.copy())


def gradient(y, x):
    y.backward()
    return x.grad


@kind.either(CHANGED, want=2 * X)
def a_parameter_moved_by_an_optimiser_too_early():
    x = leaf()
    y = np.sum(x * x)
    x.data -= 5
    return gradient(y, x)


@kind.either(CHANGED, want=3 * X**2)
def a_parameter_overwritten_in_place():
    x = leaf()
    y = np.sum(x**3)
    x.data[:] = 0
    return gradient(y, x)


@kind.either(CHANGED, want=np.cos(X))
def a_parameter_clipped_with_out():
    x = leaf()
    y = np.sum(np.sin(x))
    np.clip(x.data, 0, 1, out=x.data)
    return gradient(y, x)


@kind.either(CHANGED, want=X)
def a_second_loss_after_the_step():
    """Two losses share their first layer; the step between them changes it."""
    x = leaf()
    h = x * x
    first, second = np.sum(h), np.sum(h) / 2
    first.backward()
    x.data -= 0.1 * x.grad
    x.cleargrad()
    return gradient(second, x)


@kind.either(CHANGED, want=0.0 + 1 + 2 + 3)
def a_buffer_filled_anew_at_every_step():
    x = Variable(np.array([0.5, 0.5]))
    buffer, loss = np.zeros(2), 0.0
    for t in range(4):
        buffer[:] = t
        loss = loss + np.sum(x * buffer)
    return gradient(loss, x)[0]


@kind.either(CHANGED, want=[0.0, 0.0, 1.0])
def an_index_array_moved_on():
    x, i = leaf(), np.array([2])
    y = np.sum(x[i])
    i -= 1
    return gradient(y, x)


@kind.either(CHANGED, want=[1.0, 0.0, 1.0])
def an_index_list_that_grows():
    x, rows = leaf(), [0, 2]
    y = np.sum(x[rows])
    rows[0] = 1
    return gradient(y, x)


@kind.either(CHANGED, want=[1.0, 0.0, 1.0])
def a_mask_flipped():
    x, mask = leaf(), np.array([True, False, True])
    y = np.sum(np.where(mask, x, 0.0))
    np.logical_not(mask, out=mask)
    return gradient(y, x)


@kind.either(CHANGED, want=[1.0, 0.0, 1.0])
def a_mask_as_an_index():
    x, mask = leaf(), np.array([True, False, True])
    y = np.sum(x[mask])
    mask[:] = [False, True, True]
    return gradient(y, x)


@kind.either(CHANGED, want=[2.0, 1.0, 3.0])
def repeats_counted_down():
    x, repeats = leaf(), np.array([2, 1, 3])
    y = np.sum(np.repeat(x, repeats))
    repeats[:] = [1, 1, 4]
    return gradient(y, x)


@kind.either(CHANGED, want=[3.0, 1.0, 2.0])
def an_order_of_indices_shuffled():
    x, order = leaf(), np.array([1, 2, 0])
    y = np.sum(np.take(x, order) * np.array([1.0, 2.0, 3.0]))
    order[:] = [0, 1, 2]
    return gradient(y, x)


@kind.either(CHANGED, want=np.exp(X))
def an_output_normalised_for_display():
    x = leaf()
    h = np.exp(x)
    y = np.sum(h)
    picture = h.data
    picture /= picture.max()
    return gradient(y, x)


@kind.either(CHANGED, want=np.exp(X))
def a_view_of_an_output():
    x = leaf()
    h = np.exp(x)
    y = np.sum(h)
    h.data[1:][:] = 0
    return gradient(y, x)


@kind.either(CHANGED, want=np.exp(X))
def a_reshaped_output_written_into():
    x = leaf()
    y = np.exp(x)
    np.reshape(y, (3, 1)).data[0] = 9.0
    return gradient(np.sum(y), x)


@kind.either(CHANGED, want=np.exp(X))
def a_part_of_an_output_scaled():
    x = leaf()
    y = np.exp(x)
    part = y[1:]
    part.data[...] *= 2
    return gradient(np.sum(y), x)


class Scaled(Function):
    """A stranger's operator whose parameter is an object or a set."""

    def __init__(self, rates):
        self.rates = rates

    def rate(self):
        return sum(self.rates if isinstance(self.rates, set) else vars(self.rates).values())

    def forward(self, x):
        return self.rate() * x

    def backward(self, gy):
        return gy * self.rate()


@kind.either(CHANGED, want=np.full(3, 3.0))
def settings_on_an_object():
    x, settings = leaf(), SimpleNamespace(a=1.0, b=2.0)
    y = np.sum(Scaled(settings)(x))
    settings.a = 5.0
    return gradient(y, x)


@kind.either(CHANGED, want=np.full(3, 3.0))
def a_set_that_grows():
    x, rates = leaf(), {1.0, 2.0}
    y = np.sum(Scaled(rates)(x))
    rates.add(5.0)
    return gradient(y, x)


@kind.either(CHANGED, want=[6.0, 12.0, 18.0])
def a_change_before_the_second_derivative():
    x = leaf()
    (slope,) = gradients(np.sum(x**3), x, create_graph=True)
    x.data -= 1
    return gradients(np.sum(slope), x)[0]


@kind.either(CHANGED, want=[1.0, 2.0, 3.0])
def a_constant_changed_before_a_pullback():
    weights = X.copy()
    _, pullback = vjp(lambda x: np.sum(x * weights), np.ones(3))
    weights *= 10
    return pullback(np.array(1.0))[0]


@kind.either(CHANGED, want=np.full(3, 2.0))
def a_matrix_reused_by_a_solver():
    a, x = np.eye(3) * 2, leaf()
    y = np.sum(a @ x)
    a[:] = 0
    return gradient(y, x)


@kind.either(CHANGED, want=np.full(200_000, 2.0))
def a_large_buffer_scaled():
    x, buffer = Variable(np.ones(200_000)), np.full(200_000, 2.0)
    y = np.sum(x * buffer)
    buffer *= 3
    return gradient(y, x)


@kind.either(CHANGED, want=np.full(200_000, 2.0))
def a_large_parameter_moved():
    x = Variable(np.ones(200_000))
    y = np.sum(x * x)
    x.data -= 0.5
    return gradient(y, x)


test_programs = kind.test()


# -- keeps working -------------------------------------------------------------------------------

keeps = Kind()


@keeps.either(CHANGED, want=np.array(10.0))
def a_scalar_parameter():
    x = Variable(np.array(5.0))
    y = x * x
    x.data -= 1.0
    return gradient(y, x)


test_keeps_working = keeps.test()


def train(step):
    """The tutorial's loop: y is still alive while the parameter moves."""
    x = Variable(np.array([3.0, -2.0]))
    for _ in range(100):
        y = np.sum(x * x)
        x.cleargrad()
        y.backward()
        step(x)
    return x.data, y


@pytest.mark.parametrize("inplace", [False, True])
def test_gradient_descent_with_the_loss_alive(inplace):
    def step(x):
        if inplace:
            x.data -= 0.1 * x.grad
        else:
            x.data = x.data - 0.1 * x.grad

    found, _ = train(step)
    np.testing.assert_allclose(found, 0, atol=1e-8)


def test_momentum_in_buffers_of_the_optimiser():
    velocity = np.zeros(2)

    def step(x):
        nonlocal velocity
        velocity *= 0.5
        velocity -= 0.05 * x.grad
        x.data += velocity

    found, _ = train(step)
    np.testing.assert_allclose(found, 0, atol=1e-4)


def test_a_scalar_moved_and_used_again():
    x = Variable(np.array(4.0))
    for _ in range(60):
        y = x * x
        x.cleargrad()
        y.backward()
        x.data -= 0.2 * x.grad
    assert abs(x.data) < 1e-6


def test_another_array_for_the_data_leaves_the_old_graph_right():
    x = leaf()
    y = np.sum(x * x)
    x.data = X + 10
    right_or_refused(lambda: gradient(y, x), lambda: 2 * X, CHANGED, False, 1e-9, "it")


def test_a_buffer_changed_after_backward():
    x, buffer = Variable(np.array([1.0, 1.0])), np.zeros(2)
    for t in range(3):
        buffer[:] = t
        x.cleargrad()
        agree(gradient(np.sum(x * buffer), x), [t, t], 0)


def test_what_no_rule_needs_may_change():
    x, buffer = leaf(), np.ones(3)
    y = np.sum(x + buffer)
    buffer[:] = 0
    assert gradient(y, x).tolist() == [1, 1, 1]


def test_a_gradient_may_be_changed_in_place():
    x = leaf()
    y = np.sum(x * x)
    y.backward(retain_grad=True)
    x.grad *= 0.5
    np.testing.assert_array_equal(gradients(np.sum(x * x), x)[0], 2 * X)


def test_a_parameter_of_a_class_whose_base_has_had_one_before():
    """What a class has settled about its rule is not settled for those that inherit from it."""

    class Scaled(Function):
        def __init__(self, k):
            self.k = k

        def forward(self, x):
            return x * np.sum(self.k)

        def backward(self, gy, x):
            return gy * np.sum(self.k)

    class Again(Scaled):
        pass

    x = Variable(np.ones(3))
    Again.apply(x, 2.0).backward()
    Scaled.apply(x, np.ones(2)).backward()
    k = np.ones(2)
    y = Again.apply(x, k)
    k[0] = 5.0
    with pytest.raises(GradientError, match=r"Again.* was changed in place"):
        y.backward()


@pytest.mark.parametrize("view", [lambda b: b, lambda b: b[::-1], lambda b: b.reshape(40, 10)])
def test_an_output_that_is_its_second_input_or_a_view_of_it(view):
    """An array of a leaf is watched only where an output turns out to lie in its memory."""

    class Second(Function):
        keeps_nothing = True

        def forward(self, a, b):
            return view(b)

        def backward(self, gy):
            return None, view(gy.reshape(400)).reshape(400)

    data = np.linspace(0.1, 1.0, 400).copy()  # which is a view of nothing
    y = np.sum(np.sin(Second.apply(Variable(np.ones(400)), Variable(data))))
    data[0] = 5.0
    with pytest.raises(GradientError, match="was changed in place"):
        y.backward()


class Leaky(Function):
    def __init__(self, slope):
        self.slope = slope

    def forward(self, x):
        return np.where(x > 0, x, self.slope * x)

    def backward(self, gy, x):
        return np.where(x > 0, gy, self.slope * gy)


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_parameter_set_anew(create_graph):
    x, f = Variable(np.array([-1.0, 2.0])), Leaky(0.1)
    y = np.sum(f(x))
    f.slope = 0.5
    with pytest.raises(GradientError, match=r"slope of Leaky .* set anew .* another instance"):
        y.backward(create_graph=create_graph)
    assert x.grad is None


def test_a_parameter_set_anew_after_the_pass_or_for_another_call():
    x, f = Variable(np.array([-1.0, 2.0])), Leaky(0.1)
    first, second = f(x), f(x)  # of the second call a twin remembers the slope
    np.sum(first).backward()
    f.slope = 0.5
    np.sum(second).backward()
    np.testing.assert_array_equal(x.grad, [0.2, 2.0])
    x.cleargrad()
    np.sum(f(x)).backward()
    np.testing.assert_array_equal(x.grad, [0.5, 1.0])


def test_a_parameter_that_is_computed_at_every_look():
    class Scaled(Function):
        def __init__(self, factor):
            self._factor = factor

        @property
        def factor(self):
            return self._factor * np.ones(2)

        def forward(self, x):
            return self.factor * x

        def backward(self, gy):
            return self.factor * gy

    x = Variable(np.array([1.0, 2.0]))
    np.sum(Scaled(3.0)(x)).backward()
    np.testing.assert_array_equal(x.grad, [3.0, 3.0])


@pytest.mark.parametrize("change", ["in place", "anew"])
@pytest.mark.parametrize("look", [profile, detect_anomaly])
def test_a_parameter_changed_where_something_looks_on(change, look):
    slope = np.array(0.1)
    x, f = Variable(np.array([-1.0, 2.0])), Leaky(slope)
    y = np.sum(f(x))
    if change == "anew":
        f.slope = 0.5
    else:
        slope[...] = 0.5
    with look(), pytest.raises(GradientError, match=change):
        y.backward()
    assert x.grad is None
