"""Function: the contract of an operator.

An operator is one class: `forward` computes on arrays, `backward` is its gradient rule and asks
by name for what it needs. Calling an instance makes it a node of the graph. The edges of a node
lead to the nodes behind its inputs, never to their arrays; of those only what the rule asks for
is kept.
"""

from __future__ import annotations

import _thread
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import ref

import numpy as np

from tinypt_core._errors import refused
from tinypt_core._inputs import CONSTANT as _CONSTANT
from tinypt_core._inputs import EVERY, unwrapper
from tinypt_core._modes import Mode, get_mode
from tinypt_core._registry import label
from tinypt_core._variable import Leaf, Output, Variable, handle

if TYPE_CHECKING:
    from tinypt_core._signature import Signature

_new = object.__new__
_ndarray = np.ndarray
_next_order = count(1).__next__
_claiming = _thread.allocate_lock()  # threading costs an import
_asarray = np.asarray
_float64 = np.float64
_FLOAT64 = np.dtype(float)

#: observers that plugins installed for every context; see `tinypt_core._watch`
observers: tuple[Any, ...] = ()


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
    values come as NumPy scalars, which are several times as fast, and Python numbers as such.

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
        "_info",
        "_kept",
        "_made",
        "_mode",
        "_order",
        "_saved",
        "_shape",
    )  # fmt: skip

    keeps_nothing: ClassVar[bool] = False
    elementwise: ClassVar[bool] = False
    #: an input that the rule passes over because another input stands for it, as x does for y(x)
    passes_over: ClassVar[int | None] = None
    forward: Callable[..., Any]
    backward: Callable[..., Any]

    _behind: Any  #: the edges, or the only one as it is: one container less for the collector
    _saved: tuple[Any, ...]  #: what the rule asked for
    _kept: tuple[Any, ...]  #: (inputs, arrays, outputs) for a rule in the textbook style
    _constants: tuple[Any, ...]  #: of constant inputs: the values, or shape and dtype if large
    _order: int  #: a node is younger than everything it was made from
    _mode: Mode  #: the mode it was recorded under
    _shape: Any  #: of the output; a list for several, as are _dtype, _made and _grad
    _dtype: Any
    _made: Any  #: a weak reference to the output Variable, once somebody asked for its creator
    _grad: Any  #: the gradient of the output, where it was retained

    _signature: ClassVar[Signature]
    _written_rule: ClassVar[Callable[..., Any]]
    _rule: ClassVar[Callable[..., Any]]
    _save: ClassVar[Any]
    _textbook: ClassVar[bool]
    _unwrap: ClassVar[Callable[..., Any]]
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
        cls._unwrap = staticmethod(unwrapper(signature.arity, cls.elementwise))
        cls._call = staticmethod(compiled(cls))

    # -- calling -------------------------------------------------------------------------------

    def __call__(self, *inputs: Any) -> Any:
        mode = get_mode()
        node = self._claim()
        y = _watched(node, inputs, mode) if mode.watched or observers else node._run(inputs, mode)
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

    def _run(self, inputs: tuple[Any, ...], mode: Mode) -> Any:
        """Compute forward and hang the result onto the graph. The path of every op."""
        xs, edges = self._unwrap(self, inputs)
        try:
            y = self.forward(*xs)
        except Exception as error:
            raise refused(error, label(type(self))) from error
        if y.__class__ is _float64 and self.elementwise:
            self._shape = ()
            self._dtype = _FLOAT64
        else:
            if y.__class__ is not _ndarray:
                if isinstance(y, (tuple, list)):
                    return self._run_many(inputs, xs, edges, y, mode)
                y = _as_output(self, y)
            self._shape = y.shape
            self._dtype = y.dtype
        out = _new(Variable)
        out._data = y
        out._name = None
        if edges is _CONSTANT or not mode.enable_backprop:
            out._edge = Leaf(out, y)
            out._grad = None
            return out
        out._edge = self
        self._behind = edges
        self._order = _next_order()
        self._grad = None
        self._mode = mode
        save = self._save
        if save is True:
            self._saved = xs
        elif save:
            self._saved = save((*xs, y))
        else:
            self._saved = ()
            if self._textbook:
                self._kept = (inputs, xs, (y,))
        return out

    def _run_many(
        self, inputs: tuple[Any, ...], xs: Any, edges: Any, ys: Any, mode: Mode
    ) -> tuple[Variable, ...]:
        arrays = [y if y.__class__ is _ndarray else _as_output(self, y) for y in ys]
        if edges is _CONSTANT or not mode.enable_backprop:
            return tuple(Variable(y) for y in arrays)
        outs = tuple(handle(y, Output((self, i))) for i, y in enumerate(arrays))
        self._behind = edges
        self._shape = [y.shape for y in arrays]
        self._dtype = [y.dtype for y in arrays]
        self._order = _next_order()
        self._made = [ref(out) for out in outs]
        self._grad = [None] * len(outs)
        self._mode = mode
        self._saved = tuple(_asked(i, xs, arrays) for i in self._signature.asks)
        if self._textbook:
            self._kept = (inputs, xs, arrays)
        return outs

    @property
    def needs(self) -> tuple[bool, ...]:
        """Which inputs want a gradient: a rule may return None for the others."""
        edges = self._edges
        if len(edges) == 2:
            return edges[0] is not None, edges[1] is not None
        return tuple([edge is not None for edge in edges])

    # -- the node ------------------------------------------------------------------------------

    @property
    def _edges(self) -> tuple[Any, ...]:
        """The node behind each input; None for a constant."""
        behind = self._behind
        return behind if behind.__class__ is tuple else (behind,)

    @_edges.setter
    def _edges(self, edges: tuple[Any, ...]) -> None:
        self._behind = edges

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
            self._order, self._mode, self._saved = _next_order(), get_mode(), ()

    def _show(self, variable: Variable, index: int = 0) -> None:
        """Remember the Variable of an output, unless another stands for it already."""
        if isinstance(self._ref, list):
            self._made[index] = ref(variable)
        elif self._ref() is None:
            self._made = ref(variable)

    def _forget(self) -> None:
        """Become a leaf: forget what the output was made from."""
        self._order, self._edges, self._saved = 0, (), ()

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
        if hasattr(self, "_kept"):
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
        if hasattr(self, "_kept"):
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
            else handle(value, Output((self, ~i)) if isinstance(self._shape, list) else self)
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


def compiled(cls: type[Function]) -> Callable[..., Any]:
    """The callable of one Function class: inputs first, parameters after."""
    arity = cls._signature.arity
    plain = arity if cls.__init__ is object.__init__ else None

    def call(*args: Any, **kwargs: Any) -> Any:
        if len(args) == plain and not kwargs:
            node = _new(cls)
        elif len(args) >= arity >= 0 and not kwargs:
            node = cls(*args[arity:])
            args = args[:arity]
        else:
            node, args = _bind(cls, args, kwargs)
        mode = get_mode()
        if mode.watched or observers:
            return _watched(node, args, mode)
        return node._run(args, mode)

    return call


def _bind(
    cls: type[Function], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Function, tuple[Any, ...]]:
    """Tell inputs from parameters and make the node."""
    signature = cls._signature
    if not _UNSUPPORTED.keys().isdisjoint(kwargs):
        _refuse(cls, kwargs)
    n = signature.arity if signature.arity >= 0 else len(args)
    inputs = args[:n]
    for name in signature.names[len(inputs) :]:
        if name not in kwargs:
            break
        inputs += (kwargs.pop(name),)
    if len(inputs) < signature.required:
        missing = ", ".join(signature.names[len(inputs) :])
        raise TypeError(f"{label(cls)}: missing input {missing}")
    try:
        return cls(*args[n:], **kwargs), inputs
    except TypeError as error:
        raise refused(error, label(cls)) from error


def _nobody() -> None:
    return None


#: NumPy's arguments that operators do not take, and what to do instead
_UNSUPPORTED = {
    "out": "use the result",
    "where": "use np.where, or index with the mask",
    "dtype": "use astype",
    "initial": "add it to the result",
    "casting": "use astype",
    "order": "arrays come in C order",
    "subok": "results are Variables",
}


def _refuse(cls: type[Function], kwargs: dict[str, Any]) -> None:
    from tinypt_core._signature import parameters

    for name in [n for n in kwargs if n in _UNSUPPORTED and n not in parameters(cls)]:
        value = kwargs.pop(name)
        if value is not None and value is not True:  # NumPy's defaults ask for nothing
            raise TypeError(f"{label(cls)}: {name}= is not supported; {_UNSUPPORTED[name]}")


def _asked(i: int, xs: Any, ys: Any) -> Any:
    return tuple(xs) if i == EVERY else xs[i] if i >= 0 else ys[~i]


def _as_output(f: Function, y: Any) -> np.ndarray:
    if y is None:
        raise TypeError(f"{type(f).__name__}: forward returned None; it must return an array")
    return np.asarray(y)


def _at(value: Any, edge: Any) -> Any:
    return value if edge is None else handle(value, edge)


def _slots(cls: type) -> tuple[str, ...]:
    slots = cls.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _watched(node: Function, inputs: tuple[Any, ...], mode: Mode) -> Any:
    from tinypt_core._watch import watched_forward

    return watched_forward(node, inputs, mode)
