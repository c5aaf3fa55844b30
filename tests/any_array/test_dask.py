"""Gradients of Dask arrays: NumPy's values, nothing computed early, chunks that stay chunks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable, gradients, hvp, no_grad, value_and_grad

da = pytest.importorskip("dask.array")
dask = pytest.importorskip("dask")
Callback = pytest.importorskip("dask.callbacks").Callback

rng = np.random.default_rng(0)
X = rng.normal(size=(40, 6))
LABELS = (X @ np.linspace(-1, 1, 6) + 0.3 * rng.normal(size=40) > 0) * 1.0


class Tasks(Callback):
    """Counts the tasks that Dask runs."""

    def __init__(self) -> None:
        super().__init__()
        self.n = 0

    def _pretask(self, key: Any, dsk: Any, state: Any) -> None:
        self.n += 1


def lazily(a: Any, chunk: int = 10) -> Any:
    return da.from_array(a, chunks=tuple(min(chunk, n) for n in a.shape))


def network(x: Any, w1: Any, b1: Any, w2: Any) -> Any:
    return (((np.tanh(x @ w1 + b1) @ w2)[:, 0] - LABELS) ** 2).mean()


def logistic(x: Any, w: Any) -> Any:
    z = x @ w
    return (np.logaddexp(0, z) - LABELS * z).mean() + 0.01 * (w @ w)


def rosenbrock(x: Any) -> Any:
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def conv(image: Any, kernel: Any) -> Any:
    """A valid 3 by 3 convolution of many images, by einsum over shifted views."""
    h, w = image.shape[1] - 2, image.shape[2] - 2
    views = np.stack([image[:, i : i + h, j : j + w] for i in range(3) for j in range(3)])
    return np.maximum(np.einsum("kbij,kc->bcij", views, kernel), 0).sum()


def assigned(y: Any) -> Any:
    """A sum over an array that pieces of itself were assigned to."""
    y[1] = 0.0
    y[2:4] = y[0:2] * 2
    y[0, 0] = y[5, 1]
    return (y**2).sum()


CASES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "two-layer network": (
        network,
        (X, rng.normal(size=(6, 5)), np.zeros(5), rng.normal(size=(5, 1))),
    ),
    "logistic regression": (logistic, (X, rng.normal(size=6))),
    "Rosenbrock": (rosenbrock, (rng.normal(size=1000),)),
    "convolution": (conv, (rng.normal(size=(8, 7, 6)), rng.normal(size=(9, 2)))),
    "wide": (lambda x: np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=0).std(), (X.T,)),
    "tall": (lambda x: np.where(x > 0, x, 0.1 * x).var(axis=0).sum(), (X,)),
    "slices": (lambda x: (x[::2, 1:] * x[1::2, :-1]).sum() + x[3].prod() + x[-1, -1] ** 2, (X,)),
    "products": (lambda x, y: np.tensordot(x @ y, x, 2) + np.dot(y[0], x[0]), (X[:6], X[6:12])),
    "rows by number": (lambda x: (x[[0, 0, 3]] ** 3).sum() + np.take(x, [1, 1, 2], 1).prod(), (X,)),
    "assigned": (lambda x: assigned(x * x), (X,)),
    "joined": (lambda x: (np.concatenate([x, 2 * x]).cumsum(axis=0) ** 2).sum(), (X,)),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_numpys_and_lazy(name: str) -> None:
    f, arrays = CASES[name]
    every = tuple(range(len(arrays)))
    value, expected = value_and_grad(f, every)(*arrays)
    with Tasks() as tasks:
        y, found = value_and_grad(f, every)(*map(lazily, arrays))
    assert tasks.n == 0
    assert all(isinstance(g, da.Array) for g in (y, *found))
    y, *found = dask.compute(y, *found)
    np.testing.assert_allclose(y, value, rtol=1e-12)
    for g, want in zip(found, expected, strict=True):
        np.testing.assert_allclose(g, want, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "name", ["logistic regression", "Rosenbrock", "tall", "rows by number", "assigned"]
)
def test_second_order(name: str) -> None:
    f, arrays = CASES[name]
    x = arrays[-1]
    given = lambda v: f(*map(kind, arrays[:-1]), v)  # noqa: E731
    kind: Any = np.copy
    v = np.cos(np.arange(x.size)).reshape(x.shape)
    expected = hvp(given, x, v)
    kind = lazily
    with Tasks() as tasks:
        found = hvp(given, lazily(x), lazily(v))
    assert tasks.n == 0
    np.testing.assert_allclose(found.compute(), expected, rtol=1e-9, atol=1e-12)


def test_chunks_stay_chunks() -> None:
    x = lazily(rng.normal(size=(1000, 4)), chunk=100)
    y = np.where(np.sin(Variable(x)) > 0, np.exp(Variable(x)), 1.0)
    assert y.data.chunks == x.chunks
    v = Variable(x)
    g = gradients((np.tanh(v * 2) ** 2).sum(axis=0).mean(), v)[0]
    assert g.chunks == x.chunks


def test_numpy_parameters_and_dask_data() -> None:
    """Whatever the data has to do with comes out as Dask; one compute gives all, reading once."""
    reads = []

    def read(block: Any) -> Any:
        reads.append(1)
        return block

    x = lazily(X).map_blocks(read, dtype=float, meta=np.empty((0, 0)))
    w, b = Variable(np.ones(6)), Variable(np.array(0.5))
    loss = ((x @ w + b) ** 2).sum()
    found = gradients(loss, [w, b])
    assert all(isinstance(g, da.Array) for g in found)
    assert not reads
    gw, gb = dask.compute(*found, scheduler="synchronous")
    assert isinstance(gw, np.ndarray)
    assert len(reads) == 4
    np.testing.assert_allclose(gw, 2 * X.T @ (X @ np.ones(6) + 0.5))
    np.testing.assert_allclose(gb, 2 * (X @ np.ones(6) + 0.5).sum())


def test_gradients_are_kept_and_accumulate() -> None:
    w = Variable(np.ones(6))
    for _ in range(2):
        (lazily(X) @ w).sum().backward()
    np.testing.assert_allclose(w.grad.compute(), 2 * X.sum(axis=0))


def test_a_step_of_gradient_descent_under_no_grad() -> None:
    w = Variable(np.zeros(6))
    logistic(lazily(X), w).backward()
    with no_grad():
        w.data -= 0.1 * w.grad.compute()
    reference = Variable(np.zeros(6))
    logistic(X, reference).backward()
    np.testing.assert_allclose(w.data, -0.1 * reference.grad)


def test_mixed_kinds_behave_as_the_arrays_do() -> None:
    x, n = lazily(X), Variable(X)
    assert isinstance((x * n).data, da.Array)
    assert isinstance((n * x).data, da.Array)
    assert isinstance(np.add(x, n).data, da.Array)
    assert isinstance(np.where(x > 0, n, 0).data, da.Array)
    assert isinstance((x @ Variable(np.ones(6))).data, da.Array)
    assert isinstance(np.concatenate([Variable(x), n]).data, da.Array)


def test_complex_rows_by_number() -> None:
    z = X + 1j * X**2
    expected, found = (gradients(np.real(v[[0, 0, 3]] ** 3).sum(), v)[0] for v in
                       (Variable(z), Variable(lazily(z))))  # fmt: skip
    np.testing.assert_allclose(found.compute(), expected)


def test_what_dask_lacks_is_told_with_its_name() -> None:
    x = Variable(lazily(X))
    with pytest.raises(Exception, match="on arrays of dask"):
        np.median(x)
