"""np.linalg, row by row; zeros, degenerate spectra and refusals are in test_linalg_edges.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from opcheck import Domain, OperatorTable, Row, distinct, nonzero, real, table


def _matrices(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Random matrices with singular values that are far from each other and from 0."""
    q = np.linalg.qr(rng.normal(size=(*shape[:-1], shape[-2])))[0]
    p = np.linalg.qr(rng.normal(size=(*shape[:-2], shape[-1], shape[-1])))[0]
    k = min(shape[-2:])
    values = np.arange(1, k + 1) + rng.uniform(-0.2, 0.2, (*shape[:-2], k))
    return (q[..., :k] * values[..., None, :]) @ np.swapaxes(p[..., :k], -1, -2)


def _symmetric(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    q = np.linalg.qr(rng.normal(size=shape))[0]
    values = np.arange(1, shape[-1] + 1) + rng.uniform(-0.2, 0.2, shape[:-1])
    return (q * values[..., None, :]) @ np.swapaxes(q, -1, -2)


class SignFixed(Row):
    """A row of which the largest element of each vector is positive: their sign is arbitrary."""

    def op(self, *args: Any) -> Any:
        return self.fixed(*super().op(*args))

    def numpy(self, *args: Any) -> Any:
        return self.fixed(*super().numpy(*args))

    def fixed(self, *outputs: Any) -> Any:
        if self.name in ("linalg.eigh", "linalg.eig"):
            w, v = outputs
            return w, v * self.sign(v)
        u, s, vt = outputs
        return u * self.sign(u), s, vt * np.swapaxes(self.sign(u), -1, -2)

    def sign(self, vectors: Any) -> Any:
        largest = np.argmax(np.abs(vectors), axis=-2)[..., None, :]
        return np.sign(np.take_along_axis(vectors, largest, axis=-2))


matrix = Domain(_matrices)
definite = Domain(_symmetric)
#: not symmetric, with real eigenvalues that lie far apart
crooked = Domain(lambda rng, shape: 0.4 * rng.normal(size=shape) + np.diag([1.0, 4.0, 9.0]))


@table(
    Row("linalg.inv", matrix(2, 3, 3)),
    Row("linalg.det", matrix(2, 3, 3)),
    Row("linalg.det", real(1, 1)),
    Row("linalg.det", real(2, 2)),
    Row("linalg.slogdet", matrix(2, 3, 3)),
    Row("linalg.solve", matrix(2, 3, 3), real(3, 2)),
    Row("linalg.solve", matrix(3, 3), real(2, 3, 1)),
    Row("linalg.solve", matrix(3, 3), real(3)),
    Row("linalg.solve", matrix(2, 3, 3), real(3)),
    Row("linalg.pinv", matrix(2, 3, 2)),
    Row("linalg.pinv", matrix(2, 3)),
    Row("linalg.pinv", matrix(3, 3), rtol=1e-9),
    Row("linalg.pinv", matrix(3, 3), 1e-9),
    *(Row("linalg.matrix_power", matrix(2, 2, 2), n) for n in (-3, -1, 0, 1, 2, 3, 6)),
)
class TestMatrices(OperatorTable):
    pass


@table(
    Row("linalg.cholesky", definite(2, 3, 3)),
    Row("linalg.cholesky", definite(3, 3), upper=True),
    SignFixed("linalg.eigh", definite(2, 3, 3)),
    SignFixed("linalg.eigh", definite(3, 3), UPLO="U"),
    SignFixed("linalg.eig", crooked(3, 3)),
    Row("linalg.eigvals", crooked(3, 3)),
    SignFixed("linalg.svd", matrix(2, 3, 2), full_matrices=False),
    SignFixed("linalg.svd", matrix(2, 3), False),
    SignFixed("linalg.svd", matrix(3, 3)),
    Row("linalg.svd", matrix(2, 3), compute_uv=False),
    Row("linalg.qr", matrix(2, 3, 2)),
    Row("linalg.qr", matrix(2, 3)),
    Row("linalg.qr", matrix(3, 3), "complete"),
    Row("linalg.qr", matrix(3, 2), mode="r"),
)
class TestDecompositions(OperatorTable):
    pass


@table(
    Row("linalg.norm", real(2, 3, 2)),
    Row("linalg.norm", nonzero()),
    Row("linalg.norm", real(2, 3), axis=(0, 1), keepdims=True),
    *(
        Row("linalg.norm", distinct(2, 3), order, axis=-1)
        for order in (None, 1, 2, 3, 4, 0.5, 2.5, np.inf, -np.inf, 0, -1, -2)
    ),
    Row("linalg.norm", real(3, 2), 3, axis=0, keepdims=True),
    *(
        Row("linalg.norm", matrix(2, 3), order)
        for order in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)
    ),
    *(
        Row("linalg.norm", real(3, 2, 2), order, (2, 0), keepdims)
        for order, keepdims in ((1, True), (-np.inf, False), ("nuc", True), (2, False))
    ),
)
class TestNorms(OperatorTable):
    pass
