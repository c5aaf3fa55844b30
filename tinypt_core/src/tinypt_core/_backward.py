"""The backward loop, and nothing else.

Walk the graph once, then visit every node after all that was made from it: the gradients of its
outputs are complete, its rule turns them into gradients of its inputs. Iterative and linear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf
from operator import attrgetter
from sys import getrefcount
from typing import Any

import numpy as np

from tinypt_core import _modes, _variable
from tinypt_core._blocks import LARGE, in_blocks
from tinypt_core._ends import add, own, require_float, require_float_leaf, seed
from tinypt_core._errors import GradientError
from tinypt_core._links import OPS
from tinypt_core._modes import get_mode, using_mode
from tinypt_core._names import describe
from tinypt_core._pull import checked, failed, fit, fit_variable, pull_recorded, says_all, watched
from tinypt_core._pull import pull as plain_pull
from tinypt_core._reuse import now
from tinypt_core._variable import SCALAR as _SCALAR
from tinypt_core._variable import Leaf, Output, Variable, cut

_by_order = attrgetter("_order")
_ndarray = np.ndarray
_float64 = np.float64


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
    wanted = {x._edge for x in xs}
    grads = _sweep(seeds, wanted, create_graph)
    take = grads.pop if len(wanted) == len(xs) else grads.get
    return tuple([own(take(x._edge, None), x, create_graph) for x in xs])


def backward(y: Variable, retain_grad: bool, create_graph: bool) -> None:
    """Store in `.grad` of every leaf behind y (and, retaining, of everything between)."""
    before = y.grad
    start = seed(y, before, create_graph)
    grads = _sweep({y._edge: start}, None, create_graph, retain_grad)
    if not grads:
        leaves = {e for n in _walk([y._edge], None)[0] for e in n._edges if isinstance(e, Leaf)}
        require_float_leaf(y, leaves)
    grads.pop(y._edge, None)  # y itself: its grad is the seed
    new = []
    for edge in list(grads):
        place = edge._ref() if edge.__class__ is Leaf else edge
        if place is not None:  # the Variable of a leaf, or the node behind any other
            grad = own(grads.pop(edge), None, create_graph)
            new.append((place, grad if place._grad is None else add(place._grad, grad)))
    if retain_grad or not y._edge._order:
        y.grad = own(start, y, create_graph)
    elif before is not None:
        y.grad = None
    for place, grad in new:
        place._grad = grad


def _sweep(
    seeds: dict[Any, Any], wanted: set[Any] | None, create_graph: bool, retain: bool = False
) -> dict[Any, Any]:
    """Gradients of the wanted nodes; of every leaf (and, retaining, every node) if None."""
    if not create_graph and get_mode().recording_rule:
        raise cut("asks for plain gradients", "create_graph=True in them")
    nodes, skip = _walk(seeds, wanted)
    if not create_graph:
        outer, now.held = now.held, nodes
        try:
            return _loop(nodes, skip, seeds, wanted, retain, _puller(plain_pull), fit, _ndarray)
        finally:
            now.held = outer
    level = 1 + max((f._mode.derivative for f in map(_function_of, seeds) if f), default=0)
    with using_mode(enable_backprop=True, recording_rule=True, derivative=level):
        pull = _puller(pull_recorded)
        return _loop(nodes, skip, seeds, wanted, retain, pull, fit_variable, None)


def _loop(
    nodes: list[Any],
    skip: set[Any],
    seeds: dict[Any, Any],
    wanted: set[Any] | None,
    retain: bool,
    pull: Callable[..., Any],
    fit: Callable[..., Any],
    kind: Any,
) -> dict[Any, Any]:
    direct = pull is plain_pull
    large = LARGE if direct and not retain else inf  # blocks leave nothing to retain
    apart = wanted or ()
    retain = retain or wanted is not None
    grads = dict(seeds)
    done: dict[Any, Any] = {}
    gxs: Any
    gx: Any
    pairs: Any
    for node in nodes:
        gy = grads.pop(node, None)
        if gy is None:
            continue
        if retain and (wanted is None or node in wanted) and gy.__class__ is not list:
            done[node] = gy
        if node.__class__ is Output:
            gys = grads.setdefault(node.function, [None] * len(node.function._shape))
            gys[node.index] = gy
            continue
        edges = node._behind
        try:
            if gy.__class__ is _float64 and direct:
                gxs = node._pull(gy)
            elif gy.__class__ is list or not direct:
                gxs = pull(node, gy)
            elif gy.size >= large and (found := in_blocks(node, gy, nodes, grads, skip, apart)):
                edges, gxs = found
            else:
                gxs = node._pull(gy)
        except Exception as error:
            if says_all(error):
                raise
            raise failed(node, error) from error
        if edges.__class__ is gxs.__class__ is tuple and len(edges) == len(gxs):
            pairs = zip(edges, gxs)  # noqa: B905 (lengths are equal)
        elif edges.__class__ is tuple or gxs.__class__ is tuple:
            pairs = zip(node._edges, checked(node, gxs))  # noqa: B905 (checked)
        else:
            pairs = ((edges, gxs),)
        for edge, gx in pairs:
            if gx is None or edge is None or (skip and edge in skip):
                continue
            if gx.__class__ is _float64 and edge._shape is _SCALAR:
                pass  # it travels on as it is
            elif gx.__class__ is not kind or gx.dtype is not edge._dtype or gx.shape != edge._shape:
                gx = fit(gx, edge, node)
                if gx is None:
                    continue
            if edge in grads:
                _accumulate(grads, edge, gx)
            else:
                grads[edge] = gx
    grads.update(done)
    return grads


def _walk(roots: Iterable[Any], wanted: set[Any] | None) -> tuple[list[Any], set[Any]]:
    """The nodes to visit, youngest first, and the edges not worth a gradient."""
    nodes = [root for root in roots if root._order]
    seen = {None, *nodes}
    for node in nodes:
        behind = node._behind
        for edge in behind if behind.__class__ is tuple else (behind,):
            if edge not in seen:
                seen.add(edge)
                if edge._order:
                    nodes.append(edge)
    nodes.sort(key=_by_order, reverse=True)
    return (nodes, set()) if wanted is None else _prune(nodes, wanted)


def _prune(nodes: list[Any], wanted: set[Any]) -> tuple[list[Any], set[Any]]:
    """Only the paths that lead to what is wanted."""
    live = set(wanted)
    for node in reversed(nodes):
        if not live.isdisjoint(node._edges):
            live.add(node)
    for node in nodes:
        if node.passes_over is not None and node._edges[node.passes_over] in wanted:
            raise GradientError(
                f"{describe(node)} is a derivative by the input of what you ask to differentiate "
                f"by, and cannot be differentiated by its output; ask for the input instead"
            )
    skip = {edge for node in nodes for edge in node._edges if edge not in live}
    return [node for node in nodes if node in live], skip


def _accumulate(grads: dict[Any, Any], edge: Any, gx: Any) -> None:
    """Add to a gradient; into its own memory once nobody else holds it."""
    old = grads[edge]
    if old.__class__ is _float64 and gx.__class__ is _float64:
        grads[edge] = old + gx
    elif old.__class__ is Variable or gx.__class__ is Variable:
        grads[edge] = OPS["add"](old, gx)
    elif old.ndim and getrefcount(old) == _ALONE and old.base is None:
        old += gx
    else:
        total = old + gx
        scalar = total.__class__ is _float64 and edge._shape is _SCALAR
        grads[edge] = total if scalar else np.asarray(total)


def _references(grads: dict[Any, Any], edge: Any, gx: Any) -> int:
    old = grads[edge]
    return getrefcount(old)


_ALONE = _references({0: np.empty(1)}, 0, None)


def _puller(pull: Callable[..., Any]) -> Callable[..., Any]:
    """The loop calls the rules directly, or past whatever looks on: chosen once a pass."""
    mode = get_mode()
    return watched(pull, mode) if mode.watched or _modes.observers else pull


def _sequence(values: Any) -> list[Any]:
    return list(values) if isinstance(values, (list, tuple)) else [values]


def _function_of(edge: Any) -> Any:
    return edge.function if type(edge) is Output else edge if edge._order else None


_variable._run_backward = backward
