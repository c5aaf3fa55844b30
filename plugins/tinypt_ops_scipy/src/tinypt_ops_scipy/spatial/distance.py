"""scipy.spatial.distance: cdist, pdist, squareform, with the metrics that have derivatives.

Plain functions of differentiable NumPy functions. Where two points coincide, the distance has a
kink; its derivative there is taken as 0, and its second derivative is NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tinypt_core import Variable


def _root(total: Any, power: float = 0.5) -> Any:
    """The root of a sum that has its minimum, 0, where two points coincide: slope 0 there.

    A norm of one element is |total|: 0 there, with slope 0, and no second derivative.
    """
    zero = total == 0
    nothing = np.linalg.norm(np.expand_dims(total, -1), axis=-1)
    return np.where(zero, nothing, np.where(zero, 1.0, total) ** power)


def _cosine(a: Any, b: Any) -> Any:
    size = np.sqrt(np.sum(a * a, axis=-1) * np.sum(b * b, axis=-1))
    return 1 - np.sum(a * b, axis=-1) / size


def _correlation(a: Any, b: Any) -> Any:
    return _cosine(a - np.mean(a, -1, keepdims=True), b - np.mean(b, -1, keepdims=True))


def _canberra(a: Any, b: Any) -> Any:
    size = np.abs(a) + np.abs(b)
    return np.sum(np.abs(a - b) / np.where(size == 0, 1.0, size), axis=-1)


def _jensenshannon(a: Any, b: Any) -> Any:
    from tinypt_ops_scipy._scipy import special

    p, q = (x / np.sum(x, axis=-1, keepdims=True) for x in (a, b))
    m = (p + q) / 2
    return _root(0.5 * np.sum(special.rel_entr(p, m) + special.rel_entr(q, m), axis=-1))


def _minkowski(a: Any, b: Any, p: float = 2.0, w: Any = 1.0) -> Any:
    if p == 2:
        return _root(np.sum(w * (a - b) ** 2, axis=-1))
    return _root(np.sum(w * np.abs(a - b) ** p, axis=-1), 1 / p)


def _mahalanobis(a: Any, b: Any, VI: Any) -> Any:
    return _root(np.sum(((a - b) @ VI) * (a - b), axis=-1))


METRICS: dict[str, Callable[..., Any]] = {
    "euclidean": lambda a, b: np.linalg.norm(a - b, axis=-1),
    "sqeuclidean": lambda a, b: np.sum((a - b) ** 2, axis=-1),
    "seuclidean": lambda a, b, V: np.linalg.norm((a - b) / np.sqrt(V), axis=-1),
    "cityblock": lambda a, b: np.sum(np.abs(a - b), axis=-1),
    "chebyshev": lambda a, b: np.max(np.abs(a - b), axis=-1),
    "minkowski": _minkowski,
    "cosine": _cosine,
    "correlation": _correlation,
    "canberra": _canberra,
    "braycurtis": lambda a, b: np.sum(np.abs(a - b), -1) / np.sum(np.abs(a + b), -1),
    "jensenshannon": _jensenshannon,
    "mahalanobis": _mahalanobis,
}


def cdist(XA: Any, XB: Any, metric: str = "euclidean", **options: Any) -> Any:
    """The distance of each row of XA (m, d) to each of XB (n, d): (m, n), scipy's cdist.

    options: p and w of "minkowski", V of "seuclidean", VI of "mahalanobis", which are not
    guessed from the points as SciPy does. Raises ValueError for a metric without derivative.

    >>> cdist(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [1.0, 0.0]]))
    array([[5., 1.]])
    """
    XA, XB = (x if isinstance(x, Variable) else np.asarray(x, float) for x in (XA, XB))
    return _metric(metric)(np.expand_dims(XA, 1), np.expand_dims(XB, 0), **options)


def pdist(X: Any, metric: str = "euclidean", **options: Any) -> Any:
    """The distance of each pair of rows of X (n, d): (n (n - 1)/2,), scipy's pdist; see `cdist`.

    >>> pdist(np.array([[0.0], [1.0], [3.0]]))
    array([1., 3., 2.])
    """
    X = X if isinstance(X, Variable) else np.asarray(X, float)
    i, j = np.triu_indices(X.shape[0], 1)
    return _metric(metric)(X[i], X[j], **options)


def squareform(X: Any) -> Any:
    """The symmetric matrix of a vector of pairs, or the vector of such a matrix.

    >>> squareform(np.array([1.0, 3.0, 2.0]))
    array([[0., 1., 3.],
           [1., 0., 2.],
           [3., 2., 0.]])
    """
    if np.ndim(X.data if isinstance(X, Variable) else X) == 2:
        return X[np.triu_indices(X.shape[0], 1)]
    n = int(np.ceil(np.sqrt(2 * X.shape[0])))
    i, j = np.triu_indices(n, 1)
    places = np.full((n, n), X.shape[0])
    places[i, j] = places[j, i] = np.arange(X.shape[0])
    return np.concatenate([X, np.zeros(1)])[places]


def _metric(name: str) -> Callable[..., Any]:
    if name not in METRICS:
        raise ValueError(f"metric {name!r} has no derivative here; there are {', '.join(METRICS)}")
    return METRICS[name]
