"""Function: the contract of an operator.

An operator is one class: `forward` computes on arrays, `backward` is its gradient rule and asks
by name for what it needs. Calling an instance makes it a node of the graph. The edges of a node
lead to the nodes behind its inputs, never to their arrays; of those only what the rule asks for
is kept.
"""

from __future__ import annotations

import _thread
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import ref

import numpy as np

from tinypt_core import _calling, _modes
from tinypt_core._inputs import EVERY
from tinypt_core._modes import Mode, get_mode
from tinypt_core._variable import Leaf, Output, Variable, handle

if TYPE_CHECKING:
    from tinypt_core._signature import Signature

_claiming = _thread.allocate_lock()  # threading costs an import
_asarray = np.asarray

#: elements from which on looking for an array in the graph is quicker than computing it
_WORTH_A_SEARCH = 10_000


class Function:
    """A differentiable operator, and the node it leaves in the graph.

    forward(self, *arrays): compute the output, an array, or a tuple of arrays for several.
    backward(self, gy, ...): the gradient of each input from that of the output, one rule for
    every order, written in plain NumPy. After `gy` (one per output) it names what it needs:
    parameters of forward, or `y` for the output (`y0, y1 ...` for several).
    Constructor arguments are the operator's parameters.

    keeps_nothing: set it to True when a rule that asks for nothing but `gy` reads no
    `self.inputs` or `self.outputs` either, so that nothing needs to be kept for it.
    elementwise: set it to True when forward and rule are arithmetic and ufuncs only. Then 0-d
    values come as NumPy scalars, which are several times as fast, and Python numbers as such; and
    on large arrays the rule may run on 1-d parts of gy and of what it asks for, one by one.

    >>> class Cube(Function):
    ...     def forward(self, x):
    ...         return x**3
    ...     def backward(self, gy, x):
    ...         return gy * 3 * x**2
    >>> x = Variable(np.array(2.0))
    >>> y = Cube()(x)
    >>> y.backward()
    >>> y, x.grad
    (variable(8.0), array(12.))
    """

    __slots__ = (
        "__weakref__",
        "_behind",
        "_constants",
        "_dtype",
        "_grad",
        "_handles",
        "_held",
        "_info",
        "_made",
        "_mode",
        "_order",
        "_shape",
    )  # fmt: skip

    keeps_nothing: ClassVar[bool] = False
    elementwise: ClassVar[bool] = False
    #: an input that the rule passes over because another input stands for it, as x does for y(x)
    passes_over: ClassVar[int | None] = None
    forward: Callable[..., Any]
    backward: Callable[..., Any]

    _behind: Any  #: the edges, or the only one as it is: one container less for the collector
    #: what the rule asked for, an only value as it is; (inputs, arrays, outputs) for one in the
    #: textbook style
    _held: Any
    _constants: tuple[Any, ...]  #: of constant inputs: the values, or shape and dtype if large
    _order: int  #: a node is younger than everything it was made from
    _mode: Mode  #: the mode it was recorded under
    _shape: Any  #: of the output; a list for several, as are _dtype, _made and _grad
    _dtype: Any
    _made: Any  #: a weak reference to the output Variable, once somebody has had it in hand
    _grad: Any  #: the gradient of the output, where it was retained

    _signature: ClassVar[Signature]
    _written_rule: ClassVar[Callable[..., Any]]
    _rule: ClassVar[Callable[..., Any]]
    _save: ClassVar[Any]
    _textbook: ClassVar[bool]
    _run: ClassVar[Callable[..., Any]]
    _pull: ClassVar[Callable[..., Any]]
    _call: ClassVar[Callable[..., Any]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # here, so that `import tinypt_core` does not wait for it
        from tinypt_core._rule import by_hand, prepared
        from tinypt_core._signature import read_signature, saver

        super().__init_subclass__(**kwargs)
        rule = cls.__dict__.get("backward")
        if rule is not None:
            cls._written_rule = rule
            cls.backward = by_hand(rule)
        forward = getattr(cls, "forward", None)
        if forward is None:  # a base class that only shares its rule
            return
        written = getattr(cls, "_written_rule", None)
        cls._signature = signature = read_signature(forward, written)
        cls._save = saver(signature)
        cls._textbook = not (signature.asks or cls.keeps_nothing)
        cls._rule = prepared(written, signature, cls._textbook)
        cls._run = _calling.runner(cls)
        cls._pull = _calling.puller(cls)
        cls._call = staticmethod(_calling.compiled(cls))

    # -- calling -------------------------------------------------------------------------------

    def __call__(self, *inputs: Any) -> Any:
        mode = get_mode()
        node = self._claim()
        watched = mode.watched or _modes.observers
        y = _calling.watched_run(node, inputs, mode) if watched else node._run(inputs, mode)
        if y.__class__ is Variable and y._edge is node:
            node._made = ref(y)
        return y

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Call the operator with its inputs, then its parameters: what `ops.NAME` does.

        >>> from tinypt_core.ops import sum
        >>> sum.function.apply(Variable(np.ones((2, 3))), axis=0)
        variable([2. 2. 2.])
        """
        return cls._call(*args, **kwargs)

    @property
    def needs(self) -> tuple[bool, ...]:
        """Which inputs want a gradient: a rule may return None for the others."""
        behind = self._behind
        if behind.__class__ is not tuple:
            return _ONE
        if len(behind) == 2:
            first, second = behind
            return first is not None, second is not None
        return tuple([edge is not None for edge in behind])

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the inputs, for a rule to read: no forward need note them.

        >>> class First(Function):
        ...     def forward(self, x):
        ...         return x[:1]
        ...     def backward(self, gy):
        ...         n = self.shapes[0][0]
        ...         return np.pad(gy, (0, n - 1))
        >>> x = Variable(np.zeros(3))
        >>> First()(x).backward()
        >>> x.grad
        array([1., 0., 0.])
        """
        return tuple(
            self._constant_shape(i) if edge is None else tuple(edge._shape)
            for i, edge in enumerate(self._edges)
        )

    def _constant_shape(self, i: int) -> tuple[int, ...]:
        value = self._constants[i]
        return value[0] if type(value) is tuple else np.shape(value)

    def of(self, *xs: Any) -> Any:
        """This operator of whatever flows: of arrays an array, of Variables a Variable.

        A rule whose line NumPy has no name for runs an operator of its own this way.

        >>> class Twice(Function):
        ...     def forward(self, x):
        ...         return 2 * x
        ...     def backward(self, gy):
        ...         return Twice().of(gy)
        >>> Twice().of(np.array([1.0, 2.0])), Twice().of(Variable(np.array(3.0)))
        (array([2., 4.]), variable(6.0))
        """
        return self(*xs) if any(isinstance(x, Variable) for x in xs) else self.forward(*xs)

    def reuse(self, operator: type[Function], x: Any) -> Any:
        """In a rule: what `operator`, which takes one input and no parameters, makes of x.

        x: the only input of this operator. In a plain pass on large arrays the result comes from
        the graph where `operator` was applied to the very same x and its output is still kept, so
        that the gradient of sin(x) * cos(x) computes neither again; do not change it in place.

        >>> class Sine(Function):
        ...     elementwise = True
        ...     def forward(self, x):
        ...         return np.sin(x)
        ...     def backward(self, gy, x):
        ...         return gy * self.reuse(Cosine, x)
        >>> class Cosine(Function):
        ...     elementwise = True
        ...     def forward(self, x):
        ...         return np.cos(x)
        ...     def backward(self, gy, x):
        ...         return -gy * self.reuse(Sine, x)
        >>> x = Variable(np.zeros(3))
        >>> Sine.apply(x).backward()
        >>> x.grad
        array([1., 1., 1.])
        """
        if isinstance(x, Variable):
            return operator.apply(x)
        y = None
        if x.size >= _WORTH_A_SEARCH:
            from tinypt_core._reuse import found

            y = found(self, operator, x)
        return operator().forward(x) if y is None else y

    # -- the node ------------------------------------------------------------------------------

    @property
    def _edges(self) -> tuple[Any, ...]:
        """The node behind each input; None for a constant."""
        behind = self._behind
        return behind if behind.__class__ is tuple else (behind,)

    @_edges.setter
    def _edges(self, edges: tuple[Any, ...]) -> None:
        self._behind = edges

    @property
    def _saved(self) -> tuple[Any, ...]:
        """What the rule asked for."""
        asks = self._signature.asks
        if not asks or not hasattr(self, "_held"):
            return ()
        return (self._held,) if len(asks) == 1 else self._held

    @property
    def _kept(self) -> Any:
        """(inputs, arrays, outputs) for a rule in the textbook style, else None."""
        return getattr(self, "_held", None) if self._textbook else None

    def _arrays(self) -> Iterator[tuple[Any, Any]]:
        """The arrays that this node keeps, each with its place in the graph."""
        edges = getattr(self, "_edges", ())
        if self._kept is not None:
            _, xs, ys = self._kept
            yield from zip(edges, xs, strict=False)
            yield from ((self._place(i), y) for i, y in enumerate(ys))
        for i, value in zip(self._signature.asks, self._saved, strict=False):
            if i == EVERY:
                yield from zip(edges, value, strict=False)
            else:
                yield (edges[i] if i >= 0 else self._place(~i)), value

    def _place(self, i: int) -> Any:
        return Output((self, i)) if isinstance(self._shape, list) else self

    def _claim(self) -> Function:
        """This instance for its first call, a twin with the same parameters for each further."""
        with _claiming:
            if not hasattr(self, "_behind"):
                self._behind = ()
                return self
        from copy import copy  # not everybody needs it

        twin = copy(self)
        twin._edges = ()
        return twin

    def _adopt(self, variable: Variable) -> None:
        """Make `variable` this node's output."""
        self._shape, self._dtype = variable.shape, variable.dtype
        self._made, self._grad = ref(variable), variable.grad
        variable._edge = self
        if not hasattr(self, "_order"):
            self._order, self._mode = _calling.next_order(), get_mode()

    def _show(self, variable: Variable, index: int = 0) -> None:
        """Remember the Variable of an output, unless another stands for it already."""
        if isinstance(self._ref, list):
            self._made[index] = ref(variable)
        elif self._ref() is None:
            self._made = ref(variable)

    def _forget(self) -> None:
        """Become a leaf: forget what the output was made from."""
        self._order, self._edges = 0, ()
        if hasattr(self, "_held"):
            del self._held

    @property
    def _ref(self) -> Any:
        return getattr(self, "_made", _nobody)

    @property
    def info(self) -> dict[str, Any]:
        """Notes about this node: names of its outputs, and what observers left."""
        if not hasattr(self, "_info"):
            self._info: dict[str, Any] = {}
        return self._info

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The Variables this node was made from. One that its owner dropped is made anew; its
        data is None when nobody asked to keep it."""
        if self._kept is not None:
            inputs, xs, _ = self._kept
            pairs = zip(inputs, xs, strict=True)
            return tuple(v if isinstance(v, Variable) else Variable(_asarray(x)) for v, x in pairs)
        return tuple(self._input(i) for i in range(len(self._edges)))

    def _input(self, i: int) -> Variable:
        edge = self._edges[i]
        alive = edge._ref() if edge is not None else None
        if alive is not None:
            return alive  # type: ignore[no-any-return]
        if not hasattr(self, "_handles"):
            self._handles: dict[int, Variable] = {}
        if i not in self._handles:  # kept, so that walking the graph meets the same Variable again
            self._handles[i] = self._stand_in(edge, self._kept_input(i))
        return self._handles[i]

    def _kept_input(self, i: int) -> Any:
        """The array of an input, if this node or the one behind it was asked to keep it."""
        if i in self._signature.asks:
            return self._saved[self._signature.asks.index(i)]
        edge = self._edges[i]
        maker, index = edge if type(edge) is Output else (edge, 0)
        return maker._kept_output(index) if isinstance(maker, Function) else None

    def _kept_output(self, index: int) -> Any:
        if self._kept is not None:
            return self._kept[2][index]
        asks = self._signature.asks
        return self._saved[asks.index(~index)] if ~index in asks else None

    @staticmethod
    def _stand_in(edge: Any, data: Any) -> Variable:
        if edge is None:
            return Variable(None if data is None else _asarray(data))
        variable = handle(data, edge)
        maker, index = edge if type(edge) is Output else (edge, 0)
        if type(maker) is not Leaf:
            variable._name = maker.info.get("names", {}).get(index)
            maker._show(variable, index)  # from now on it stands for that output
        return variable

    @property
    def input(self) -> Any:
        """The first of `inputs`."""
        return self.inputs[0]

    @property
    def outputs(self) -> tuple[Callable[[], Variable], ...]:
        """One callable per output that returns its Variable."""
        single = not isinstance(self._ref, list)
        refs = [self._ref] if single else self._ref
        return tuple(r if r() is not None else self._revive(i, single) for i, r in enumerate(refs))

    def _revive(self, i: int, single: bool) -> Callable[[], Variable]:
        data = self._kept_output(i)
        return lambda: handle(data, self if single else Output((self, i)))

    @property
    def output(self) -> Variable:
        """The Variable of the first output."""
        return self.outputs[0]()

    @property
    def params(self) -> dict[str, Any]:
        """The operator's parameters by name, as its constructor stored them."""
        from tinypt_core._signature import parameters

        return {name: getattr(self, name) for name in parameters(type(self)) if hasattr(self, name)}

    def _saved_variables(self) -> list[Any]:
        """What the rule asked for, as Variables at their places in the graph."""
        return [
            tuple(map(_at, value, self._edges)) if i == EVERY
            else _at(value, self._edges[i]) if i >= 0
            else handle(value, self._place(~i))
            for i, value in zip(self._signature.asks, self._saved, strict=True)
        ]  # fmt: skip

    # -- pickling and copying take the parameters, not the node --------------------------------

    def __getstate__(self) -> tuple[dict[str, Any], dict[str, Any]]:
        own = [s for c in type(self).__mro__[:-2] for s in _slots(c)]
        slots = {s: getattr(self, s) for s in own if hasattr(self, s)}
        return dict(getattr(self, "__dict__", {})), slots

    def __setstate__(self, state: tuple[dict[str, Any], dict[str, Any]]) -> None:
        for part in state:
            for name, value in part.items():
                setattr(self, name, value)


def _nobody() -> None:
    return None


#: `needs` of a node with one input: were that a constant, there would be no node
_ONE = (True,)


def _at(value: Any, edge: Any) -> Any:
    return value if edge is None else handle(value, edge)


def _slots(cls: type) -> tuple[str, ...]:
    slots = cls.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)
