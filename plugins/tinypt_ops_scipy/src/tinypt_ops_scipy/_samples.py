"""Arguments inside an operator's domain, for the conformance kit: the static method `samples`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Draw = Callable[[np.random.Generator], np.ndarray]


def between(low: float, high: float, *shape: int) -> Draw:
    """A draw of uniform numbers."""
    return lambda rng: np.asarray(rng.uniform(low, high, shape))


def normal(*shape: int) -> Draw:
    """A normal draw."""
    return lambda rng: np.asarray(rng.normal(size=shape))


def definite(*shape: int) -> Draw:
    """Symmetric positive definite matrices, well away from singular."""

    def draw(rng: np.random.Generator) -> np.ndarray:
        x = rng.normal(size=shape)
        return np.asarray(x @ np.swapaxes(x, -1, -2) + np.eye(shape[-1]))

    return draw


def sampled(*calls: tuple[Any, ...]) -> Any:
    """The static method `samples` that yields the arguments of these calls, drawn.

    >>> [x.shape for (x,) in sampled((normal(2, 3),)).__func__(np.random.default_rng(0))]
    [(2, 3)]
    """

    def samples(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
        for call in calls:
            yield tuple(argument(rng) if callable(argument) else argument for argument in call)

    return staticmethod(samples)


def over(low: float, high: float, *first: Any) -> Any:
    """Samples of an elementwise operator of one variable on an interval; `first` come before."""
    return sampled(*((*first, between(low, high, *shape)) for shape in ((), (2, 3))))


def pairs(a: tuple[float, float], b: tuple[float, float]) -> Any:
    """Samples of an elementwise operator of two variables, each on an interval."""
    shapes = ((3,), (2, 3)), ((2, 1), (3,))
    return sampled(*((between(*a, *one), between(*b, *two)) for one, two in shapes))
