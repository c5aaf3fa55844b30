"""Complex numbers: every rule against differences in both directions of the plane.

The convention is that the gradient g of a real s has ds = Re(Σ g dx).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tinypt_core.ops import logsumexp, sum_to

from tinypt_core import Variable, gradients

rng = np.random.default_rng(7)


def plane(*shape: int) -> np.ndarray:
    """Complex numbers away from 0 and from the cuts of logarithms and roots."""
    return rng.uniform(0.5, 1.5, shape) * np.exp(1j * rng.uniform(0.2, 1.2, shape))


def hermitian(n: int) -> np.ndarray:
    a = plane(n, n) + np.diag(np.arange(n) * 2.0)
    return a @ np.conj(a.T) + np.eye(n)


def total(f: Callable[..., Any], xs: list[Any], weights: list[Any]) -> Any:
    """A real number made of every part of what f gives."""
    ys = f(*xs)
    ys = ys if isinstance(ys, (tuple, list)) else [ys]
    return sum(np.sum(np.real(w * y)) for w, y in zip(weights, ys, strict=True))


def check(f: Callable[..., Any], *arrays: np.ndarray, order: int = 2, rtol: float = 1e-6) -> None:
    ys = f(*map(Variable, arrays))
    ys = ys if isinstance(ys, (tuple, list)) else [ys]
    weights = [plane(*y.shape) for y in ys]
    turns = [[plane(*a.shape) * t for a in arrays] for t in (1, 1j, -1)]

    def slope(moved: list[Any], k: int) -> Any:
        """The k-th derivative along the first k turns."""
        xs = [Variable(a) for a in moved]
        s = total(f, xs, weights)
        for turn in turns[:k]:
            gs = gradients(s, xs, create_graph=True)
            s = sum(np.sum(np.real(g * d)) for g, d in zip(gs, turn, strict=True))
        return s, xs

    for k in range(order):
        s, xs = slope(list(arrays), k)
        gs = gradients(s, xs)
        for g, x in zip(gs, xs, strict=True):
            assert (g.shape, g.dtype) == (x.shape, x.dtype)
        for unit in (1, 1j):  # both directions of the plane
            ds = [unit * d for d in turns[k]]
            found = sum(np.sum(np.real(g * d)) for g, d in zip(gs, ds, strict=True))
            step = 1e-4
            up, down, up2, down2 = (
                slope([a + h * d for a, d in zip(arrays, ds, strict=True)], k)[0].item()
                for h in (step, -step, 2 * step, -2 * step)
            )
            expected = (8 * (up - down) - (up2 - down2)) / (12 * step)
            assert abs(found - expected) <= rtol * (1 + abs(expected)), (k + 1, found, expected)


# fmt: off
UNARY = [
    "negative", "positive", "reciprocal", "square", "sqrt", "exp", "exp2", "expm1", "log",
    "log2", "log10", "log1p", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
    "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "sinc", "real", "imag",
    "conjugate", "angle", "absolute", "sign", "sum", "mean", "prod", "cumsum", "cumprod",
    "var", "std", "ravel", "transpose", "sort", "diff", "flip", "copy", "nansum",
    "median", "max", "trace", "diagonal", "tril", "ptp",
]
# fmt: on


@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_array(name: str) -> None:
    check(getattr(np, name), plane(2, 3) * 0.9)


# fmt: off
BINARY = [
    "add", "subtract", "multiply", "divide", "power", "dot", "matmul", "inner", "outer",
    "kron", "tensordot", "vdot",
]
# fmt: on


@pytest.mark.parametrize("name", BINARY)
def test_functions_of_two_arrays(name: str) -> None:
    f = getattr(np, name)
    args = (f, 1) if name == "tensordot" else (f,)
    check(lambda x, y: args[0](x, y, *args[1:]), plane(2, 2), plane(2, 2))


def test_other_shapes_and_functions() -> None:
    check(lambda x, y: np.einsum("ij,kj->ik", x, y), plane(2, 3), plane(2, 3))
    check(lambda x, y: np.where(np.array([True, False]), x, y), plane(2), plane(2))
    check(lambda x: np.angle(x, deg=True), plane(3), rtol=1e-5)
    check(lambda x: x**3, plane(3))
    check(lambda x: x**-0.5, plane(3))
    check(lambda x: 2.0**x, plane(3))
    check(lambda x: x @ x, plane(2, 2))
    check(lambda x: np.real_if_close(x) * 1j, plane(2))
    check(lambda x: sum_to(x, (1, 3)), plane(2, 3))
    check(lambda x: logsumexp(x), plane(4))
    check(lambda x: np.stack([x, 2j * x]), plane(2))
    check(lambda x: x[[0, 0, 1]], plane(2))
    check(lambda x: x.real * x.imag if hasattr(x, "imag") else x, plane(2))


@pytest.mark.parametrize("order", [None, 1, 2, 3, 2.5, np.inf])
def test_norms_of_vectors(order: Any) -> None:
    check(lambda x: np.linalg.norm(x, order), plane(3))


@pytest.mark.parametrize("order", [None, "fro", "nuc", 1, np.inf, 2, -2])
def test_norms_of_matrices(order: Any) -> None:
    check(lambda x: np.linalg.norm(x, order), plane(2, 2) + np.diag([1.0, 3.0]))


def both(a: Any) -> Any:
    """A Hermitian matrix of any one."""
    return a + np.conj(np.swapaxes(a, -1, -2))


LINALG: dict[str, Callable[..., Any]] = {
    "inv": np.linalg.inv,
    "det": np.linalg.det,
    "slogdet": np.linalg.slogdet,
    "pinv": np.linalg.pinv,
    "matrix_power": lambda a: np.linalg.matrix_power(a, 3),
    "cholesky": lambda a: np.linalg.cholesky(both(a)),
    "cholesky upper": lambda a: np.linalg.cholesky(both(a), upper=True),
    "cholesky reads one triangle": np.linalg.cholesky,
    "qr": lambda a: tuple(np.linalg.qr(a)),
    "eigvalsh": lambda a: np.linalg.eigh(a).eigenvalues,
    "eigh": lambda a: _projections(*np.linalg.eigh(a)),
    "eigh of the upper": lambda a: _projections(*np.linalg.eigh(a, "U")),
    "singular values": lambda a: np.linalg.svd(a).S,
    "svd": lambda a: _parts(*np.linalg.svd(a, full_matrices=False)),
}


def _projections(w: Any, v: Any) -> Any:
    """What of eigenvectors does not depend on their phases."""
    return w, np.einsum("ik,jk->kij", v, np.conj(v))


def _parts(u: Any, s: Any, vh: Any) -> Any:
    return s, np.einsum("ik,kj->kij", u, vh)


@pytest.mark.parametrize("name", LINALG)
def test_linear_algebra(name: str) -> None:
    check(LINALG[name], hermitian(3), rtol=1e-5)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3)])
@pytest.mark.parametrize("name", ["pinv", "qr", "svd"])
def test_matrices_that_are_not_square(name: str, shape: tuple[int, int]) -> None:
    check(LINALG[name], plane(*shape), rtol=1e-5)


def test_solve() -> None:
    check(np.linalg.solve, hermitian(3), plane(3))
    check(np.linalg.solve, hermitian(3), plane(3, 2))


def test_real_inputs_get_real_gradients() -> None:
    x, z = Variable(np.array([1.0, 2.0])), Variable(plane(2))
    (g,) = gradients(np.sum(np.real(x * z)), [x])
    assert g.dtype == np.float64
    np.testing.assert_allclose(g, z.data.real)
    (g,) = gradients(np.sum(np.imag(x)), [x])
    np.testing.assert_array_equal(g, [0, 0])
    for f in (np.real, np.conj, np.imag, np.angle, np.real_if_close):
        np.testing.assert_array_equal(f(x).data, f(x.data))


@pytest.mark.parametrize("name", [*UNARY, "linalg.inv", "linalg.det", "linalg.norm"])
def test_complex64_stays(name: str) -> None:
    f: Any = np
    for part in name.split("."):
        f = getattr(f, part)
    x = Variable(np.asarray(hermitian(2) / 10, np.complex64))
    y = f(x)
    assert y.dtype in (np.complex64, np.float32)
    (g,) = gradients(np.sum(np.real(y * (1 + 1j))), [x], create_graph=True)
    assert g.dtype == np.complex64
    (g,) = gradients(np.sum(np.real(g)), [x])
    assert g.dtype == np.complex64


def test_eigenvalues_of_any_matrix() -> None:
    def invariant(a: Any) -> Any:
        w, v = np.linalg.eig(a)
        return w, np.einsum("ik,jk->kij", v, np.conj(v))

    check(invariant, plane(3, 3) + np.diag([1.0, 4.0, 9.0]), rtol=1e-5)
    check(np.linalg.eigvals, plane(3, 3) + np.diag([1.0, 4.0, 9.0]), rtol=1e-5)


def test_eigenvalues_of_a_real_matrix_that_turns() -> None:
    a = np.array([[0.0, -2.0], [1.0, 0.3]])
    x = Variable(a)
    w = np.linalg.eigvals(x)
    assert w.dtype == np.complex128
    (g,) = gradients(np.sum(np.real(w * np.conj(w))), [x])  # 2 |w|² = 2 det
    assert g.dtype == np.float64
    np.testing.assert_allclose(g, 2 * np.array([[0.3, -1.0], [2.0, 0.0]]), atol=1e-14)


@pytest.mark.parametrize("name", ["eigh", "eig", "svd"])
def test_vectors_of_equal_values_have_no_derivative(name: str) -> None:
    """At the identity a function of the matrix is smooth, but these vectors are not."""
    x = Variable(np.eye(2))
    found = getattr(np.linalg, name)(x)
    if name == "svd":
        u, s, vh = found
        y, squares = (u * s) @ vh, np.sum(s * s)
    else:
        w, v = found
        y, squares = (v * w**2) @ v.T, np.sum(w * w)
    (g,) = gradients(np.sum(y * np.array([[1.0, 2.0], [3.0, 4.0]])), [x])
    assert np.isnan(g).any()
    np.testing.assert_allclose(gradients(squares, [x])[0], 2 * np.eye(2), atol=1e-14)


def test_a_gap_of_a_few_digits_is_a_gap() -> None:
    x = Variable(np.diag([1.0, 1.0 + 1e-15]))
    v = np.linalg.eigh(x).eigenvectors
    (g,) = gradients(v[0, 1], [x])
    assert np.isfinite(g).all()
    assert np.abs(g).max() > 1e14


@pytest.mark.parametrize(
    "matrix",
    [np.eye(3), np.ones((3, 3)), np.diag([1.0, 0.0, 0.0]), np.zeros((2, 2)), np.ones((3, 2))],
    ids=["identity", "ones", "diagonal", "zeros", "tall"],
)
def test_singular_vectors_of_equal_values(matrix: np.ndarray) -> None:
    """(U * S) @ Vh is the matrix itself: its gradient is right or NaN, never another."""
    weights = np.random.default_rng(3).normal(size=matrix.shape)
    x = Variable(matrix)
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    (g,) = gradients(np.sum(((u * s) @ vh) * weights), [x])
    known = ~np.isnan(g)
    np.testing.assert_allclose(g[known], weights[known], rtol=1e-9)
    np.testing.assert_allclose(gradients(np.sum(s * s), [x])[0], 2 * matrix, atol=1e-12)
