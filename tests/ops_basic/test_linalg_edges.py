"""np.linalg at zero, at singular matrices and at degenerate spectra; what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tinypt_core import GradientError, Variable, gradients, ops

inf = np.inf


@pytest.mark.parametrize("order", [None, 1, 2, 3, 4, 0.5, 1.5, 2.5, inf, -inf, 0])
def test_norm_of_a_zero_vector_has_gradient_zero(order: Any) -> None:
    x = Variable(np.array([[0.0, 0.0, 0.0], [1.0, -2.0, 3.0]]))
    y = np.linalg.norm(x, order, axis=1)
    (g,) = gradients(y, x, create_graph=True)
    (gg,) = gradients(g * g + g, x)
    np.testing.assert_array_equal(g.data[0], 0)
    if order:  # how many are not 0 is constant but for its jumps
        assert np.isnan(gg[0]).all(), "the first derivative at 0 is a convention"
    assert np.isfinite(g.data).all()
    assert np.isfinite(gg[1]).all()


@pytest.mark.parametrize("order", ["fro", "nuc", 1, -1, 2, -2, inf, -inf])
def test_norm_of_a_zero_matrix_has_gradient_zero(order: Any) -> None:
    x = Variable(np.zeros((2, 3)))
    (g,) = gradients(np.linalg.norm(x, order), x, create_graph=True)
    (gg,) = gradients(g * g + g, x)
    np.testing.assert_array_equal(g.data, 0)
    assert np.isnan(gg).any()
    assert not np.any(gg[~np.isnan(gg)])


def test_norm_where_only_some_elements_are_zero() -> None:
    x = Variable(np.array([0.0, 3.0, -4.0]))
    (g,) = gradients(np.linalg.norm(x), x, create_graph=True)
    np.testing.assert_allclose(g.data, [0, 0.6, -0.8])
    weights = np.array([1.0, 0.0, 0.0])
    np.testing.assert_allclose(gradients(g, x, weights)[0], [0.2, 0, 0])
    (g,) = gradients(np.linalg.norm(x, 1), x)
    np.testing.assert_array_equal(g, [0, 1, -1])


def test_equal_largest_elements_share_the_gradient() -> None:
    x = Variable(np.array([2.0, -2.0, 1.0]))
    np.testing.assert_array_equal(gradients(np.linalg.norm(x, inf), x)[0], [0.5, -0.5, 0])
    x = Variable(np.array([[1.0, 2.0], [2.0, 1.0]]))
    np.testing.assert_array_equal(gradients(np.linalg.norm(x, 1), x)[0], np.full((2, 2), 0.5))


def test_norm_of_nothing() -> None:
    x = Variable(np.zeros((2, 0)))
    y = np.linalg.norm(x, axis=1)
    np.testing.assert_array_equal(y.data, 0)
    assert gradients(y, x)[0].shape == (2, 0)


@pytest.mark.parametrize(
    "matrix",
    [
        np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0]),
        np.zeros((3, 3)),
        np.diag([1.0, 2.0, 0.0]),
        np.arange(9.0).reshape(3, 3),
    ],
)
def test_determinant_of_a_singular_matrix(matrix: np.ndarray) -> None:
    """The determinant is a polynomial: its derivatives are those of the sum over permutations."""

    def leibniz(a: Any) -> Any:
        rows = (
            (0, 1, 2, 1),
            (1, 2, 0, 1),
            (2, 0, 1, 1),
            (0, 2, 1, -1),
            (1, 0, 2, -1),
            (2, 1, 0, -1),
        )
        return sum(s * a[0, i] * a[1, j] * a[2, k] for i, j, k, s in rows)

    rng = np.random.default_rng(0)
    directions = rng.normal(size=(3, 3, 3))
    found = []
    for f in (np.linalg.det, leibniz):
        x = Variable(matrix.copy())
        y = f(x)
        steps = [y.item()]
        for direction in directions:
            (g,) = gradients(y, x, create_graph=True)
            y = (g * direction).sum()
            steps.append(y.item())
        found.append(steps)
    np.testing.assert_allclose(found[0], found[1], atol=1e-12)


def test_slogdet_of_a_singular_matrix_has_no_gradient() -> None:
    x = Variable(np.zeros((2, 2)))
    y = np.linalg.slogdet(x)
    assert y.logabsdet.item() == -inf
    with pytest.raises(GradientError, match=r"Slogdet .*LinAlgError: .*Singular"):
        gradients(y.logabsdet, x)


def test_results_have_numpys_names() -> None:
    x = Variable(np.diag([3.0, 2.0]))
    eigh, svd, qr = np.linalg.eigh(x), np.linalg.svd(x), np.linalg.qr(x)
    np.testing.assert_allclose(eigh.eigenvalues.data, [2, 3])
    assert eigh.eigenvectors.shape == svd.U.shape == svd.Vh.shape == qr.Q.shape == (2, 2)
    np.testing.assert_allclose(svd.S.data, [3, 2])
    assert np.linalg.slogdet(x).sign.item() == 1


def test_cholesky_and_eigh_have_the_gradient_of_the_triangle_they_read() -> None:
    a = np.array([[4.0, 1.0], [1.0, 3.0]])
    for lower in (True, False):
        x = Variable(a)
        for y in (
            np.linalg.cholesky(x, upper=not lower).sum(),
            np.linalg.eigh(x, "L" if lower else "U")[0] @ np.array([1.0, 2.0]),
        ):
            (g,) = gradients(y, x)
            assert g[(0, 1) if lower else (1, 0)] == 0
            assert g[(1, 0) if lower else (0, 1)] != 0


def symmetric_function(x: Any) -> Any:
    """tr(a³) + tr(a²), through the eigenvalues of the symmetric part."""
    w, _ = np.linalg.eigh((x + x.T) / 2)
    return (w**3 + w**2).sum()


@pytest.mark.parametrize("matrix", [np.eye(3), np.diag([2.0, 2.0, 1.0]), np.zeros((3, 3))])
def test_eigenvalues_that_are_equal(matrix: np.ndarray) -> None:
    """The sum over all eigenvalues is smooth; so is its gradient 3 a² + 2 a."""
    x = Variable(matrix)
    (g,) = gradients(symmetric_function(x), x)
    np.testing.assert_allclose(g, 3 * matrix @ matrix + 2 * matrix, atol=1e-12)


def test_singular_values_that_are_equal() -> None:
    """Σ s² is the square of the Frobenius norm; what goes through the vectors is NaN."""
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    for matrix in (np.eye(3), rotation, np.zeros((3, 3)), np.ones((3, 3))):
        x = Variable(matrix)
        s = np.linalg.svd(x, compute_uv=False)
        np.testing.assert_allclose(gradients((s * s).sum(), x)[0], 2 * matrix, atol=1e-12)
    x = Variable(np.eye(3))
    u, _, vt = np.linalg.svd(x)
    w = np.arange(9.0).reshape(3, 3)
    (g,) = gradients(u @ vt, [x], [w])  # of the nearest rotation there is one
    np.testing.assert_allclose(g, (w - w.T) / 2, atol=1e-14)
    u, s, vt = np.linalg.svd(x)
    (g,) = gradients(((u * s) @ vt).sum(), [x])
    assert np.isnan(g).any()


def test_refusals_of_decompositions() -> None:
    x = Variable(np.ones((3, 2)))
    with pytest.raises(ValueError, match=r"SVD: .*full_matrices=False"):
        np.linalg.svd(x)
    with pytest.raises(ValueError, match=r"QR: .*write mode='reduced'"):
        np.linalg.qr(x, mode="complete")
    with pytest.raises(ValueError, match="QR: mode 'raw' is not supported"):
        np.linalg.qr(x, mode="raw")


@pytest.mark.parametrize(
    ("call", "kind", "name"),
    [
        (lambda x: np.linalg.inv(x * 0.0), np.linalg.LinAlgError, "Inv"),
        (lambda x: np.linalg.inv(x[:1]), np.linalg.LinAlgError, "Inv"),
        (lambda x: np.linalg.solve(x, np.ones(3)), ValueError, "Solve"),
        (lambda x: np.linalg.cholesky(-x), np.linalg.LinAlgError, "Cholesky"),
        (lambda x: np.linalg.norm(x, 3), ValueError, "Norm"),
        (lambda x: np.linalg.norm(x, axis=2), np.exceptions.AxisError, "Norm"),
        (lambda x: np.linalg.matrix_power(x, 0.5), TypeError, "MatrixPower"),
        (lambda x: x @ np.ones(3), ValueError, "MatMul"),
        (lambda x: x @ 2.0, ValueError, "MatMul"),
        (lambda x: np.dot(x, np.ones(3)), ValueError, "Dot"),
        (lambda x: np.inner(x, np.ones(3)), ValueError, "Inner"),
        (lambda x: np.vdot(x, np.ones(3)), ValueError, "Vdot"),
        (lambda x: np.tensordot(x, np.ones(3), 1), ValueError, "Tensordot"),
        (lambda x: np.einsum("ij,jk", x, np.ones((3, 3))), ValueError, "Einsum"),
        (lambda x: np.einsum("ijk", x), ValueError, "Einsum"),
        (lambda x: np.cross(x, np.ones((4, 1))), ValueError, "Cross"),
    ],
)
def test_what_numpy_refuses_is_refused_with_its_error(call: Any, kind: Any, name: str) -> None:
    x = Variable(np.array([[2.0, 1.0], [1.0, 3.0]]))
    with pytest.raises(kind, match=f"{name}: "):
        call(x)
    with pytest.raises(kind):
        call(x.data)


def test_einsum_with_a_constant_operand_and_with_out() -> None:
    x = Variable(np.ones(3))
    with pytest.raises(TypeError, match="out= is not supported"):
        np.einsum("i,i", x, x, out=np.empty(()))
    y = ops.einsum("i,i", x, np.array([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(gradients(y, x)[0], [1, 2, 3])


def test_matmul_computes_only_the_gradients_that_are_wanted() -> None:
    a, b = np.ones((2, 3)), Variable(np.ones((3, 2)))
    y = a @ b
    assert y.creator.needs == (False, True)
    np.testing.assert_array_equal(gradients(y, b)[0], 2)


def test_weights_shared_by_a_batch() -> None:
    """The gradient of one matrix for all is one product, not a product for each and a sum."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(4, 5, 3)), Variable(rng.normal(size=(3, 2)))
    gy = rng.normal(size=(4, 5, 2))
    (g,) = gradients(Variable(x) @ w, w, gy)
    np.testing.assert_allclose(g, np.einsum("bti,bto->io", x, gy))
