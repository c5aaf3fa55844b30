"""Node: one call of an operator, as the graph remembers it.

Graph, engine, pictures and what looks on know only this; the operator is its subclass Function.
The edges lead to the places of the inputs, never to their arrays; of those only what the rule
asked for is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from weakref import ref

from tinypt_core._graph.changes import next_order
from tinypt_core._graph.places import SCALAR, Constant, Output, Stand
from tinypt_core._modes import Mode, get_mode


class Node:
    """One call of an operator."""

    __slots__ = (
        "__weakref__",
        "_behind",
        "_dtype",
        "_grad",
        "_handles",
        "_held",
        "_info",
        "_made",
        "_mode",
        "_order",
        "_prints",
        "_shape",
    )  # fmt: skip

    #: an input that the rule passes over because another input stands for it, as x does for y(x)
    passes_over: ClassVar[int | None] = None

    _behind: Any  #: the edges, or the only one as it is: one container less for the collector
    _held: Any  #: what the rule asked for; `_keeps` knows how
    _order: int  #: a node is younger than everything it was made from
    _mode: Mode  #: the mode it was recorded under
    _shape: Any  #: of the output; a list for several, as are _dtype, _made and _grad
    _dtype: Any
    _made: Any  #: a weak reference to the output Variable, once somebody has had it in hand
    _grad: Any  #: the gradient of the output, where it was retained
    _info: dict[str, Any]  #: what `info` gives
    _handles: dict[int, Any]  #: Variables made anew for inputs that their owners dropped
    _prints: Any  #: the parameters, and prints of those that may change in place

    _keeps: ClassVar[Any]  #: how what the rule asked for is kept
    _pull: ClassVar[Callable[..., Any]]  #: the rule as the backward loop calls it
    #: whether instances hash by identity, so that they can be places themselves
    _plain: ClassVar[bool] = True
    #: whether an instance, of this very class, has had parameters to compare
    _noted: ClassVar[bool] = False

    @property
    def _node(self) -> Node:
        return self

    @property
    def _edges(self) -> tuple[Any, ...]:
        """The place of each input."""
        behind = self._behind
        return behind if behind.__class__ is tuple else (behind,)

    @_edges.setter
    def _edges(self, edges: tuple[Any, ...]) -> None:
        _set(self, "_behind", edges[0] if len(edges) == 1 else edges)

    @property
    def needs(self) -> tuple[bool, ...]:
        """Which inputs want a gradient: a rule may return None for the others."""
        behind = self._behind
        if behind.__class__ is not tuple:
            return _ONE
        if len(behind) == 2:
            first, second = behind
            return first.__class__ is not Constant, second.__class__ is not Constant
        return tuple([edge.__class__ is not Constant for edge in behind])

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the inputs."""
        behind = self._behind
        if behind.__class__ is not tuple:
            shape = behind._shape
            return ((),) if shape is SCALAR else (shape,)
        return tuple([() if s is SCALAR else s for s in [e._shape for e in self._edges]])

    @property
    def _several(self) -> bool:
        return getattr(self, "_shape", None).__class__ is list

    def _place(self, i: int) -> Any:
        """Where output i sits."""
        if self._several:
            return Output((Stand(self), i))
        return self if self._plain else Stand(self)

    @property
    def _outputs(self) -> list[tuple[Any, Any]]:
        """Shape and dtype of each output."""
        shape = getattr(self, "_shape", None)
        if shape.__class__ is list:
            return list(zip(shape, self._dtype, strict=True))
        return [] if shape is None else [(shape, self._dtype)]

    # -- who has an output in hand ---------------------------------------------------------------

    @property
    def _ref(self) -> Any:
        return getattr(self, "_made", _nobody)

    def _show(self, variable: Any, index: int = 0) -> None:
        """Remember the Variable of an output, unless another stands for it already."""
        if self._several:
            self._made[index] = ref(variable)
        elif self._ref() is None:
            _set(self, "_made", ref(variable))

    def _adopt(self, variable: Any) -> None:
        """Make `variable` this node's output."""
        place = self if self._plain else Stand(self)
        _set(self, "_shape", variable.shape)
        _set(self, "_dtype", variable.dtype)
        _set(self, "_grad", variable.grad)
        _set(self, "_made", ref(variable))
        variable._edge = place
        if not hasattr(self, "_order"):
            _set(self, "_order", next_order())
            _set(self, "_mode", get_mode())

    def _forget(self) -> None:
        """Become a leaf: forget what the output was made from."""
        _set(self, "_order", 0)
        _set(self, "_behind", ())
        if hasattr(self, "_held"):
            object.__delattr__(self, "_held")

    @property
    def info(self) -> dict[str, Any]:
        """Notes about this node: names of its outputs, and what observers left."""
        if not hasattr(self, "_info"):
            _set(self, "_info", {})
        return self._info


_set = object.__setattr__  # an operator may be a frozen dataclass


def _nobody() -> None:
    return None


#: `needs` of a node with one input: were that a constant, there would be no node
_ONE = (True,)
