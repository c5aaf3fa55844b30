"""Covariances and counts: np.cov, np.corrcoef, np.histogram and np.bincount."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_core import Variable
from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, tried_on
from tinypt_ops_basic.constants import plain
from tinypt_ops_basic.indexing import GetItemGrad


@tried_on((normal(2, 5),), (normal(4), normal(4)), (normal(5, 2), None, False))
def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """Covariances between the rows of m (and of y): Σ w (mᵢ - mean mᵢ) conj(mⱼ - mean mⱼ) / n.

    rowvar: whether a row is a variable, and not a column. bias: divide by the number of
    observations, not by one less; ddof: by so many less. fweights: how often each observation
    counts, constant; aweights: weights of the observations, differentiable.

    >>> from tinypt_core import Variable
    >>> np.cov(Variable(np.array([1.0, 3.0])))
    variable(2.0)
    """
    x = _variables(m, rowvar)
    if y is not None:
        x = np.concatenate([x, _variables(y, rowvar)], axis=0)
    ddof = (0 if bias else 1) if ddof is None else ddof
    w, total, lost = _weights(fweights, aweights, x, ddof)
    mean = np.mean(x, axis=1) if w is None else np.sum(x * w, axis=1) / total
    x = x - mean[:, None]
    c = x @ np.conj(x if w is None else x * w).T / (total - lost)
    c = c if dtype is None else c.astype(dtype)
    return np.squeeze(c)


def _variables(m: Any, rowvar: bool) -> Any:
    """Observations as rows of floating point, one for each variable."""
    m = array(m) * 1.0
    if m.ndim > 2:
        raise ValueError(f"cov: the data needs at most two axes; its shape is {m.shape}")
    m = np.atleast_2d(m) if m.ndim < 2 else m
    return m if rowvar or m.shape[0] == 1 else m.T


def _weights(fweights: Any, aweights: Any, x: Any, ddof: int) -> tuple[Any, Any, Any]:
    """The weights of observations, their sum, and by how much less is divided."""
    w = None if fweights is None else np.asarray(plain(fweights)).astype(x.dtype)
    if aweights is None:
        return w, x.shape[1] if w is None else np.sum(w), ddof
    aweights = array(aweights)
    w = aweights if w is None else w * aweights
    total = np.sum(w)
    return w, total, ddof * np.sum(w * aweights) / total if ddof else 0


@tried_on((normal(2, 5),), (normal(5, 3), None, False))
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """Correlation coefficients between the rows of x (and of y): c[i, j] / √(c[i, i] c[j, j]).

    >>> from tinypt_core import Variable
    >>> np.corrcoef(Variable(np.array([1.0, 2.0, 4.0])), np.array([1.0, 2.0, 4.0])).shape
    (2, 2)
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if not c.ndim:
        return c / c
    scale = np.sqrt(np.real(np.diagonal(c)))
    return c / scale[:, None] / scale


@tried_on(([0.5, 1.5, 1.7], [0, 1, 2], None, False, normal(3)))
def histogram(
    a: Any, bins: Any = 10, range: Any = None, density: bool | None = None, weights: Any = None
) -> Any:
    """The sum of weights (or the count) of the elements in each bin, and the edges of the bins.

    Differentiable by the weights; counts are constant, plain arrays. So are the edges, unless they
    are made of the smallest and the largest element of a Variable, or are Variables themselves.

    >>> from tinypt_core import Variable
    >>> w = Variable(np.array([1.0, 2.0, 4.0]))
    >>> np.histogram([0.5, 1.5, 1.7], [0, 1, 2], weights=w)[0]
    variable([1. 6.])
    """
    made = _edges(a, bins, range)
    a, edges = np.asarray(plain(a)), np.asarray(plain(made))
    if weights is None:
        return np.histogram(a, edges, density=density)[0], made
    weights, a = np.ravel(array(weights)), np.ravel(a)
    inside = np.flatnonzero((a >= edges[0]) & (a <= edges[-1]))
    number = np.searchsorted(edges[:-1], a[inside], "right") - 1
    y = GetItemGrad(number, (edges.size - 1,)).of(weights[inside])
    return (y / np.diff(edges).astype(y.dtype) / np.sum(y) if density else y), made


def _edges(a: Any, bins: Any, range: Any) -> Any:
    """The edges of the bins: those given, else as far apart as the elements (or range) lie."""
    if np.ndim(plain(bins)) == 1:
        return bins
    edges = np.histogram_bin_edges(plain(a), plain(bins), plain(range))
    low, high = (np.min(a), np.max(a)) if range is None else range
    if not any(isinstance(x, Variable) and x.dtype.kind == "f" for x in (low, high)):
        return edges
    return np.linspace(low + (edges[0] - plain(low)), high + (edges[-1] - plain(high)), edges.size)


@tried_on(([0, 2, 2], normal(3)))
def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """The sum of weights (or the count) of the places where x holds 0, 1, 2 and so on.

    x: (n,), integers; weights: (n,), differentiable. Counts are a plain array.

    >>> from tinypt_core import Variable
    >>> np.bincount([0, 2, 2], Variable(np.array([1.0, 2.0, 3.0])))
    variable([1. 0. 5.])
    """
    x = np.asarray(plain(x))
    n = np.bincount(x, minlength=minlength)
    if weights is None:
        return n
    return GetItemGrad(x, n.shape).of(array(weights) * 1.0)
