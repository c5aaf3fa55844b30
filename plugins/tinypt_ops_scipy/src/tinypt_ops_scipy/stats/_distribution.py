"""What all distributions on the real line have in common."""

from __future__ import annotations

import re
from math import inf
from typing import Any, ClassVar

import numpy as np
import scipy  # scipy.stats is slow to import: only when something of it is asked for
from tinypt_core import Variable


class Scipys:
    """What SciPy's distribution of the same name has beside: `rvs`, `mean`, `fit` ... on arrays.

    A Variable that has a derivative does not turn into an array by itself, and is refused there.
    """

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()
        return getattr(getattr(scipy.stats, name), method)


def array(x: Any) -> Any:
    """Numbers and lists as an array; Variables as they are."""
    return x if isinstance(x, Variable) else np.asarray(x, float)


class Distribution(Scipys):
    """Arguments as SciPy takes them: x, the shape parameters, then loc (and scale).

    shapes: the names of the shape parameters.
    """

    shapes: ClassVar[tuple[str, ...]] = ()
    places: ClassVar[dict[str, float]] = {"loc": 0.0, "scale": 1.0}

    def _arguments(self, args: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
        names = [*self.shapes, *self.places]
        if len(args) > len(names) or not named.keys() <= set(names[len(args) :]):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)} after its argument")
        given = {**self.places, **dict(zip(names, args, strict=False)), **named}
        missing = [name for name in self.shapes if name not in given]
        if missing:
            raise TypeError(f"{type(self).__name__}: missing parameter {', '.join(missing)}")
        return [array(given[name]) for name in names]


class Continuous(Distribution):
    """A continuous distribution of z = (x - loc)/scale on an interval.

    A distribution writes `_logpdf`, `_cdf` and `_ppf` of z, and whatever else it knows a more
    accurate form of. Outside the interval `pdf` is 0, with derivatives 0.
    lower, upper: the interval. inside: a point to compute at where z is outside.
    """

    lower: ClassVar[float] = -inf
    upper: ClassVar[float] = inf
    inside: ClassVar[float] = 0.5

    def _logpdf(self, z: Any, *shapes: Any) -> Any:
        raise NotImplementedError

    def _cdf(self, z: Any, *shapes: Any) -> Any:
        raise NotImplementedError

    def _ppf(self, q: Any, *shapes: Any) -> Any:
        raise NotImplementedError

    def _sf(self, z: Any, *shapes: Any) -> Any:
        return 1 - self._cdf(z, *shapes)

    def _logcdf(self, z: Any, *shapes: Any) -> Any:
        return np.log(self._cdf(z, *shapes))

    def _logsf(self, z: Any, *shapes: Any) -> Any:
        return np.log(self._sf(z, *shapes))

    def _isf(self, q: Any, *shapes: Any) -> Any:
        return self._ppf(1 - q, *shapes)

    def logpdf(self, x: Any, *args: Any, **named: Any) -> Any:
        """Logarithm of the density at x."""
        *shapes, loc, scale = self._arguments(args, named)
        z = (array(x) - loc) / scale
        return self._within(z, shapes, self._logpdf, -inf, -inf) - np.log(scale)

    def pdf(self, x: Any, *args: Any, **named: Any) -> Any:
        """Density at x."""
        return np.exp(self.logpdf(x, *args, **named))

    def cdf(self, x: Any, *args: Any, **named: Any) -> Any:
        """Probability of at most x."""
        return self._at(x, args, named, self._cdf, 0.0, 1.0)

    def sf(self, x: Any, *args: Any, **named: Any) -> Any:
        """Probability of more than x: 1 - cdf."""
        return self._at(x, args, named, self._sf, 1.0, 0.0)

    def logcdf(self, x: Any, *args: Any, **named: Any) -> Any:
        """Logarithm of cdf."""
        return self._at(x, args, named, self._logcdf, -inf, 0.0)

    def logsf(self, x: Any, *args: Any, **named: Any) -> Any:
        """Logarithm of sf."""
        return self._at(x, args, named, self._logsf, 0.0, -inf)

    def ppf(self, q: Any, *args: Any, **named: Any) -> Any:
        """The x with cdf(x) = q."""
        *shapes, loc, scale = self._arguments(args, named)
        return loc + scale * self._ppf(array(q), *shapes)

    def isf(self, q: Any, *args: Any, **named: Any) -> Any:
        """The x with sf(x) = q."""
        *shapes, loc, scale = self._arguments(args, named)
        return loc + scale * self._isf(array(q), *shapes)

    def _at(self, x: Any, args: Any, named: Any, f: Any, below: float, above: float) -> Any:
        *shapes, loc, scale = self._arguments(args, named)
        return self._within((array(x) - loc) / scale, shapes, f, below, above)

    def _within(self, z: Any, shapes: Any, f: Any, below: float, above: float) -> Any:
        """f inside the interval, constants outside, where f is not even evaluated."""
        low, high = z < self.lower, z > self.upper
        value = f(np.where(low | high, self.inside, z), *shapes)
        return np.where(low, below, np.where(high, above, value))


class Discrete(Distribution):
    """A distribution on 0, 1, 2 ...: it writes `_logpmf` and `_cdf` of k, constants.

    Elsewhere the probability is 0.
    """

    places: ClassVar[dict[str, float]] = {"loc": 0.0}

    def _top(self, *shapes: Any) -> Any:
        return inf

    def _logpmf(self, k: Any, *shapes: Any) -> Any:
        raise NotImplementedError

    def _cdf(self, k: Any, *shapes: Any) -> Any:
        raise NotImplementedError

    def logpmf(self, k: Any, *args: Any, **named: Any) -> Any:
        """Logarithm of the probability of k."""
        *shapes, loc = self._arguments(args, named)
        k = array(k) - loc
        possible = (k >= 0) & (k <= self._top(*shapes)) & (np.floor(k) == k)
        return np.where(possible, self._logpmf(np.where(possible, k, 0.0), *shapes), -inf)

    def pmf(self, k: Any, *args: Any, **named: Any) -> Any:
        """Probability of k."""
        return np.exp(self.logpmf(k, *args, **named))

    def cdf(self, k: Any, *args: Any, **named: Any) -> Any:
        """Probability of at most k."""
        *shapes, loc = self._arguments(args, named)
        k = np.floor(array(k) - loc)
        low, high = k < 0, k >= self._top(*shapes)
        value = self._cdf(np.where(low | high, 0.0, k), *shapes)
        return np.where(low, 0.0, np.where(high, 1.0, value))

    def sf(self, k: Any, *args: Any, **named: Any) -> Any:
        """Probability of more than k."""
        return 1 - self.cdf(k, *args, **named)
