"""What type checkers see of a Variable besides: nothing of it exists when a program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from typing import Self

    class Checkers(np.generic):
        """A scalar of NumPy's, to a checker.

        NumPy's stubs take whatever has `__array__` for an array and say that np.exp of it is an
        ndarray, so that a checker would refuse `np.exp(x).backward()`. Of a scalar they say
        nothing about what a ufunc gives.
        """

        def __new__(cls, data: Any, name: str | None = None) -> Self: ...
else:

    class Checkers:
        """Nothing."""

        __slots__ = ()
