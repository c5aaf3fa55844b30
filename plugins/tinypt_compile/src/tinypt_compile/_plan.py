"""A backward pass on large arrays: stretches of elementwise rules as programs, run in blocks.

The rules are traced on stand-ins of 16 elements, which decide nothing: a rule that asks for a
value makes no program. Forward is traced before them, so that what it kept is not computed again.
A program is kept by the structure of its stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

import numpy as np
from tinypt_core._engine.fit import counted, fit
from tinypt_core._engine.step import require_unchanged
from tinypt_core._graph.places import Constant

from tinypt_compile._blocks import is_arithmetic
from tinypt_compile._emit import Source
from tinypt_compile._passes import merge, without_dead
from tinypt_compile._program import Guard, Program, Ref
from tinypt_compile._replace import everywhere
from tinypt_compile._runnable import OTHER_CASE, exact
from tinypt_compile._stretch import Stretch, stretches
from tinypt_compile._trace import Trace

_STAND = 16
_KEPT = 64
_programs: dict[Any, Any] = {}


def planned(nodes: list[Any], wanted: set[Any]) -> Callable[..., Any] | None:
    """The step of a pass, where some of it can run in blocks; else None."""
    found = stretches(nodes, wanted)
    if not found:
        return None

    def step(node: Any, gy: Any) -> Any:
        stretch = found.get(node)
        pairs = stretch and _pairs(stretch, gy)
        return node._pull(gy) if pairs is None else pairs

    return step


def _pairs(stretch: Stretch, gy: Any) -> Any:
    """Where the gradients of a stretch go; None if it has to run rule by rule."""
    if gy.__class__ is not np.ndarray:
        return None
    for node in stretch.nodes:
        require_unchanged(node)
    if gy.ndim and not any(gy.strides):  # one number all over
        gy = gy[(0,) * gy.ndim]
    run = _program(stretch, gy)
    try:
        found: Any = OTHER_CASE if run is None else run(gy, *stretch.arrays)
    except Exception:  # the rule that fails will say more when it runs by itself
        return None
    if found is OTHER_CASE:
        return None
    pairs = zip(_outside(stretch), found, strict=True)
    return [(edge, _fitted(gx, edge, stretch.root)) for edge, gx in pairs]


def _fitted(gx: Any, edge: Any, root: Any) -> Any:
    if not gx.ndim:
        gx = np.broadcast_to(gx, root._shape)
    return gx if gx.shape == edge._shape else fit(gx, edge, root)


def _outside(stretch: Stretch) -> list[Any]:
    """Where its gradients go, each place once."""
    inside = set(stretch.nodes)
    found = {edge: None for node in stretch.nodes for edge in node._edges}
    return [e for e in found if e.__class__ is not Constant and e not in inside]


def _program(stretch: Stretch, gy: Any) -> Any:
    key = gy.ndim, gy.dtype, stretch.key()
    run = _programs.get(key, OTHER_CASE)
    if run is OTHER_CASE:
        if len(_programs) >= _KEPT:
            _programs.clear()
        _programs[key] = run = _built(stretch, gy)
    return run


def _built(stretch: Stretch, gy: Any) -> Any:
    """The program, or None if a rule does more than compute element by element."""
    with np.errstate(all="call", call=_nothing):  # no setting that a rule would choose
        try:
            program = _Tracing(stretch, gy).program()
        except Exception:  # it will raise again, and say more, when it runs by itself
            return None
    if program is None:
        return None
    return exact(program, Source(program, to_run=True)).function()


def _nothing(*args: Any) -> None:
    """What a stand-in warns of is of no interest."""


class _Tracing:
    """One run of the forwards and of the rules of a stretch on stand-ins."""

    def __init__(self, stretch: Stretch, gy: Any) -> None:
        self.stretch, self.trace = stretch, Trace()
        self.gy = self._input(gy, "gy")
        self.arrays = [self._input(a, f"x{i}") for i, a in enumerate(stretch.arrays)]
        self.kept: dict[int, Ref] = {}  #: what forward computed, and a rule asked for

    def program(self) -> Program | None:
        """What the rules compute, of the shape of the stretch."""
        self._forward()
        outputs = self._rules()
        trace, program = self.trace, self.trace.program
        decided = any(isinstance(step, Guard) for step in program.steps)
        if outputs is None or trace.blocked or trace.foreign or decided:
            return None
        program.outputs = [trace.ref(gx) for gx in outputs]
        merge(program)
        everywhere(program, self.kept)
        without_dead(program)
        if not all(map(is_arithmetic, program.steps)):
            return None
        shape = self.stretch.root._shape
        for at, info in program.info.items():
            program.info[at] = info._replace(shape=shape) if info.shape else info
        return program

    def _input(self, value: Any, name: str) -> Any:
        stand = value.reshape(-1)[:_STAND].copy() if value.ndim else value
        return self.trace.input(stand, name)

    def _values(self, node: Any) -> list[Any]:
        """What a rule gets after gy."""
        return [self._stand(value) for value in node._keeps.values(node)]

    def _stand(self, value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.generic)):
            return self.arrays[self.stretch.at(value)]
        return value

    # -- forward -------------------------------------------------------------------------------

    def _forward(self) -> None:
        """Compute what forward computed, as far as its inputs are known."""
        known = dict(self._places())
        for node in reversed(self.stretch.nodes):
            y = self._computed(node, known)
            if y is not None and node in known:
                self.kept[y._at] = Ref(known[node]._at)
            elif y is not None:
                known[node] = y

    def _places(self) -> Iterator[tuple[Any, Any]]:
        for node in self.stretch.nodes:
            for place, value, _ in node._keeps.items(node):
                if place.__class__ is not Constant and isinstance(value, (np.ndarray, np.generic)):
                    yield place, self._stand(value)

    def _computed(self, node: Any, known: dict[Any, Any]) -> Any:
        xs = [self._input_of(node, i, edge, known) for i, edge in enumerate(node._edges)]
        steps = self.trace.program.steps
        before = len(steps)
        if any(x is None for x in xs):
            return None
        try:
            y = copy(node).forward(*xs)
        except Exception:
            y = None
        if hasattr(y, "_trace") and not any(isinstance(s, Guard) for s in steps[before:]):
            return y
        del steps[before:]
        self.trace.blocked = None
        return None

    def _input_of(self, node: Any, i: int, edge: Any, known: dict[Any, Any]) -> Any:
        if edge in known:
            return known[edge]
        value = node._keeps.input_of(node, i)
        return None if value is None else self._stand(value)

    # -- the rules -----------------------------------------------------------------------------

    def _rules(self) -> list[Any] | None:
        """The gradients that leave, in the order of `_outside`; None if one of them is missing."""
        grads: dict[Any, Any] = {self.stretch.root: self.gy}
        for node in self.stretch.nodes:
            gy = grads.pop(node, None)
            if gy is not None:
                gxs = node._rule(gy, *self._values(node))
                for edge, gx in zip(node._edges, counted(node, node._edges, gxs), strict=True):
                    if gx is not None and edge.__class__ is not Constant:
                        grads[edge] = grads[edge] + gx if edge in grads else gx
        wanted: list[Any] = [grads.get(edge) for edge in _outside(self.stretch)]
        dtype = self.stretch.root._dtype
        fits = all(hasattr(gx, "_trace") and gx.dtype == dtype for gx in wanted)
        return wanted if fits else None
