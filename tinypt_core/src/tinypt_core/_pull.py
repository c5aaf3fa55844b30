"""One step of the backward loop: run a node's rule, and hold what it returns to the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_core._broadcast import broadcast_axes, sum_to
from tinypt_core._errors import AnomalyError, GradientError, TinyptError
from tinypt_core._guard import guarded
from tinypt_core._modes import Mode
from tinypt_core._registry import OPS, describe
from tinypt_core._variable import Variable


def pull(node: Any, gy: Any) -> Any:
    """The gradients of a node's inputs, computed on arrays."""
    if gy.__class__ is list:
        return node._rule(*_complete(node, gy), *node._saved)
    return node._pull(gy)


def pull_recorded(node: Any, gy: Any) -> Any:
    """The same lines run on Variables, so that the gradients can be differentiated again."""
    gys = _complete(node, gy) if gy.__class__ is list else [gy]
    gys = [Variable(g) if isinstance(g, np.ndarray) else g for g in gys]
    return guarded(node)._rule(*gys, *node._saved_variables())


def watched(pull: Callable[..., Any], mode: Mode) -> Callable[..., Any]:
    """The same step with observers before and after."""
    from tinypt_core._watch import watched_pull

    return watched_pull(pull, mode)


def _complete(node: Any, gys: list[Any]) -> list[Any]:
    """A dropped or unused output counts as a zero gradient."""
    return [
        np.zeros(shape, dtype) if gy is None else gy
        for gy, shape, dtype in zip(gys, node._shape, node._dtype, strict=True)
    ]


# -- what a rule returned --------------------------------------------------------------------------


def checked(node: Any, gxs: Any) -> tuple[Any, ...]:
    """One gradient per input, as a tuple; else an error that says how many were expected."""
    if gxs.__class__ is not tuple:
        gxs = gxs if isinstance(gxs, list) else (gxs,)
    n = len(node._edges)
    if len(gxs) != n:
        raise GradientError(
            f"{describe(node)}: its rule returned {len(gxs)} gradient{'s' * (len(gxs) != 1)} for "
            f"{n} input{'s' * (n != 1)}; return one per input of forward (None for none)"
        )
    return tuple(gxs)


def fit(gx: Any, edge: Any, node: Any) -> np.ndarray | None:
    """A rule's gradient as the edge wants it: an array of the input's shape and dtype."""
    if gx.__class__ is not np.ndarray:
        gx = gx._data if isinstance(gx, Variable) else np.asarray(gx)
    if edge._dtype.kind not in "fc":
        return None
    if gx.shape != edge._shape:
        gx = sum_to(gx, _summable(gx.shape, edge._shape, node))
    if gx.dtype.kind not in "fiubc":
        raise GradientError(f"{describe(node)}: its rule returned {gx.dtype} values, not reals")
    if edge._dtype.kind == "f":
        gx = np.real(gx)
    return np.asarray(gx, edge._dtype)


def fit_variable(gx: Any, edge: Any, node: Any) -> Any:
    """The same for Variables, recording what it does to them."""
    if gx.__class__ is Variable:
        place = gx._edge
        if place._dtype is edge._dtype and place._shape == edge._shape:
            return gx
    if edge._dtype.kind not in "fc":
        return None
    if not isinstance(gx, Variable):
        if np.any(gx):
            raise GradientError(
                f"{describe(node)}: its rule returned a plain array under create_graph=True, "
                f"which cuts the graph; compute with gy and the names it asks for, in NumPy"
            )
        return None
    if gx.shape != edge._shape:
        gx = OPS["sum_to"](gx, _summable(gx.shape, edge._shape, node))
    if edge._dtype.kind == "f" and gx.dtype.kind == "c":
        gx = OPS["real"](gx)
    return OPS["astype"](gx, edge._dtype) if gx.dtype != edge._dtype else gx


def _summable(shape: tuple[int, ...], expected: tuple[int, ...], node: Any) -> tuple[int, ...]:
    """`expected`, if a gradient of `shape` is what broadcasting makes of it; else an error."""
    axes = broadcast_axes(expected, shape)
    outputs = node._shape if isinstance(node._shape, list) else [node._shape]
    if axes is not None and any(
        len(shape) <= len(y) and all(shape[i] == y[i] for i in axes) for y in outputs
    ):
        return expected
    made = ", ".join(map(str, outputs))
    raise GradientError(
        f"{describe(node)}: its rule returned a gradient of shape {shape}; expected {expected}, "
        f"the shape of the input (output: {made})"
    )


def says_all(error: Exception) -> bool:
    """An anomaly, or an observer that failed: the error names operator and place already."""
    return isinstance(error, AnomalyError) or type(error) is TinyptError


def failed(node: Any, error: Exception) -> Exception:
    """What a rule raised, with the operator and its package named."""
    signature = node._signature
    if signature.problem:
        return GradientError(f"{describe(node)}: {signature.problem}")
    if isinstance(error, TinyptError):
        return type(error)(f"{describe(node)}: its rule {error}")
    return GradientError(f"{describe(node)}: its rule failed: {type(error).__name__}: {error}")
