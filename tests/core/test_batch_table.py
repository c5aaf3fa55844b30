"""Every row of the table of batching rules against a loop over the batch."""

from itertools import product

import numpy as np
import pytest
from tinypt_core._batch import table
from tinypt_core._batch.whole import Batched, what_loops

N = 2


class In:
    """An operand: an array of this shape, made of normal, positive, definite or integer numbers."""

    def __init__(self, *shape, kind="normal"):
        self.shape, self.kind = shape, kind

    def make(self, rng, lead):
        shape = (*lead, *self.shape)
        if self.kind == "int":
            return rng.integers(0, 2, shape)
        if self.kind == "bool":
            return rng.integers(0, 2, shape) > 0
        a = rng.normal(size=shape)
        if self.kind == "definite":
            a = a @ np.swapaxes(a, -1, -2) + 3 * np.eye(shape[-1])
        return a


def each(tree, change):
    if isinstance(tree, In):
        return change(tree)
    if isinstance(tree, (list, tuple)):
        return type(tree)(each(branch, change) for branch in tree)
    return tree


def operands(tree):
    if isinstance(tree, In):
        return [tree]
    return [x for b in tree for x in operands(b)] if isinstance(tree, (list, tuple)) else []


def at(tree, i):
    """The i-th result of a batch, as plain arrays."""
    if isinstance(tree, Batched):
        return tree.data[i]
    return tuple(at(branch, i) for branch in tree) if isinstance(tree, (list, tuple)) else tree


def same(found, expected, context):
    if isinstance(expected, (list, tuple)) and not isinstance(
        found, (int, tuple(np.sctypeDict.values()))
    ):
        assert len(found) == len(expected), context
        for f, e in zip(found, expected, strict=True):
            same(f, e, context)
        return
    if isinstance(expected, np.dtype | str | type | None):
        assert found == expected, context
        return
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, (context, found.shape, expected.shape)
    assert found.dtype == expected.dtype, (context, found.dtype, expected.dtype)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, err_msg=str(context))


AXES_1 = (0, 1, -1, -2)
REDUCED = [
    (np.sum, np.prod, np.max, np.min, np.amax, np.amin, np.mean, np.std, np.var, np.ptp, np.median,
     np.any, np.all, np.count_nonzero, np.nansum, np.nanprod, np.nanmax, np.nanmin, np.nanmean,
     np.nanstd, np.nanvar, np.nanmedian),
    [((), None), ((4,), None), ((4,), 0), ((4,), -1), ((2, 3), None), ((2, 3), (0, 1)),
     ((2, 3), -2), ((2, 3), 1), ((2, 3, 4), (2, 0))],
]  # fmt: skip
ONE = [((), None), ((4,), None), ((4,), -1), ((2, 3), None), *(((2, 3), i) for i in AXES_1)]


def rows():
    """(function, arguments, keywords); what is an In may be batched."""
    for f, (shape, axis), keepdims in product(*REDUCED, (False, True)):
        yield f, (In(*shape),), {"axis": axis, "keepdims": keepdims}
    yield np.sum, (In(2, 3), 1, np.float32), {}
    yield np.max, (In(2, 3), 1, None, True), {"initial": 0.5}
    yield np.var, (In(2, 3), 1), {"ddof": 1}
    for f, (shape, axis), keepdims in product(
        (np.argmax, np.argmin, np.nanargmax, np.nanargmin), ONE, (False, True)
    ):
        yield f, (In(*shape),), {"axis": axis, "keepdims": keepdims}
    for f, (shape, axis) in product((np.cumsum, np.cumprod, np.nancumsum, np.nancumprod), ONE):
        yield f, (In(*shape),), {"axis": axis}
    for f, (shape, axis) in product((np.sort, np.argsort), ONE[1:]):
        yield f, (In(*shape),), {"axis": axis}
        yield f, (In(*shape), axis), {}
    yield np.argsort, (In(5),), {"kind": "stable"}
    yield np.sort, (In(2, 5),), {}
    for axis in (0, -1):
        yield np.partition, (In(3, 5), 1, axis), {}
        yield np.argpartition, (In(3, 5), 1, axis), {}
        yield np.unwrap, (In(3, 5),), {"axis": axis}
        yield np.unwrap, (In(3, 5), 2.0, axis), {"period": 3.0}
    yield np.partition, (In(3, 5), 4, None), {}
    for n, axis in product((0, 1, 2), (0, 1, -1)):
        yield np.diff, (In(4, 3), n, axis), {}
    yield np.diff, (In(4),), {}
    for axis in (None, 0, -1, (0, 1)):
        yield np.gradient, (In(3, 4),), {"axis": axis}
        yield np.flip, (In(3, 4), axis), {}
    yield np.gradient, (In(4), 0.5), {}
    yield np.flip, (In(),), {}
    for shift, axis in ((1, None), (2, 0), (-1, -1), ((1, 2), (0, 1))):
        yield np.roll, (In(2, 3), shift, axis), {}
    for keepdims in (False, True):
        for order in (None, 1, 2, 3, np.inf, -np.inf, 0):
            yield np.linalg.norm, (In(4), order), {"keepdims": keepdims}
            yield np.linalg.norm, (In(2, 4), order, -1), {"keepdims": keepdims}
        for order in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf):
            yield np.linalg.norm, (In(3, 4), order), {"keepdims": keepdims}
            yield np.linalg.norm, (In(2, 3, 4), order, (2, 0)), {"keepdims": keepdims}
        yield np.linalg.norm, (In(2, 3, 4),), {"keepdims": keepdims}
        yield np.linalg.norm, (In(),), {"keepdims": keepdims}
    for f in (np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft):
        for n, axis in product((None, 3, 6), (0, -1)):
            yield f, (In(4, 4), n, axis), {}
        yield f, (In(4),), {"norm": "ortho"}
    for f in (np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2):
        yield f, (In(2, 4, 4),), {}
        yield f, (In(2, 4, 4),), {"axes": (0, 2), "s": (3, 4)}
    for f in (np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn):
        yield f, (In(2, 4, 4),), {}
        yield f, (In(2, 4, 4),), {"axes": (0, 2)}
    for f, axes in product((np.fft.fftshift, np.fft.ifftshift), (None, 0, (-1,))):
        yield f, (In(3, 4), axes), {}
    yield from shapes()
    yield from products()
    yield from picks()


def shapes():
    for shape, wanted in (
        ((), ()), ((), (1, 1)), ((6,), (2, 3)), ((6,), -1), ((2, 3), (-1,)), ((2, 3), (3, -1)),
        ((2, 3), 6), ((0, 3), (3, 0)), ((0, 3), (-1, 3)),
    ):  # fmt: skip
        yield np.reshape, (In(*shape), wanted), {}
        yield np.reshape, (In(*shape), wanted), {"order": "F"}
    for shape in ((), (3,), (2, 3), (2, 3, 4)):
        for f in (np.ravel, np.transpose, np.permute_dims, np.atleast_1d, np.atleast_2d,
                  np.atleast_3d, np.squeeze, np.copy, np.shape, np.ndim, np.size):  # fmt: skip
            yield f, (In(*shape),), {}
    yield np.atleast_2d, (In(3), In(2, 2)), {}
    yield np.ravel, (In(2, 3), "F"), {}
    yield np.transpose, (In(2, 3, 4), (1, -1, 0)), {}
    yield np.permute_dims, (In(2, 3, 4), (1, -1, 0)), {}
    yield np.matrix_transpose, (In(2, 3, 4),), {}
    yield np.linalg.matrix_transpose, (In(3, 4),), {}
    for i, j in ((0, 1), (-1, 0), (2, -2)):
        yield np.swapaxes, (In(2, 3, 4), i, j), {}
        yield np.moveaxis, (In(2, 3, 4), i, j), {}
        yield np.rollaxis, (In(2, 3, 4), i, j), {}
    yield np.rollaxis, (In(2, 3, 4), 0, 3), {}
    yield np.moveaxis, (In(2, 3, 4), (0, -1), (1, 0)), {}
    for axis in (0, -1, 1, (0, -1), (1, 2)):
        yield np.expand_dims, (In(3), axis), {}
        yield np.expand_dims, (In(2, 3), axis), {}
    yield np.expand_dims, (In(), 0), {}
    for axis in (None, 0, -1, (0, 2)):
        yield np.squeeze, (In(1, 3, 1), axis), {}
    for shape, wanted in (((), (2, 3)), ((3,), (2, 3)), ((2, 1), (4, 2, 3)), ((1,), 4), ((), ())):
        yield np.broadcast_to, (In(*shape), wanted), {}
    yield np.broadcast_arrays, (In(3), In(2, 1), In()), {}
    for f, k, shape in product((np.tril, np.triu), (0, 1, -2), ((3,), (2, 3), (2, 3, 3))):
        yield f, (In(*shape), k), {}
    for k, shape in product((0, 1, -2), ((3,), (2, 3), (3, 3))):
        yield np.diag, (In(*shape), k), {}
    for f, (offset, i, j) in product((np.diagonal, np.trace), ((0, 0, 1), (1, -1, 0), (-1, 1, 2))):
        yield f, (In(2, 3, 4), offset, i, j), {}
        yield f, (In(3, 3),), {}
    for f, offset in product((np.linalg.diagonal, np.linalg.trace), (0, 1)):
        yield f, (In(2, 3, 4),), {"offset": offset}
    for f in (np.fliplr, np.flipud):
        yield f, (In(2, 3, 2),), {}
    yield np.flipud, (In(3),), {}
    for k, axes in product((1, 2, -1), ((0, 1), (2, -2))):
        yield np.rot90, (In(2, 3, 4), k, axes), {}
    for reps in (2, (2,), (2, 1), (2, 1, 3)):
        yield np.tile, (In(2, 3), reps), {}
        yield np.tile, (In(), reps), {}
    for repeats, axis in ((2, None), (2, 0), ([1, 0, 3], 1), ([2, 1], -2)):
        yield np.repeat, (In(2, 3), repeats, axis), {}
    yield np.repeat, (In(), 3), {}
    for mode in ("constant", "edge", "reflect", "symmetric", "wrap"):
        for width in (1, (1, 2), ((1, 0), (0, 2))):
            yield np.pad, (In(3, 4), width, mode), {}
    yield np.pad, (In(3), 1), {"constant_values": 7.0}
    for axis in (0, 1, -1, None):
        yield np.concatenate, ([In(2, 3), In(2, 3)], axis), {}
        if axis is not None:
            yield np.stack, ([In(2, 3), In(2, 3)], axis), {}
    yield np.stack, ([In(), In()],), {}
    yield np.concatenate, ((In(2), In(3)),), {}
    for f in (np.vstack, np.hstack, np.dstack, np.column_stack):
        for shape in ((3,), (3, 3), (3, 3, 2)):
            yield f, ([In(*shape), In(*shape)],), {}
    yield np.vstack, ([In(3), In(2, 3)],), {}
    yield np.hstack, ([In(), In(2)],), {}
    yield np.column_stack, ([In(3), In(3, 2)],), {}
    for f, (cut, axis) in product((np.split, np.array_split), ((2, 0), ([1, 3], -1), (2, 1))):
        yield f, (In(4, 4), cut, axis), {}
    for f in (np.vsplit, np.hsplit, np.dsplit):
        yield f, (In(2, 2, 4), 2), {}
    yield np.hsplit, (In(4), [1]), {}
    if hasattr(np, "unstack"):
        yield np.unstack, (In(2, 3),), {"axis": -1}


def products():
    for a, b in (
        ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 2)), ((4, 2, 3), (3, 2)),
        ((4, 2, 3), (3,)), ((3,), (4, 3, 2)), ((2, 3), (4, 3, 2)), ((4, 2, 3), (1, 3, 2)),
    ):  # fmt: skip
        yield np.matmul, (In(*a), In(*b)), {}
        yield np.dot, (In(*a), In(*b)), {}
        if len(a) > 1 and len(b) > 1:
            yield np.linalg.matmul, (In(*a), In(*b)), {}
    for a, b in (((), (3,)), ((2, 3), ()), ((), ())):
        for f in (np.dot, np.inner, np.outer, np.kron):
            yield f, (In(*a), In(*b)), {}
    for a, b in (((3,), (3,)), ((2, 3), (4, 3)), ((2, 3), (3,)), ((3,), (2, 4, 3))):
        yield np.inner, (In(*a), In(*b)), {}
        yield np.kron, (In(*a), In(*b)), {}
        yield np.cross, (In(*a[:-1], 3), In(3)), {}
        if hasattr(np, "vecdot"):
            yield np.vecdot, (In(*a), In(3)), {}
    if hasattr(np, "matvec"):
        yield np.matvec, (In(4, 2, 3), In(3)), {}
        yield np.vecmat, (In(2), In(4, 2, 3)), {}
    yield np.cross, (In(3, 2), In(2, 3), 0, 1, 0), {}
    yield np.cross, (In(3, 2), In(3, 2)), {"axis": 0}
    yield np.vdot, (In(2, 3), In(3, 2)), {}
    yield np.outer, (In(2, 2), In(3)), {}
    for a, b, axes in (
        ((2, 3), (2, 3), 2), ((2, 3), (3, 4), 1), ((2,), (3,), 0),
        ((2, 3, 4), (4, 3), ([1, 2], [1, 0])), ((2, 3), (4, 3), (-1, 1)), ((2, 2), (2, 2), (0, 0)),
    ):  # fmt: skip
        yield np.tensordot, (In(*a), In(*b), axes), {}
    yield np.einsum, ("ij,jk->ik", In(2, 3), In(3, 2)), {}
    yield np.einsum, ("ij,jk", In(2, 3), In(3, 2)), {"optimize": True}
    yield np.einsum, ("...ii->...i", In(2, 3, 3)), {}
    yield np.einsum, ("i...,i->...", In(2, 3), In(2)), {}
    yield np.einsum, ("ij,ij,j->", In(2, 3), In(2, 3), In(3)), {}
    yield np.einsum, ("ii", In(3, 3)), {}
    for f in (np.linalg.inv, np.linalg.det, np.linalg.slogdet, np.linalg.cholesky, np.linalg.eigh,
              np.linalg.eigvalsh, np.linalg.eig, np.linalg.eigvals, np.linalg.svd,
              np.linalg.svdvals, np.linalg.qr, np.linalg.pinv, np.linalg.matrix_rank):  # fmt: skip
        if f not in (np.linalg.eig, np.linalg.eigvals):
            yield f, (In(3, 3, kind="definite"),), {}
        yield f, (In(2, 2, 2, kind="definite"),), {}
    yield np.linalg.svd, (In(3, 2), False), {}
    yield np.linalg.matrix_power, (In(2, 2), 3), {}
    for a, b in (
        ((3, 3), (3,)),
        ((3, 3), (3, 2)),
        ((2, 3, 3), (3, 2)),
        ((3, 3), (2, 3, 1)),
        ((2, 3, 3), (3,)),
    ):
        yield np.linalg.solve, (In(*a, kind="definite"), In(*b)), {}


def picks():
    for a, b, c in (((), (), ()), ((3,), (3,), ()), ((2, 3), (3,), (2, 1)), ((3,), (2, 3), ())):
        yield np.where, (In(*a, kind="bool"), In(*b), In(*c)), {}
        yield np.clip, (In(*a), In(*b), In(*c)), {}
        yield np.isclose, (In(*a), In(*b)), {}
        yield np.select, ([In(*a, kind="bool"), In(3, kind="bool")], [In(*b), In(*c)], 2.0), {}
    yield np.clip, (In(2, 3), None, 0.5), {}
    yield np.clip, (In(2, 3),), {"min": 0.0, "max": None}
    for f in (np.real, np.imag, np.nan_to_num, np.round, np.around, np.fix, np.sinc, np.i0,
              np.angle, np.isposinf, np.isneginf, np.isreal, np.iscomplex):  # fmt: skip
        for shape in ((3,), (2, 3)):
            yield f, (In(*shape),), {}
    yield np.round, (In(3), 1), {}
    for f in (np.zeros_like, np.ones_like):
        yield f, (In(2, 3),), {}
        yield f, (In(2, 3), np.float32), {"shape": (4,)}
        yield f, (In(3),), {"shape": 2}
    yield np.full_like, (In(2, 3), In()), {}
    yield np.full_like, (In(2, 3), In(3), np.float32), {}
    yield np.full_like, (In(3), 2.0), {"shape": (4, 1)}
    for axis in (0, 1, -1, None):
        for indices in (1, [0, 1, 1], np.array([[1, 0]]), -1):
            yield np.take, (In(2, 3), indices, axis), {}
        yield np.take, (In(2, 3), In(2, kind="int"), axis), {}
        yield np.take, (In(2, 3), In(kind="int"), axis), {}
        yield np.take, (In(2, 3), [0, 5, -4], axis), {"mode": "wrap"}
        yield np.take, (In(2, 3), In(2, 1, kind="int"), axis), {"mode": "clip"}
        yield np.take_along_axis, (In(2, 3), In(2, 3, kind="int"), axis) if axis is not None else (
            In(2, 3), In(4, kind="int"), None), {}  # fmt: skip
        yield np.compress, ([True, False] if axis == 0 else [True, False, True], In(2, 3), axis), {}
    yield np.iscomplexobj, (In(2),), {}
    yield np.isrealobj, (In(2),), {}
    yield np.result_type, (In(2), np.float32), {}
    yield np.min_scalar_type, (In(2),), {}
    yield np.common_type, (In(2), In(3)), {}
    yield np.can_cast, (np.float32, np.float64), {}


#: what has no plain counterpart to compare with: uninitialised, or reached through others
APART = {np.empty_like, np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.can_cast,
         table.run}  # fmt: skip
#: calls that are known to loop
LOOPS = ("nuc",)
BY_FUNCTION: dict = {}
for _f, _args, _kwargs in rows():
    BY_FUNCTION.setdefault(_f, []).append((_args, _kwargs))


def test_every_row_is_here():
    known = {f for f in table._RULES if not getattr(f, "__name__", "").startswith("_")}
    assert known - set(BY_FUNCTION) - APART == set()


@pytest.mark.parametrize("f", BY_FUNCTION, ids=lambda f: f.__name__)
def test_row(f):
    rng = np.random.default_rng(0)
    for args, kwargs in BY_FUNCTION[f]:
        ins = operands(args)
        for chosen in product((True, False), repeat=len(ins)):
            if not any(chosen) or (f is np.take and not chosen[0]):
                continue
            if f is np.full_like and not chosen[0]:
                continue
            arrays = [x.make(rng, (N,) if b else ()) for x, b in zip(ins, chosen, strict=True)]
            marks = iter([Batched(a, 1) if b else a for a, b in zip(arrays, chosen, strict=True)])
            with what_loops() as loops:
                found = f(*each(args, lambda x, m=marks: next(m)), **kwargs)
            assert not loops, (f, args, kwargs, chosen)
            for i in range(N):
                plain = iter([a[i, ...] if b else a for a, b in zip(arrays, chosen, strict=True)])
                expected = f(*each(args, lambda x, m=plain: next(m)), **kwargs)
                same(at(found, i), expected, (f.__name__, args, kwargs, chosen, i))
        twice(f, args, kwargs, ins, rng)


def twice(f, args, kwargs, ins, rng):
    """Two levels: every operand at one of them or at both."""
    how = [("both", "outer", "inner")[k % 3] for k in range(len(ins))]
    if f in (np.shape, np.ndim, np.size) or not ins:
        return
    lead = {"both": (3, N), "outer": (N,), "inner": (3,)}
    arrays = [x.make(rng, lead[h]) for x, h in zip(ins, how, strict=True)]

    def batched(a, h):
        if h == "both":
            return Batched(Batched(a, 1), 2)
        return Batched(a, 2 if h == "outer" else 1)

    marks = iter([batched(a, h) for a, h in zip(arrays, how, strict=True)])
    found = f(*each(args, lambda x: next(marks)), **kwargs)
    for i, j in product(range(3), range(N)):
        pick = {"both": (i, j), "outer": (j,), "inner": (i,)}
        plain = iter([a[(*pick[h], ...)] for a, h in zip(arrays, how, strict=True)])
        expected = f(*each(args, lambda x, m=plain: next(m)), **kwargs)
        same(inner(found, i, j), expected, (f.__name__, args, kwargs, "twice"))


def inner(tree, i, j):
    if isinstance(tree, Batched):
        data = tree.data[j]
        return data.data[i] if isinstance(data, Batched) else data
    return tuple(inner(b, i, j) for b in tree) if isinstance(tree, (list, tuple)) else tree
