"""What looks over the operators' shoulder while a function is traced.

It knows which operator computes, for the comments in the source. An operator that turns a traced
array into a plain one (SciPy's routines, C code) becomes one opaque call, and so does its rule.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any

import numpy as np
from tinypt_core._engine.step import _complete
from tinypt_core._graph.places import Constant
from tinypt_core._names import describe
from tinypt_core._operator.call import prepared

from tinypt_compile._program import Opaque, frozen, mapped
from tinypt_compile._trace import Trace


class Around:
    """Runs operators and rules for one trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.inputs: dict[int, tuple[Any, ...]] = {}

    def forward(self, node: Any, inputs: tuple[Any, ...], mode: Any) -> Any:
        """Call an operator."""
        back = _Mark(self.trace)
        with _Inside(self.trace, node):
            try:
                y = node._run(inputs, mode)
            except Exception:
                if not back.newly_blocked():
                    raise
                back.undo()
                object.__setattr__(node, "__class__", _opaque(type(node)))
                y = node._run(inputs, mode)
        self.inputs[id(node)] = (node, inputs, y)
        return y

    def pull(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """The rule to run instead of a node's."""

        def traced(place: Any, gy: Any) -> Any:
            node = place._node
            back = _Mark(self.trace)
            self._names_gradient(node, gy)
            with _Inside(self.trace, node):
                try:
                    gxs = rule(place, gy)
                except Exception:
                    if not back.newly_blocked() or rule.__name__ != "raw":
                        raise
                    back.undo()
                    gxs = _opaque_rule(self.trace, node, gy)
            self._names_gradients(node, gxs)
            return gxs

        return traced

    # -- d_x is the gradient of x ----------------------------------------------------------------

    def _names_gradient(self, node: Any, gy: Any) -> None:
        known = self.inputs.get(id(node))
        if known is not None and not isinstance(gy, list):
            self._name(known[2], gy)

    def _names_gradients(self, node: Any, gxs: Any) -> None:
        known = self.inputs.get(id(node))
        gxs = gxs if isinstance(gxs, (tuple, list)) else (gxs,)
        for x, gx in zip(known[1] if known else (), gxs, strict=False):
            self._name(x, gx)

    def _name(self, x: Any, gx: Any) -> None:
        x, gx = getattr(x, "_array", x), getattr(gx, "_array", gx)
        if hasattr(x, "_trace") and hasattr(gx, "_trace"):
            names = self.trace.program.names
            if x._at in names and gx._at not in names and np.shape(x._value) == np.shape(gx._value):
                names[gx._at] = f"d_{names[x._at]}"


class _Inside:
    """While an operator computes."""

    def __init__(self, trace: Trace, node: Any) -> None:
        self.trace, self.node, self.before = trace, node, trace.label

    def __enter__(self) -> None:
        self.trace.label = describe(self.node)
        self.trace.inside.append(type(self.node))

    def __exit__(self, *error: Any) -> None:
        self.trace.label = self.before
        self.trace.inside.pop()


class _Mark:
    """Where a trace was, to go back to."""

    def __init__(self, trace: Trace) -> None:
        self.trace, self.steps, self.blocked = trace, len(trace.program.steps), trace.blocked

    def newly_blocked(self) -> bool:
        return self.blocked is None and self.trace.blocked is not None

    def undo(self) -> None:
        del self.trace.program.steps[self.steps :]
        self.trace.blocked = None


_classes: dict[type, type] = {}


def _opaque(cls: Any) -> type:
    """The same operator, whose forward is one call in the program."""
    if cls not in _classes:

        @wraps(cls.forward)
        def forward(self: Any, *xs: Any) -> Any:
            hidden = _hidden(self)
            trace = next(v._trace for v in (*_flat(xs), *hidden) if hasattr(v, "_trace"))
            n = len(xs)

            def call(*args: Any) -> Any:
                return _twin(self, cls, args[n:]).forward(*args[:n])

            opaque = Opaque(call, f"{cls.__name__}.forward", (cls, _state_key(self)))
            return trace.record(opaque, (*xs, *hidden), guards=True)

        body = {"__slots__": (), "forward": forward, "__module__": cls.__module__}
        _classes[cls] = prepared(type(cls)(cls.__name__, (cls,), body))
    return _classes[cls]


def _opaque_rule(trace: Trace, node: Any, gy: Any) -> Any:
    """The gradients of one call, by its rule on real arrays."""
    cls = next(c for c in type(node).__mro__ if c not in _classes.values())
    if node._keeps.textbook:
        raise trace.block(f"the rule of {describe(node)} reads the node")
    edges = tuple(e if e.__class__ is Constant else _Edge(e._shape) for e in node._edges)
    xs, hidden = (*_complete(node, gy), *node._keeps.values(node)), _hidden(node)
    n = len(xs)

    def all_of(*args: Any) -> Any:
        twin = _twin(node, cls, args[n:])
        object.__setattr__(twin, "_behind", edges)
        return _several(twin._rule(*args[:n]))

    first = all_of(*mapped((*xs, *hidden), _real))
    present = [i for i, gx in enumerate(first) if gx is not None]

    def rule(*args: Any) -> Any:
        gxs = all_of(*args)
        return tuple(np.asarray(gxs[i]) for i in present)

    key = cls, _state_key(node), node.shapes, node.needs
    call = Opaque(rule, f"{cls.__name__}.backward", key)
    parts = iter(trace.record(call, (*xs, *hidden), guards=True))
    return tuple(next(parts) if i in present else None for i in range(len(first)))


def _twin(node: Any, cls: type, hidden: Any) -> Any:
    """An instance with the same parameters, apart from the graph; those traced get real values."""
    twin, values = copy(node), iter(hidden)
    object.__setattr__(twin, "__class__", cls)
    for part in node.__getstate__():
        for name, value in part.items():
            real = mapped(value, lambda v: next(values) if hasattr(v, "_trace") else v)
            object.__setattr__(twin, name, real)
    return twin


def _hidden(node: Any) -> list[Any]:
    """The traced values among the parameters."""
    return [v for part in node.__getstate__() for v in _flat(part) if hasattr(v, "_trace")]


def _state_key(node: Any) -> Any:
    """What the call depends on beside its arguments."""
    return frozen(mapped(node.__getstate__(), lambda v: "traced" if hasattr(v, "_trace") else v))


class _Edge:
    """What `self.shapes` and `self.needs` ask of the place of an input."""

    def __init__(self, shape: Any) -> None:
        self._shape = tuple(shape)


def _several(gxs: Any) -> Any:
    return gxs if isinstance(gxs, (tuple, list)) else (gxs,)


def _real(value: Any) -> Any:
    return value._value if hasattr(value, "_trace") else value


def _flat(values: Any) -> list[Any]:
    found: list[Any] = []
    mapped(values, found.append)
    return found
