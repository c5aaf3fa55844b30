"""Memory: what the way back needs is kept, and not more."""

import tracemalloc
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from tinypt_core import Variable, checkpoint, no_grad


def measure(what: str, f: Callable[[Any], Variable], how: AbstractContextManager[object]) -> None:
    x = Variable(np.ones(500_000))
    tracemalloc.start()
    with how:
        y = f(x)
        if y.creator is not None:
            y.backward()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{what:<30} {round(peak / x.nbytes):>3} arrays at most")


def sines(x: Any) -> Any:
    for _ in range(20):
        x = np.sin(x)  # its rule asks for x
    return x


def sums(x: Any) -> Any:
    for _ in range(20):
        x = x + 1.0  # its rule asks for nothing
    return x


def pieces(x: Any) -> Any:
    for _ in range(5):
        x = checkpoint(four)(x)  # keeps x alone, and computes the rest again on the way back
    return x


def four(x: Any) -> Any:
    return np.sin(np.sin(np.sin(np.sin(x))))


measure("20 sines", sines, nullcontext())
measure("20 sums", sums, nullcontext())
measure("20 sines, checkpoint(4 by 4)", pieces, nullcontext())
measure("20 sines under no_grad()", sines, no_grad())
