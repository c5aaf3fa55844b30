"""Batched: many arrays of one shape as one array, with a hidden leading axis."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

#: kinds of arrays that may hold batched ones, and so answer NumPy before them: Variables
above: list[type] = []


class NeedsLoop(BaseException):
    """Something asked a whole batch for one plain number: it must run element by element.

    It steers what runs, so it is no Exception: what wraps errors lets it pass. The text says what
    to write instead, for where nobody can run a loop.
    """


def needs_loop(error: BaseException) -> bool:
    """Whether an error says, or hides, that a loop is needed.

    NumPy puts an error of its own in front where an element of an array is set to a batched value.
    """
    while not isinstance(error, NeedsLoop):
        if error.__cause__ is None:
            return False
        error = error.__cause__
    return True


class Shape(tuple):  # type: ignore[type-arg]
    """The shape of one element, which also knows the levels it is batched at, highest first."""

    levels: tuple[int, ...]


class Batched:
    """Arrays of one shape, one for each element of a batch, which NumPy takes for one of them.

    data: shape (n, *shape), an ndarray, a Batched of a lower level, or any other array. level: a
    number of the batch's own; of two the higher is the outer. `shape`, `ndim`, `size` are those
    of one element; operators, methods and NumPy's functions run on all of them at once.
    returning: whether this is a gradient on its way back, of which products may wait.

    >>> from tinypt_core._batch.whole import Batched
    >>> x = Batched(np.arange(6.0).reshape(2, 3), level=1)
    >>> x.shape, np.sum(x).data
    ((3,), array([ 3., 12.]))
    """

    __slots__ = ("_array", "_shape", "level", "returning")
    _array: Any
    _shape: Shape | None
    level: int
    returning: bool

    def __init__(self, data: Any, level: int, returning: bool = False) -> None:
        if isinstance(data, Batched) and data.level >= level:
            raise ValueError(f"a batch of level {level} around one of level {data.level}")
        self._array = data
        self._shape = None
        self.level = level
        self.returning = returning

    # -- what it looks like: one element -------------------------------------------------------

    @property
    def data(self) -> Any:
        """All elements, along a first axis."""
        return self._array

    @property
    def shape(self) -> Shape:
        """The shape of one element."""
        if self._shape is None:
            whole = self._whole_shape()
            shape = Shape(whole[1:])
            shape.levels = (self.level, *levels_of(whole))
            self._shape = shape
        return self._shape

    def _whole_shape(self) -> Any:
        return self._array.shape

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return self._array.dtype

    @property
    def ndim(self) -> int:
        """The number of axes of one element."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of numbers in one element."""
        return prod(self.shape)

    @property
    def nbytes(self) -> int:
        """The bytes of one element."""
        return self.size * int(self.dtype.itemsize)

    @property
    def itemsize(self) -> int:
        """The bytes of one number."""
        return int(self.dtype.itemsize)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return int(self.shape[0])

    def __iter__(self) -> Iterator[Any]:
        if not self.shape:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        return f"Batched({self.data!r}, level={self.level})"

    @property
    def T(self) -> Any:
        """The axes in reverse order."""
        return np.transpose(self)

    @property
    def mT(self) -> Any:
        """The last two axes exchanged."""
        return np.matrix_transpose(self)

    @property
    def real(self) -> Any:
        """The real part."""
        return np.real(self)

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return np.imag(self)

    @property
    def flat(self) -> Any:
        """The numbers of one element in a row, to read."""
        return iter(np.ravel(self))

    # -- what it is not: one plain array -------------------------------------------------------

    def __bool__(self) -> NoReturn:
        raise NeedsLoop(
            "a batched value has no single truth: `if x > 0` cannot branch for every element of a "
            "batch; write np.where(x > 0, a, b)"
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        raise NeedsLoop(
            "a batched value is no single array: instead of W[i] with a batched index i write "
            "np.take(np.asarray(W, like=i), i, axis=0); instead of np.array([x, y]) write "
            "np.stack([x, y]); instead of filling an array in place, build it with np.where or "
            "np.concatenate"
        )

    def __index__(self) -> NoReturn:
        raise NeedsLoop(
            "a batched value is no single index: instead of W[i] write "
            "np.take(np.asarray(W, like=i), i, axis=0)"
        )

    def __tinypt_anywhere__(self) -> bool:
        """Whether a mask holds anywhere in the whole batch: see `anywhere`."""
        mask = self.data
        return mask.__tinypt_anywhere__() if isinstance(mask, Batched) else bool(np.any(mask))

    def _number(self, *args: Any) -> NoReturn:
        raise NeedsLoop(
            "a batched value is no single number: compute with NumPy's functions (np.sqrt(x), not "
            "math.sqrt(x)), write np.stack([x, y]) instead of filling an array, and leave float(), "
            "int() and .item() for after vmap"
        )

    __float__ = __int__ = __complex__ = item = tolist = _number
    __hash__ = object.__hash__

    if TYPE_CHECKING:  # set by the room's __init__, which joins its parts

        def __getitem__(self, index: Any) -> Any: ...
        def __setitem__(self, index: Any, value: Any) -> None: ...

        __array_ufunc__: Any
        __array_function__: Any


def levels_of(shape: Any) -> tuple[int, ...]:
    """The levels that the shape of a batched array knows; none of any other."""
    return shape.levels if shape.__class__ is Shape else ()
