"""Modes belong to a thread or task, and an exception leaves everything as it was."""

import asyncio
import sys
import threading

import numpy as np
import pytest
from tinypt_core.ops import exp, sin

from tinypt_core import (
    Config,
    Function,
    GradientError,
    Variable,
    grad,
    gradients,
    hessian,
    no_grad,
    using_config,
)

THREADS = 16
ROUNDS = 10_000 // THREADS


def one_round(at, pause=lambda: None):
    """grad inside no_grad inside create_graph; the wrong values found, if any."""
    x = Variable(np.array(at))
    y = x * x * x
    y.backward(create_graph=True)
    pause()
    with no_grad():
        pause()
        second = grad(grad(lambda z: z**3))(at)
        free = (x * 2).creator is None
        pause()
    slope = x.grad
    x.cleargrad()
    slope.backward()

    def outer(z):  # d/dz [z · d/dz exp(z)|constant]
        with no_grad():
            pause()
            constant = grad(exp)(z)
        return z * constant * z

    third = grad(outer)(at)
    found = {
        "first": (slope.data, 3 * at * at),
        "second": (second, 6 * at),
        "second by create_graph": (x.grad, 6 * at),
        "third": (third, 2 * at * np.exp(at)),
        "no_grad": (free, True),
        "mode": (Config.enable_backprop, True),
    }
    return [
        (name, got, want) for name, (got, want) in found.items() if not np.isclose(got, want, 1e-12)
    ]


def test_16_threads_nest_grad_inside_no_grad_inside_create_graph():
    wrong, start = [], threading.Barrier(THREADS)

    def work(number):
        start.wait()
        try:
            for i in range(ROUNDS):
                wrong.extend(one_round(0.1 * number + 0.001 * i))
        except Exception as error:
            wrong.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # switch as often as possible
    try:
        threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []


def test_the_same_in_16_async_tasks():
    """Every block of one task is left open while the others run."""

    async def work(number):
        wrong = []
        for i in range(ROUNDS):
            at = 0.1 * number + 0.001 * i
            x = Variable(np.array(at))
            y = sin(x)
            with no_grad():
                await asyncio.sleep(0)
                if (x * 2).creator is not None or Config.enable_backprop:
                    wrong.append("recorded under no_grad")
                with using_config("enable_backprop", True):
                    (slope,) = gradients(y, x, create_graph=True)
                    await asyncio.sleep(0)
                    (second,) = gradients(slope, x)
                nested = grad(grad(sin))(at)
                await asyncio.sleep(0)
            if not (np.isclose(second, -np.sin(at)) and np.isclose(nested, -np.sin(at))):
                wrong.append((at, second, nested))
            if not Config.enable_backprop:
                wrong.append("no_grad leaked")
        return wrong

    async def everything():
        return await asyncio.gather(*(work(number) for number in range(THREADS)))

    assert [w for wrong in asyncio.run(everything()) for w in wrong] == []


def test_threads_share_parameters_and_keep_their_gradients_apart():
    w = Variable(np.array([1.0, 2.0]))
    found = [None] * 8

    def work(i):
        found[i] = [gradients(np.sum(np.tanh(w * k)), w)[0] for k in range(i, i + 100)]

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, of_thread in enumerate(found):
        for k, g in zip(range(i, i + 100), of_thread, strict=True):
            np.testing.assert_allclose(g, k / np.cosh(k * w.data) ** 2, atol=1e-12)
    assert w.grad is None


def test_one_instance_called_from_many_threads():
    class Cube(Function):
        def forward(self, x):
            return x**3

        def backward(self, gy, x):
            return gy * 3 * x**2

    for _ in range(50):
        f, start, wrong = Cube(), threading.Barrier(8), []

        def work(i, f=f, start=start, wrong=wrong):
            x = Variable(np.array(float(i)))
            start.wait()
            y = f(x)
            y.backward()
            if x.grad != 3 * i**2:
                wrong.append(i)

        threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


# -- exceptions ----------------------------------------------------------------------------------


class FailsForward(Function):
    def forward(self, x):
        raise ValueError("forward fails")

    def backward(self, gy):
        return gy


class FailsBackward(Function):
    def forward(self, x):
        return x * 1

    def backward(self, gy, x):
        raise ValueError("backward fails")


class FailsUnderCreateGraph(Function):
    def forward(self, x):
        return x * 1

    def backward(self, gy, x):
        return gy * (x.data if isinstance(x, Variable) else 1)


FAILING = [FailsForward, FailsBackward, FailsUnderCreateGraph]


def _failures(cls, x):
    f = lambda x: sin(cls()(sin(x)))  # noqa: E731
    yield lambda: f(x).backward()
    yield lambda: f(x).backward(create_graph=True)
    yield lambda: f(x).backward(retain_grad=True)
    yield lambda: gradients(f(x), x, create_graph=True)
    yield lambda: grad(f)(0.5)
    yield lambda: grad(grad(f))(0.5)
    yield lambda: hessian(f)(0.5)
    yield lambda: grad(lambda z: grad(f)(z) * z)(0.5)


@pytest.mark.parametrize("cls", FAILING)
def test_an_exception_anywhere_leaves_modes_and_grads_as_they_were(cls):
    x, other = Variable(np.array(0.5)), Variable(np.array(2.0))
    x.grad = kept = np.array(7.0)
    sin(other).backward()
    known = other.grad
    for fails in _failures(cls, x):
        for block in (no_grad, lambda: using_config("enable_backprop", True)):
            recording = Config.enable_backprop
            try:
                with block():
                    fails()
            except (ValueError, GradientError):
                pass
            assert Config.enable_backprop is recording
            assert (other * 2).item() == 4  # which is refused inside a transform
            if cls is not FailsUnderCreateGraph:  # that one is right in a plain pass
                assert x.grad is kept
            assert other.grad is known
            x.grad = kept


def test_config_is_restored_after_an_exception_within_blocks():
    def fail():
        with no_grad(), using_config("enable_backprop", True):
            assert Config.enable_backprop
            raise RuntimeError("stop")

    with no_grad():
        with pytest.raises(RuntimeError, match="stop"):
            fail()
        assert not Config.enable_backprop
    assert Config.enable_backprop


def test_a_generator_left_open_in_no_grad_does_not_leak_into_a_thread():
    seen = []
    with no_grad():
        thread = threading.Thread(target=lambda: seen.append(Config.enable_backprop))
        thread.start()
        thread.join()
    assert seen == [True]
