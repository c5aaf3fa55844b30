"""Forwards and rules run on any array that speaks NumPy's protocols: none is turned into NumPy."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tinypt_core.ops import cumsum, hypot, logaddexp, logsumexp, nansum, prod, sum_to, unwrap

from tinypt_core import Variable


class Foreign(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of another library: NumPy's functions work on it, and `np.asarray` does not."""

    def __init__(self, data: Any) -> None:
        self._inside = data

    shape = property(lambda self: self._inside.shape)
    ndim = property(lambda self: self._inside.ndim)
    size = property(lambda self: self._inside.size)
    dtype = property(lambda self: self._inside.dtype)
    T = property(lambda self: Foreign(self._inside.T))

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise AssertionError("turned into NumPy")

    def __len__(self) -> int:
        return len(self._inside)

    def __bool__(self) -> bool:
        return bool(self._inside)

    def __getitem__(self, key: Any) -> Foreign:
        return Foreign(self._inside[inner(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        self._inside[inner(key)] = inner(value)

    def reshape(self, *shape: Any) -> Foreign:
        return Foreign(self._inside.reshape(*shape))

    def transpose(self, *axes: Any) -> Foreign:
        return Foreign(self._inside.transpose(*axes))

    def astype(self, dtype: Any) -> Foreign:
        return Foreign(self._inside.astype(dtype))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return outer(getattr(ufunc, method)(*map(inner, inputs), **kwargs))

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return outer(func(*inner(list(args)), **kwargs))


def inner(value: Any) -> Any:
    if isinstance(value, Foreign):
        return value._inside
    return type(value)(map(inner, value)) if type(value) in (list, tuple) else value


def outer(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return tuple(map(outer, value))
    return Foreign(value) if isinstance(value, (np.ndarray, np.generic)) else value


rng = np.random.default_rng(5)
A, B, POSITIVE = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), rng.uniform(0.2, 0.8, (2, 3))
SQUARE = rng.normal(size=(3, 3)) + np.diag([3.0, 6.0, 9.0])
SYMMETRIC = SQUARE + SQUARE.T + 5 * np.eye(3)

CALLS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    **{
        name: (getattr(np, name), (POSITIVE,))
        for name in [
            "negative",
            "positive",
            "reciprocal",
            "square",
            "sqrt",
            "cbrt",
            "exp",
            "exp2",
            "expm1",
            "log",
            "log2",
            "log10",
            "log1p",
            "sin",
            "cos",
            "tan",
            "arcsin",
            "arccos",
            "arctan",
            "sinh",
            "cosh",
            "tanh",
            "arcsinh",
            "arctanh",
            "sinc",
            "deg2rad",
            "absolute",
            "sign",
            "real",
            "imag",
            "conjugate",
            "floor",
            "rint",
            "sum",
            "mean",
            "prod",
            "cumsum",
            "cumprod",
            "var",
            "std",
            "max",
            "min",
            "ptp",
            "median",
            "sort",
            "ravel",
            "transpose",
            "flip",
            "fliplr",
            "diff",
            "trace",
            "diagonal",
            "tril",
            "nan_to_num",
            "copy",
            "squeeze",
        ]
    },
    **{
        name: (getattr(np, name), (A, B))
        for name in [
            "add",
            "subtract",
            "multiply",
            "divide",
            "mod",
            "fmod",
            "maximum",
            "minimum",
            "fmax",
            "fmin",
            "arctan2",
            "inner",
            "outer",
            "kron",
            "vdot",
            "copysign",
        ]
    },
    "power": (np.power, (POSITIVE, B)),
    "x ** 3": (lambda x: x**3, (A,)),
    "hypot": (hypot, (A, B)),
    "hypot at 0": (hypot, (np.zeros(2), np.zeros(2))),
    "clip": (np.clip, (A, np.full((2, 3), -0.5), np.full((2, 3), 0.5))),
    "maximum at a tie": (np.maximum, (A, A.copy())),
    "max of equal numbers": (np.max, (np.ones(3),)),
    "std of equal numbers": (np.std, (np.ones(3),)),
    "logaddexp": (logaddexp, (A, B)),
    "logsumexp": (lambda x: logsumexp(x, axis=1), (A,)),
    "nansum": (nansum, (A,)),
    "sum axis": (lambda x: np.sum(x, axis=0), (rng.normal(size=(300, 2)),)),
    "cumsum axis": (lambda x: cumsum(x, axis=0), (rng.normal(size=(300, 2)),)),
    "prod axis": (lambda x: prod(x, axis=1), (A,)),
    "sum_to": (lambda x: sum_to(x, (1, 3)), (A,)),
    "matmul": (np.matmul, (A, SQUARE)),
    "dot": (np.dot, (A, SQUARE)),
    "tensordot": (lambda x, y: np.tensordot(x, y, 1), (A, SQUARE)),
    "einsum": (lambda x: np.einsum("ii->i", x), (SQUARE,)),
    "getitem": (lambda x: x[[0, 0, 1]], (A,)),
    "take": (lambda x: np.take(x, [0, 0, 2], axis=1), (A,)),
    "repeat": (lambda x: np.repeat(x, [1, 2], axis=0), (A,)),
    "tile": (lambda x: np.tile(x, 2), (A,)),
    "pad": (lambda x: np.pad(x, 1), (A,)),
    "roll": (lambda x: np.roll(x, 1), (A,)),
    "stack": (lambda x, y: np.stack([x, y]), (A, B)),
    "concatenate": (lambda x, y: np.concatenate([x, y]), (A, B)),
    "broadcast_to": (lambda x: np.broadcast_to(x, (4, 2, 3)), (A,)),
    "partition": (lambda x: np.partition(x, 1), (A,)),
    "gradient": (lambda x: np.gradient(x, axis=1), (A,)),
    "diag": (np.diag, (SQUARE,)),
    "unwrap": (unwrap, (A,)),
    **{
        f"linalg.{name}": (getattr(np.linalg, name), (SYMMETRIC,))
        for name in [
            "inv",
            "det",
            "slogdet",
            "pinv",
            "cholesky",
            "eigh",
            "eig",
            "svd",
            "qr",
            "norm",
        ]
    },
    "linalg.norm at 0": (np.linalg.norm, (np.zeros(3),)),
    "linalg.norm of order 3": (lambda x: np.linalg.norm(x, 3), (A[0],)),
    "linalg.norm nuc": (lambda x: np.linalg.norm(x, "nuc"), (A,)),
    "linalg.solve": (np.linalg.solve, (SQUARE, A.T.copy())),
    "linalg.matrix_power": (lambda x: np.linalg.matrix_power(x, 3), (SQUARE,)),
}


@pytest.mark.parametrize("name", CALLS)
def test_forward_and_rule(name: str) -> None:
    call, arrays = CALLS[name]
    ys = call(*map(Variable, arrays))
    ys = ys if isinstance(ys, tuple) else (ys,)
    node = ys[0].creator
    parameters = inspect.signature(node.forward).parameters.values()
    places = [p.name for p in parameters if p.kind is not p.VAR_POSITIONAL]
    arrays = arrays[: len(node.inputs)]
    found = node.forward(*map(Foreign, arrays))
    for y, value in zip(ys, found if isinstance(found, tuple) else [found], strict=True):
        np.testing.assert_allclose(inner(value), y.data)

    given = dict(zip(places, arrays, strict=False))
    given |= {"y": ys[0].data, **{f"y{i}": y.data for i, y in enumerate(ys)}}
    asked = list(inspect.signature(node.backward).parameters)[len(ys) :]
    asked = [] if node.keeps_nothing else asked
    gys = [rng.normal(size=y.shape) for y in ys]
    plain = node.backward(*gys, **{a: given.get(a, arrays) for a in asked})
    foreign = {a: outer(given[a]) if a in given else tuple(map(Foreign, arrays)) for a in asked}
    gxs = node.backward(*map(Foreign, gys), **foreign)
    plain, gxs = (g if isinstance(g, tuple) else (g,) for g in (plain, gxs))
    for expected, g in zip(plain, gxs, strict=True):
        if expected is not None:
            assert isinstance(g, Foreign)
            np.testing.assert_allclose(inner(g), expected)
