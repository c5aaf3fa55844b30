"""Drawing random numbers while a function is traced: noticed, and taken back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from tinypt_compile._capture import Capture


@contextmanager
def drawing_noticed(run: Any, capture: Capture) -> Iterator[None]:
    """Put generators of random numbers back, and say that they were used."""
    before = _states(capture)
    try:
        yield
    finally:
        if not _equal(before, _states(capture)):
            run.problem = "it draws random numbers"
            _restore(capture, before)


def _states(capture: Capture) -> list[Any]:
    return [random.getstate(), np.random.get_state(legacy=False), *map(_state, capture.generators)]


def _state(generator: Any) -> Any:
    if isinstance(generator, random.Random):
        return generator.getstate()
    if isinstance(generator, np.random.Generator):
        return generator.bit_generator.state
    return generator.get_state(legacy=False)


def _restore(capture: Capture, states: list[Any]) -> None:
    random.setstate(states[0])
    np.random.set_state(states[1])
    for generator, state in zip(capture.generators, states[2:], strict=True):
        if isinstance(generator, random.Random):
            generator.setstate(state)
        elif isinstance(generator, np.random.Generator):
            generator.bit_generator.state = state
        else:
            generator.set_state(state)


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b)
    if isinstance(a, dict):
        return all(_equal(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_equal, a, b))
    return bool(a == b)
