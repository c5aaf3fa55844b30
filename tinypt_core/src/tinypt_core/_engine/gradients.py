"""What is asked of the backward loop: `gradients(...)`, and `y.backward()`, which stores them."""

from __future__ import annotations

import os
from _thread import RLock
from collections.abc import Sequence
from typing import Any, Literal, overload

import numpy as np

from tinypt_core import _links
from tinypt_core._backward import run
from tinypt_core._batch.batched import Shape
from tinypt_core._engine.ends import (
    add,
    nothing,
    own,
    require_alike,
    require_float,
    require_float_leaf,
    require_recorded,
    seed,
)
from tinypt_core._engine.fresh import adopting, large_leaves
from tinypt_core._engine.step import chosen
from tinypt_core._engine.walk import Plan
from tinypt_core._errors import GradientError, cut
from tinypt_core._graph.places import Leaf, node_at
from tinypt_core._modes import Mode, get_mode, using_mode
from tinypt_core._variable import Variable

#: one thread stores gradients at a time, so that no sum is lost
_storing = RLock()


@overload
def gradients(
    outputs: Variable | Sequence[Variable],
    inputs: Variable | Sequence[Variable],
    grad_outputs: Any = None,
    create_graph: Literal[False] = False,
) -> tuple[np.ndarray, ...]: ...
@overload
def gradients(
    outputs: Variable | Sequence[Variable],
    inputs: Variable | Sequence[Variable],
    grad_outputs: Any = None,
    *,
    create_graph: Literal[True],
) -> tuple[Variable, ...]: ...
@overload
def gradients(
    outputs: Variable | Sequence[Variable],
    inputs: Variable | Sequence[Variable],
    grad_outputs: Any = None,
    create_graph: bool = False,
) -> tuple[Any, ...]: ...
def gradients(
    outputs: Variable | Sequence[Variable],
    inputs: Variable | Sequence[Variable],
    grad_outputs: Any = None,
    create_graph: bool = False,
) -> tuple[Any, ...]:
    """The gradients of sum(grad_outputs * outputs), one per input, as a tuple.

    outputs, inputs: a Variable or a sequence of them. grad_outputs: an array or Variable of each
    output's shape; ones if None. No `.grad` is read or changed. An input that the outputs do not
    depend on has a gradient of zeros. Arrays, or Variables under create_graph.

    Raises GradientError if a rule is wrong, or an output or input is not of floating point.

    >>> import numpy as np
    >>> from tinypt_core.ops import sin
    >>> x = Variable(np.array(0.0))
    >>> gradients(sin(x), x)
    (array(1.),)
    """
    ys, xs = _sequence(outputs), _sequence(inputs)
    for x in xs:
        require_float(x, "an input")
    given = [None] * len(ys) if grad_outputs is None else _sequence(grad_outputs)
    if len(given) != len(ys):
        raise GradientError(f"{len(ys)} outputs, but {len(given)} grad_outputs")
    seeds: dict[Any, Any] = {}
    for y, gy in zip(ys, given, strict=True):
        start = seed(y, gy, create_graph)
        seeds[y._edge] = add(seeds[y._edge], start) if y._edge in seeds else start
    plan = Plan(seeds, {x._edge for x in xs})
    grads = sweep(plan, seeds, create_graph)
    twice = len(plan.wanted) < len(xs)
    return tuple([_taken(plan, grads, x, twice, create_graph) for x in xs])


def backward(y: Variable, retain_grad: bool, create_graph: bool) -> None:
    """Store in `.grad` of every leaf behind y (and, retaining, of everything between)."""
    require_recorded(y)
    root = y._edge
    at = y if root.__class__ is Leaf else root
    before = at._grad
    start = seed(y, before, create_graph)
    plan = Plan((root,))
    if retain_grad:  # of several outputs each has a place of its own
        plan.wanted = {node for node in plan.nodes if node._shape.__class__ is not list}
    grads = sweep(plan, {root: start}, create_graph)
    if not grads:
        require_float_leaf(y, plan.nodes)
    grads.pop(root, None)  # y itself: its grad is the seed
    with _storing:
        new = _stored(plan, grads, create_graph)
        if retain_grad or not root._order:
            at._grad = own(start, create_graph)
        elif before is not None:
            at._grad = None
        for place, grad in new:
            place._grad = grad


def _stored(plan: Plan, grads: dict[Any, Any], create_graph: bool) -> list[tuple[Any, Any]]:
    """Each place that has a `.grad`, and the new one: the sum, in memory of its own."""
    new = []
    for edge in list(grads):
        grad = grads.pop(edge)
        place = edge._ref() if edge.__class__ is Leaf else edge
        if place is not None:  # the Variable of a leaf, or the node behind any other
            if grad.shape.__class__ is Shape:
                require_alike(grad, edge)
            grad = own(grad, create_graph, bool(plan.own) and plan.owns(edge, grad))
            new.append((place, grad if place._grad is None else add(place._grad, grad)))
    return new


def sweep(plan: Plan, seeds: dict[Any, Any], create_graph: bool) -> dict[Any, Any]:
    """Run the loop: plainly, or recording what the rules do."""
    if not create_graph:
        mode = get_mode()
        if mode.recording_rule:
            raise cut("asks for plain gradients", "create_graph=True in them")
        return run(plan, seeds, _plain(plan, seeds, mode))
    level = 1 + max((node._mode.derivative for node in map(node_at, seeds) if node), default=0)
    with using_mode(enable_backprop=True, recording_rule=True, derivative=level) as mode:
        return run(plan, seeds, chosen(True, mode))


#: elements of a leaf from which on it is asked whether somebody has a faster plan
HUGE = 500_000


def _plain(plan: Plan, grads: dict[Any, Any], mode: Mode) -> Any:
    """The step of a pass that records nothing."""
    step = chosen(False, mode)
    large = step is None and plan.leaves and large_leaves(plan)
    if not large:
        return step  # what looks on may keep what a rule returned
    if max(large.values()) >= HUGE:
        step = _links.faster(plan.nodes, plan.wanted)
    return adopting(step, plan, large, grads)


def _taken(plan: Plan, grads: dict[Any, Any], x: Any, twice: bool, create_graph: bool) -> Any:
    grad = grads.get(x._edge) if twice else grads.pop(x._edge, None)
    if grad is None:
        return nothing(x, create_graph)
    return own(grad, create_graph, not twice and plan.owns(x._edge, grad))


def _sequence(values: Any) -> list[Any]:
    return list(values) if isinstance(values, (list, tuple)) else [values]


def _renew_lock() -> None:
    global _storing
    _storing = RLock()


if hasattr(os, "register_at_fork"):  # a child has none of the threads that may have held it
    os.register_at_fork(after_in_child=_renew_lock)
