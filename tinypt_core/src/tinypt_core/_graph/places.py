"""Places: where values sit in the graph. An edge of a node leads to one of them.

A Leaf is where a Variable sits that no operator made; a Constant, what stood beside Variables;
an Output, one of several outputs of a call. The only output of a call sits at the node itself.
Places are told apart by identity, whatever equality an operator defines.
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from tinypt_core._batch.batched import levels_of
from tinypt_core._errors import GradientError
from tinypt_core._graph import changes
from tinypt_core._graph.changes import COPY, Print, next_order
from tinypt_core._names import describe


class _Scalar(tuple):  # type: ignore[type-arg]
    """The empty shape of a value that travels as a NumPy scalar, told apart by identity."""

    __slots__ = ()


#: the shape of a 0-d float64 where elementwise operators meet: one look instead of three
SCALAR = _Scalar()
_FLOAT64 = np.dtype(float)
_ndarray = np.ndarray


def has_derivative(place: Any) -> bool:
    """Whether anything behind a place can be differentiated by: what was computed from detached
    Variables and constants alone is a constant too."""
    seen, stack = set(), [place]
    while stack:
        place = stack.pop()
        if place in seen:
            continue
        seen.add(place)
        if place._order:
            stack += place._edges
        elif not (getattr(place, "constant", False) or getattr(place, "unrecorded", False)):
            return True
    return False


class Leaf:
    """The end of the graph: stands for a Variable that no operator made.

    The graph holds this token and not the Variable, so a Variable (and its array) that its
    owner drops goes away at once; nobody is left to read its gradient.
    """

    __slots__ = (
        "__weakref__",
        "_dtype",
        "_name",
        "_print",
        "_ref",
        "_shape",
        "born",
        "constant",
        "unrecorded",
        "used",
    )  # fmt: skip
    _name: str | None  #: only if there is one, so that pictures show it after the Variable is gone
    _print: Print | None  #: of the array, once a rule is going to read it
    _order = 0
    _edges: tuple[Any, ...] = ()
    _node = None
    passes_over = None

    def __init__(self, variable: Any, data: Any) -> None:
        self._ref = weakref.ref(variable)
        self._shape: Any = None if data is None else data.shape
        self._dtype = None if data is None else data.dtype
        if self._dtype is _FLOAT64 and self._shape.__class__ is tuple and not self._shape:
            self._shape = SCALAR
        self._print = None
        self.born = next_order()
        self.used = 0  #: how often an operator has taken it
        self.constant = False  #: whether it was detached
        self.unrecorded = False  #: whether an operator made it, of which nothing was recorded

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

    def fits(self, data: Any) -> bool:
        """Whether gradients of what was here before fit `data` too."""
        alike = self._shape == data.shape and self._dtype == data.dtype
        return bool(alike and levels_of(self._shape) == levels_of(data.shape))

    def taken(self, array: Any, care: int) -> Any:
        """The array as an operator gets it, whose owner may change it in place. care: COPY it if
        it is small, else watch it; WATCH it if the output turns out a view of it; 0: neither."""
        self.used += 1
        if not care or array.__class__ is not _ndarray:
            return array
        if not array.ndim or (care == COPY and array.size <= changes.SMALL):
            return array.copy()
        if care == COPY:
            self.watch(array)
        return array

    def watch(self, array: Any) -> None:
        """A change of the array in place will be noticed."""
        if self._print is None:
            self._print = Print(array)
        else:
            self._print.renew(array)


class Constant:
    """What stood beside Variables: a number, or an array that has no gradient.

    value: the number or small array; else None. shape, dtype: those of an array. The path of every
    op sets the first two of a number itself, past __init__.
    """

    __slots__ = ("__weakref__", "_print", "_shape", "dtype", "value")
    _order = 0
    _edges: tuple[Any, ...] = ()
    _dtype = np.dtype(bool)  #: of its gradient there is none
    _grad = _name = _node = None
    passes_over = None
    constant, unrecorded = True, False

    def __init__(self, value: Any, shape: Any = (), dtype: Any = None) -> None:
        self._shape = shape
        self._print: Print | None = None
        self.value = value
        self.dtype = dtype


class Stand:
    """Stands in the graph for a node whose class has several outputs, or an equality of its own.

    Told apart by the identity of the node; everything else is the node's.
    """

    __slots__ = ("_node",)
    _node: Any

    def __init__(self, node: Any) -> None:
        object.__setattr__(self, "_node", node)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self._node, name, value)

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Stand and other._node is self._node

    def __hash__(self) -> int:
        return id(self._node)


class Output(tuple):  # type: ignore[type-arg]
    """Output number `index` of a node that has several: (Stand, index), equal by value."""

    __slots__ = ()
    passes_over = None
    index: int = property(lambda self: self[1])  # type: ignore[assignment]
    _node = property(lambda self: self[0]._node)
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

    def _pull(self, gy: Any) -> tuple[tuple[Any, Any]]:
        """Its gradient, as one of those of its node, which wait for each other."""
        stand, index = self
        n, asked = len(stand._shape), stand._signature.n_gy
        if asked not in (n, -1) and stand._written is not None:
            raise GradientError(
                f"{describe(stand._node)}: forward returned {n} outputs, but backward takes "
                f"{asked} gradient{'s' * (asked != 1)}; it takes one per output, "
                f"backward(self, {', '.join(f'gy{i}' for i in range(n))}, ...)"
            )
        gys: list[Any] = [None] * n
        gys[index] = gy
        return ((stand, gys if n > 1 else gy),)


def node_at(place: Any) -> Any:
    """The node whose output sits at a place; None at a leaf and at a constant."""
    return place._node if place._order else None


def require_unused(leaf: Leaf, value: Any, ndim: int) -> None:
    """Raise TypeError if something was computed from a leaf whose elements are to change; `value`,
    which takes their place, may have been, as in x[i] += v."""
    if leaf.used > _uses_by(getattr(value, "_edge", None), leaf) or not ndim:
        raise TypeError(
            "this Variable is a leaf that something was already computed from, and its elements "
            "cannot change under it: write `y = x + 0` and assign to y, or do it under no_grad() "
            "to change the data for what is computed from now on"
        )


def _uses_by(place: Any, leaf: Any) -> int:
    """How often the node at a place, and those right behind it, read a leaf."""
    node = None if place is None else node_at(place)
    behind = [node, *map(node_at, node._edges)] if node is not None else []
    return sum(edge is leaf for n in behind if n is not None for edge in n._edges)


def index_at(place: Any) -> int:
    """Which output of its node sits at a place."""
    return place.index if place.__class__ is Output else 0
