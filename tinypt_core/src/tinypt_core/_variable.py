"""Variable: an array that remembers what made it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypt_core import _links
from tinypt_core._arrays import Array, check_constant, check_data, check_dtype
from tinypt_core._graph.chain import Chain, show
from tinypt_core._graph.checkers import Checkers
from tinypt_core._graph.methods import Methods
from tinypt_core._graph.places import Leaf, has_derivative, index_at, node_at, require_unused
from tinypt_core._links import OPS
from tinypt_core._modes import current, get_mode, refuse_in_rule
from tinypt_core._written import whole

_ndarray = np.ndarray
_float64 = np.float64
_new = object.__new__


class Variable(Chain, Methods, Checkers):  # type: ignore[misc]  # NumPy's methods, more exactly
    """An array and its place in the graph.

    data: an array of numbers, real or complex, or None: an ndarray, or any object with `shape`,
    `dtype` and NumPy's two protocols (Dask, CuPy). name: shown in pictures.
    `grad` is None until `backward()` has run; then an array of the shape and dtype of data,
    or a Variable after `backward(create_graph=True)`.

    Raises TypeError for anything else, masked arrays and np.matrix included.

    >>> import numpy as np
    >>> x = Variable(np.array([1, 2, 3]), name="x")
    >>> x
    variable([1 2 3])
    >>> x.shape, x.dtype.name, len(x)
    ((3,), 'int64', 3)
    """

    __slots__ = ("__weakref__", "_array", "_edge", "_grad", "_name")
    _array: Any
    _edge: Any
    _grad: Any  #: of a leaf; any other's is at its node

    def __init__(self, data: np.ndarray | Array | None, name: str | None = None) -> None:
        if data.__class__ is _ndarray:
            check_dtype(data.dtype)
        elif data is not None:
            data = whole(check_data(data))
        self._array = data
        self._edge = Leaf(self, data)
        self._grad = None
        self._name = name
        if name is not None:
            self._edge._name = name

    # -- the array ---------------------------------------------------------------------------

    @property
    def data(self) -> Any:
        """The array itself. Reading it inside a gradient rule under create_graph raises."""
        refuse_in_rule("reads .data")
        return array_of(self)

    @data.setter
    def data(self, value: Any) -> None:
        if isinstance(value, np.generic):  # what NumPy makes of `x.data - 0.1` where x is 0-d
            value = np.asarray(value)
        if value is not None:
            check_data(value)
        edge = self._edge
        if edge.__class__ is Leaf and (value is None or not edge.fits(value)):
            self._edge = Leaf(self, value)
            self.name = self._name
            if value is None or getattr(self._grad, "shape", None) != value.shape:
                self._grad = None
        self._array = value
        show(self)

    @property
    def grad(self) -> np.ndarray | Any:
        """The gradient that `backward()` stored, at the Variable's place in the graph.

        Raises TypeError when something is assigned that is no array or Variable of its shape.
        """
        edge = self._edge
        return self._grad if edge.__class__ is Leaf else edge._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        check_constant(value)
        shape = getattr(value, "shape", None)
        own = getattr(self._array, "shape", shape)
        if value is not None and (shape is None or shape != own):
            found = f"shape {shape}" if shape is not None else str(type(value))
            raise TypeError(
                f"the gradient of a Variable of shape {own} is an array of that shape, or "
                f"None; found {found}; write np.broadcast_to(gradient, x.shape).copy()"
            )
        self._set_grad(value)

    def _set_grad(self, value: Any) -> None:
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
        node = node_at(self._edge)
        if node is None:
            self._edge._name = value
        else:
            node.info.setdefault("names", {})[index_at(self._edge)] = value

    def __iter__(self) -> Iterator[Variable]:
        if not self.ndim:
            raise TypeError("a 0-d Variable cannot be iterated")
        return (OPS["getitem"](self, i) for i in range(len(self._array)))

    def __setitem__(self, index: Any, value: Any) -> None:
        """Move to a new place in the graph, where the elements at index are those of value.

        The gradient there goes to the old values outside the index, and to `value` inside; what
        was computed before is untouched. Under `no_grad()` the array itself is changed.

        Raises TypeError for a leaf that something was already computed from.

        >>> x = Variable(np.array(3.0))
        >>> buffer = Variable(np.zeros(2))
        >>> buffer[0] = x * x
        >>> buffer.sum().backward()
        >>> buffer, x.grad
        (variable([9. 0.]), array(6.))
        """
        mode = current.get()
        if not (get_mode() if mode.watched else mode).enable_backprop:
            array_of(self)[index] = array_of(value) if isinstance(value, Variable) else value
            return
        old = self._edge
        if old.__class__ is Leaf:
            require_unused(old, value, self.ndim)
        new = OPS["setitem"](self, index, value)
        self.__class__ = new.__class__
        _slot.__set__(self, _slot.__get__(new))
        self._edge = new._edge
        if old.__class__ is Leaf:
            old._ref = lambda: None  # type: ignore[assignment]  # its Variable has moved on
        if self._name is not None:
            self.name = self._name

    # -- the graph ---------------------------------------------------------------------------

    def detach(self) -> Variable:
        """A constant on the same array, without the graph; it converts to arrays and numbers."""
        refuse_in_rule("detaches a Variable")
        return Detached(array_of(self), self._name)

    def cleargrad(self) -> None:
        """Set `grad` to None."""
        self._set_grad(None)

    def backward(self, *, retain_grad: bool = False, create_graph: bool = False) -> None:
        """Accumulate d(sum of self)/dx in the `grad` of every leaf x behind this Variable.

        A `grad` that this Variable already has is taken as the weight of its elements.
        retain_grad: store the gradients of intermediate Variables too.
        create_graph: record the computation of the gradients, to differentiate it again.

        Raises GradientError if a rule is wrong, data is integer, or nothing was recorded; then
        no `grad` has changed.

        >>> import numpy as np
        >>> from tinypt_core.ops import sin
        >>> x = Variable(np.array(0.0))
        >>> sin(x).backward()
        >>> x.grad
        array(1.)
        """
        _links.backward(self, retain_grad, create_graph)

    # -- copies leave the graph behind ---------------------------------------------------------

    def __getstate__(self) -> tuple[Any, ...]:
        refuse_in_rule("copies or pickles a Variable")
        self._refuse_copy()
        grad = self.grad.detach() if isinstance(self.grad, Variable) else self.grad
        return array_of(self), grad, self._name

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._array, self._grad, self._name = state
        self._edge = Leaf(self, self._array)

    def __copy__(self) -> Variable:
        data, grad, name = self.__getstate__()
        copy = Variable(data, name)
        copy._grad = grad
        copy._edge.constant = not has_derivative(self._edge)
        return copy


class Detached(Variable):
    """A detached Variable: a constant, as is what is computed from constants alone."""

    __slots__ = ()

    def __init__(self, data: Any, name: str | None = None) -> None:
        super().__init__(data, name)
        self._edge.constant = True

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(value, Variable) and value._has_derivative():
            self.__class__ = Variable  # type: ignore[assignment]  # from here on it has derivatives
            self[index] = value
        else:
            array_of(self)[index] = array_of(value) if isinstance(value, Variable) else value


_slot = Variable.__dict__["_array"]  #: where the array is, of a Buffer too


def array_of(variable: Variable) -> Any:
    """The array of a Variable; of an elementwise operator's 0-d result it is made here."""
    data = variable._array
    show(variable)
    if data.__class__ is _float64:
        variable._array = data = np.asarray(data)
    return data


def handle(data: Any, edge: Any) -> Variable:
    """A Variable on `data` at the place `edge` of the graph."""
    variable: Variable = _new(Variable)
    variable._array = data
    variable._edge = edge
    variable._name = variable._grad = None
    return variable


_links.dispatch()
