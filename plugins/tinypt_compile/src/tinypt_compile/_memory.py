"""Whose memory a result is: its own, or that of an argument."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from tinypt_compile._program import SIGNS, UNARY, Step


def assigned(x: Any, index: Any, value: Any) -> Any:
    """x with other values at an index, in memory of its own."""
    x = x.copy()
    x[index] = value
    return x


#: the result may share memory with the first argument
_VIEWS = {
    operator.getitem, np.asarray, np.reshape, np.transpose, np.swapaxes, np.ravel, np.squeeze,
    np.expand_dims, np.broadcast_to, np.real, np.imag, np.moveaxis, np.diagonal, np.flip,
    np.atleast_1d, np.atleast_2d, np.atleast_3d, np.rot90, np.fliplr, np.flipud, np.rollaxis,
    np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit, np.broadcast_arrays,
}  # fmt: skip


def may_share(step: Step) -> bool:
    """Whether the result may share memory with an argument."""
    if step.fn is operator.getitem or step.fn in _VIEWS:
        return True
    return not is_fresh(step)


def is_fresh(step: Step) -> bool:
    """Whether the result is memory of its own, known of elementwise calls and products."""
    if isinstance(step.fn, np.ufunc) or step.fn in _FRESH:
        return True
    if step.fn is np.einsum:  # of one operand it may be a view
        return isinstance(step.args[0], str) and len(step.args) > 2
    return step.fn in (np.array, np.copy, np.matmul, np.zeros)


def is_elementwise(fn: Any) -> bool:
    """Whether every element of the result is made of the elements at its place."""
    if isinstance(fn, np.ufunc):
        return fn.nout == 1 and fn.signature is None
    return fn in UNARY or fn is np.where or (fn in SIGNS and fn is not operator.matmul)


_FRESH = {
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul,
    operator.neg, np.sum, np.mean, np.where, np.dot, np.concatenate, np.stack,
    np.cumsum, np.prod, np.max, np.min, np.var, np.std, np.outer, np.tensordot,
    np.zeros_like, np.ones_like, np.full_like, assigned,
}  # fmt: skip
