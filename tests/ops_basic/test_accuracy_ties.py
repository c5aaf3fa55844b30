"""Decompositions where values are equal: right, or NaN; never a number that is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinypt_core import Variable, grad, gradients, vmap

ROTATION = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
HERMITIAN = np.linalg.qr(
    np.random.default_rng(1).normal(size=(3, 3)) + 1j * np.random.default_rng(2).normal(size=(3, 3))
)[0]


def rotated(w: Any, by: Any = ROTATION) -> Any:
    a = (by * np.asarray(w)) @ by.conj().T
    return (a + a.conj().T) / 2


TIED = {
    "identity": np.eye(3),
    "twice": np.diag([1.0, 1.0, 2.0]),
    "in pairs": rotated([1, 1, 2, 2]),
    "three times": rotated([1, 1, 1, 2]),
    "rank 1": np.ones((3, 3)),
    "zero": np.zeros((3, 3)),
    "complex": rotated([1, 1, 2], HERMITIAN),
    "float32": np.eye(3, dtype=np.float32),
}


def through_vectors(a: Any, f: Any, inverse: bool = False) -> Any:
    w, v = np.linalg.eigh(a)
    return (v * f(w)) @ (np.linalg.inv(v) if inverse else np.conj(v).T)


def read(g: Any) -> Any:
    """The gradient at the lower triangle, which is all that eigh reads."""
    return np.tril(g + g.conj().T) * (1 - 0.5 * np.eye(len(g)))


def right_or_nan(found: Any, exact: Any, tolerance: float = 1e-12) -> bool:
    scale = max(float(np.max(np.abs(exact))), 1e-30)
    nan = bool(np.isnan(found).any())
    assert nan or np.max(np.abs(found - exact)) <= tolerance * scale, (found, exact)
    return nan


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("name", TIED)
@pytest.mark.parametrize("weights", ["random", "ones"])
def test_functions_of_a_matrix_through_eigenvectors(name: str, inverse: bool, weights: str) -> None:
    """v w vᴴ is the matrix itself and v w² vᴴ its square."""
    a = TIED[name]
    w = np.random.default_rng(5).normal(size=a.shape) if weights == "random" else np.ones(a.shape)
    w = w.astype(a.dtype)
    g, square = np.conj(w), lambda w: w * w
    exact = {"itself": g, "square": g @ a.conj().T + a.conj().T @ g}
    for f, of in (((lambda w: w), "itself"), (square, "square")):
        x = Variable(a)
        (found,) = gradients(through_vectors(x, f, inverse), [x], [w])
        tolerance = 1e-5 if a.dtype == np.float32 else 1e-12
        lost = right_or_nan(found, np.conj(read(exact[of])), tolerance)
        assert lost or of == "square" or weights == "ones"  # where nothing of the pair counts


@pytest.mark.parametrize("name", TIED)
def test_what_depends_on_the_eigenvalues_alone_is_right(name: str) -> None:
    a = TIED[name]
    x = Variable(a)
    w = np.linalg.eigh(x).eigenvalues
    rtol = 1e-5 if a.dtype == np.float32 else 1e-12
    (g,) = gradients((w * w).sum(), [x])
    np.testing.assert_allclose(g, np.conj(read(2 * a)), rtol=rtol, atol=1e-13)
    (g,) = gradients(np.linalg.eigvalsh(x).sum(), [x])
    np.testing.assert_allclose(g, np.eye(len(a)), rtol=rtol, atol=1e-13)


def test_what_depends_on_other_vectors_alone_is_right() -> None:
    """On the projector of an eigenvalue that is alone, equal ones beside it have no effect."""
    x = Variable(np.diag([1.0, 1.0, 2.0]))
    v = np.linalg.eigh(x).eigenvectors[:, 2:]
    w = np.arange(9.0).reshape(3, 3)
    (g,) = gradients(v @ v.T, [x], [w])
    exact = np.zeros((3, 3))
    exact[2, :2] = [w[2, 0] + w[0, 2], w[2, 1] + w[1, 2]]
    np.testing.assert_allclose(g, exact)


@pytest.mark.parametrize("others", [[2.0], [100.0]])
def test_a_small_gap_is_a_gap(others: list[float]) -> None:
    """The first order of perturbation theory: dv₀ = v₁ dA₁₀ / (w₀ - w₁)."""
    w = np.array([1.0, 1 + 1e-15, *others])
    x = Variable(np.diag(w))
    v = np.linalg.eigh(x).eigenvectors
    (g,) = gradients(v[1, 0], [x])
    assert abs(g[1, 0]) == pytest.approx(1 / (w[1] - w[0]), rel=1e-12)


MATRICES = {
    "identity": np.eye(3),
    "rotation": ROTATION,
    "twice": np.diag([1.0, 1.0, 2.0]),
    "rank 1": np.ones((3, 3)),
    "rank 1, high": np.outer([1.0, 2.0, 3.0], [1.0, 2.0]),
    "rank 1, wide": np.outer([1.0, 2.0], [1.0, 2.0, 3.0]),
    "high": np.eye(3, 2),
    "wide": np.eye(2, 3),
    "zero": np.zeros((3, 2)),
}


@pytest.mark.parametrize("name", MATRICES)
def test_products_of_singular_vectors(name: str) -> None:
    a = MATRICES[name]
    x, w = Variable(a), np.random.default_rng(6).normal(size=a.shape)
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    assert right_or_nan(gradients((u * s) @ vh, [x], [w])[0], w)
    m = len(a)
    square = np.random.default_rng(7).normal(size=(m, m))
    right_or_nan(gradients((u * s**2) @ u.T, [x], [square])[0], (square + square.T) @ a)
    (g,) = gradients((s * s).sum(), [x])
    np.testing.assert_allclose(g, 2 * a, rtol=1e-12, atol=1e-14)


def test_the_nearest_rotation_has_a_derivative_at_a_rotation() -> None:
    for a in (np.eye(3), ROTATION):
        x, w = Variable(a), np.random.default_rng(8).normal(size=a.shape)
        u, _, vh = np.linalg.svd(x)
        (g,) = gradients(u @ vh, [x], [w])
        np.testing.assert_allclose(g, (w - a @ w.T @ a) / 2, atol=1e-14)
    x = Variable(np.ones((3, 3)))
    u, _, vh = np.linalg.svd(x)
    assert np.isnan(gradients((u @ vh)[0, 1], [x])[0]).any()


def test_in_a_batch_only_what_is_tied_is_lost() -> None:
    a = np.stack([np.eye(3), np.diag([1.0, 2.0, 3.0])])

    def f(a: Any) -> Any:
        return through_vectors(a, lambda w: w * w, inverse=True).sum()

    g = vmap(grad(f))(a)
    assert np.isnan(g[0]).any()
    np.testing.assert_allclose(g[1], read(np.ones((3, 3)) @ a[1] + a[1] @ np.ones((3, 3))))
    x = Variable(a)
    w, v = np.linalg.eigh(x)
    (g,) = gradients((v * w[:, None, :] ** 2) @ np.swapaxes(v, -1, -2), [x], [np.ones(a.shape)])
    assert np.isnan(g).any((1, 2)).tolist() == [True, False]


def test_eig_at_equal_eigenvalues() -> None:
    x = Variable(np.diag([1.0, 1.0, 2.0]))
    w, v = np.linalg.eig(x)
    assert np.isnan(gradients((v * w**2) @ np.linalg.inv(v), [x], [np.ones((3, 3))])[0]).any()
    np.testing.assert_allclose(gradients((w * w).sum(), [x])[0], 2 * x.data)
