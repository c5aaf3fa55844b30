"""Sparse matrices against dense ones."""

import numpy as np
import pytest
import scipy.sparse
from tinypt_core import Variable, grad
from tinypt_core.testing import check_gradient

from tinypt_ops_scipy import sparse
from tinypt_ops_scipy.sparse.linalg import (
    bicgstab,
    cg,
    expm_multiply,
    factorized,
    gmres,
    splu,
    spsolve,
)  # fmt: skip

RNG = np.random.default_rng(0)
DENSE = np.where(RNG.random((5, 5)) < 0.4, RNG.normal(size=(5, 5)), 0) + 4 * np.eye(5)
SYMMETRIC = DENSE @ DENSE.T
B, W = RNG.normal(size=(5, 2)), RNG.normal(size=(5, 2))


def places(a):
    row, column = np.nonzero(a)
    return a[row, column], row, column


def against_dense(f, dense_f, a, b, rtol=1e-9):
    """The same gradients by the elements of a and by b."""
    data, row, column = places(a)
    wrap = lambda data: sparse.csr_array((data, (row, column)), shape=a.shape)
    got = grad(lambda d, b: np.sum(W[:, : b.size // 5].reshape(b.shape) * f(wrap(d), b)), (0, 1))
    want = grad(lambda a, b: np.sum(W[:, : b.size // 5].reshape(b.shape) * dense_f(a, b)), (0, 1))
    (gd, gb), (ga, gb2) = got(data, b), want(a, b)
    np.testing.assert_allclose(gd, ga[row, column], rtol=rtol, atol=rtol)
    np.testing.assert_allclose(gb, gb2, rtol=rtol, atol=rtol)


SOLVERS = {
    "spsolve": spsolve,
    "splu": lambda a, b: splu(a).solve(b),
    "splu of the transposed": lambda a, b: splu(a.T).solve(b, "T"),
    "factorized": lambda a, b: factorized(a)(b),
    "gmres": lambda a, b: gmres(a, b, rtol=1e-13)[0],
    "bicgstab": lambda a, b: bicgstab(a, b, rtol=1e-13)[0],
}


@pytest.mark.parametrize("name", SOLVERS)
def test_solvers(name):
    against_dense(SOLVERS[name], np.linalg.solve, DENSE, B[:, 0])
    if "spl" in name:
        against_dense(SOLVERS[name], np.linalg.solve, DENSE, B)


def test_conjugate_gradients():
    against_dense(lambda a, b: cg(a, b, rtol=1e-13)[0], np.linalg.solve, SYMMETRIC, B[:, 0], 1e-8)
    with pytest.raises(RuntimeError, match="cg did not converge"):
        cg(SYMMETRIC, B[:, 0], rtol=1e-13, maxiter=1)


@pytest.mark.parametrize("b", [B, B[:, 0]])
def test_products(b):
    against_dense(lambda a, b: a @ b, lambda a, b: a @ b, DENSE, b)
    np.testing.assert_allclose(b.T @ sparse.csr_array(DENSE), b.T @ DENSE)
    against_dense(lambda a, b: (2.0 * a).T @ b, lambda a, b: 2 * np.transpose(a) @ b, DENSE, b)


def test_the_exponential():
    from tinypt_ops_scipy.linalg import expm

    against_dense(expm_multiply, lambda a, b: expm(a) @ b, DENSE / 4, B)
    against_dense(expm_multiply, lambda a, b: expm(a) @ b, DENSE / 4, B[:, 0])
    wrap = lambda d: sparse.csr_array((d, ([0, 0, 1], [0, 1, 1])))
    d, b = np.array([0.3, 1.2, -0.4]), np.array([0.5, 2.0])
    dense = lambda d: expm(d[np.array([[0, 1], [2, 2]])] * np.array([[1.0, 1.0], [0.0, 1.0]])) @ b
    got, want = (grad(grad(lambda s, f=f: np.sum(f(s * d))))(1.0)
                 for f in (lambda d: expm_multiply(wrap(d), b), dense))  # fmt: skip
    np.testing.assert_allclose(got, want, rtol=1e-8)


def test_a_log_det_by_its_diagonal_and_the_other_parts_of_a_matrix():
    data, row, column = places(DENSE)
    a = sparse.csr_array((Variable(data), (row, column)))
    np.testing.assert_array_equal(a.diagonal().data, np.diagonal(DENSE))
    np.testing.assert_array_equal(a.toarray().data, DENSE)
    check_gradient(lambda d: np.sin(a.with_data(d).diagonal()), data, order=2)


def test_the_forms_of_scipys_constructors():
    for make in ("csr_array", "csc_array", "coo_array"):
        theirs, ours = getattr(scipy.sparse, make), getattr(sparse, make)
        s = theirs(DENSE)
        np.testing.assert_array_equal(ours(s).toarray(), DENSE)
        np.testing.assert_array_equal(ours(DENSE).toarray(), DENSE)
        if make != "coo_array":
            again = ours((s.data, s.indices, s.indptr), shape=s.shape)
            np.testing.assert_array_equal(again.toarray(), DENSE)
    band = [np.ones(4), 2 * np.ones(5), 3 * np.ones(3)], [1, 0, -2], (5, 5)
    theirs = scipy.sparse.diags_array(band[0], offsets=band[1], shape=band[2]).toarray()
    np.testing.assert_array_equal(sparse.diags_array(*band).toarray(), theirs)
    with pytest.raises(ValueError, match="data has shape"):
        sparse.csr_array((np.ones(2), ([0], [0])))


def test_second_derivatives():
    data, row, column = places(DENSE)
    wrap = lambda data: sparse.csr_array((data, (row, column)), shape=DENSE.shape)
    check_gradient(lambda d, b: spsolve(wrap(d), b), data, B[:, 0], order=2)
    check_gradient(lambda d, b: splu(wrap(d)).solve(b), data, B[:, 0], order=2)
