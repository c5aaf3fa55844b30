"""Linear algebra against closed forms, and plain functions of operators against differences."""

import numpy as np
import pytest
import scipy.linalg
from tinypt_core import Variable, grad, gradients
from tinypt_core.testing import check_gradient

from tinypt_ops_scipy import linalg

RNG = np.random.default_rng(0)
A = RNG.normal(size=(3, 3)) + 3 * np.eye(3)
S = A @ A.T


def test_the_slope_of_log_det_is_the_inverse():
    g = grad(lambda a: np.log(linalg.det(a)))(S)
    np.testing.assert_allclose(g, np.linalg.inv(S), rtol=1e-10)
    half = grad(lambda a: 2 * np.sum(np.log(np.diagonal(linalg.cho_factor(a, True)[0]))))(S)
    np.testing.assert_allclose(half + half.T, 2 * np.linalg.inv(S), rtol=1e-10)


def test_the_derivative_of_exp_ta_is_a_exp_ta():
    t = Variable(np.array(0.3))
    w = RNG.normal(size=(3, 3))
    (g,) = gradients(np.sum(w * linalg.expm(t * A)), t)
    np.testing.assert_allclose(g, np.sum(w * (A @ scipy.linalg.expm(0.3 * A))), rtol=1e-10)


def test_inverse_functions_of_matrices_undo_each_other():
    w = RNG.normal(size=(3, 3))
    for there, back in ((linalg.expm, linalg.logm), (lambda a: a @ a, linalg.sqrtm)):
        g = grad(lambda a, f=there, b=back: np.sum(w * b(f(a))))(0.3 * S)
        np.testing.assert_allclose(g, w, atol=1e-8)


def test_powers_of_a_number_as_a_matrix():
    a, t = Variable(np.array([[2.0]])), Variable(np.array(0.3))
    ga, gt = gradients(linalg.fractional_matrix_power(a, t), [a, t])
    np.testing.assert_allclose(ga, 0.3 * 2**-0.7)
    np.testing.assert_allclose(gt, 2**0.3 * np.log(2))


def test_eigenvalues_move_with_the_diagonal():
    w = Variable(np.diag([1.0, 2.0, 5.0]))
    g = gradients(linalg.eigh(w, eigvals_only=True)[1], w)[0]
    np.testing.assert_allclose(g, np.diag([0.0, 1.0, 0.0]), atol=1e-12)


def test_lyapunov_of_numbers():
    a, q = Variable(np.array([[2.0]])), Variable(np.array([[6.0]]))
    ga, gq = gradients(linalg.solve_continuous_lyapunov(a, q), [a, q])  # q / 2a
    np.testing.assert_allclose([ga.item(), gq.item()], [-6 / 8, 1 / 4])


def test_generalised_eigenvalues():
    """a v = b v w and vᵀ b v = 1, whichever triangles are read."""
    b = A @ A.T + np.eye(3)
    for lower, part in ((True, np.tril), (False, np.triu)):
        w, v = linalg.eigh(part(S), part(b), lower)
        np.testing.assert_allclose(w, scipy.linalg.eigh(S, b)[0])
        np.testing.assert_allclose(S @ v, b @ v * w, atol=1e-10)
        np.testing.assert_allclose(v.T @ b @ v, np.eye(3), atol=1e-12)
        check_gradient(lambda s, b, i=lower: linalg.eigh(s, b, i, eigvals_only=True), S, b, order=2)
        check_gradient(lambda s, b, i=lower: linalg.eigh(s, b, i)[1] ** 2, S, b)
    check_gradient(lambda s: linalg.eigh(s)[1] ** 2, S)


PLAIN = {
    "logm": (linalg.logm, S[:2, :2]),
    "inv": (linalg.inv, A),
    "pinv": (linalg.pinv, A[:2]),
    "toeplitz": (linalg.toeplitz, A[0], A[1]),
    "toeplitz of one": (linalg.toeplitz, A[0]),
    "block_diag": (linalg.block_diag, A, A[0], A[:2]),
    "by cho_factor": (lambda s, b: linalg.cho_solve(linalg.cho_factor(s), b), S, A),
    "solve_continuous_lyapunov": (linalg.solve_continuous_lyapunov, A, S),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_functions_to_the_second_order(name):
    f, *xs = PLAIN[name]
    check_gradient(lambda *vs: np.sin(f(*vs)), *xs, order=2)
    theirs = getattr(scipy.linalg, name, None)
    if theirs is not None:
        np.testing.assert_allclose(f(*map(Variable, xs)).data, theirs(*xs), atol=1e-12)


def test_what_has_no_real_result_is_refused():
    with pytest.raises(ValueError, match="logm: the matrix has eigenvalues <= 0"):
        linalg.logm(np.diag([-1.0, 1.0]))


def test_the_root_of_a_real_matrix_may_be_complex():
    a = np.array([[1.0, 0.3], [0.2, -2.0]])
    np.testing.assert_allclose(linalg.sqrtm(a).data, scipy.linalg.sqrtm(a))
    assert linalg.sqrtm(a.astype(np.float32)).dtype == np.complex64
    check_gradient(lambda a: np.real(linalg.sqrtm(a)) + 2 * np.imag(linalg.sqrtm(a)), a, order=2)


def test_no_module_hides_a_function():
    """`special/gamma.py` would become `special.gamma` when it is imported."""
    import pkgutil
    from importlib import import_module

    import tinypt_ops_scipy

    for found in pkgutil.walk_packages(tinypt_ops_scipy.__path__, "tinypt_ops_scipy."):
        package, _, name = found.name.rpartition(".")
        names = vars(import_module(package)).get("__dir__", list)()
        assert name not in names, found.name
