"""The methods arrays have, on Variables: each is the registered operator of that name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinypt_core._links import OPS

if TYPE_CHECKING:
    import numpy as np

    from tinypt_core._variable import Variable


class Methods:
    """Base of Variable: the methods of arrays, and for type checkers the operators.

    They take NumPy's arguments; an operator that is not installed raises OpNotFoundError when
    its method is called.
    """

    __slots__ = ()

    # -- reductions ----------------------------------------------------------------------------

    def sum(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Sum along axes.

        >>> import numpy as np
        >>> from tinypt_core import Variable
        >>> Variable(np.ones((2, 3))).sum(axis=1)
        variable([3. 3.])
        """
        return OPS["sum"](self, axis, keepdims)  # type: ignore[no-any-return]

    def mean(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Mean along axes."""
        return OPS["mean"](self, axis, keepdims)  # type: ignore[no-any-return]

    def prod(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Product along axes."""
        return OPS["prod"](self, axis, keepdims)  # type: ignore[no-any-return]

    def max(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Largest element along axes."""
        return OPS["max"](self, axis, keepdims)  # type: ignore[no-any-return]

    def min(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Smallest element along axes."""
        return OPS["min"](self, axis, keepdims)  # type: ignore[no-any-return]

    def var(self, axis: Any = None, ddof: float = 0, keepdims: bool = False) -> Variable:
        """Variance along axes."""
        return OPS["var"](self, axis, ddof, keepdims)  # type: ignore[no-any-return]

    def std(self, axis: Any = None, ddof: float = 0, keepdims: bool = False) -> Variable:
        """Standard deviation along axes."""
        return OPS["std"](self, axis, ddof, keepdims)  # type: ignore[no-any-return]

    def cumsum(self, axis: int | None = None) -> Variable:
        """Running sum along an axis."""
        return OPS["cumsum"](self, axis)  # type: ignore[no-any-return]

    def cumprod(self, axis: int | None = None) -> Variable:
        """Running product along an axis."""
        return OPS["cumprod"](self, axis)  # type: ignore[no-any-return]

    def trace(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Variable:
        """Sum along a diagonal."""
        return OPS["trace"](self, offset, axis1, axis2)  # type: ignore[no-any-return]

    # -- shape ---------------------------------------------------------------------------------

    def reshape(self, *shape: Any) -> Variable:
        """The same elements in another shape: `reshape(2, 3)` or `reshape((2, 3))`.

        >>> import numpy as np
        >>> from tinypt_core import Variable
        >>> Variable(np.arange(4.0)).reshape(2, 2)
        variable([[0. 1.]
                  [2. 3.]])
        """
        return OPS["reshape"](self, _one(shape))  # type: ignore[no-any-return]

    def ravel(self) -> Variable:
        """All elements on one axis."""
        return OPS["ravel"](self)  # type: ignore[no-any-return]

    def flatten(self) -> Variable:
        """All elements on one axis, as a copy."""
        return OPS["copy"](OPS["ravel"](self))  # type: ignore[no-any-return]

    def transpose(self, *axes: Any) -> Variable:
        """The axes in another order, reversed if none is given."""
        return OPS["transpose"](self, _one(axes) if axes else None)  # type: ignore[no-any-return]

    def swapaxes(self, axis1: int, axis2: int) -> Variable:
        """Two axes exchanged."""
        return OPS["swapaxes"](self, axis1, axis2)  # type: ignore[no-any-return]

    def squeeze(self, axis: Any = None) -> Variable:
        """Without axes of length 1."""
        return OPS["squeeze"](self, axis)  # type: ignore[no-any-return]

    # -- elements ------------------------------------------------------------------------------

    def take(self, indices: Any, axis: int | None = None) -> Variable:
        """Elements at indices along an axis."""
        return OPS["take"](self, indices, axis)  # type: ignore[no-any-return]

    def repeat(self, repeats: Any, axis: int | None = None) -> Variable:
        """Each element several times."""
        return OPS["repeat"](self, repeats, axis)  # type: ignore[no-any-return]

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Variable:
        """The elements on a diagonal."""
        return OPS["diagonal"](self, offset, axis1, axis2)  # type: ignore[no-any-return]

    def dot(self, b: Any) -> Variable:
        """Dot product."""
        return OPS["dot"](self, b)  # type: ignore[no-any-return]

    def clip(self, min: Any = None, max: Any = None) -> Variable:
        """Limited to [min, max]."""
        return OPS["clip"](self, min, max)  # type: ignore[no-any-return]

    def round(self, decimals: int = 0) -> Variable:
        """Rounded to decimal places."""
        return OPS["round"](self, decimals)  # type: ignore[no-any-return]

    def astype(self, dtype: Any) -> Variable:
        """The values in another dtype; the gradient is cast back."""
        return OPS["astype"](self, dtype)  # type: ignore[no-any-return]

    def copy(self) -> Variable:
        """A copy, in memory of its own, with its place in the graph."""
        return OPS["copy"](self)  # type: ignore[no-any-return]

    # -- plain arrays and values ---------------------------------------------------------------

    def argmax(self, axis: int | None = None, keepdims: bool = False) -> Any:
        """Index of the largest element, a plain array or number."""
        return OPS["argmax"](self, axis=axis, keepdims=keepdims)

    def argmin(self, axis: int | None = None, keepdims: bool = False) -> Any:
        """Index of the smallest element, a plain array or number."""
        return OPS["argmin"](self, axis=axis, keepdims=keepdims)

    def argsort(self, axis: int | None = -1) -> np.ndarray:
        """Indices that sort along an axis, a plain array."""
        return OPS["argsort"](self, axis)  # type: ignore[no-any-return]

    def nonzero(self) -> tuple[np.ndarray, ...]:
        """Indices of the elements that are not 0, plain arrays."""
        return OPS["nonzero"](self)  # type: ignore[no-any-return]

    def any(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Whether any element is not 0, a plain array or bool."""
        return OPS["any"](self, axis=axis, keepdims=keepdims)

    def all(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Whether all elements are not 0, a plain array or bool."""
        return OPS["all"](self, axis=axis, keepdims=keepdims)

    def item(self, *args: Any) -> Any:
        """One element as a Python number."""
        return self.data.item(*args)

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers."""
        return self.data.tolist()

    if TYPE_CHECKING:  # set by _variable, which looks the operators up by name

        @property
        def data(self) -> np.ndarray: ...
        def __add__(self, other: Any) -> Variable: ...
        def __radd__(self, other: Any) -> Variable: ...
        def __sub__(self, other: Any) -> Variable: ...
        def __rsub__(self, other: Any) -> Variable: ...
        def __mul__(self, other: Any) -> Variable: ...
        def __rmul__(self, other: Any) -> Variable: ...
        def __truediv__(self, other: Any) -> Variable: ...
        def __rtruediv__(self, other: Any) -> Variable: ...
        def __floordiv__(self, other: Any) -> np.ndarray: ...
        def __rfloordiv__(self, other: Any) -> np.ndarray: ...
        def __mod__(self, other: Any) -> Variable: ...
        def __rmod__(self, other: Any) -> Variable: ...
        def __pow__(self, other: Any) -> Variable: ...
        def __rpow__(self, other: Any) -> Variable: ...
        def __matmul__(self, other: Any) -> Variable: ...
        def __rmatmul__(self, other: Any) -> Variable: ...
        def __lt__(self, other: Any) -> Any: ...
        def __le__(self, other: Any) -> Any: ...
        def __gt__(self, other: Any) -> Any: ...
        def __ge__(self, other: Any) -> Any: ...
        def __eq__(self, other: Any) -> Any: ...
        def __ne__(self, other: Any) -> Any: ...
        def __getitem__(self, index: Any) -> Variable: ...
        def __neg__(self) -> Variable: ...
        def __pos__(self) -> Variable: ...
        def __abs__(self) -> Variable: ...


def _one(args: tuple[Any, ...]) -> Any:
    """The tuple that was given as one argument or as several."""
    return args[0] if len(args) == 1 and not isinstance(args[0], int) else args
