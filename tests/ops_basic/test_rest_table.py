"""The rest of NumPy, row by row: composites and what they are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from opcheck import Row, distinct, nonzero, positive, real
from rowcheck import Cubed, Table, table


class First(Row):
    """A row of which only the first output is differentiable."""

    def op(self, *args: Any) -> Any:
        return super().op(*args)[0]

    def numpy(self, *args: Any) -> Any:
        return super().numpy(*args)[0]


def single(function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's function with a result as precise as its input."""
    return lambda x, *args: function(x, *args).astype(x.dtype)


SLICE, MASK = slice(None, None, 2), [True, False, True]


@table(
    Cubed("append", real(2, 3), real(2)),
    Cubed("append", real(2, 3), real(1, 3), axis=0),
    *(Cubed("delete", real(4, 3), key, axis=0) for key in (1, [0, -1], SLICE, [True] * 4)),
    Cubed("delete", real(2, 3), [0, 4]),
    *(Cubed("insert", real(3, 2), key, real(2), axis=0) for key in (1, -1, [2], [0, 3], SLICE)),
    Cubed("insert", real(3, 2), 1, real(3), axis=1),
    Cubed("insert", real(3, 2), [1], real(3, 2), axis=1),
    Cubed("insert", real(3), 1, real(2)),
    Cubed("insert", real(2, 2), [1, 1, 4], real(3)),
    *(Cubed("resize", real(2, 3), shape) for shape in ((4, 2), (2, 1), 4, (0,))),
    Cubed("diagflat", real(2, 2), 1),
    Cubed("extract", MASK, real(3)),
    Cubed("unique", distinct(2, 3)),
    Cubed("unique", distinct(2, 3), axis=1),
    Cubed("unique_values", distinct(4)),
    Cubed("full_like", np.zeros(3, np.float32), real(), dtype=None, shape=(2, 3)),
)
class TestRearranging(Table):
    pass


def lists(name: str, *args: Any, **kwargs: Any) -> Row:
    """A row whose function takes its arrays as a list."""

    class Listed(Cubed):
        def op(self, *args: Any) -> Any:
            return super().op(list(args), **{})

        def numpy(self, *args: Any) -> Any:
            return super().numpy(list(args))

    return Listed(name, *args, **kwargs)


@table(
    lists("block", real(2, 2), real(2, 1)),
    lists("linalg.multi_dot", real(2, 3), real(3, 2), real(2)),
)
class TestLists(Table):
    def test_numpys_function_dispatches(self, row: Row) -> None:
        pass


@table(
    Cubed("meshgrid", real(2), real(3)),
    Cubed("meshgrid", real(2), real(3), real(1), indexing="ij", sparse=True),
    Row("linspace", real, real, 4),
    Row("linspace", real(2), real(3, 1), 3, endpoint=False, axis=-1),
    Row("linspace", real(), real(), 1),
    Row("geomspace", positive, positive, 4),
    Row("logspace", real(2), real(), 3),
    Row("full", (2, 3), real(3), like=lambda shape, fill: np.full(shape, fill, fill.dtype)),
    Row("vander", real(3), like=single(np.vander)),
    Row("vander", real(3), 4, like=single(np.vander)),
    Row("interp", np.array([0.3, -2.0, 2.6, 0.1, 3.1]), np.arange(4.0), real(4)),
)
class TestGrids(Table):
    pass


@table(
    *(Cubed("convolve", real(n), real(m), mode)
      for n, m in [(4, 3), (2, 5), (3, 3), (1, 2)] for mode in ("full", "same", "valid")),
    *(Cubed("correlate", real(n), real(m), mode)
      for n, m in [(4, 3), (2, 5), (4, 4), (3, 4)] for mode in ("full", "same", "valid")),
    Row("polyval", real(3), real),
    Cubed("polyadd", real(3), real(2)),
    Cubed("polysub", real(1), real(2)),
    Cubed("polymul", real(3), real(2)),
    Cubed("polydiv", real(4), nonzero(2)),
    *(Cubed("polyder", real(4), m) for m in range(4)),
    Cubed("polyint", real(3), 2, real(2)),
    Row("polyfit", distinct(5), real(5), 2),
    Row("poly", real(3)),
    Row("poly", real(3, 3)),
    Row("roots", np.array([1.0, -3.5, 2.0, 0.4])),
)  # fmt: skip
class TestPolynomials(Table):
    pass


@table(
    Row("cov", real(2, 4)),
    Row("cov", real(4), real(4), bias=True),
    Row("corrcoef", real(2, 4)),
    First("histogram", np.arange(4), [0, 1, 3], None, None, real(4)),
    First("histogram", np.arange(4), 3, (0, 4), True, positive(4)),
    Cubed("bincount", np.array([0, 2, 2, 1]), real(4), 5),
)
class TestStatistics(Table):
    pass


@table(
    *(Cubed("quantile", distinct(2, 5), np.array(0.37), axis=1, method=method)
      for method in ("linear", "hazen", "weibull", "interpolated_inverted_cdf",
                     "median_unbiased", "normal_unbiased")),
    *(Cubed("quantile", distinct(2, 5), 0.37, axis=1, method=method)
      for method in ("lower", "higher", "nearest", "midpoint")),
    Cubed("quantile", distinct(3, 2), np.array([[0.23], [0.71]]), axis=(0, 1), keepdims=True),
    Cubed("percentile", distinct(3, 2), np.array([20.0, 70.0]), axis=0),
)  # fmt: skip
class TestQuantiles(Table):
    pass


@table(
    Cubed("fix", nonzero),
    Cubed("modf", real),
    Cubed("divmod", real, positive),
    Cubed("ldexp", real(3), np.array([0, 2, -1])),
    Cubed("cumulative_sum", real(3)),
    Cubed("cumulative_sum", real(2, 3), axis=1, include_initial=True),
    Cubed("cumulative_prod", nonzero(2, 3), axis=0, include_initial=True),
    Cubed("vecdot", real(2, 3), real(3)),
    Cubed("vecdot", real(3, 2), real(3, 1), axis=0),
    Cubed("linalg.vecdot", real(2, 3), real(3)),
    Cubed("matvec", real(2, 2, 3), real(3)),
    Cubed("vecmat", real(2), real(2, 2, 3)),
)
class TestParts(Table):
    pass


def gram(a: Any) -> Any:
    """A symmetric matrix with eigenvalues well apart."""
    return a @ np.swapaxes(a, -1, -2) + np.diag(np.arange(a.shape[-2]).astype(a.dtype) * 3)


class OfGram(Row):
    """A row whose function gets a symmetric matrix made of its argument."""

    def op(self, a: Any, *args: Any) -> Any:
        return super().op(gram(a), *args)

    def numpy(self, a: Any, *args: Any) -> Any:
        return super().numpy(gram(a), *args)


@table(
    First("linalg.lstsq", real(4, 2), real(4)),
    First("linalg.lstsq", real(2, 3), real(2, 2)),
    OfGram("linalg.eigvalsh", real(3, 3)),
    Row("linalg.svdvals", real(3, 2)),
    Row("linalg.cond", real(2, 2)),
    Row("linalg.cond", real(3, 2), -2),
    OfGram("linalg.cond", real(2, 2), 1),
    Row("linalg.tensorsolve", real(2, 2, 4), real(2, 2)),
    Row("linalg.tensorsolve", real(2, 4, 2), real(2, 2), axes=(1,)),
    Row("linalg.tensorinv", real(4, 2, 2), ind=1),
    Row("linalg.vector_norm", nonzero(2, 3)),
    Row("linalg.vector_norm", nonzero(2, 3), axis=0, keepdims=True, ord=3),
    Row("linalg.vector_norm", nonzero(2, 3), keepdims=True, ord=1),
    Row("linalg.matrix_norm", real(2, 2, 3), keepdims=True),
    Row("linalg.matrix_norm", real(2, 3), ord=1),
)
class TestLinearSystems(Table):
    pass
