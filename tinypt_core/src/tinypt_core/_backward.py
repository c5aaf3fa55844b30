"""The backward loop, and nothing else.

Walk the graph once, then visit every node after all that was made from it: the gradients of its
outputs are complete, its rule turns them into gradients of its inputs. Iterative and linear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from sys import getrefcount
from typing import Any

import numpy as np

from tinypt_core import _function, _variable
from tinypt_core._errors import GradientError
from tinypt_core._modes import get_mode, using_mode
from tinypt_core._pull import checked, failed, fit, fit_variable, pull_recorded, watched
from tinypt_core._pull import pull as plain_pull
from tinypt_core._registry import OPS
from tinypt_core._variable import Leaf, Output, Variable, handle

_by_order = attrgetter("_order")
_ndarray = np.ndarray
_float64 = np.float64
_FLOAT64 = np.dtype(float)
_ONE = np.float64(1)


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
        _require_float(x, "an input")
    given = [None] * len(ys) if grad_outputs is None else _sequence(grad_outputs)
    if len(given) != len(ys):
        raise GradientError(f"{len(ys)} outputs, but {len(given)} grad_outputs")
    seeds: dict[Any, Any] = {}
    for y, gy in zip(ys, given, strict=True):
        seed = _seed(y, gy, create_graph)
        seeds[y._edge] = seeds[y._edge] + seed if y._edge in seeds else seed
    wanted = {x._edge for x in xs}
    grads = _sweep(seeds, wanted, create_graph)
    take = grads.pop if len(wanted) == len(xs) else grads.get
    return tuple([_own(take(x._edge, None), x, create_graph) for x in xs])


def backward(y: Variable, retain_grad: bool, create_graph: bool) -> None:
    """Store in `.grad` of every leaf behind y (and, retaining, of everything between)."""
    seed = _seed(y, y.grad, create_graph)
    grads = _sweep({y._edge: seed}, None, create_graph, retain_grad)
    if not grads:
        _require_leaf(y)
    grads.pop(y._edge, None)  # y itself: its grad is the seed
    new = []
    for edge in list(grads):
        x = edge._ref()
        if x is not None:
            grad = _own(grads.pop(edge), x, create_graph)
            new.append((x, grad if x.grad is None else _add(x.grad, grad)))
    keep = retain_grad or not y._edge._order
    y.grad = _own(seed, y, create_graph) if keep else None
    for x, grad in new:
        x.grad = grad


def _sweep(
    seeds: dict[Any, Any], wanted: set[Any] | None, create_graph: bool, retain: bool = False
) -> dict[Any, Any]:
    """Gradients of the wanted nodes; of every leaf (and, retaining, every node) if None."""
    if not create_graph:
        return _loop(seeds, wanted, retain, _puller(plain_pull), fit, _ndarray)
    level = 1 + max((f._mode.derivative for f in map(_function_of, seeds) if f), default=0)
    with using_mode(enable_backprop=True, recording_rule=True, derivative=level):
        return _loop(seeds, wanted, retain, _puller(pull_recorded), fit_variable, None)


def _loop(
    seeds: dict[Any, Any],
    wanted: set[Any] | None,
    retain: bool,
    pull: Callable[..., Any],
    fit: Callable[..., Any],
    kind: Any,
) -> dict[Any, Any]:
    nodes, skip = _walk(seeds, wanted)
    direct = pull is plain_pull
    grads = dict(seeds)
    done: dict[Any, Any] = {}
    gxs: Any
    gx: Any
    for node in nodes:
        gy = grads.pop(node, None)
        if gy is None:
            continue
        if (wanted is not None and node in wanted) or (retain and gy.__class__ is not list):
            done[node] = gy
        if node.__class__ is Output:
            gys = grads.setdefault(node.function, [None] * len(node.function._shape))
            gys[node.index] = gy
            continue
        try:
            if direct and gy.__class__ is not list:
                gxs = node._rule(gy, *node._saved)
            else:
                gxs = pull(node, gy)
        except Exception as error:
            raise failed(node, error) from error
        edges = node._edges
        if gxs.__class__ is not tuple:
            gxs = (gxs,)
        if len(gxs) != len(edges):
            gxs = checked(node, gxs)
        for edge, gx in zip(edges, gxs):  # noqa: B905 (lengths are equal)
            if gx is None or edge in skip:
                continue
            if gx.__class__ is _float64 and edge.elementwise and not edge._shape:
                if edge._dtype is not _FLOAT64:  # else it travels on as a NumPy scalar
                    gx = fit(gx, edge, node)
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
    seen = set(nodes)
    for node in nodes:
        for edge in node._edges:
            if edge is not None and edge._order and edge not in seen:
                seen.add(edge)
                nodes.append(edge)
    nodes.sort(key=_by_order, reverse=True)
    return (nodes, {None}) if wanted is None else _prune(nodes, wanted)


def _prune(nodes: list[Any], wanted: set[Any]) -> tuple[list[Any], set[Any]]:
    """Only the paths that lead to what is wanted."""
    live = set(wanted)
    for node in reversed(nodes):
        if not live.isdisjoint(node._edges):
            live.add(node)
    skip = {edge for node in nodes for edge in node._edges if edge not in live}
    return [node for node in nodes if node in live], skip | {None}


def _accumulate(grads: dict[Any, Any], edge: Any, gx: Any) -> None:
    """Add to a gradient; into its own memory once nobody else holds it."""
    old = grads[edge]
    if old.__class__ is Variable or gx.__class__ is Variable:
        grads[edge] = OPS["add"](old, gx)
    elif old.ndim and getrefcount(old) == _ALONE and old.base is None:
        old += gx
    else:
        total = old + gx
        grads[edge] = total if edge._dtype is _FLOAT64 else np.asarray(total)


def _references(grads: dict[Any, Any], edge: Any, gx: Any) -> int:
    old = grads[edge]
    return getrefcount(old)


_ALONE = _references({0: np.empty(1)}, 0, None)


def _puller(pull: Callable[..., Any]) -> Callable[..., Any]:
    """The loop calls the rules directly, or past whatever looks on: chosen once a pass."""
    mode = get_mode()
    return watched(pull, mode) if mode.watched or _function.observers else pull


# -- where the loop begins and ends -------------------------------------------------------------


def _seed(y: Variable, gy: Any, create_graph: bool) -> Any:
    data = y._data
    if data.__class__ is not _float64:
        _require_float(y, "an output")
    if gy is None:
        gy = _ONE if data.__class__ is _float64 and y._edge.elementwise else np.ones_like(data)
    elif not create_graph and isinstance(gy, Variable):
        gy = gy._data
    elif not isinstance(gy, (np.ndarray, Variable)):
        gy = np.asarray(gy)
    if gy.shape != data.shape:
        raise GradientError(f"the gradient of {_call(y)} has shape {gy.shape}, not {data.shape}")
    if gy.dtype != data.dtype:
        gy = OPS["astype"](gy, data.dtype) if isinstance(gy, Variable) else gy.astype(data.dtype)
    return Variable(np.asarray(gy)) if create_graph and not isinstance(gy, Variable) else gy


def _own(grad: Any, x: Variable, create_graph: bool) -> Any:
    """The gradient as its receiver gets it: sharing memory with no other array."""
    if grad is None:
        grad = np.zeros(x.shape, x.dtype)
        return Variable(grad) if create_graph else grad
    if grad.__class__ is _ndarray and getrefcount(grad) == _MINE and grad.base is None:
        return grad
    if isinstance(grad, Variable):
        if grad._edge._order:
            return handle(np.array(grad._data), grad._edge)
        return OPS["positive"](grad) if get_mode().enable_backprop else Variable(grad.data.copy())
    return np.array(grad)


def _count(grad: Any, x: Any, create_graph: bool) -> int:
    return getrefcount(grad)


#: how many references an array has in `_own` when nobody but its receiver holds it
_MINE = _count({0: np.empty(0)}.pop(0), None, False)


def _add(old: Any, new: Any) -> Any:
    if isinstance(old, Variable) or isinstance(new, Variable):
        return OPS["add"](old, new)
    return np.asarray(old + new)


def _require_float(x: Any, what: str) -> None:
    if not isinstance(x, Variable):
        raise TypeError(f"{what} is {type(x)}, not a Variable; write Variable(np.array(...))")
    if x._data is None or x._data.dtype.kind != "f":
        found = "None" if x._data is None else f"{x.dtype} data"
        raise GradientError(
            f"{_call(x)} has {found}: only floating point can be differentiated; "
            f"make the input float, as np.array(..., dtype=float)"
        )


def _require_leaf(y: Variable) -> None:
    """Integers all the way down: say so instead of leaving every grad None."""
    leaves = {e for n in _walk([y._edge], None)[0] for e in n._edges if isinstance(e, Leaf)}
    if leaves and not any(leaf._dtype is None or leaf._dtype.kind == "f" for leaf in leaves):
        raise GradientError(
            f"{_call(y)} was made of integers only, which cannot be differentiated; "
            f"make the input float, as np.array(..., dtype=float)"
        )


def _call(y: Variable) -> str:
    if y.name:
        return repr(y.name)
    return f"the output of {type(y.creator).__name__}" if y.creator is not None else "the Variable"


def _sequence(values: Any) -> list[Any]:
    return list(values) if isinstance(values, (list, tuple)) else [values]


def _function_of(edge: Any) -> Any:
    return edge.function if type(edge) is Output else edge if edge._order else None


def cut_behind(y: Variable) -> None:
    """Make leaves of y's ancestors: no node behind y keeps its edges."""
    if y.creator is None:
        return
    nodes, _ = _walk([y.creator], None)
    for node in nodes:
        if isinstance(node, Output):
            continue
        _release(node)


def _release(node: Any) -> None:
    refs = node._ref if isinstance(node._ref, list) else [node._ref]
    for r in refs:
        if (v := r()) is not None:
            v.unchain()
    node._edges = ()
    node._saved = ()


_variable._run_backward = backward
_variable._cut_behind = cut_behind
