"""Choosing between arrays element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
from tinypt_ops_basic._samples import normal, sampled
from tinypt_ops_basic.constants import plain


class Where(Function):
    """Elements of x where condition holds, of y elsewhere; the three broadcast.

    The gradient of the operand not chosen is exactly 0, but the operand itself is computed
    everywhere, and 0 times an infinite derivative is NaN. Where f is singular off its branch,
    choose a harmless argument first, then the result ("double where"):

        safe = np.where(x > 0, x, 1.0)
        y = np.where(x > 0, np.log(safe), 0.0)

    With condition alone, the indices where it holds, as np.nonzero.

    >>> from tinypt_core import Variable
    >>> x = Variable(np.array([-1.0, 2.0]))
    >>> np.where(x > 0, x, 0.0)
    variable([0. 2.])
    """

    __slots__ = ()

    def forward(self, condition: Any, x: Any, y: Any) -> Any:
        return np.where(condition, x, y)

    def backward(self, gy: Any, condition: Any) -> Any:
        _, need_x, need_y = self.needs
        gx = np.where(condition, gy, 0) if need_x else None
        return None, gx, np.where(condition, 0, gy) if need_y else None

    @classmethod
    def apply(cls, condition: Any, x: Any = None, y: Any = None) -> Any:
        """As np.where."""
        condition = np.not_equal(plain(condition), 0)
        if x is None and y is None:
            return np.nonzero(condition)
        if x is None or y is None:
            raise ValueError("Where: either both or neither of x and y should be given")
        return cls()(condition, x, y)


class Select(Function):
    """For each element the first choice whose condition holds, or default; all broadcast.

    condlist: boolean arrays; choicelist: one array for each. As in `where`, every choice is
    computed everywhere, and one that is singular where it is not chosen needs a safe argument.

    Raises ValueError if the lists differ in length.

    >>> from tinypt_core import Variable
    >>> x = Variable(np.array([-1.0, 0.5, 2.0]))
    >>> np.select([x < 0, x > 1], [-x, x * x], 0.0)
    variable([1. 0. 4.])
    """

    __slots__ = ("condlist",)
    samples = sampled(([[True, False, False], [True, True, False]], [normal(2, 3), normal(3)], 2.0))
    keeps_nothing = True

    def __init__(self, condlist: Any) -> None:
        self.condlist = [plain(condition) for condition in condlist]

    def forward(self, *choices: Any) -> Any:
        return np.select(self.condlist, choices[:-1], choices[-1])

    def backward(self, gy: Any) -> Any:
        gxs = []
        left: Any = np.True_
        for condition in self.condlist:
            gxs.append(np.where(np.logical_and(condition, left), gy, 0))
            left = np.logical_and(left, np.logical_not(condition))
        return (*gxs, np.where(left, gy, 0))

    @classmethod
    def apply(cls, condlist: Any, choicelist: Any, default: Any = 0) -> Any:
        """As np.select."""
        return cls(condlist)(*choicelist, default)
