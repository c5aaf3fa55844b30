"""Observers of forward and backward calls, and the profiler, which is one."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from tinypt_core._modes import get_mode, using_mode
from tinypt_core._watch.observers import compiled
from tinypt_core.ops import exp, mul, sin

from tinypt_core import Function, Variable, profile


class Log:
    def __init__(self):
        self.events = []

    def before_forward(self, function, inputs):
        self.events.append(("before", type(function).__name__, inputs))

    def after_forward(self, function, inputs, outputs):
        self.events.append(("after", type(function).__name__, outputs))

    def before_backward(self, function, gradients):
        self.events.append(("before back", type(function).__name__, gradients))

    def after_backward(self, function, gradients_out, gradients_in):
        self.events.append(("after back", type(function).__name__, gradients_out, gradients_in))


def observing(observer):
    return using_mode(observers=(*get_mode().observers, compiled(observer, "my-plugin 1.0")))


class Two(Function):
    def forward(self, x):
        return x + 1, x + 2

    def backward(self, gy0, gy1):
        return gy0 + gy1


def test_an_observer_sees_every_call_in_order():
    x = Variable(np.array([1.0, 2.0]))
    log = Log()
    with observing(log):
        a, b = Two()(x)
        y = mul(b, 3.0)
        y.backward()
    names = [event[:2] for event in log.events]
    assert names == [
        ("before", "Two"), ("after", "Two"), ("before", "Mul"), ("after", "Mul"),
        ("before back", "Mul"), ("after back", "Mul"),
        ("before back", "Two"), ("after back", "Two"),
    ]  # fmt: skip
    assert log.events[0][2][0] is x
    assert log.events[1][2] == (a, b) or log.events[1][2][0] is a
    assert log.events[2][2][1] == 3.0
    np.testing.assert_array_equal(log.events[4][2][0], [1, 1])
    np.testing.assert_array_equal(log.events[5][3][0], [3, 3])
    assert log.events[5][3][1] is None
    assert len(log.events[7][2]) == 2
    np.testing.assert_array_equal(log.events[7][3][0], [3, 3])
    count = len(log.events)
    sin(x)
    assert len(log.events) == count


def test_an_observer_may_use_operators_and_read_data_at_every_order():
    class Reader:
        def __init__(self):
            self.total = 0.0

        def after_forward(self, function, inputs, outputs):
            self.total += float(np.sum(sin(outputs[0])).data)
            assert sin(outputs[0]).creator is None

        def after_backward(self, function, gradients_out, gradients_in):
            self.total += sum(float(g.data.sum()) for g in gradients_in if g is not None)

    x = Variable(np.array(0.5))
    with observing(Reader()) as mode:
        y = sin(exp(x))
        y.backward(create_graph=True)
        gx = x.grad
        x.cleargrad()
        gx.backward(create_graph=True)
    e = np.exp(0.5)
    assert x.grad.data == pytest.approx(e * np.cos(e) - e * e * np.sin(e))
    assert mode.observers


@pytest.mark.parametrize(
    "event", ["before_forward", "after_forward", "before_backward", "after_backward"]
)
def test_an_observer_that_fails_is_named_and_put_aside(event):
    def fail(*_):
        raise ZeroDivisionError("oh")

    observer = type("Observer", (), {event: staticmethod(fail)})()
    x = Variable(np.array(1.0))
    log = Log()
    with observing(observer), observing(log), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        sin(x).backward()
        sin(x).backward()
    assert [str(warning.message) for warning in told] == [
        f"the observer of my-plugin 1.0 is put aside: it failed in {event} of Sin "
        f"(tinypt-ops-trig 0.1.0): ZeroDivisionError: oh"
    ]
    assert x.grad == 2 * np.cos(1.0)
    assert len(log.events) == 8  # the other one goes on


@pytest.mark.parametrize("observer", [object(), 3, type("O", (), {"after_foward": print})()])
def test_what_is_no_observer_is_refused(observer):
    with pytest.raises(TypeError, match=r"not an observer|never called; did you mean after_forwar"):
        compiled(observer, "my-plugin 1.0")


def test_the_profiler_counts_calls_time_and_bytes():
    x = Variable(np.ones((10, 10)))
    with profile() as p:
        y = mul(sin(x), sin(x))
        y.backward()
        with profile() as inner:
            exp(x)
    sin(x)
    rows = {row["op"]: row for row in p.rows}
    assert sorted(rows) == ["Exp", "Mul", "Sin"]
    assert [row["op"] for row in inner.rows] == ["Exp"]
    assert rows["Sin"]["package"] == "tinypt-ops-trig 0.1.0"
    assert {k: rows["Sin"][k] for k in ("calls", "backward_calls", "bytes")} == {
        "calls": 2, "backward_calls": 2, "bytes": 4 * 800,
    }  # fmt: skip
    assert rows["Mul"]["bytes"] == 3 * 800
    assert all(row["forward_seconds"] > 0 for row in p.rows)
    assert json.loads(json.dumps(p.rows)) == p.rows
    header, *lines = p.table().splitlines()
    assert header.split() == (
        ["op", "package", "calls", "forward", "ms", "backward", "calls", "backward", "ms", "bytes"]
    )
    assert len(lines) == 4
    assert lines[-1].split()[:2] == ["total", "4"]
    assert lines[-1].split()[-1] == str(4 * 800 + 3 * 800 + 800)


def test_an_empty_profile_and_one_with_errors():
    with profile() as p:
        pass
    assert p.rows == []
    assert p.table().splitlines()[-1].split() == ["total", "0", "0.000", "0", "0.000", "0"]
    with profile() as p, pytest.raises(ValueError, match="broadcast"):
        mul(Variable(np.ones(2)), np.ones(3))
    assert p.rows == []
