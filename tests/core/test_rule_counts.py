"""A pass runs each rule once; a stretch that refuses half-way runs its rules once more at most.

An engine may run a rule on parts of large arrays; what counts is how much it runs in all, in
calls on whole arrays.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinypt_core import Function, Variable, gradients, no_grad

SIZE = 8 * 65_536 + 1_000  # large enough for an engine that works on parts
N = 60
WORK = [0]  #: elements that rules were run on


def operator(name, forward, rule, elementwise=True):
    def backward(self, gy, x):
        WORK[0] += gy.size
        return rule(gy, x)

    body = {"forward": lambda self, x: forward(x), "backward": backward}
    return type(name, (Function,), body | {"elementwise": elementwise})


def only_whole(gy, x):
    if gy.size < SIZE:
        raise RuntimeError("this rule needs all of its array")
    return gy * 1


def cast(dtype):
    return lambda x: x.astype(dtype)


Double = operator("Double", lambda x: x * 2, lambda gy, x: gy * 2)
ToDouble = operator("ToDouble", cast(np.float64), lambda gy, x: gy * 1)
ToSingle = operator("ToSingle", cast(np.float32), lambda gy, x: gy * 1)
Narrow = operator("Narrow", lambda x: x * 1, lambda gy, x: gy.astype(np.float32))
Whole = operator("Whole", lambda x: x * 1, lambda gy, x: gy * 1, elementwise=False)
RefusesParts = operator("RefusesParts", lambda x: x * 1, only_whole)
ShortOnParts = operator(
    "ShortOnParts", lambda x: x * 1, lambda gy, x: gy * 1 if gy.size >= SIZE else gy[:1]
)


def work(dtype, classes, size=SIZE, **how):
    """How many rules a pass over the chain ran, in calls on whole arrays."""
    x = Variable(np.full(size, 0.5, dtype))
    y = x
    for cls in classes:
        y = cls()(y)
    WORK[0] = 0
    (gx,) = gradients(y, x, np.ones(y.shape, y.dtype), **how)
    assert gx.dtype == dtype
    assert gx.shape == x.shape
    return WORK[0] / size


#: name -> (dtype of the leaf, the operators of the chain)
CHAINS = {
    "a float32 leaf under float64": (np.float32, [ToDouble] + [Double] * (N - 1)),
    "a narrow gradient half-way": (
        np.float64,
        [Double] * (N // 2) + [Narrow] + [Double] * (N // 2),
    ),
    "a cast half-way": (np.float32, [Double] * 10 + [ToDouble] + [Double] * (N - 11)),
    "refused at the end": (np.float64, [RefusesParts] + [Double] * (N - 1)),
    "refused half-way": (np.float64, [Double] * 10 + [RefusesParts] + [Double] * (N - 11)),
    "a wrong shape on parts": (np.float64, [ShortOnParts] + [Double] * (N - 1)),
    "two kinds of refusal": (np.float32, [ToDouble, RefusesParts] + [Double] * (N - 2)),
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_large_chain_costs_at_most_2n_rules(name):
    dtype, classes = CHAINS[name]
    found = work(dtype, classes)
    assert found <= 2 * len(classes), f"{found:.0f} rules for a chain of {len(classes)}"


# -- keeps working -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "classes",
    [
        [Double] * N,
        [Whole] * N,
        [Double, Whole] * (N // 2),
        [ToDouble, ToSingle] * (N // 2),
        ([Double] * 19 + [RefusesParts]) * 3,
    ],
    ids=["alike", "no stretch", "short stretches", "casts back and forth", "refused by a third"],
)
def test_other_large_chains_cost_at_most_2n_rules(classes):
    assert work(np.float32 if ToSingle in classes else np.float64, classes) <= 2 * len(classes)


KINDS = st.sampled_from([Double, ToDouble, ToSingle, Narrow, Whole])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(KINDS, min_size=1, max_size=30),
    st.sampled_from([np.float16, np.float32, np.float64]),
    st.booleans(),
)
def test_a_small_chain_runs_each_rule_once(classes, dtype, create_graph):
    assert work(dtype, classes, size=3, create_graph=create_graph) == len(classes)


def test_a_wide_graph_runs_each_rule_once():
    x = Variable(np.ones(3))
    layer = [Double()(x) for _ in range(50)]
    y = sum(Double()(v) for v in layer)
    WORK[0] = 0
    gradients(np.sum(y), x)
    assert WORK[0] / 3 == 100


def test_rules_of_what_was_not_recorded_do_not_run():
    x = Variable(np.ones(3))
    with no_grad():
        h = Double()(x)
    y = np.sum(Double()(h))
    WORK[0] = 0
    gradients(y, h)
    assert WORK[0] / 3 == 1
