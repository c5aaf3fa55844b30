"""Batching rules of products and of linear algebra."""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import numpy as np

from tinypt_core._batch.batched import NeedsLoop
from tinypt_core._batch.table import _ALL, Batch, add_rule, rule
from tinypt_core._batch.ufuncs import _outer, generic
from tinypt_core._batch.waiting import Matrices


@rule(np.matmul, np.linalg.matmul, arrays=2)
def matmul(batch: Batch, f: Any, x1: Any, x2: Any, /, **kwargs: Any) -> Any:
    """Matrix products; what is the same for all elements goes into one large one."""
    if kwargs:
        raise NeedsLoop
    n1, n2 = np.ndim(x1), np.ndim(x2)
    if not n1 or not n2:
        raise ValueError("matmul: an operand of no axes; write x * y")
    if _waits(batch, x1, x2):
        return Matrices(batch.level, x1.data, x2.data)
    if not batch.holds(x2) and n2 == 2:
        return _rows(batch.front(x1), x2)
    if not batch.holds(x1) and n1 == 2 and n2 == 1:
        return x2.data @ np.swapaxes(x1, 0, 1)
    ndim = max(n1, n2, 2)
    a = batch.wide(np.expand_dims(x1, 0) if n1 == 1 else x1, ndim)
    b = batch.wide(np.expand_dims(x2, 1) if n2 == 1 else x2, ndim)
    y = a @ b
    if n2 == 1:
        y = y[..., 0]
    return y[..., 0, :] if n1 == 1 and n2 > 1 else y[..., 0] if n1 == 1 else y


def _waits(batch: Batch, a: Any, b: Any) -> bool:
    if not (batch.holds(a) and batch.holds(b) and a.ndim == b.ndim == 2):
        return False
    return bool((a.returning or b.returning) and a.shape[1] == b.shape[0] > 0)


def _rows(a: Any, w: Any) -> Any:
    """a @ w as one product of matrices."""
    if a.shape[-1] != w.shape[0] or not a.size:
        return a @ w
    flat = np.reshape(a, (-1, a.shape[-1])) @ w
    return np.reshape(flat, (*a.shape[:-1], w.shape[1]))


for _name in ("vecdot", "matvec", "vecmat"):
    if hasattr(np, _name):
        add_rule(getattr(np, _name), generic, arrays=_ALL)
add_rule(_outer, lambda batch, f, ufunc, a, b, **kw: _outer_of(batch, ufunc, a, b, **kw), _ALL)


def _outer_of(batch: Batch, ufunc: Any, a: Any, b: Any, **kwargs: Any) -> Any:
    y = _outer(ufunc, a, b, **kwargs)
    return tuple(part.data for part in y) if isinstance(y, tuple) else y.data


@rule(np.dot, arrays=2)
def dot(batch: Batch, f: Any, a: Any, b: Any, out: Any = None) -> Any:
    """Over the last axis of a and the second to last of b."""
    if not np.ndim(a) or not np.ndim(b):
        return np.multiply(a, b).data
    if np.ndim(b) <= 2:
        return matmul(batch, np.matmul, a, b)
    return tensordot(batch, f, a, b, ([-1], [-2]))


@rule(np.vdot, arrays=2)
def vdot(batch: Batch, f: Any, a: Any, b: Any, /) -> Any:
    """Of both flattened, the first conjugated."""
    return np.sum(np.conjugate(np.ravel(a)) * np.ravel(b)).data


@rule(np.inner, arrays=2)
def inner(batch: Batch, f: Any, a: Any, b: Any, /) -> Any:
    """Over the last axes of both."""
    if not np.ndim(a) or not np.ndim(b):
        return np.multiply(a, b).data
    return tensordot(batch, f, a, b, ([-1], [-1]))


@rule(np.outer, arrays=2)
def outer(batch: Batch, f: Any, a: Any, b: Any, out: Any = None) -> Any:
    """Every pair of elements."""
    return np.multiply(np.expand_dims(np.ravel(a), 1), np.ravel(b)).data


@rule(np.tensordot, arrays=2)
def tensordot(batch: Batch, f: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    """Over pairs of axes."""
    na, nb = np.ndim(a), np.ndim(b)
    left, right = _pairs(axes, na, nb)
    if [np.shape(a)[i] for i in left] != [np.shape(b)[i] for i in right]:
        raise ValueError("shape-mismatch for sum")
    letters = iter(ascii_letters[1:])
    of_a = [next(letters) for _ in range(na)]
    of_b = [next(letters) for _ in range(nb)]
    for i, j in zip(left, right, strict=True):
        of_b[j] = of_a[i]
    kept = [c for i, c in enumerate(of_a) if i not in left]
    kept += [c for j, c in enumerate(of_b) if j not in right]
    subscripts = f"{''.join(of_a)},{''.join(of_b)}->{''.join(kept)}"
    return einsum(batch, np.einsum, subscripts, a, b, optimize=True)


def _pairs(axes: Any, na: int, nb: int) -> tuple[list[int], list[int]]:
    if np.ndim(axes) == 0 and not isinstance(axes, (list, tuple)):
        n = int(axes)
        return list(range(na - n, na)), list(range(n))
    left, right = ([int(i) for i in np.atleast_1d(i)] for i in axes)
    return [i % na for i in left], [j % nb for j in right]


@rule(np.einsum, arrays=_ALL)
def einsum(batch: Batch, f: Any, subscripts: Any, *operands: Any, **kwargs: Any) -> Any:
    """One more letter, for the hidden axis, at the operands that have it."""
    if not isinstance(subscripts, str):
        raise NeedsLoop
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    if not arrow:
        once = sorted(c for c in set(inputs) - set(",.") if inputs.count(c) == 1)
        output = ("..." if "..." in inputs else "") + "".join(once)
    hidden = next(c for c in ascii_letters if c not in subscripts)
    terms = [
        hidden + term if batch.holds(x) else term
        for term, x in zip(inputs.split(","), operands, strict=True)
    ]
    data = [x.data if batch.holds(x) else x for x in operands]
    return np.einsum(f"{','.join(terms)}->{hidden}{output}", *data, **kwargs)


@rule(np.kron, arrays=2)
def kron(batch: Batch, f: Any, a: Any, b: Any) -> Any:
    """All of b times each element of a, in blocks."""
    ndim = max(np.ndim(a), np.ndim(b))
    m = (1,) * (ndim - np.ndim(a)) + tuple(np.shape(a))
    n = (1,) * (ndim - np.ndim(b)) + tuple(np.shape(b))
    left = np.reshape(a, tuple(k for i in m for k in (i, 1)))
    right = np.reshape(b, tuple(k for j in n for k in (1, j)))
    shape = tuple(i * j for i, j in zip(m, n, strict=True))
    return np.reshape(np.multiply(left, right), shape).data


@rule(np.cross, arrays=2)
def cross(
    batch: Batch, f: Any, a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1,
    axis: Any = None,
) -> Any:  # fmt: skip
    """Of vectors along an axis."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    if np.shape(a)[-1] != 3 or np.shape(b)[-1] != 3:
        raise NeedsLoop
    ndim = max(np.ndim(a), np.ndim(b))
    y = np.cross(batch.wide(a, ndim), batch.wide(b, ndim))
    return np.moveaxis(y, -1, batch.axis(axisc, ndim))


# -- linear algebra: NumPy's own leading axes ------------------------------------------------------


@rule(
    np.linalg.inv, np.linalg.det, np.linalg.slogdet, np.linalg.cholesky, np.linalg.eigh,
    np.linalg.eigvalsh, np.linalg.eig, np.linalg.eigvals, np.linalg.svd, np.linalg.svdvals,
    np.linalg.qr, np.linalg.pinv, np.linalg.matrix_power, np.linalg.matrix_rank,
)  # fmt: skip
def of_matrices(batch: Batch, f: Any, a: Any, *args: Any, **kwargs: Any) -> Any:
    """Of the matrices in the last two axes."""
    if np.ndim(a) < 2:
        raise NeedsLoop  # a matrix rank of a vector, or NumPy's own error
    return f(batch.front(a), *args, **kwargs)


@rule(np.linalg.solve, arrays=2)
def solve(batch: Batch, f: Any, a: Any, b: Any) -> Any:
    """One vector, or matrices over leading axes as they broadcast."""
    if np.ndim(a) < 2 or not np.ndim(b):
        raise NeedsLoop
    vector = np.ndim(b) == 1
    b = np.expand_dims(b, 1) if vector else b
    ndim = max(np.ndim(a), np.ndim(b))
    y = f(batch.wide(a, ndim), batch.wide(b, ndim))
    return y[..., 0] if vector else y
