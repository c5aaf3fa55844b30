"""backward() where nothing was recorded, misplaced arguments, gradients of a wrong shape."""

import numpy as np
import pytest
from silently import Kind

from tinypt_core import Config, GradientError, Variable, gradients, no_grad, using_config

kind = Kind()
RECORD = r"(?i)no_grad|record|nothing"
KEYWORD = r"(?i)retain_grad=|positional|keyword|\.grad = "
SHAPE = r"(?is)shape.*\(3,\)|\(3,\).*shape"


def leaf(*values):
    return Variable(np.array(values[0] if len(values) == 1 else values))


@kind.refused(RECORD)
def a_loss_evaluated_under_no_grad():
    w = leaf(1.0, 2.0)
    with no_grad():
        loss = np.sum(w * w)
    return loss.backward()


@kind.refused(RECORD)
def a_training_step_in_a_wrong_block():
    w = leaf(1.0, 2.0)
    with no_grad():
        loss = np.sum((w - 1.0) ** 2)
        loss.backward()
    return w.grad


@kind.refused(RECORD)
def recording_switched_off_by_config():
    w = leaf(3.0)
    with using_config("enable_backprop", False):
        y = w * 2
    return y.backward(create_graph=True)


@kind.refused(RECORD)
def a_detached_loss():
    w = leaf(1.0, 2.0)
    return np.sum(w * w).detach().backward()


@kind.refused(RECORD)
def a_loss_cut_by_unchain():
    w = leaf(1.0, 2.0)
    loss = np.sum(w * w)
    loss.unchain()
    return loss.backward()


@kind.refused(RECORD)
def retain_grad_of_nothing():
    with no_grad():
        y = leaf(1.0, 2.0) * 2
    return y.backward(retain_grad=True)


@kind.refused(KEYWORD)
def a_weight_as_the_first_argument():
    return (leaf(2.0) * 3).backward(np.array(2.0))


@kind.refused(KEYWORD)
def a_vector_of_weights_as_the_first_argument():
    return (leaf(1.0, 2.0) * 3).backward(np.array([1.0, 0.0]))


@kind.refused(KEYWORD)
def flags_by_position():
    return (leaf(2.0) ** 3).backward(False, True)


@kind.refused(KEYWORD)
def a_single_flag_by_position():
    return (leaf(2.0) ** 3).backward(True)


@kind.refused(SHAPE)
def a_gradient_of_another_shape():
    x = leaf(1.0, 2.0, 3.0)
    x.grad = np.ones(2)
    return x.grad


@kind.refused(SHAPE)
def a_scalar_gradient_of_a_vector():
    x = leaf(1.0, 2.0, 3.0)
    x.grad = np.array(1.0)
    return x.grad


@kind.refused(SHAPE)
def a_recorded_gradient_of_another_shape():
    x = leaf(1.0, 2.0, 3.0)
    x.grad = leaf(1.0, 2.0) * 2
    return x.grad


@kind.refused(SHAPE)
def gradients_clipped_by_an_optimiser_into_one_vector():
    x = leaf(1.0, 2.0, 3.0)
    np.sum(x * x).backward()
    x.grad = np.concatenate([x.grad, x.grad])
    return x.grad


test_programs = kind.test()


# -- keeps working -------------------------------------------------------------------------------

keeps = Kind()


@keeps.refused(SHAPE)
def a_column_for_a_row():
    y = leaf(1.0, 2.0, 3.0) * 2
    y.grad = np.ones((3, 1))
    return y.backward()


test_keeps_working = keeps.test()


def test_backward_under_no_grad_of_what_was_recorded_before():
    w = leaf(1.0, 2.0)
    loss = np.sum(w * w)
    with no_grad():
        loss.backward()
    assert w.grad.tolist() == [2, 4]


def test_a_weight_in_grad_and_flags_by_keyword():
    x = leaf(1.0, 2.0)
    y = x * 3
    y.grad = np.array([1.0, 10.0])
    y.backward(retain_grad=True)
    assert x.grad.tolist() == [3, 30]
    z = leaf(2.0)
    (z**3).backward(create_graph=True)
    assert isinstance(z.grad, Variable)


def test_a_gradient_of_the_right_shape_is_accepted():
    x = leaf(1.0, 2.0, 3.0)
    x.grad = np.ones(3)
    np.sum(x * x).backward()
    assert x.grad.tolist() == [3, 5, 7]
    x.grad = None
    assert x.grad is None
    x.grad = leaf(1.0, 2.0, 3.0)
    assert x.grad.shape == (3,)


def test_gradients_of_what_does_not_depend_are_zero_or_refused():
    x, y = leaf(2.0), leaf(3.0)
    try:
        assert gradients(y * 2, x)[0] == 0
    except GradientError:
        pytest.fail("an input that the output does not depend on has gradient 0")
    assert Config.enable_backprop
