"""The methods arrays have, on Variables: each is the registered operator of that name."""

from __future__ import annotations

from typing import Any, TypeVar

from tinypt_core._graph.arithmetic import Arithmetic
from tinypt_core._graph.attributes import Attributes
from tinypt_core._graph.conversions import Conversions
from tinypt_core._graph.standard import Standard
from tinypt_core._links import OPS

_V = TypeVar("_V", bound="Methods")


class Methods(Arithmetic, Attributes, Conversions, Standard):
    """Base of Variable: the methods of arrays.

    They take NumPy's arguments; an operator that is not installed raises OpNotFoundError when
    its method is called.
    """

    __slots__ = ()

    # -- reductions ----------------------------------------------------------------------------

    def sum(
        self: _V,
        axis: Any = None,
        dtype: Any = None,
        out: None = None,
        keepdims: bool = False,
        **options: Any,
    ) -> _V:
        """Sum along axes.

        >>> import numpy as np
        >>> from tinypt_core import Variable
        >>> Variable(np.ones((2, 3))).sum(axis=1)
        variable([3. 3.])
        """
        return OPS["sum"](self, axis, keepdims, **_given(options, dtype=dtype, out=out))  # type: ignore[no-any-return]

    def mean(
        self: _V,
        axis: Any = None,
        dtype: Any = None,
        out: None = None,
        keepdims: bool = False,
        **options: Any,
    ) -> _V:
        """Mean along axes."""
        return OPS["mean"](self, axis, keepdims, **_given(options, dtype=dtype, out=out))  # type: ignore[no-any-return]

    def prod(
        self: _V,
        axis: Any = None,
        dtype: Any = None,
        out: None = None,
        keepdims: bool = False,
        **options: Any,
    ) -> _V:
        """Product along axes."""
        return OPS["prod"](self, axis, keepdims, **_given(options, dtype=dtype, out=out))  # type: ignore[no-any-return]

    def max(
        self: _V, axis: Any = None, out: None = None, keepdims: bool = False, **options: Any
    ) -> _V:
        """Largest element along axes."""
        return OPS["max"](self, axis, keepdims, **_given(options, out=out))  # type: ignore[no-any-return]

    def min(
        self: _V, axis: Any = None, out: None = None, keepdims: bool = False, **options: Any
    ) -> _V:
        """Smallest element along axes."""
        return OPS["min"](self, axis, keepdims, **_given(options, out=out))  # type: ignore[no-any-return]

    def var(
        self: _V,
        axis: Any = None,
        dtype: Any = None,
        out: None = None,
        ddof: float = 0,
        keepdims: bool = False,
        **options: Any,
    ) -> _V:
        """Variance along axes."""
        return OPS["var"](self, axis, ddof, keepdims, **_given(options, dtype=dtype, out=out))  # type: ignore[no-any-return]

    def std(
        self: _V,
        axis: Any = None,
        dtype: Any = None,
        out: None = None,
        ddof: float = 0,
        keepdims: bool = False,
        **options: Any,
    ) -> _V:
        """Standard deviation along axes."""
        return OPS["std"](self, axis, ddof, keepdims, **_given(options, dtype=dtype, out=out))  # type: ignore[no-any-return]

    def cumsum(self: _V, axis: int | None = None, dtype: Any = None, out: None = None) -> _V:
        """Running sum along an axis."""
        return OPS["cumsum"](self, axis, **_given({}, dtype=dtype, out=out))  # type: ignore[no-any-return]

    def cumprod(self: _V, axis: int | None = None, dtype: Any = None, out: None = None) -> _V:
        """Running product along an axis."""
        return OPS["cumprod"](self, axis, **_given({}, dtype=dtype, out=out))  # type: ignore[no-any-return]

    def trace(
        self: _V,
        offset: int = 0,
        axis1: int = 0,
        axis2: int = 1,
        dtype: Any = None,
        out: None = None,
    ) -> _V:
        """Sum along a diagonal."""
        return OPS["trace"](self, offset, axis1, axis2, **_given({}, dtype=dtype, out=out))  # type: ignore[no-any-return]

    # -- shape ---------------------------------------------------------------------------------

    def reshape(self: _V, *shape: Any) -> _V:
        """The same elements in another shape: `reshape(2, 3)` or `reshape((2, 3))`.

        >>> import numpy as np
        >>> from tinypt_core import Variable
        >>> Variable(np.arange(4.0)).reshape(2, 2)
        variable([[0. 1.]
                  [2. 3.]])
        """
        return OPS["reshape"](self, _one(shape))  # type: ignore[no-any-return]

    def ravel(self: _V, order: str = "C") -> _V:
        """All elements on one axis."""
        return OPS["ravel"](self, **_order(order))  # type: ignore[no-any-return]

    def flatten(self: _V, order: str = "C") -> _V:
        """All elements on one axis, as a copy."""
        return OPS["copy"](self.ravel(order))  # type: ignore[no-any-return]

    def transpose(self: _V, *axes: Any) -> _V:
        """The axes in another order, reversed if none is given."""
        return OPS["transpose"](self, _one(axes) if axes else None)  # type: ignore[no-any-return]

    def swapaxes(self: _V, axis1: int, axis2: int) -> _V:
        """Two axes exchanged."""
        return OPS["swapaxes"](self, axis1, axis2)  # type: ignore[no-any-return]

    def squeeze(self: _V, axis: Any = None) -> _V:
        """Without axes of length 1."""
        return OPS["squeeze"](self, axis)  # type: ignore[no-any-return]

    # -- elements ------------------------------------------------------------------------------

    def take(
        self: _V, indices: Any, axis: int | None = None, out: None = None, mode: str = "raise"
    ) -> _V:
        """Elements at indices along an axis."""
        return OPS["take"](self, indices, axis, mode=mode, **_given({}, out=out))  # type: ignore[no-any-return]

    def repeat(self: _V, repeats: Any, axis: int | None = None) -> _V:
        """Each element several times."""
        return OPS["repeat"](self, repeats, axis)  # type: ignore[no-any-return]

    def diagonal(self: _V, offset: int = 0, axis1: int = 0, axis2: int = 1) -> _V:
        """The elements on a diagonal."""
        return OPS["diagonal"](self, offset, axis1, axis2)  # type: ignore[no-any-return]

    def dot(self: _V, b: Any, out: None = None) -> _V:
        """Dot product."""
        return OPS["dot"](self, b, **_given({}, out=out))  # type: ignore[no-any-return]

    def clip(self: _V, min: Any = None, max: Any = None, out: None = None) -> _V:
        """Limited to [min, max]."""
        return OPS["clip"](self, min, max, **_given({}, out=out))  # type: ignore[no-any-return]

    def round(self: _V, decimals: int = 0, out: None = None) -> _V:
        """Rounded to decimal places."""
        return OPS["round"](self, decimals, **_given({}, out=out))  # type: ignore[no-any-return]

    def astype(self: _V, dtype: Any) -> _V:
        """The values in another dtype; the gradient is cast back."""
        return OPS["astype"](self, dtype)  # type: ignore[no-any-return]

    def copy(self: _V) -> _V:
        """A copy, in memory of its own, with its place in the graph."""
        return OPS["copy"](self)  # type: ignore[no-any-return]

    # -- plain arrays and values ---------------------------------------------------------------

    def argmax(self, axis: int | None = None, keepdims: bool = False) -> Any:
        """Index of the largest element, a plain array or number."""
        return OPS["argmax"](self, axis=axis, keepdims=keepdims)

    def argmin(self, axis: int | None = None, keepdims: bool = False) -> Any:
        """Index of the smallest element, a plain array or number."""
        return OPS["argmin"](self, axis=axis, keepdims=keepdims)

    def argsort(self, axis: int | None = -1, kind: Any = None, stable: Any = None) -> Any:
        """Indices that sort along an axis, a plain array."""
        return OPS["argsort"](self, axis, kind=kind, stable=stable)

    def nonzero(self) -> Any:
        """Indices of the elements that are not 0, plain arrays."""
        return OPS["nonzero"](self)

    def any(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Whether any element is not 0, a plain array or bool."""
        return OPS["any"](self, axis=axis, keepdims=keepdims)

    def all(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Whether all elements are not 0, a plain array or bool."""
        return OPS["all"](self, axis=axis, keepdims=keepdims)


def _one(args: tuple[Any, ...]) -> Any:
    """The tuple that was given as one argument or as several."""
    return args[0] if len(args) == 1 and not isinstance(args[0], int) else args


def _given(options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Of NumPy's options those that ask for something; an operator refuses what it cannot do."""
    for name, value in more.items():
        if value is not None:
            options[name] = value
    return options


def _order(order: str) -> dict[str, str]:
    return {} if order == "C" else {"order": order}
