"""Reductions, row by row; drawn shapes and axes are in test_reduction_axes.py."""

from __future__ import annotations

import numpy as np
from opcheck import OperatorTable, Row, distinct, nonzero, positive, real, table
from scipy.special import logsumexp


def sum_to(x, shape):
    lead = x.ndim - len(shape)
    axes = tuple(i for i, n in enumerate(shape, lead) if n == 1)
    return x.sum(axis=(*range(lead), *axes), keepdims=True).reshape(shape)


@table(
    Row("sum", real),
    Row("sum", real(2, 3, 2), axis=(0, -1), keepdims=True),
    Row("nansum", real(2, 3), axis=1),
    Row("mean", real(2, 3, 2), axis=(0, 2)),
    Row("mean", real(4)),
    Row("average", real(2, 3)),
    Row("average", real(2, 3), axis=1, keepdims=True),
    Row("average", real(2, 3), axis=0, weights=np.array([1, 3], np.int8)),
    Row("average", real(2, 3), 1, positive(2, 3)),
    Row("average", real(2, 3), 1, positive(3)),
    Row("average", real(2, 3), 1, positive(3), True),
    Row("average", real(2, 3, 4), (2, 0), positive(4, 2)),
    Row("average", real(3), None, positive(3)),
    Row("average", real(2, 3), 0, None, True),
    Row("var", real(2, 3)),
    Row("var", real(2, 3), axis=1, ddof=1),
    Row("var", real(2, 3), axis=(0, 1), keepdims=True),
    Row("std", distinct(2, 3)),
    Row("std", distinct(2, 3), axis=-1, ddof=1, keepdims=True),
    Row("prod", nonzero(2, 3)),
    Row("prod", nonzero(2, 3, 2), axis=(0, -1), keepdims=True),
    Row("prod", real(2, 3), axis=1, like=np.prod),
    Row("sum_to", real(2, 3), (1, 3), like=sum_to),
    Row("sum_to", real(2, 1, 3), (1, 1), like=sum_to),
    Row("sum_to", real(2, 3), (), like=sum_to),
    Row("sum_to", real(2, 3), (2, 3), like=sum_to),
    Row("logsumexp", real(2, 3), like=logsumexp),
    Row("logsumexp", real(2, 3), axis=-1, keepdims=True, like=logsumexp),
    Row("logsumexp", real(2, 3, 2), axis=(0, 2), like=logsumexp),
)
class TestReductions(OperatorTable):
    pass


@table(
    Row("max", distinct(2, 3)),
    Row("max", distinct(2, 3, 2), axis=(0, -1), keepdims=True),
    Row("amax", distinct(2, 3), axis=1),
    Row("min", distinct(2, 3), axis=0),
    Row("amin", distinct(2, 3), keepdims=True),
    Row("ptp", distinct(2, 3)),
    Row("ptp", distinct(2, 3), axis=1, keepdims=True),
    Row("median", distinct(5)),
    Row("median", distinct(2, 4), axis=1),
    Row("median", distinct(2, 3, 2), axis=(0, 2), keepdims=True),
)
class TestExtrema(OperatorTable):
    pass


@table(
    Row("cumsum", real(2, 3)),
    Row("cumsum", real(2, 3), axis=0),
    Row("cumprod", real(2, 3)),
    Row("cumprod", nonzero(2, 5), axis=1),
    Row("cumprod", nonzero(4, 2), axis=-2),
    Row("diff", real(4)),
    Row("diff", real(5, 2), n=2, axis=0),
    Row("diff", real(2, 3), n=0),
    Row("diff", real(2, 3), n=4),
    Row("diff", real(2, 3), 1, -1, real(2, 1), 0.5),
    Row("ediff1d", real(2, 3)),
    Row("ediff1d", real(4), real(2), 0.0),
    Row("trapezoid", real(2, 4)),
    Row("trapezoid", real(4, 2), dx=0.5, axis=0),
    Row("trapezoid", real(4, 2), real(4), 1.0, 0),
    Row("trapezoid", real(2, 4), real(2, 4)),
    Row("gradient", real(5)),
    Row("gradient", real(2), axis=0),
    Row("gradient", real(3, 4)),
    Row("gradient", real(3, 4), 0.5),
    Row("gradient", real(3, 4), 0.5, 2.0, edge_order=2),
    Row("gradient", real(5), [0.0, 1.0, 1.5, 3.0, 4.0], edge_order=2),
    Row("gradient", real(3, 4), axis=-1, edge_order=2),
    Row("gradient", real(3, 7, 2), axis=(1, 0)),
)
class TestRunning(OperatorTable):
    pass
