"""A copy in the middle of a computation that is being differentiated is refused."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest
from silently import TRANSFORMS, Kind

from tinypt_core import TinyptError, Variable, grad

kind = Kind()
INSTEAD = r"\.copy\(\)|detach"


@dataclasses.dataclass
class Body:
    position: object
    velocity: object


class Layer:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def __call__(self, x):
        return np.tanh(self.weight * x + self.bias)


@kind.refused(INSTEAD, at=1.5, ways=TRANSFORMS)
def a_shallow_copy_of_the_argument(x):
    return copy.copy(x) * x


@kind.refused(INSTEAD, at=[1.5, 0.4], ways=TRANSFORMS)
def a_deep_copy_of_the_argument(x):
    return np.sum(copy.deepcopy(x) ** 2 * x)


@kind.refused(INSTEAD, at=[1.5, 0.4])
def the_state_before_a_step(x):
    state = {"q": x[0], "p": x[1]}
    before = copy.deepcopy(state)
    state["q"] = state["q"] + 0.1 * state["p"]
    return state["q"] * before["q"] - before["p"] ** 2


@kind.refused(INSTEAD, at=[1.5, 0.4])
def a_model_copied_with_its_weights(x):
    layer = Layer(x[0] * 2.0, x[1] * 1.0)
    target = copy.deepcopy(layer)
    return layer(0.3) * target(0.7)


@kind.refused(INSTEAD, at=[1.5, 0.4])
def a_round_trip_through_pickle(x):
    y = x * x
    return np.sum(pickle.loads(pickle.dumps(y)) * x)


@kind.refused(INSTEAD, at=[1.5, 0.4])
def a_dataclass_as_a_dict(x):
    body = dataclasses.asdict(Body(x[0] ** 2, x[1] ** 3))
    return body["position"] * body["velocity"]


@kind.refused(INSTEAD, at=[1.5, 0.4])
def a_dataclass_as_a_tuple(x):
    position, velocity = dataclasses.astuple(Body(x[0] ** 2, x[1] ** 3))
    return position * velocity * x[0]


@kind.refused(INSTEAD, at=[1.5, 0.4])
def best_so_far_is_remembered(x):
    best = copy.copy(x[0] * x[1])
    for k in (2.0, 3.0):
        candidate = k * x[0] * x[1]
        best = best + copy.copy(candidate)
    return best


@kind.refused(INSTEAD, at=[1.5, 0.4])
def a_list_sent_to_a_worker(x):
    jobs = pickle.dumps([v**2 for v in x])
    return sum(v * x[0] for v in pickle.loads(jobs))


test_programs = kind.test()


def test_both_orders_of_a_nested_transform_refuse():
    with pytest.raises((TypeError, TinyptError), match=INSTEAD):
        grad(lambda x: x * grad(lambda z: copy.deepcopy(z) * z)(x))(2.0)


# -- keeps working -------------------------------------------------------------------------------


def test_leaves_are_saved_and_copied():
    w = Variable(np.array([1.0, 2.0]), name="w")
    np.sum(w * w).backward()
    for twin in (copy.copy(w), copy.deepcopy(w), pickle.loads(pickle.dumps(w))):
        assert twin.data.tolist() == [1, 2]
        assert twin.grad.tolist() == [2, 4]
        assert (twin.name, twin.creator) == ("w", None)


def test_a_model_of_leaves_is_copied_between_steps():
    layer = Layer(Variable(np.array(0.5)), Variable(np.array(0.1)))
    layer(0.3).backward()
    twin = copy.deepcopy(layer)
    layer.weight.data -= layer.weight.grad
    assert twin.weight.data == 0.5


def test_the_copy_method_stays_connected():
    assert grad(lambda x: x.copy() * x)(3.0) == 6
    assert grad(lambda x: np.copy(x) * x if hasattr(np, "copy") else x * x)(3.0) == 6


def test_a_copy_of_something_detached():
    y = Variable(np.array(2.0)) * 3
    assert copy.deepcopy(y.detach()).data == 6
    assert pickle.loads(pickle.dumps(y.detach())).data == 6
