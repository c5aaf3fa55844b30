"""detect_anomaly: the culprit is named, with the lines of the user's code."""

from __future__ import annotations

import asyncio
import inspect
import re
import threading

import numpy as np
import pytest
from tinypt_core.ops import exp, log, mul, sin, sqrt, where

from tinypt_core import (
    AnomalyError,
    Function,
    GradientError,
    Variable,
    detect_anomaly,
    gradients,
    no_grad,
)


def here(offset: int = 0) -> str:
    """This file and the line of the call, as an error shows them."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return f"{__file__}:{frame.f_back.f_lineno + offset}"


def caught(run):
    with pytest.raises(AnomalyError) as info, detect_anomaly():
        run()
    return str(info.value)


class Square(Function):
    """In the textbook style: it reads self.inputs."""

    def forward(self, x):
        return x * x

    def backward(self, gy):
        return 2 * self.inputs[0].data * gy


class Halves(Function):
    """Two outputs; the second is NaN where x is negative."""

    def forward(self, x):
        return x / 2, np.sqrt(x)

    def backward(self, gy0, gy1, y1):
        return gy0 / 2 + gy1 / (2 * y1)


def test_forward_names_op_package_place_and_line():
    x = Variable(np.array([[1.0, 2.0], [3.0, 0.0]]))
    places = []

    def run():
        places.append(here(1))
        log(x)

    message = caught(run)
    assert re.match(r"Log \(tinypt-ops-basic \d+\.\d+\.\d+\) computed -inf at \[1, 1\]", message)
    assert places[0] in message
    assert "arose here" in message


def test_forward_tells_nan_from_inf_and_where_it_came_from():
    assert "computed nan at [1] (2 of 3)" in caught(
        lambda: sqrt(Variable(np.array([1.0, -1.0, -2.0])))
    )
    message = caught(lambda: mul(Variable(np.ones(2)), np.array([1.0, np.nan])))
    assert "came in from outside: input 1 (x2) holds nan at [1] (1 of 2)" in message
    assert "Halves" in caught(lambda: Halves()(Variable(np.array(-1.0))))
    assert "computed inf" in caught(lambda: exp(Variable(np.float64(1e4)[None])))


def test_finite_work_passes_and_gives_the_same_numbers():
    def run(x):
        y = np.sum(where(x > 0, sin(x) * exp(x), x**2) + np.float64(1.0))
        (gx,) = gradients(y, x, create_graph=True)
        (gxx,) = gradients(np.sum(gx), x)
        return y.data, gx.data, gxx

    plain = run(Variable(np.array([0.5, -2.0])))
    with detect_anomaly():
        watched = run(Variable(np.array([0.5, -2.0])))
    for a, b in zip(plain, watched, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("create_graph", [False, True])
def test_backward_names_the_rule_and_both_lines(create_graph):
    x = Variable(np.array([4.0, 0.0]))
    places = []

    def run():
        places.append(here(1))
        y = sqrt(x)
        z = np.sum(y)
        places.append(here(1))
        z.backward(create_graph=create_graph)

    message = caught(run)
    assert re.search(r"the gradient rule of Sqrt \(tinypt-ops-basic", message)
    assert "inf at [1]" in message
    assert all(place in message for place in places)
    assert x.grad is None


def test_a_bad_gradient_to_start_with_came_in_from_outside():
    def run():
        y = sin(Variable(np.ones(2)))
        y.grad = np.array([1.0, np.inf])
        y.backward()

    message = caught(run)
    assert "arrives at the output of Sin" in message
    assert "came in from outside" in message


def test_forward_outside_the_block_is_said_to_be():
    y = sqrt(Variable(np.zeros(1)))
    assert "forward was called at a place outside detect_anomaly()" in caught(y.backward)


@pytest.mark.parametrize(
    ("op", "what"),
    [
        (sin, "input 0 (x) that Sin (tinypt-ops-trig"),
        (lambda x: mul(sin(x), x), "input 1 (x2) that multiply, Mul"),
        (Square(), "input 0 (x) that Square (module"),
    ],
)
def test_an_array_changed_in_place_is_found(op, what):
    x = Variable(np.ones(300))  # of a smaller one the graph has a copy

    def run():
        y = np.sum(op(x))
        x.data[1] = 7.0
        y.backward()

    message = caught(run)
    assert what in message
    assert "changed in place between forward" in message


def test_a_changed_output_is_found_and_a_new_array_is_no_change():
    x = Variable(np.ones(3))

    def run():
        y = exp(x)
        z = np.sum(y)
        y.data *= 2
        z.backward()

    assert "the output that Exp" in caught(run)
    with detect_anomaly():
        z = np.sum(sin(x))
        x.data = x.data + 1  # a new array: the rule still has the old one
        z.backward()
    np.testing.assert_array_equal(x.grad, np.full(3, np.cos(1.0)))


def test_a_textbook_rule_would_read_the_new_array():
    x = Variable(np.ones(3))

    def run():
        y = Square()(x)
        x.data = x.data + 1
        y.backward()

    assert "input 0 (x) that Square" in caught(run)


def test_it_works_without_a_graph():
    with no_grad(), detect_anomaly():
        assert sin(Variable(np.zeros(1))).data == 0
        with pytest.raises(AnomalyError):
            log(Variable(np.zeros(1)))
    with detect_anomaly():
        assert sin(np.zeros(1)).data == 0


def test_it_holds_for_this_context_only_and_ends_with_an_exception():
    x = Variable(np.zeros(1))
    results = []

    def elsewhere():
        with np.errstate(all="ignore"):
            results.append(log(x).data[0])

    async def task():
        elsewhere()

    async def main():
        other = asyncio.create_task(task())
        with detect_anomaly():
            await asyncio.sleep(0)
            with pytest.raises(AnomalyError):
                log(x)
        await other

    def ends_with_an_error():
        with detect_anomaly():
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join()
            log(x)

    with pytest.raises(AnomalyError):
        ends_with_an_error()
    asyncio.run(main())
    elsewhere()
    assert results == [-np.inf] * 3


def test_other_errors_pass_through_as_they_are():
    class Wrong(Function):
        def forward(self, x):
            return x

        def backward(self, gy):
            raise ValueError("no")

    with detect_anomaly(), pytest.raises(GradientError, match="its rule failed: ValueError: no"):
        Wrong()(Variable(np.ones(1))).backward()
