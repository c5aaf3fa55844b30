"""What a rule returned, made to fit the inputs: broadcasting undone, cast, counted, checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import _links
from tinypt_core._arrays import DIFFERENTIABLE, anywhere, as_array, cast, is_array, kind
from tinypt_core._batch.batched import Shape
from tinypt_core._batch.levels import surplus
from tinypt_core._batch.waiting import summed
from tinypt_core._broadcast import broadcast_axes, collapsed, sum_to
from tinypt_core._errors import AnomalyError, GradientError, TinyptError
from tinypt_core._graph.places import SCALAR as _SCALAR
from tinypt_core._links import OPS
from tinypt_core._names import describe
from tinypt_core._variable import Variable
from tinypt_core._written import Written

_asarray = np.asarray
_float64 = np.float64
_FLOAT64 = np.dtype(float)
_ndarray = np.ndarray

Pairs = list[tuple[Any, Any]]


def fitted(node: Any, edges: tuple[Any, ...], gxs: Any) -> Pairs:
    """Where the gradients go, each as its edge wants it."""
    pairs = []
    if gxs.__class__ is not tuple or len(gxs) != len(edges):
        gxs = counted(node, edges, gxs)
    for edge, gx in zip(edges, gxs):  # noqa: B905 (counted)
        if gx is None:
            continue
        if gx.__class__ is _float64 and edge._shape is _SCALAR:
            pass  # it travels on as it is
        elif gx.__class__ is not _ndarray or gx.dtype is not edge._dtype or gx.shape != edge._shape:
            gx = fit(gx, edge, node)
            if gx is None:
                continue
        pairs.append((edge, gx))
    return pairs


def fitted_variables(node: Any, gxs: Any) -> Pairs:
    """The same for Variables, recording what it does to them."""
    edges = node._edges
    pairs = []
    if gxs.__class__ is not tuple or len(gxs) != len(edges):
        gxs = counted(node, edges, gxs)
    for edge, gx in zip(edges, gxs):  # noqa: B905 (counted)
        gx = None if gx is None else fit_variable(gx, edge, node)
        if gx is not None:
            pairs.append((edge, gx))
    return pairs


def counted(node: Any, edges: tuple[Any, ...], gxs: Any) -> Any:
    """One gradient per input; else an error that says how many were expected."""
    if gxs.__class__ is not tuple:
        gxs = gxs if isinstance(gxs, list) else (gxs,)
    n = len(edges)
    if len(gxs) != n:
        raise GradientError(
            f"{describe(node)}: its rule returned {len(gxs)} gradient{'s' * (len(gxs) != 1)} for "
            f"{n} input{'s' * (n != 1)}; return one per input of forward (None for none)"
        )
    return gxs


def fit(gx: Any, edge: Any, node: Any) -> Any:
    """A rule's gradient as the edge wants it: an array of the input's shape and dtype."""
    if gx.__class__ is _float64 and edge._shape == () and edge._dtype is _FLOAT64:
        return _asarray(gx)
    if gx.__class__ is Written and gx.shape == edge._shape and gx.dtype is edge._dtype:
        return gx
    if gx.__class__ is not _ndarray:
        gx = gx._array if isinstance(gx, Variable) else as_array(gx)
    if edge._dtype.kind not in DIFFERENTIABLE:
        return None
    if gx.shape != edge._shape:
        gx = collapsed(gx, _repeated(gx.shape, edge._shape, node), edge._shape)
    kept = gx.__class__ is _ndarray or (gx.__class__ is _float64 and edge._shape is _SCALAR)
    if kept and gx.dtype is edge._dtype:
        return gx
    for level in surplus(gx.shape, edge._shape) if gx.__class__ is not _ndarray else ():
        gx = summed(gx, level)
    if gx.dtype.kind not in "fciub":
        raise GradientError(f"{describe(node)}: its rule returned {gx.dtype} values, not numbers")
    return as_array(cast(gx, edge._dtype))


def fit_variable(gx: Any, edge: Any, node: Any) -> Any:
    """The same for Variables."""
    if gx.__class__ is Variable:
        place = gx._edge
        if (
            place._dtype is edge._dtype
            and place._shape == edge._shape
            and place._shape.__class__ is not Shape
        ):
            return gx
    if edge._dtype.kind not in DIFFERENTIABLE:
        return None
    if not isinstance(gx, Variable):
        if is_array(gx) and not isinstance(gx, _ndarray) and gx.shape.__class__ is not Shape:
            return _constant(gx, edge)
        if anywhere(gx):
            raise GradientError(
                f"{describe(node)}: its rule returned a plain array under create_graph=True, "
                f"which cuts the graph; compute with gy and the names it asks for, in NumPy"
            )
        return None
    if gx.shape != edge._shape:
        _repeated(gx.shape, edge._shape, node)  # an error unless broadcasting explains it
        gx = OPS["sum_to"](gx, edge._shape)
    for level in surplus(gx.shape, edge._shape):
        gx = _links.unshare(gx, level)
    if gx.dtype.kind == "c" and edge._dtype.kind != "c":
        gx = OPS["real"](gx)
    return OPS["astype"](gx, edge._dtype) if gx.dtype != edge._dtype else gx


def _constant(gx: Any, edge: Any) -> Variable:
    """What a rule made with np.zeros_like of an array that is not NumPy's, and may not be
    computed yet: a constant."""
    return Variable(cast(sum_to(gx, edge._shape), edge._dtype))


def _repeated(shape: tuple[int, ...], expected: tuple[int, ...], node: Any) -> tuple[int, ...]:
    """The axes to sum over, if a gradient of `shape` is what broadcasting makes of `expected`; else
    an error."""
    axes = broadcast_axes(expected, shape)
    outputs = node._shape if node._shape.__class__ is list else [node._shape]
    if axes is not None and (
        shape in outputs
        or any(len(shape) <= len(y) and all(shape[i] == y[i] for i in axes) for y in outputs)
    ):
        return axes
    made = ", ".join(map(str, outputs))
    raise GradientError(
        f"{describe(node)}: its rule returned a gradient of shape {shape}; expected {expected}, "
        f"the shape of the input (output: {made})"
    )


def says_all(error: BaseException) -> bool:
    """Whether an error names operator and place already."""
    return isinstance(error, AnomalyError) or type(error) is TinyptError


def blamed(node: Any, gy: Any, error: BaseException) -> Exception:
    """What a rule raised, with the operator, its package and the kind of gy named."""
    node = node._node
    if node._signature.problem:
        return GradientError(f"{describe(node)}: {node._signature.problem}")
    text = str(error)
    if isinstance(error, TinyptError):
        said = text if text.startswith(describe(node)) else f"{describe(node)}: its rule {text}"
        return type(error)(said)
    return GradientError(
        f"{describe(node)}: its rule failed{kind(gy)}: {type(error).__name__}: {text}"
    )
