"""Choosing between arrays element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Function
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
    def apply(cls, condition: Any, *choices: Any) -> Any:
        """As np.where."""
        holds: Any = plain(condition)
        holds = np.asarray(holds, bool)
        return cls()(holds, *choices) if choices else np.nonzero(holds)
