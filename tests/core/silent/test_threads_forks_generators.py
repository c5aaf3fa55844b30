"""Threads lose no gradient, forked children do not hang, no_grad() stays where it was entered."""

import asyncio
import contextvars
import functools
import itertools
import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

from tinypt_core import Config, Variable, grad, no_grad, registry, using_config

# -- threads ---------------------------------------------------------------------------------------


def at_once(*works):
    """Run each in a thread, all from one moment, switching as often as possible."""
    start, failed = threading.Barrier(len(works)), []

    def run(work):
        start.wait()
        try:
            work()
        except BaseException as error:
            failed.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert failed == []


def test_four_threads_accumulate_into_one_scalar_leaf():
    w = Variable(np.array(0.0))

    def work():
        for _ in range(10_000):
            (w * 2.0).backward()

    at_once(*[work] * 4)
    assert w.grad == 4 * 10_000 * 2


def test_four_threads_accumulate_into_one_vector():
    w = Variable(np.zeros(3))

    def work():
        for _ in range(2_000):
            np.sum(w * 2.0).backward()

    at_once(*[work] * 4)
    assert w.grad.tolist() == [16_000] * 3


def test_several_leaves_of_one_model_from_several_threads():
    w, b = Variable(np.array(1.0)), Variable(np.array(0.0))

    def work(x):
        for _ in range(1_500):
            (w * x + b).backward()

    at_once(*[lambda x=x: work(x) for x in (1.0, 2.0, 3.0, 4.0)])
    assert (w.grad, b.grad) == (1_500 * 10, 6_000)


def test_retained_gradients_of_a_shared_intermediate():
    w = Variable(np.array(1.0))
    h = w * 3.0

    def work():
        for _ in range(1_000):
            (h * 2.0).backward(retain_grad=True)

    at_once(*[work] * 4)
    assert w.grad == 4_000 * 6


def test_recorded_gradients_from_several_threads():
    w = Variable(np.array(2.0))

    def work():
        for _ in range(300):
            (w**2).backward(create_graph=True)

    at_once(*[work] * 4)
    assert w.grad.data == 4 * 300 * 4


def test_a_gradient_read_by_a_thread_is_whole():
    """Kept working: nobody sees half of an update, or an array that is changed later."""
    w, torn, stop = Variable(np.zeros(1_000)), [], threading.Event()

    def work():
        for _ in range(300):
            np.sum(w * 1.0).backward()
        stop.set()

    def look():
        while not stop.is_set():
            seen = w.grad
            if seen is not None and seen.min() != seen.max():
                torn.append(seen)

    at_once(work, look)
    assert torn == []
    assert w.grad.tolist() == [300.0] * 1_000


# -- forks -----------------------------------------------------------------------------------------

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


class Busy:
    """Threads that run operators, transforms and the registry until the block ends."""

    def __enter__(self):
        self.stop = threading.Event()
        works = [self.operate, self.look_up]
        self.threads = [threading.Thread(target=self.run, args=(w,)) for w in works]
        for thread in self.threads:
            thread.start()
        self.before = sys.getswitchinterval()
        sys.setswitchinterval(1e-4)
        return self

    def __exit__(self, *error):
        sys.setswitchinterval(self.before)
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def run(self, work):
        for i in itertools.count():
            if self.stop.is_set():
                return
            work(i)

    def operate(self, i):
        np.sum(np.sin(Variable(np.ones(3)))).backward()
        registry.get("tanh").function()(Variable(np.array(1.0)))
        grad(grad(np.sin))(0.5)

    def look_up(self, i):
        registry.refresh()
        registry.get("cos")
        registry.is_available(f"name{i % 7}")


def child():
    """What a worker does first: the registry, an operator, a pass, a transform."""
    registry.get("exp")
    x = Variable(np.array(2.0))
    (x**3).backward()
    return x.grad == 12 and grad(grad(np.exp))(0.0) == 1


def fork(work):
    pid = os.fork()
    if not pid:
        status = 1
        try:
            status = 0 if work() else 1
        finally:
            os._exit(status)
    return pid


def ended(pid, deadline):
    """The child's exit status: 0 right, 1 wrong, None when it hangs."""
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


@needs_fork
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_200_children_of_a_busy_parent():
    found = []
    with Busy():
        for _ in range(20):
            children = [fork(child) for _ in range(10)]
            deadline = time.monotonic() + 10
            found += [ended(pid, deadline) for pid in children]
            if found != [0] * len(found):
                break
    assert found == [0] * 200


@needs_fork
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_has_its_parents_mode():
    """Kept working."""
    with no_grad():
        assert ended(fork(lambda: not Config.enable_backprop), time.monotonic() + 10) == 0
    assert ended(fork(lambda: Config.enable_backprop), time.monotonic() + 10) == 0


ORDERS = list(itertools.permutations(range(3)))

# -- generators ------------------------------------------------------------------------------------


def batches(n=3):
    """A loader that evaluates without a graph and stays inside its block while it is suspended."""
    with no_grad():
        for i in range(n):
            yield Variable(np.array(float(i))) * 2


def recording():
    x = Variable(np.array(2.0))
    return Config.enable_backprop and (x * 3).creator is not None


def alone(test):
    """In a context of its own, so that what one test leaks fails no other."""

    @functools.wraps(test)
    def run(*args, **kwargs):
        contextvars.copy_context().run(test, *args, **kwargs)

    return run


@alone
def test_a_suspended_generator_leaks_nothing():
    loader = batches()
    next(loader)
    assert recording()
    loader.close()
    assert recording()


@pytest.mark.parametrize("order", ORDERS)
@alone
def test_generators_closed_in_any_order(order):
    loaders = [batches() for _ in range(3)]
    for loader in loaders:
        next(loader)
    for i in order:
        loaders[i].close()
    assert recording()


@pytest.mark.parametrize("order", ORDERS)
@alone
def test_what_still_runs_keeps_its_mode_when_others_are_closed(order):
    loaders = [batches() for _ in range(3)]
    for loader in loaders:
        next(loader)
    first, second, last = (loaders[i] for i in order)
    first.close()
    assert next(second).creator is None
    second.close()
    assert next(last).creator is None
    assert recording()
    last.close()
    assert recording()


@pytest.mark.parametrize("order", ORDERS)
@alone
def test_generators_opened_inside_a_block_and_closed_outside(order):
    loaders = [batches() for _ in range(3)]
    with no_grad():
        for loader in loaders:
            next(loader)
        assert not Config.enable_backprop
    for i in order:
        loaders[i].close()
    assert recording()


@pytest.mark.parametrize("order", ORDERS)
@alone
def test_generators_opened_outside_and_closed_inside_a_block(order):
    loaders = [batches() for _ in range(3)]
    for loader in loaders:
        next(loader)
    with no_grad():
        for i in order:
            loaders[i].close()
            assert not Config.enable_backprop
    assert recording()


@alone
def test_generators_used_in_turns():
    xs = [value.creator for pair in zip(batches(), batches(), strict=True) for value in pair]
    assert xs == [None] * 6
    assert recording()


@alone
def test_a_generator_left_to_the_collector():
    loader = batches()
    next(loader)
    del loader
    assert recording()


@alone
def test_an_exception_thrown_into_a_generator():
    loader = batches()
    next(loader)
    with pytest.raises(ValueError, match="stop"):
        loader.throw(ValueError("stop"))
    assert recording()


@alone
def test_a_generator_that_records_inside_a_no_grad_loop():
    def recorded():
        with using_config("enable_backprop", True):
            for i in range(3):
                yield Variable(np.array(float(i))) * 2

    with no_grad():
        source = recorded()
        first = next(source)
        assert not Config.enable_backprop
        source.close()
        assert not Config.enable_backprop
    assert first.creator is not None


@alone
def test_a_block_entered_and_left_by_hand_in_the_wrong_order():
    first, second = no_grad(), no_grad()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert recording()


@alone
def test_a_model_evaluated_by_a_generator_while_training():
    """Validation is interleaved with training, as logging callbacks do it."""
    w = Variable(np.array(3.0))

    def validation():
        with no_grad():
            while True:
                yield (w * w).item()

    scores = validation()
    for _ in range(30):
        loss = w * w
        w.cleargrad()
        loss.backward()
        w.data -= 0.2 * w.grad
        last = next(scores)
    assert last < 1e-6


async def async_batches(n=3):
    with no_grad():
        for i in range(n):
            await asyncio.sleep(0)
            yield Variable(np.array(float(i))) * 2


@pytest.mark.parametrize("order", ORDERS)
def test_async_generators_closed_in_any_order(order):
    async def main():
        loaders = [async_batches() for _ in range(3)]
        for loader in loaders:
            await anext(loader)
        for i in order:
            await loaders[i].aclose()
        return recording()

    assert asyncio.run(main())


def test_async_generators_interleaved_with_training():
    async def main():
        loader, found = async_batches(), []
        async for value in loader:
            found += [value.creator is None, recording()]
        return found

    assert asyncio.run(main()) == [True] * 6


def test_async_generators_closed_by_another_task():
    async def main():
        loader = async_batches()
        await anext(loader)
        await asyncio.create_task(loader.aclose())
        return recording()

    assert asyncio.run(main())


def test_an_async_generator_left_to_the_loop():
    async def main():
        loader = async_batches()
        await anext(loader)
        del loader
        await asyncio.sleep(0)
        return recording()

    assert asyncio.run(main())


# -- keeps working -------------------------------------------------------------------------------


def test_nested_blocks_in_order():
    with no_grad():
        with using_config("enable_backprop", True):
            assert Config.enable_backprop
            with no_grad():
                assert not Config.enable_backprop
            assert Config.enable_backprop
        assert not Config.enable_backprop
    assert recording()


@alone
def test_a_generator_that_runs_to_its_end():
    assert [value.creator for value in batches()] == [None] * 3
    assert recording()


@alone
def test_generators_closed_first_come_last_gone():
    loaders = [batches() for _ in range(3)]
    for loader in loaders:
        next(loader)
    for loader in reversed(loaders):
        loader.close()
    assert recording()
