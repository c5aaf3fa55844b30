"""How cost grows: per op with the size of the graph, order by order, and in memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import numpy as np
from tinypt_core.ops import sin, tanh

from benchmarks.cases import INPUT, WEIGHTS, chain, fan_in, mlp, mlp_by_hand
from benchmarks.measure import Run, paired, seconds
from tinypt_core import Variable, gradients


def tanh_derivative(order: int) -> Run:
    def run() -> Any:
        x = Variable(np.array(1.0))
        y = tanh(x)
        for i in range(order):
            (y,) = gradients(y, x, create_graph=i < order - 1)
        return y

    return run


def tanh_derivative_torch(torch: Any, order: int) -> Run:
    def run() -> Any:
        x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
        y = torch.tanh(x)
        for i in range(order):
            (y,) = torch.autograd.grad(y, x, create_graph=i < order - 1)
        return y

    return run


def graph_size(order: int) -> int:
    """The operators behind the derivative of tanh of some order."""
    x = Variable(np.array(1.0))
    y = tanh(x)
    for _ in range(order):
        (y,) = gradients(y, x, create_graph=True)
    seen, stack = set(), [y.creator]
    while stack:
        f = stack.pop()
        if f is not None and f not in seen:
            seen.add(f)
            stack += [x.creator for x in f.inputs]
    return len(seen)


def per_op(build: Callable[[Any, Variable, int], Variable], n: int) -> Run:
    x = Variable(np.array(0.5))

    def run() -> None:
        build(OPS, x, n).backward()
        x.cleargrad()

    return run


class OPS:
    """The namespace the cases want."""

    sin = staticmethod(sin)


def growth() -> Iterator[tuple[str, str, float, float, float]]:
    """(what, against what, ratio per op, seconds per op of each)."""
    with only_new_objects():
        for n in (10_000, 100_000, 1_000_000):
            yield grown("sin", chain, n, 1_000)
        yield grown("fan-in", fan_in, 65_536, 4_096)


def grown(
    name: str, build: Callable[[Any, Variable, int], Variable], big: int, small: int
) -> tuple[str, str, float, float, float]:
    one, other = per_op(build, big), per_op(build, small)
    other()
    rounds = []
    for _ in range(5):
        gc.collect()
        a = seconds(one, max(1, 20_000 // big)) / big
        b = seconds(other, max(1, 20_000 // small)) / small
        rounds.append((a / b, a, b))
    ratio, a, b = (median(column) for column in zip(*rounds, strict=True))
    return label(name, big), label(name, small), ratio, a, b


@contextmanager
def only_new_objects() -> Iterator[None]:
    """The cyclic collector leaves out what was imported so far: the peers hold 200,000 objects."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def graph_memory(big: int = 1_000_000, small: int = 1_000) -> tuple[float, float]:
    """Bytes per op that a graph of each size holds."""
    return held_by(big) / big, held_by(small) / small


def held_by(n: int) -> int:
    x = Variable(np.array(0.5))
    gc.collect()
    tracemalloc.start()
    y = chain(OPS, x, n)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del y
    return size


def label(name: str, n: int) -> str:
    size = f"{n:,}" if name == "fan-in" else f"1e{len(str(n)) - 1}"
    return f"per op, fan-in {size}" if name == "fan-in" else f"per op, {size} {name}"


def derivative(torch: Any) -> tuple[float, float, float]:
    return paired(tanh_derivative(8), tanh_derivative_torch(torch, 8))


def peak(run: Run) -> int:
    """The highest memory NumPy and Python held during a run, in bytes."""
    run()
    gc.collect()
    tracemalloc.start()
    run()
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest


def mlp_memory(tinypt: Any) -> tuple[int, int]:
    arrays = (INPUT, *WEIGHTS)
    return peak(tinypt.value_and_grad(mlp, *arrays)), peak(lambda: mlp_by_hand(*arrays))


def additions_memory(n: int = 200, size: int = 100_000) -> float:
    """Arrays alive at the peak of a chain of n additions: it should not grow with n."""
    x = Variable(np.ones(size))

    def run() -> None:
        y = x
        for _ in range(n):
            y = y + x
        y.backward()
        x.cleargrad()

    return peak(run) / x.data.nbytes
