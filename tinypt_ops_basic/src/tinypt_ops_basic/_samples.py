"""Arguments inside an operator's domain, for the conformance kit: the static method `samples`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])


class Drawn(NamedTuple):
    """An array to draw: normal, or a positive definite matrix."""

    shape: tuple[int, ...]
    definite: bool = False

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """The array."""
        x = rng.normal(size=self.shape)
        return x @ np.swapaxes(x, -1, -2) + np.eye(self.shape[-1]) if self.definite else x


def normal(*shape: int) -> Drawn:
    """A normal draw of this shape."""
    return Drawn(shape)


def definite(*shape: int) -> Drawn:
    """Symmetric positive definite matrices, well away from singular."""
    return Drawn(shape, definite=True)


def sampled(*calls: tuple[Any, ...]) -> Any:
    """The static method `samples` that yields the arguments of these calls, drawn.

    >>> [x.shape for (x,) in sampled((normal(2, 3),)).__func__(np.random.default_rng(0))]
    [(2, 3)]
    """

    def samples(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
        for call in calls:
            yield tuple(_drawn(argument, rng) for argument in call)

    return staticmethod(samples)


def tried_on(*calls: tuple[Any, ...]) -> Callable[[F], F]:
    """The decorator for a composite, a plain function, that tells what it is tried on.

    >>> @tried_on((normal(3),))
    ... def twice(x):
    ...     return x + x
    >>> twice.samples is not None
    True
    """

    def decorate(function: F) -> F:
        function.samples = sampled(*calls)  # type: ignore[attr-defined]
        return function

    return decorate


def _drawn(argument: Any, rng: np.random.Generator) -> Any:
    if isinstance(argument, Drawn):
        return argument.draw(rng)
    if isinstance(argument, list):
        return [_drawn(part, rng) for part in argument]
    return argument
