"""The frequencies of a transform, and their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


def fftfreq(n: int, d: Any = 1.0, device: Any = None) -> Any:
    """The frequencies k / (n d) of fft, the negative ones last: constant, but for the spacing d.

    >>> fftfreq(4)
    array([ 0.  ,  0.25, -0.5 , -0.25])
    """
    return np.fft.fftfreq(n, d, device=device)


def rfftfreq(n: int, d: Any = 1.0, device: Any = None) -> Any:
    """The frequencies k / (n d) of rfft: constant, but for the spacing d.

    >>> rfftfreq(4)
    array([0.  , 0.25, 0.5 ])
    """
    return np.fft.rfftfreq(n, d, device=device)


def fftshift(x: Any, axes: Any = None) -> Any:
    """The frequency 0 moved to the middle, along axes (all if None).

    >>> from tinypt_core import Variable
    >>> np.fft.fftshift(Variable(np.arange(4.0)))
    variable([2. 3. 0. 1.])
    """
    axes = _tuple(x, axes)
    return np.roll(x, tuple(np.shape(x)[axis] // 2 for axis in axes), axes)


def ifftshift(x: Any, axes: Any = None) -> Any:
    """The inverse of fftshift.

    >>> from tinypt_core import Variable
    >>> np.fft.ifftshift(Variable(np.array([2.0, 3.0, 0.0, 1.0])))
    variable([0. 1. 2. 3.])
    """
    axes = _tuple(x, axes)
    return np.roll(x, tuple(-(np.shape(x)[axis] // 2) for axis in axes), axes)


def _tuple(x: Any, axes: Any) -> tuple[int, ...]:
    if axes is None:
        return tuple(range(np.ndim(x)))
    return axes if isinstance(axes, tuple) else tuple(np.ravel(axes).tolist())


# -- what the conformance kit tries them on --------------------------------------------------------


def _spacings(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    yield 4, np.array(rng.uniform(0.5, 2))
    yield 5, np.array(rng.uniform(0.5, 2))


def _arrays(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    yield (rng.normal(size=(2, 3)),)
    yield rng.normal(size=(2, 5)), -1


fftfreq.samples = rfftfreq.samples = staticmethod(_spacings)  # type: ignore[attr-defined]
fftshift.samples = ifftshift.samples = staticmethod(_arrays)  # type: ignore[attr-defined]
