"""Functions that a user hands to a solver: run on arrays for SciPy, on Variables for gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Any

import numpy as np
from tinypt_core import Variable, vjp


def joined(y: Any) -> Any:
    """What a user's function returned: an array or Variable; a list of numbers is joined."""
    if not isinstance(y, (list, tuple)):
        return y
    if not any(isinstance(part, Variable) for part in y):
        return np.asarray(y)
    return np.stack([p if isinstance(p, Variable) else np.asarray(p, float) for p in y])


class OnArrays:
    """A user's function as SciPy calls it: arrays in, an array out.

    It runs in a context of its own, so that a derivative which the function takes inside is a
    plain array, also where a rule or another transform is being recorded.

    what: its name in messages. Raises TypeError if the function uses a Variable from outside,
    whose gradient would be lost.
    """

    def __init__(self, f: Callable[..., Any], what: str) -> None:
        self.f, self.what, self.errors = f, what, np.geterr()
        self.last: Any = None

    def _apart(self, *args: Any) -> Any:
        with np.errstate(**self.errors):
            y = joined(self.f(*args))
        if not isinstance(y, Variable):
            return y
        if y.creator is None and y is not self.last:
            self.last = y  # made from constants; one from outside comes again
            return y.data
        try:
            return np.asarray(y)
        except TypeError as error:
            raise TypeError(
                f"{self.what} uses a Variable from outside, whose gradient would be lost; pass it "
                f"to the solver by args=(...), as an argument of the function"
            ) from error

    def __call__(self, *args: Any) -> Any:
        return Context().run(self._apart, *args)


def pulled(f: Callable[..., Any], xs: Sequence[Any], gy: Any) -> list[Any]:
    """The gradient of f(*xs) by each x of floating point, weighted with gy; None for the rest.

    Arrays for arrays; inside a rule that is recorded, Variables.
    """
    xs = [x if isinstance(x, Variable) else np.asarray(x) for x in xs]
    floats = [i for i, x in enumerate(xs) if x.dtype.kind in "fc"]

    def of_floats(*chosen: Any) -> Any:
        given = dict(enumerate(xs)) | dict(zip(floats, chosen, strict=True))
        y = joined(f(*given.values()))
        return y if isinstance(y, Variable) else Variable(np.asarray(y, float))

    found = dict(zip(floats, vjp(of_floats, *[xs[i] for i in floats])[1](gy), strict=True))
    return [found.get(i) for i in range(len(xs))]
