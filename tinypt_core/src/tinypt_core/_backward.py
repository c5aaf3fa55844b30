"""The backward loop, and nothing else.

A plan lists the nodes to visit, youngest first, so that every node comes after all that was made
from it: the gradients of its output are complete, and its rule turns them into gradients of its
inputs. A step is (node, gradient) -> pairs of an edge and the gradient that goes there; None is
the plain one, which each class has of its own. Iterative, linear, and every rule runs once.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from tinypt_core._batch.batched import NeedsLoop
from tinypt_core._buffer import Buffer, opened
from tinypt_core._engine.step import otherwise
from tinypt_core._engine.walk import Plan
from tinypt_core._links import OPS
from tinypt_core._variable import Variable

_ndarray = np.ndarray
_float64 = np.float64


def run(plan: Plan, grads: dict[Any, Any], step: Callable[..., Any] | None) -> dict[Any, Any]:
    """Visit every node of the plan; the gradients of what is wanted and of the leaves."""
    found, wanted, skip = {}, plan.wanted, plan.skip
    for node in plan.nodes:
        gy = grads.pop(node, None)
        if gy is None:
            continue
        if wanted and node in wanted:
            found[node] = gy
        try:
            pairs = node._pull(gy) if step is None else step(node, gy)
        except (Exception, NeedsLoop) as error:
            pairs = otherwise(node, gy, error)
        for edge, gx in pairs:
            if edge in grads:
                plus(plan, grads, edge, gx)
            elif not (skip and edge in skip):
                grads[edge] = gx
    grads |= found
    return grads


def plus(plan: Plan, grads: dict[Any, Any], edge: Any, gx: Any) -> None:
    """Add to a gradient; into the memory of one of the two that is nobody else's."""
    old = grads[edge]
    if old.__class__ is _float64 and gx.__class__ is _float64:
        grads[edge] = old + gx
    elif old.__class__ is list:  # of a node's outputs, each of which comes once
        grads[edge] = [a if b is None else b for a, b in zip(old, gx, strict=True)]
    elif old.__class__ is Variable or gx.__class__ is Variable or old.__class__ is Buffer:
        grads[edge] = OPS["add"](opened(old), opened(gx))
    elif plan.own and plan.owns(edge, old) and gx.__class__ is _ndarray:
        old += gx
    elif plan.own and plan.owns(edge, gx) and getattr(old, "strides", None) == gx.strides:
        gx += old  # which lies in memory as their sum would
        grads[edge] = gx
    else:
        grads[edge] = total = old + gx
        if total.__class__ is _ndarray and total.ndim:
            plan.own[edge] = weakref.ref(total)
