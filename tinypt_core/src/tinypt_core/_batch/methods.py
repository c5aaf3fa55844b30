"""The operators and methods of arrays, on Batched: each is NumPy's function of that name."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core._batch.batched import Batched
from tinypt_core._batch.ufuncs import array_ufunc

_BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide,
    "floordiv": np.floor_divide, "mod": np.remainder, "pow": np.power, "matmul": np.matmul,
    "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor,
    "lshift": np.left_shift, "rshift": np.right_shift, "divmod": np.divmod,
}  # fmt: skip
_COMPARISONS = {
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
    "eq": np.equal, "ne": np.not_equal,
}  # fmt: skip
_UNARY = {
    "neg": np.negative, "pos": np.positive, "abs": np.absolute, "invert": np.invert,
}  # fmt: skip
#: methods that take what NumPy's function of their name takes
_FUNCTIONS = (
    "sum", "prod", "max", "min", "mean", "std", "var", "any", "all", "cumsum", "cumprod", "argmax",
    "argmin", "argsort", "ravel", "swapaxes", "squeeze", "take", "repeat", "diagonal", "trace",
    "dot", "clip", "round", "copy", "nonzero", "compress", "conj", "conjugate", "searchsorted",
    "partition", "argpartition",
)  # fmt: skip


def _binary(ufunc: Any, swap: bool = False) -> Any:
    def forward(self: Batched, other: Any) -> Any:
        return array_ufunc(self, ufunc, "__call__", self, other)

    def swapped(self: Batched, other: Any) -> Any:
        return array_ufunc(self, ufunc, "__call__", other, self)

    return swapped if swap else forward


def _method(name: str) -> Any:
    function = getattr(np, name)
    return lambda self, *args, **kwargs: function(self, *args, **kwargs)


def reshape(self: Batched, *shape: Any, order: Any = "C") -> Any:
    """The same numbers in another shape: `reshape(2, 3)` or `reshape((2, 3))`."""
    return np.reshape(self, _one(shape), order=order)


def transpose(self: Batched, *axes: Any) -> Any:
    """The axes in another order, reversed if none is given."""
    return np.transpose(self, _one(axes) if axes else None)


def astype(self: Batched, dtype: Any, *args: Any, **kwargs: Any) -> Any:
    """The numbers in another dtype."""
    return Batched(self.data.astype(dtype, *args, **kwargs), self.level, self.returning)


def view(self: Batched, dtype: Any) -> Any:
    """The same bytes as numbers of another dtype."""
    return Batched(self.data.view(dtype), self.level, self.returning)


def flatten(self: Batched, order: Any = "C") -> Any:
    """All numbers on one axis, as a copy."""
    return np.copy(np.ravel(self, order))


def _one(args: tuple[Any, ...]) -> Any:
    """The tuple that was given as one argument or as several."""
    return args[0] if len(args) == 1 and not isinstance(args[0], int) else args


def equip(cls: Any) -> None:
    """Give the class of batched arrays the operators and methods of arrays."""
    for name, ufunc in _BINARY.items():
        setattr(cls, f"__{name}__", _binary(ufunc))
        setattr(cls, f"__r{name}__", _binary(ufunc, swap=True))
    for name, ufunc in _COMPARISONS.items():
        setattr(cls, f"__{name}__", _binary(ufunc))
    for name, ufunc in _UNARY.items():
        setattr(cls, f"__{name}__", lambda self, ufunc=ufunc: ufunc(self))
    for name in _FUNCTIONS:
        setattr(cls, name, _method(name))
    for function in (reshape, transpose, astype, view, flatten):
        setattr(cls, function.__name__, function)
