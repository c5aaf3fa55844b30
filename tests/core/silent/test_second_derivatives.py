"""Where the first derivative is a convention, the second is the mathematics' value or NaN."""

import numpy as np
import pytest

from tinypt_core import GradientError, Variable, grad, gradients, hessian, hvp

EYE = np.eye
RANDOM = np.random.default_rng(3)
S = np.array([[1.0, 0.5], [0.5, -2.0]])  # a symmetric direction


def spread(n):
    """The Hessian of the variance of n numbers."""
    return 2 * (EYE(n) - 1 / n) / n


def total_stress(x):
    """Multidimensional scaling: squared distances of points of which two coincide."""
    p = np.reshape(x, (3, 2))
    return sum(np.linalg.norm(p[i] - p[j]) ** 2 for i in range(3) for j in range(i))


def rows(x):
    return np.sum(np.linalg.norm(np.reshape(x, (2, 2)), axis=1) ** 2)


def eigenvalue_energy(t):
    return np.sum(np.linalg.eigh(EYE(2) + t[0] * S)[0] ** 2)


def eigenvalue_cubes(t):
    return np.sum(np.linalg.eigh(EYE(2) + t[0] * S)[0] ** 3)


def singular_energy(t):
    return np.sum(np.linalg.svd(EYE(2) + t[0] * S)[1] ** 2)


def eigenvector_projector(t):
    """V Λ Vᵀ is the matrix itself, whatever basis the solver picks."""
    w, v = np.linalg.eigh(EYE(2) + t[0] * S)
    a = (v * w) @ v.T
    return np.sum(a * a)


STRESS = np.kron(3 * EYE(3) - np.ones((3, 3)), EYE(2)) * 2
COINCIDING = np.array([1.0, 2.0, 1.0, 2.0, 0.0, 5.0])
NAN1, NAN2 = np.full((1, 1), np.nan), np.full((2, 2), np.nan)

#: name -> (f, x, its Hessian, NaN where the mathematics has none)
PROGRAMS = {
    "norm squared at 0": (lambda x: np.linalg.norm(x) ** 2, np.zeros(2), 2 * EYE(2)),
    "norm to the fourth at 0": (
        lambda x: np.linalg.norm(x) ** 2 + np.linalg.norm(x) ** 4, np.zeros(2), 2 * EYE(2)),
    "norm at 0": (np.linalg.norm, np.zeros(2), NAN2),
    "rows of which one is 0": (rows, np.array([0.0, 0.0, 3.0, 4.0]), 2 * EYE(4)),
    "stress of points that coincide": (total_stress, COINCIDING, STRESS),
    "Frobenius norm squared at 0": (
        lambda x: np.linalg.norm(np.reshape(x, (2, 2))) ** 2, np.zeros(4), 2 * EYE(4)),
    "hypot squared at 0": (lambda x: np.hypot(x[0], x[1]) ** 2, np.zeros(2), 2 * EYE(2)),
    "hypot at 0": (lambda x: np.hypot(x[0], x[1]), np.zeros(2), NAN2),
    "hypot in a potential": (
        lambda x: np.sum(np.hypot(x, 0.0 * x) ** 2) + x[0] ** 2, np.zeros(2), np.diag([4.0, 2.0])),
    "std squared of equal numbers": (lambda x: np.std(x) ** 2, np.full(3, 2.0), spread(3)),
    "std of equal numbers": (np.std, np.full(2, 2.0), NAN2),
    "std of equal rows": (
        lambda x: np.sum(np.std(np.reshape(x, (2, 2)), axis=1) ** 2),
        np.array([1.0, 1.0, 0.0, 3.0]),
        np.kron(EYE(2), spread(2)),
    ),
    "eigenvalues squared at I": (eigenvalue_energy, np.zeros(1), [[2 * np.sum(S * S)]]),
    "eigenvalues cubed at I": (eigenvalue_cubes, np.zeros(1), [[6 * np.sum(S * S)]]),
    "eigenvectors at I": (eigenvector_projector, np.zeros(1), [[2 * np.sum(S * S)]]),
    "singular values squared at I": (singular_energy, np.zeros(1), [[2 * np.sum(S * S)]]),
    "one eigenvalue at I": (
        lambda t: np.linalg.eigh(EYE(2) + t[0] * S)[0][1] ** 2, np.zeros(1), NAN1),
}  # fmt: skip


def by_hessian(f, x):
    return hessian(f)(x)


def by_hvp(f, x):
    return np.array([hvp(f, x, row) for row in EYE(x.size)])


def by_jacobian_of_gradients(f, x):
    rows = []
    for i in range(x.size):
        v = Variable(x.copy())
        (slope,) = gradients(f(v), v, create_graph=True)
        rows.append(gradients(slope[i], v)[0])
    return np.array(rows)


def by_backward(f, x):
    rows = []
    for i in range(x.size):
        v = Variable(x.copy())
        f(v).backward(create_graph=True)
        slope = v.grad
        v.cleargrad()
        slope[i].backward()
        rows.append(v.grad)
    return np.array(rows)


WAYS = [by_hessian, by_hvp, by_jacobian_of_gradients, by_backward]


def values_or_nan(way, f, x, want):
    with np.errstate(all="ignore"):
        try:
            found = np.asarray(way(f, x))
        except GradientError:
            return
    made_up = ~(np.isnan(found) | np.isclose(found, want, 1e-6, 1e-6))
    assert not made_up.any(), f"{way.__name__}: made up {found}, the mathematics has {want}"


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_programs(name):
    for way in WAYS:
        values_or_nan(way, *PROGRAMS[name])


@pytest.mark.parametrize(
    "f", [lambda x: np.linalg.norm(x) ** 2, lambda x: np.hypot(x[0], x[1]) ** 2]
)
def test_the_first_derivative_stays_a_number(f):
    """Kept working: the convention at 0 is a subgradient, not NaN."""
    assert grad(f)(np.zeros(2)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: np.linalg.norm(x) ** 2, np.array([3.0, 4.0])),
        (lambda x: np.hypot(x[0], x[1]) ** 2, np.array([3.0, 4.0])),
    ],
)
def test_away_from_the_kink_nothing_changes(f, x):
    """Kept working."""
    np.testing.assert_allclose(hessian(f)(x), 2 * EYE(2), atol=1e-12)
