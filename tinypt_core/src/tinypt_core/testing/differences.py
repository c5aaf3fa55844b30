"""Derivatives from values alone: the oracle that no rule can fool.

A directional derivative costs a few evaluations whatever the number of elements. Central
differences of sixth order at a shrinking step; each element takes the pair of steps that agree
best, and their disagreement is its error. A kink or the edge of the domain nearby only makes the
step smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

Arrays = list[np.ndarray]

_WEIGHTS = (45 / 60, -9 / 60, 1 / 60)
_FIRST, _SHRINK, _STEPS = 2.0**-6, 4.0, 10


class Slope(NamedTuple):
    """A derivative, its error, and the size of what was subtracted; all per element."""

    value: np.ndarray
    error: np.ndarray
    scale: np.ndarray


def slope(f: Callable[[float], np.ndarray], eps: float = 2.0**-52, unit: float = 0.0) -> Slope:
    """The derivative at 0 of f: a number -> a 1-D array, with its error per element.

    eps: the relative precision of f. unit: what it is relative to, where values of f are smaller.

    >>> slope(lambda t: np.exp(2 * t + np.zeros(1))).value.round(9)
    array([2.])
    """
    centre = f(0.0)
    noise = rounding = 4 * eps * (np.abs(centre) + max(unit, _unit(centre)))
    h = _FIRST if eps < 1e-12 else _FIRST * 2
    before, size, _ = _central(f, h, centre)
    best = Slope(before, np.full(centre.shape, np.inf), size)
    for k in range(_STEPS):
        h /= _SHRINK
        now, size, rough = _central(f, h, centre)
        if k < 2:  # a step wide enough to see rounding; a kink would look far rougher
            noise = np.fmax(noise, np.minimum(rough / 8, 1e3 * rounding))
        with np.errstate(all="ignore"):
            error = np.abs(now - before) + noise / h + 4 * eps * size
        error = np.where(np.isfinite(error), error, np.inf)
        best = Slope(*(np.where(error < best.error, *two) for two in zip(
            (now, error, size), best, strict=True)))  # fmt: skip
        settled = best.error <= 1e-10 * best.scale + 4 * noise / h
        if (k > 0 and np.all(settled)) or 4 * eps / h > 1e-2:
            break
        before = now
    return best


def _unit(values: np.ndarray) -> float:
    """What the rounding of sums and differences inside f is relative to, but at most 1."""
    finite = np.abs(values[np.isfinite(values)])
    return min(1.0, float(np.quantile(finite, 0.8))) if finite.size else 0.0


def _central(
    f: Callable[[float], np.ndarray], h: float, centre: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The central difference, the steepest of its secants, and the sixth difference."""
    total, size, sixth = np.zeros_like(centre), np.zeros_like(centre), -20 * centre
    with np.errstate(all="ignore"):
        for k, (weight, binomial) in enumerate(zip(_WEIGHTS, (15, -6, 1), strict=True), 1):
            right, left = f(k * h), f(-k * h)
            total += weight * (right - left)
            sixth += binomial * (right + left)
            size = np.maximum(size, np.maximum(abs(right - centre), abs(left - centre)) / (k * h))
        return total / h, size, np.abs(sixth)


def one_sided(f: Callable[[float], np.ndarray], h: float = 2.0**-20) -> tuple[Any, Any]:
    """The slopes of f at 0 from the left and from the right: they differ at a kink."""
    centre = f(0.0)
    left = (3 * centre - 4 * f(-h) + f(-2 * h)) / (2 * h)
    right = (-3 * centre + 4 * f(h) - f(2 * h)) / (2 * h)
    return left, right


def singular(f: Callable[[float], np.ndarray], h: float = 2.0**-20) -> bool:
    """Whether f has a kink or a jump at 0: its slopes to both sides differ, or grow without end.

    >>> singular(lambda t: np.abs([t])), singular(lambda t: np.sign([t]))
    (True, True)
    >>> singular(lambda t: np.sin([t]))
    False
    """
    left, right = one_sided(f, h)
    nearer = np.add(*np.abs(one_sided(f, h / 4)))
    with np.errstate(all="ignore"):
        size = np.abs(left) + np.abs(right)
        broken = (np.abs(left - right) > 1e-3 * size) | (nearer > 2 * size)
        return bool(np.any(broken & (nearer > 1e-6 * np.abs(f(0.0)))))


def roughness(f: Callable[[float], np.ndarray], step: float = 1e-6) -> np.ndarray:
    """The sixth difference of f at 0 relative to its largest value: rounding, and nothing else.

    A smooth function computed in float64 has about 1e-14; digits lost to float32 leave 1e-7.
    """
    values = [f(k * step) for k in range(-3, 4)]
    sixth = sum(w * v for w, v in zip((1, -6, 15, -20, 15, -6, 1), values, strict=True))
    size = np.max(np.abs(values[3]) + np.abs(values[6] - values[0]) / (6 * step), initial=0.0)
    return np.asarray(np.abs(sixth) / size if size > 0 else np.zeros_like(values[3]))


def directions(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    """A random direction at x; shorter where x is small, so that no element changes its sign."""
    size = np.abs(x)
    reach = np.where(size == 0, 1.0, np.clip(size, 1e-7, np.maximum(1.0, size * 2.0**-10)))
    return np.asarray(rng.choice([-1.0, 1.0], x.shape) * rng.uniform(0.5, 1.5, x.shape) * reach)


def numerical_jacobian(f: Callable[..., Any], *xs: np.ndarray) -> Any:
    """The Jacobian of f at xs by central differences, f taking and returning one array.

    f: a function of arrays that returns an array or a Variable. xs: arrays of floating point.
    Returns an array of shape `y.shape + x.shape`, or a tuple of them, one per x, for several.

    >>> numerical_jacobian(lambda x: x**2, np.array([1.0, 3.0])).round(6)
    array([[2., 0.],
           [0., 6.]])
    """
    points = [np.array(x, dtype=np.result_type(x, np.float64)) for x in xs]
    shape = _array(f(*points)).shape
    result = tuple(_jacobian(f, points, i).reshape(shape + x.shape) for i, x in enumerate(points))
    return result[0] if len(result) == 1 else result


def _jacobian(f: Callable[..., Any], points: Arrays, i: int) -> np.ndarray:
    def column(direction: np.ndarray) -> np.ndarray:
        return slope(lambda t: _array(f(*moved(points, i, t * direction))).ravel() + 0.0).value

    columns = [column(direction) for direction in basis(points[i])]
    rows = _array(f(*points)).size
    return np.stack(columns, axis=-1) if columns else np.zeros((rows, 0))


def basis(x: np.ndarray) -> list[np.ndarray]:
    """One direction per element of x."""
    units = np.eye(x.size, dtype=float)
    return [unit.reshape(x.shape) for unit in units]


def moved(points: Sequence[np.ndarray], i: int, step: np.ndarray) -> Arrays:
    """The points, with the i-th a step further."""
    return [x + step if j == i else x for j, x in enumerate(points)]


def _array(y: Any) -> np.ndarray:
    return np.asarray(getattr(y, "_array", y))
