"""Trees have one canonical order: dict keys sorted. Another structure is refused."""

from collections import OrderedDict, namedtuple

import numpy as np
import pytest
from silently import Kind

from tinypt_core import GradientError, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp

kind = Kind()
STRUCTURE = r"(?i)key|structure|shape"
P = {"w": np.array(2.0), "b": np.array(3.0)}


def energy(p):
    return p["w"] ** 2 * p["b"]


def outputs(x):
    return {"speed": x**2, "angle": x**3}


@kind.right(want=4 * 3.0 * 1.0 + 4.0 * 10)  # 2wb·dw + w²·db
def a_tangent_with_its_keys_in_another_order():
    return jvp(energy, (P,), ({"b": 10.0, "w": 1.0},))[1]


@kind.right(want=[10 * 2 * 3.0 + 1 * 4.0, 10 * 4.0])  # H = [[2b, 2w], [2w, 0]], v = (10, 1)
def an_hvp_vector_in_another_order():
    found = hvp(energy, P, {"b": np.array(1.0), "w": np.array(10.0)})
    return [found["w"], found["b"]]


@kind.right(want=1 * 2 * 2.0 + 10 * 3 * 4.0)
def a_cotangent_in_another_order():
    _, pullback = vjp(outputs, np.array(2.0))
    return pullback({"angle": np.array(10.0), "speed": np.array(1.0)})[0]


@kind.right(want=4 * 3.0 * 1.0 + 4.0 * 10)
def a_tangent_as_an_ordered_dict():
    return jvp(energy, (OrderedDict(b=3.0, w=2.0),), (OrderedDict(w=1.0, b=10.0),))[1]


@kind.right(want=2 * 1.0 * 5.0 + 3 * 7.0)
def a_tangent_in_another_order_two_levels_down():
    def f(net):
        return net["layers"][0]["w"] ** 2 * 5.0 + net["layers"][0]["b"] * 3.0

    net = {"layers": [{"w": np.array(1.0), "b": np.array(2.0)}]}
    return jvp(f, (net,), ({"layers": [{"b": np.array(7.0), "w": np.array(1.0)}]},))[1]


@kind.right(want=[12.0, 4.0])
def a_function_that_rebuilds_its_argument_in_another_order():
    def f(p):
        return energy(dict(reversed(p.items())))

    found = vjp(f, P)[1](np.array(1.0))[0]
    tangent = jvp(f, (dict(reversed(P.items())),), (P,))[1]
    assert tangent == 12.0 * 2 + 4.0 * 3
    return [found["w"], found["b"]]


@kind.refused(STRUCTURE)
def a_tangent_with_another_key():
    return jvp(energy, (P,), ({"w": 1.0, "bias": 10.0},))


@kind.refused(STRUCTURE)
def an_hvp_vector_with_another_key():
    return hvp(energy, P, {"w": np.array(1.0), "c": np.array(1.0)})


@kind.refused(STRUCTURE)
def a_cotangent_with_another_key():
    return vjp(outputs, np.array(2.0))[1]({"angle": np.array(1.0), "phase": np.array(1.0)})


@kind.refused(STRUCTURE)
def a_tangent_that_is_a_list_where_a_dict_is_wanted():
    return jvp(energy, (P,), ([np.array(1.0), np.array(10.0)],))


@kind.refused(STRUCTURE)
def a_tangent_of_the_same_leaves_in_other_branches():
    def f(xs):
        return xs[0][0] * xs[0][1] * xs[1]

    return jvp(f, (((1.0, 2.0), 3.0),), ((1.0, (2.0, 3.0)),))


test_programs = kind.test()


# -- keeps working -------------------------------------------------------------------------------

Point = namedtuple("Point", "x y")


def test_results_have_the_keys_of_the_arguments():
    assert grad(energy)(P) == {"w": 12.0, "b": 4.0}
    value, slope = value_and_grad(energy)({"b": 3.0, "w": 2.0})
    assert (value, slope["w"], slope["b"]) == (12, 12, 4)
    assert jacobian(outputs)(2.0) == {"speed": 4.0, "angle": 12.0}
    h = hessian(energy)(P)
    assert (h["w"]["w"], h["w"]["b"], h["b"]["w"], h["b"]["b"]) == (6, 4, 4, 0)


def test_tuples_and_lists_of_numbers():
    assert jvp(lambda p: p[0] * p[1], ((2.0, 3.0),), ((1.0, 10.0),))[1] == 23
    assert jvp(lambda p: p.x * p.y if hasattr(p, "x") else p[0] * p[1], (Point(2.0, 3.0),),
               (Point(1.0, 10.0),))[1] == 23  # fmt: skip


def test_a_missing_or_additional_key_is_refused():
    for wrong in ({"w": 1.0}, {"w": 1.0, "b": 1.0, "c": 1.0}):
        with pytest.raises((GradientError, TypeError), match=STRUCTURE):
            jvp(energy, (P,), (wrong,))
