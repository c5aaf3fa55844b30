"""In and out of a batch, as operators: so a derivative finds its way through a vmap."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._batch.entering import elements
from tinypt_core._batch.whole import above, collect, element, enter, leave, summed
from tinypt_core._function import Function
from tinypt_core._variable import Variable

above.append(Variable)  # it answers NumPy before the batched arrays it may hold


class Enter(Function):
    """The slices of x along an axis, as a batch. level: the number of the batch."""

    __slots__ = ("axis", "level", "returning")
    keeps_nothing = True

    def __init__(self, level: int, axis: int = 0, returning: bool = False) -> None:
        self.level, self.axis, self.returning = level, axis, returning

    def forward(self, x: Any) -> Any:
        """An axis becomes the hidden one."""
        return enter(x, self.level, self.axis, self.returning)

    def backward(self, gy: Any) -> Any:
        """The gradients of the slices, side by side."""
        return Leave(self.level, self.axis, self.shapes[0][self.axis]).of(gy)


class Leave(Function):
    """The n elements of a batch along an axis; n times x if it is the same for all."""

    __slots__ = ("axis", "level", "n")
    keeps_nothing = True

    def __init__(self, level: int, axis: int, n: int) -> None:
        self.level, self.axis, self.n = level, axis, n

    def forward(self, x: Any) -> Any:
        """The hidden axis becomes one of the array's."""
        return leave(x, self.level, self.axis, self.n)

    def backward(self, gy: Any) -> Any:
        """A batch of gradients; of an x that is the same for all the loop sums them."""
        return Enter(self.level, self.axis, returning=True).of(gy)


class Share(Function):
    """x for every one of the n elements of a batch. Of its gradient the loop makes the sum."""

    __slots__ = ("level", "n")
    keeps_nothing = True

    def __init__(self, level: int, n: int) -> None:
        self.level, self.n = level, n

    def forward(self, x: Any) -> Any:
        """n times the same, without a copy."""
        return enter(np.broadcast_to(x, (self.n, *np.shape(x))), self.level, 0, returning=True)

    def backward(self, gy: Any) -> Any:
        """What each element gives, to be summed."""
        return gy


class Unshare(Function):
    """The sum over the n elements of a batch: the adjoint of using one value for all of them."""

    __slots__ = ("level", "n")
    keeps_nothing = True

    def __init__(self, level: int, n: int) -> None:
        self.level, self.n = level, n

    def forward(self, x: Any) -> Any:
        """Summed over the hidden axis."""
        return summed(x, self.level)

    def backward(self, gy: Any) -> Any:
        """The same for every element."""
        return Share(self.level, self.n).of(gy)


class Apart(Function):
    """The n elements of a batch, one by one; n times x if it is the same for all."""

    __slots__ = ("level", "n")
    keeps_nothing = True

    def __init__(self, level: int, n: int) -> None:
        self.level, self.n = level, n

    def forward(self, x: Any) -> Any:
        """Out of the hidden axis."""
        return tuple(element(x, self.level, i) for i in range(self.n))

    def backward(self, *gys: Any) -> Any:
        """Together again; of an x that is the same for all the loop sums them."""
        return Collect(self.level).of(*gys)


class Collect(Function):
    """Values of one shape as the elements of a batch."""

    __slots__ = ("level",)
    keeps_nothing = True

    def __init__(self, level: int) -> None:
        self.level = level

    def forward(self, *xs: Any) -> Any:
        """Along a hidden axis."""
        return collect(xs, self.level)

    def backward(self, gy: Any) -> Any:
        """Each its own."""
        return Apart(self.level, len(self.shapes)).of(gy)


def unshared(x: Variable, level: int) -> Any:
    """The sum of a Variable over the batch of a level."""
    return Unshare(level, elements(x._array, level))(x)
