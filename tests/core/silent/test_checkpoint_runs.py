"""A checkpoint whose second run gives other values: restored and right, or it raises."""

import itertools
import random
import re

import numpy as np
import pytest
from silently import CHANGED

from tinypt_core import TinyptError, Variable, checkpoint, grad, gradients

X = np.array([1.0, 2.0, 3.0, 4.0])
ADVICE = r"(?is)(again|twice|second|another|other|same|differ).*(random|same|chang|outside|seed)"


def shuffled():
    rng = np.random.default_rng(0)
    return lambda x: x[rng.permutation(4)] ** 2 + 0.0 * x


def paired_noise():
    """+e and -e: the sum of the output is the same both times."""
    rng = np.random.default_rng(0)

    def f(x):
        e = rng.normal() * x[0] * x[1]
        return np.stack([e, -e, x[2] ** 2, x[3] ** 2])

    return f


def rolled():
    shift = itertools.count()
    return lambda x: np.roll(x, next(shift)) ** 2


def choice_by_the_global_generator():
    """Two units of four, all alike, are kept."""
    keep = np.array([1.0, 1.0, 0.0, 0.0])
    return lambda x: np.sum(x**2) * np.random.permutation(keep)


def signs_of_python_random():
    """Signs that cancel in the sum of the outputs of equal inputs."""

    def f(x):
        signs = [1.0, 1.0, -1.0, -1.0]
        random.shuffle(signs)
        return np.sum(x**2) * np.array(signs)

    return f


def weights_swapped():
    w = Variable(np.array([1.0, 2.0, 3.0, 4.0]))

    def f(x):
        y = w * x[0] * x[1]
        w.data = w.data[::-1].copy()
        return y

    return f


def a_list_of_layers_that_changes():
    layers = [np.sin, np.cos]

    def f(x):
        y = np.stack([layer(x[0]) for layer in layers] * 2)
        layers.reverse()
        return y

    return f


def running_statistics():
    state = {"n": 0.0}

    def f(x):
        state["n"] += 1.0
        y = x * x * state["n"]
        return np.concatenate([y, -y])

    return f


def data_from_an_iterator():
    batches = iter([np.array([1.0, -1.0, 1.0, -1.0]), np.array([-1.0, 1.0, -1.0, 1.0])] * 9)
    return lambda x: np.ones(4) * np.sum(x) + next(batches) * x[0] * x[1]


def several_outputs_exchanged():
    flip = itertools.cycle([False, True])

    def f(x):
        a, b = np.stack([x[0], x[1] ** 2]), np.stack([x[1] ** 2, x[0]])
        return (b, a) if next(flip) else (a, b)

    return f


PROGRAMS = [
    shuffled,
    paired_noise,
    rolled,
    choice_by_the_global_generator,
    signs_of_python_random,
    weights_swapped,
    a_list_of_layers_that_changes,
    running_statistics,
    data_from_an_iterator,
    several_outputs_exchanged,
]
WEIGHTS = np.arange(1.0, 9.0)


def loss(y):
    parts = y if isinstance(y, tuple) else (y,)
    return sum(np.sum(part * WEIGHTS[: part.size] * (k + 1)) for k, part in enumerate(parts))


def plain_gradient(x, f):
    return gradients(loss(f(x)), x)[0]


def second_derivative(x, f):
    (slope,) = gradients(loss(f(x)), x, create_graph=True)
    return gradients(np.sum(slope), x)[0]


def by_backward(x, f):
    loss(f(x)).backward()
    return x.grad


def by_grad(x, f):
    return grad(lambda x: loss(f(x)))(x.data)


@pytest.mark.parametrize("make", PROGRAMS, ids=lambda f: f.__name__)
def test_programs(make):
    for way in (plain_gradient, by_backward, by_grad, second_derivative):
        seed()
        want = way(Variable(X.copy()), make())
        seed()
        try:
            found = way(Variable(X.copy()), checkpoint(make()))
        except (TinyptError, TypeError) as error:
            assert matches(str(error)), error  # noqa: PT017
        else:
            np.testing.assert_allclose(found, want, err_msg=f"{way.__name__}: silently wrong")


def matches(text):
    return re.search(ADVICE, text) or re.search(CHANGED, text)


def seed():
    random.seed(5)
    np.random.seed(5)


def test_a_parameter_replaced_between_the_runs():
    """The outputs' sum is that of the first run: only comparing all of them sees it."""
    x, w = Variable(X.copy()), Variable(np.array([1.0, -1.0, 1.0, -1.0]))
    y = checkpoint(lambda x: x * 0.0 + w * x[0])(x)
    w.data = -w.data
    try:
        (found,) = gradients(loss(y), x)
    except (TinyptError, TypeError) as error:
        assert matches(str(error))  # noqa: PT017
    else:
        np.testing.assert_allclose(found, [1 - 2 + 3 - 4, 0, 0, 0])


# -- keeps working -------------------------------------------------------------------------------


def test_a_seed_inside_makes_both_runs_alike():
    def f(x):
        keep = np.random.default_rng(3).random(4) < 0.5
        return x * x * keep

    x = Variable(X.copy())
    want = gradients(loss(f(x)), x)[0]
    np.testing.assert_array_equal(gradients(loss(checkpoint(f)(x)), x)[0], want)


def test_what_a_sum_can_see_is_seen_as_before():
    rng = np.random.default_rng(0)
    x = Variable(X.copy())
    y = checkpoint(lambda x: x * x * (rng.random(4) < 0.5))(x)
    with pytest.raises(TinyptError) as caught:
        gradients(loss(y), x)
    assert matches(str(caught.value))


def test_nan_in_both_runs_is_the_same():
    x = Variable(np.array([-1.0, 4.0, 1.0, 1.0]))
    with np.errstate(invalid="ignore"):
        (found,) = gradients(np.sum(checkpoint(np.sqrt)(x)[1:]), x)
    assert found[1] == 0.25
