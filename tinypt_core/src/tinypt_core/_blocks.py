"""Blocks: rules of elementwise operators on large arrays, run on a part of the arrays at a time.

A stretch is a row of such nodes, all of one shape. Within a block the gradients between them stay
in the processor's cache and need no large arrays: memory is passed over once for the stretch, not
two or three times for every rule.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from tinypt_core._reuse import now

_ndarray = np.ndarray

#: elements of a block: large enough that Python's part is small
BLOCK = 65_536
#: elements from which on arrays do not fit the cache together, and a stretch is worth cutting up
LARGE = 8 * BLOCK
#: the rules that compute something which a stretch has at least; one alone is as quick whole
RULES = 3


def in_blocks(
    node: Any, gy: Any, nodes: list[Any], grads: dict[Any, Any], skip: set[Any], apart: Any
) -> tuple[tuple[Any, ...], tuple[Any, ...]] | None:
    """Run the rules of the stretch that begins with `node`, whose gradient is gy.

    nodes: all that the pass visits, youngest first. grads: gradients so far; those of the stretch
    are taken out. skip: edges not worth a gradient. apart: nodes whose gradient is asked for.
    Returns the edges that lead out of the stretch, and their gradients. None, with nothing
    changed, if there is no stretch, or a rule did what only the ordinary way can judge.
    """
    if not node._signature.asks:  # it hands gy on, or its negative: nothing to save
        return None
    stretch = list(_stretch(node, nodes, skip, apart))
    if sum(1 for n in stretch if n._signature.asks) < RULES:
        return None
    known = {n: grads[n] for n in stretch if n in grads}
    try:
        found = _run(stretch, {node: gy, **known}, skip)
    except Exception:  # the ordinary way meets it again, and names operator and input
        return None
    for n in known:
        del grads[n]
    return tuple(found), tuple(found.values())


def _stretch(node: Any, nodes: list[Any], skip: set[Any], apart: Any) -> Iterator[Any]:
    """`node` and those after it, as long as they suit and nobody asks for what is between."""
    first = bisect_left(nodes, -node._order, key=lambda n: -n._order)
    for n in islice(nodes, first, None):
        if not _suits(n, node._shape, skip) or (n in apart and n is not node):
            return
        yield n


def _suits(node: Any, shape: tuple[int, ...], skip: set[Any]) -> bool:
    """Whether the node's rule may see a block of its arrays as it may see all of them."""
    if not getattr(node, "elementwise", False) or node._textbook or node._shape != shape:
        return False
    saved = [a for a in node._saved if isinstance(a, _ndarray)]
    return all(a.shape == shape and a.flags.c_contiguous for a in saved) and all(
        edge is None or edge in skip or edge._shape == shape for edge in node._edges
    )


def _run(stretch: list[Any], known: dict[Any, Any], skip: set[Any]) -> dict[Any, Any]:
    """The gradients that lead out of the stretch."""
    steps = [(n, n._saved, [None if e in skip else e for e in n._edges]) for n in stretch]
    whole = {id(a): a.reshape(-1) for _, saved, _ in steps for a in saved if np.ndim(a)}
    rows = {n: g.reshape(-1) for n, g in known.items()}
    found: dict[Any, Any] = {}
    try:
        for i in range(0, rows[stretch[0]].size, BLOCK):
            part = slice(i, i + BLOCK)
            now.cut = {key: a[part] for key, a in whole.items()}
            gxs = _block(steps, now.cut, {n: row[part] for n, row in rows.items()})
            if not i:
                found = {edge: np.empty(edge._shape, edge._dtype) for edge in gxs}
            if gxs.keys() != found.keys():
                raise ValueError("a rule gave a gradient for some blocks only")
            for edge, gx in gxs.items():
                found[edge].reshape(-1)[part] = gx
    finally:
        now.cut = None
    return found


def _block(steps: list[Any], cut: dict[int, Any], grads: dict[Any, Any]) -> dict[Any, Any]:
    """The same of one block; the loop in small."""
    for node, saved, edges in steps:
        gy = grads.pop(node, None)
        if gy is None:
            continue
        gxs = node._rule(gy, *[cut.get(id(a), a) for a in saved])
        for edge, gx in zip(edges, gxs if gxs.__class__ is tuple else (gxs,), strict=True):
            if gx is None or edge is None:
                continue
            if gx.__class__ is not _ndarray or gx.dtype is not edge._dtype or gx.shape != gy.shape:
                raise TypeError("a gradient does not fit its input")
            grads[edge] = grads[edge] + gx if edge in grads else gx
    return grads
