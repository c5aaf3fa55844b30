"""Variable: an array that remembers what made it."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from tinypt_core._errors import GradientError
from tinypt_core._methods import Methods
from tinypt_core._modes import get_mode
from tinypt_core._registry import OPS

if TYPE_CHECKING:
    from tinypt_core._function import Function


def _run_backward(y: Variable, retain_grad: bool, create_graph: bool) -> None:
    """Import the loop, which puts itself in this place."""
    from tinypt_core._backward import backward

    backward(y, retain_grad, create_graph)


class _Scalar(tuple):  # type: ignore[type-arg]
    """The empty shape of a value that travels as a NumPy scalar, told apart by identity."""

    __slots__ = ()


#: the shape of a 0-d float64 where elementwise operators meet: one look instead of three
SCALAR = _Scalar()
_FLOAT64 = np.dtype(float)


class Leaf:
    """The end of the graph: stands for a Variable that no operator made.

    The graph holds this token and not the Variable, so a Variable (and its array) that its
    owner drops goes away at once; nobody is left to read its gradient.
    """

    __slots__ = ("__weakref__", "_dtype", "_name", "_ref", "_shape")
    _name: str | None  #: only if there is one, so that pictures show it after the Variable is gone
    _order = 0
    _edges: tuple[Any, ...] = ()

    def __init__(self, variable: Variable, data: np.ndarray | None) -> None:
        self._ref = weakref.ref(variable)
        self._shape: Any = None if data is None else data.shape
        self._dtype = None if data is None else data.dtype
        if self._dtype is _FLOAT64 and not self._shape:
            self._shape = SCALAR

    @property
    def _grad(self) -> Any:
        """The Variable's gradient. Were it kept here, one with a graph of its own, which leads
        back to this leaf, would be a reference cycle."""
        return getattr(self._ref(), "_grad", None)

    @_grad.setter
    def _grad(self, value: Any) -> None:
        variable = self._ref()
        if variable is not None:
            variable._grad = value

    def fits(self, data: np.ndarray) -> bool:
        """Whether gradients of what was here before fit `data` too."""
        return self._shape == data.shape and self._dtype == data.dtype


class Output(tuple):  # type: ignore[type-arg]
    """Output number `index` of a Function that has several; equal by value, so it needs no home."""

    __slots__ = ()
    passes_over = None
    function: Function = property(lambda self: self[0])  # type: ignore[assignment]
    index: int = property(lambda self: self[1])  # type: ignore[assignment]
    _edges = property(lambda self: (self[0],))
    _behind = property(lambda self: self[0])
    _order = property(lambda self: self[0]._order and self[0]._order + 0.5)
    _shape = property(lambda self: self[0]._shape[self[1]])
    _dtype = property(lambda self: self[0]._dtype[self[1]])
    _ref = property(lambda self: self[0]._ref[self[1]])

    @property
    def _grad(self) -> Any:
        return self[0]._grad[self[1]]

    @_grad.setter
    def _grad(self, value: Any) -> None:
        self[0]._grad[self[1]] = value


class Variable(Methods):
    """An array and its place in the graph.

    data: an ndarray of real numbers, or None. name: shown in pictures.
    `grad` is None until `backward()` has run; then an ndarray of the shape and dtype of data,
    or a Variable after `backward(create_graph=True)`.

    Raises TypeError for anything that is not an ndarray.

    >>> import numpy as np
    >>> x = Variable(np.array([1, 2, 3]), name="x")
    >>> x
    variable([1 2 3])
    >>> x.shape, x.dtype.name, len(x)
    ((3,), 'int64', 3)
    """

    __slots__ = ("__weakref__", "_data", "_edge", "_grad", "_name")
    _data: np.ndarray
    _edge: Any
    _grad: Any  #: of a leaf; any other's is at its node

    def __init__(self, data: np.ndarray | None, name: str | None = None) -> None:
        _check(data)
        self._data = data  # type: ignore[assignment]
        self._edge = Leaf(self, data)
        self._grad = None
        self._name = name
        if name is not None:
            self._edge._name = name

    # -- the array ---------------------------------------------------------------------------

    @property
    def data(self) -> np.ndarray:
        """The array itself. Reading it inside a gradient rule under create_graph raises."""
        if get_mode().recording_rule:
            raise cut("reads .data", _PLAIN)
        return array_of(self)

    @data.setter
    def data(self, value: np.ndarray) -> None:
        if isinstance(value, np.generic):  # what NumPy makes of `x.data - 0.1` where x is 0-d
            value = np.asarray(value)
        _check(value)
        edge = self._edge
        if type(edge) is Leaf and (value is None or not edge.fits(value)):
            self._edge = Leaf(self, value)
            self.name, self.grad = self._name, edge._grad
        self._data = value
        _show(self)

    @property
    def grad(self) -> Any:
        """The gradient that `backward()` stored, at the Variable's place in the graph."""
        edge = self._edge
        return self._grad if edge.__class__ is Leaf else edge._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        if self._edge.__class__ is Leaf:
            self._grad = value
        else:
            self._edge._grad = value

    @property
    def name(self) -> str | None:
        """A label for pictures; the graph keeps it."""
        return self._name

    @name.setter
    def name(self, value: str | None) -> None:
        self._name = value
        edge = self._edge
        if type(edge) is Leaf:
            edge._name = value
        else:
            function, index = edge if type(edge) is Output else (edge, 0)
            function.info.setdefault("names", {})[index] = value

    @property
    def shape(self) -> tuple[int, ...]:
        """The array's shape."""
        return self._data.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._data.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """The array's dtype."""
        return self._data.dtype

    @property
    def real(self) -> Variable:
        """Throw-away: the real part."""
        return OPS["real"](self)  # type: ignore[no-any-return]

    @property
    def imag(self) -> Variable:
        """Throw-away: the imaginary part."""
        return OPS["imag"](self)  # type: ignore[no-any-return]

    @property
    def T(self) -> Variable:
        """The axes in reverse order: the registered op `transpose`."""
        return OPS["transpose"](self)  # type: ignore[no-any-return]

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[Variable]:
        if not self.ndim:
            raise TypeError("a 0-d Variable cannot be iterated")
        return (OPS["getitem"](self, i) for i in range(len(self._data)))

    def __setitem__(self, index: Any, value: Any) -> None:
        """Throw-away: neither leaf rules nor linear cost."""
        y = OPS["setitem"](self, index, value)
        self._data, self._edge = y._data, y._edge
        if y._edge._order:
            y._edge._made = weakref.ref(self)

    def __bool__(self) -> bool:
        return bool(self._data)

    def __complex__(self) -> complex:
        return complex(self.data)

    def __float__(self) -> float:
        return float(self.data)

    def __int__(self) -> int:
        return int(self.data)

    def __index__(self) -> int:
        return self.data.__index__()

    def __repr__(self) -> str:
        if self._data is None:
            return "variable(None)"
        return "variable(" + str(self._data).replace("\n", "\n" + " " * 9) + ")"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from tinypt_core._notebook import mimebundle

        return mimebundle(self)

    def __format__(self, spec: str) -> str:
        return format(self.data[()], spec) if spec else str(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        raise TypeError(
            "a Variable does not turn into an array by itself, since that would cut the graph; "
            "write x.data for its array, or np.stack([...]) to join Variables"
        )

    # -- the array API standard ----------------------------------------------------------------

    @property
    def mT(self) -> Variable:
        """The matrices in the last two axes transposed: the operator `matrix_transpose`."""
        return OPS["matrix_transpose"](self)  # type: ignore[no-any-return]

    @property
    def device(self) -> str:
        """Where the array is: "cpu"."""
        return "cpu"

    def to_device(self, device: Any, /, *, stream: Any = None) -> Variable:
        """The Variable itself, for "cpu"; ValueError for any other device or a stream."""
        if device != "cpu" or stream is not None:
            raise ValueError(f"the only device is 'cpu', without streams, not {device!r}")
        return self

    def __array_namespace__(self, /, *, api_version: str | None = None) -> Any:
        from tinypt_core import array_api

        if api_version not in (None, "2021.12", "2022.12", "2023.12", "2024.12"):
            raise ValueError(f"version {api_version} of the array API is not supported")
        return array_api

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: Any = None,
        dl_device: Any = None,
        copy: bool | None = None,
    ) -> Any:
        options = {"max_version": max_version, "dl_device": dl_device, "copy": copy}
        return np.asarray(self).__dlpack__(stream=stream, **options)  # refused as an array is

    def __dlpack_device__(self) -> tuple[Any, Any]:
        return self._data.__dlpack_device__()

    # -- the graph ---------------------------------------------------------------------------

    @property
    def creator(self) -> Function | None:
        """The Function node that made this Variable, or None."""
        edge = self._edge
        if type(edge) is Output:
            return edge.function
        if not edge._order:
            return None
        _show(self)
        return edge  # type: ignore[no-any-return]

    def set_creator(self, f: Function) -> None:
        """Hang this Variable onto the graph as the output of `f`."""
        f._adopt(self)

    def unchain(self) -> None:
        """Forget what made this Variable: it becomes a leaf, also for what was made from it."""
        _refuse_in_rule("unchains a Variable")
        if type(self._edge) is not Output:
            if self.creator is not None:
                self._edge._forget()
            return
        grad = self.grad
        self._edge = Leaf(self, self._data)
        self.grad = grad

    def unchain_backward(self) -> None:
        """Cut the graph behind this Variable: what its creator was made from becomes a leaf."""
        _refuse_in_rule("unchains a Variable")
        stack = list(self.creator._edges) if self.creator is not None else []
        while stack:
            edge = stack.pop()
            node = edge.function if type(edge) is Output else edge
            if node is not None and node._order:
                stack += node._edges
                node._forget()

    def detach(self) -> Variable:
        """A Variable on the same array, without the graph."""
        _refuse_in_rule("detaches a Variable")
        return Variable(array_of(self), self._name)

    def cleargrad(self) -> None:
        """Set `grad` to None."""
        self.grad = None

    def backward(self, retain_grad: bool = False, create_graph: bool = False) -> None:
        """Accumulate d(sum of self)/dx in the `grad` of every leaf x behind this Variable.

        A `grad` that this Variable already has is taken as the weight of its elements.
        retain_grad: store the gradients of intermediate Variables too.
        create_graph: record the computation of the gradients, to differentiate it again.

        Raises GradientError if a rule is wrong or data is integer; then no `grad` has changed.

        >>> import numpy as np
        >>> from tinypt_core.ops import sin
        >>> x = Variable(np.array(0.0))
        >>> sin(x).backward()
        >>> x.grad
        array(1.)
        """
        _run_backward(self, retain_grad, create_graph)

    # -- copies leave the graph behind ---------------------------------------------------------

    def __getstate__(self) -> tuple[Any, ...]:
        _refuse_in_rule("copies or pickles a Variable")
        grad = self.grad.detach() if isinstance(self.grad, Variable) else self.grad
        return array_of(self), grad, self._name

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._data, grad, self._name = state
        self._edge = Leaf(self, self._data)
        self.grad = grad

    def __copy__(self) -> Variable:
        copy = Variable(array_of(self), self._name)
        copy.grad = self.__getstate__()[1]
        return copy


def array_of(variable: Variable) -> np.ndarray:
    """The array of a Variable; of an elementwise operator's 0-d result it is made here."""
    data = variable._data
    _show(variable)
    if data.__class__ is np.float64:
        variable._data = data = np.asarray(data)
    return data


def _show(variable: Variable) -> None:
    """Let the node behind a Variable know that somebody has its array in hand."""
    edge = variable._edge
    if edge._order and edge.__class__ is not Output:
        edge._show(variable)


def handle(data: Any, edge: Any) -> Variable:
    """A Variable on `data` at the place `edge` of the graph."""
    variable: Variable = _new(Variable)
    variable._data = data
    variable._edge = edge
    variable._name = variable._grad = None
    return variable


_new = object.__new__


def cut(deed: str, instead: str) -> GradientError:
    """The error for a rule that would silently lose a higher derivative."""
    return GradientError(
        f"{deed} under create_graph=True, which cuts the graph: the next derivative would be "
        f"silently wrong. Ask for what the rule needs by name (backward(self, gy, x) or "
        f"(self, gy, y)) and compute with it directly; use {instead}"
    )


_PLAIN = "x > 0 or np.sign(x) where it needs only a plain array"


def _refuse_in_rule(deed: str) -> None:
    if get_mode().recording_rule:
        raise cut(deed, _PLAIN)


def _check(data: object) -> None:
    if data is None:
        return
    if not isinstance(data, np.ndarray):
        raise TypeError(f"{type(data)} is not supported; write Variable(np.array(...))")
    if data.dtype.kind not in "fiubc":
        hint = "keep real and imaginary part apart" if data.dtype.kind == "c" else "convert it"
        raise TypeError(f"{data.dtype} arrays are not supported, only real numbers; {hint}")


def _operator(op: str, swap: bool = False) -> Any:
    def forward(self: Variable, other: Any) -> Any:
        return OPS[op](self, other)

    def swapped(self: Variable, other: Any) -> Any:
        return OPS[op](other, self)

    return swapped if swap else forward


def _unary(op: str) -> Any:
    return lambda self: OPS[op](self)


for _symbol, _op in {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power",
    "matmul": "matmul", "mod": "mod", "floordiv": "floor_divide",
    "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
    "lshift": "left_shift", "rshift": "right_shift",
}.items():  # fmt: skip
    setattr(Variable, f"__{_symbol}__", _operator(_op))
    setattr(Variable, f"__r{_symbol}__", _operator(_op, swap=True))
for _symbol, _op in {
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal",
    "eq": "equal", "ne": "not_equal", "getitem": "getitem",
}.items():  # fmt: skip
    setattr(Variable, f"__{_symbol}__", _operator(_op))
for _symbol, _op in {
    "neg": "negative",
    "pos": "positive",
    "abs": "absolute",
    "invert": "invert",
}.items():
    setattr(Variable, f"__{_symbol}__", _unary(_op))
Variable.__hash__ = object.__hash__  # type: ignore[method-assign]
