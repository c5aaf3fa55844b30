"""A Variable as a plain number or array: never by itself where that would cut the graph.

While the graph is being recorded, only what has no derivative converts: integers and truths,
detached Variables, results that nothing was recorded for. On purpose are `.data` everywhere, and
`.item()` and `.tolist()` outside transforms; printing and formatting show the value anywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import _links
from tinypt_core._arrays import DIFFERENTIABLE
from tinypt_core._graph.places import has_derivative, node_at
from tinypt_core._modes import get_mode, refuse_in_rule


class Conversions:
    """Base of Variable: what it is as a number, an array, a list."""

    __slots__ = ()
    _array: Any
    _edge: Any

    def __repr__(self) -> str:
        if self._array is None:
            return "variable(None)"
        return "variable(" + str(self._array).replace("\n", "\n" + " " * 9) + ")"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return _links.mimebundle(self) if _links.mimebundle else {"text/plain": repr(self)}

    def __format__(self, spec: str) -> str:
        if spec:
            refuse_in_rule("formats a Variable")
            return format(self._own_array()[()], spec)
        return str(self)

    def __bool__(self) -> bool:
        return bool(self._array)

    def __float__(self) -> float:
        return float(self._plain("float(v)", _NUMBER))

    def __int__(self) -> int:
        return int(self._plain("int(v)", _NUMBER))

    def __complex__(self) -> complex:
        return complex(self._plain("complex(v)", _NUMBER))

    def __index__(self) -> int:
        return self._plain("an index", _INDEX).__index__()  # type: ignore[no-any-return]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        data = self._plain("an array", _ARRAY)
        return np.array(data, dtype) if copy else np.asarray(data, dtype)

    def item(self, *args: Any) -> Any:
        """One element as a Python number."""
        self._refuse_in_transform("item()")
        return self._own_array().item(*args)

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers."""
        self._refuse_in_transform("tolist()")
        return self._own_array().tolist()

    def _own_array(self) -> Any:
        return self.data  # type: ignore[attr-defined]

    def _has_derivative(self) -> bool:
        """Whether turning this into something plain now would lose a derivative."""
        edge = self._edge
        if not get_mode().enable_backprop or self._array is None:
            return False
        if self._array.dtype.kind not in DIFFERENTIABLE:
            return False
        return has_derivative(edge)

    def _plain(self, what: str, instead: str) -> Any:
        refuse_in_rule(f"turns a Variable into {what}")
        if self._has_derivative():
            raise TypeError(
                f"a Variable does not turn into {what} by itself while the graph is recorded, "
                f"since that would cut the graph and its derivative would be lost; {instead}"
            )
        return self._own_array()

    def _refuse_in_transform(self, what: str) -> None:
        if get_mode().transform and self._has_derivative():
            raise TypeError(
                f"{what} of a Variable inside a transform: the derivative would not see the "
                f"number; compute with the Variable itself, or with v.detach() if it is meant "
                f"to be a constant"
            )

    def _refuse_copy(self) -> None:
        middle = get_mode().transform or node_at(self._edge) is not None
        if middle and self._has_derivative():
            raise TypeError(
                "a Variable in the middle of a computation is not copied or pickled, since the "
                "copy would leave the graph behind; write x + 0 for another Variable of the same "
                "value, or x.detach() for a constant to copy"
            )


_NUMBER = (
    "write v.item() for the number of a loss, v.detach() for a constant; compute with NumPy's "
    "functions (np.sin(v), not math.sin(v)); to fill an array, np.stack([...]), or "
    "buffer = Variable(np.zeros(n)) and buffer[i] = v"
)
_INDEX = "an index is an integer: write np.floor(v).astype(int)"
_ARRAY = (
    "write np.stack([...]) to join Variables; to fill an array, buffer = Variable(np.zeros(n)) "
    "and buffer[i] = v; v.detach() is a constant that converts; beside a masked array or a matrix, "
    "np.asarray(m.filled(0.0)) or np.asarray(m)"
)
