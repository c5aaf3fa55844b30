"""Linear systems: dense, triangular, banded, and equations between matrices.

>>> from tinypt_core import Variable
>>> from tinypt_ops_scipy.linalg import solve
>>> solve(Variable(np.array([[2.0]])), np.array([3.0]))
variable([1.5])
"""

from __future__ import annotations

from typing import Any

import numpy as np
from tinypt_core import Function

from tinypt_ops_scipy._samples import definite, normal, sampled
from tinypt_ops_scipy._scipy import linalg
from tinypt_ops_scipy.linalg._adjoint import outer, real, t

_TRANS = {"N": 0, "T": 1, "C": 2}


class Solve(Function):
    """The solution of a y = b: scipy.linalg.solve. a: (n, n), b: (n,) or (n, m).

    assume_a: as SciPy's, what is known of a. SciPy reads one triangle of a "sym" or "pos" one;
    the gradient by a is that of a general matrix, a⁻ᵀ gy yᵀ with a minus, of which it is the part
    in the space of symmetric matrices that counts. transposed: solve aᵀ y = b.
    Source: Giles, Collected matrix derivative results (2008), 2.3.1.
    Raises LinAlgError if a is singular.
    """

    __slots__ = ("assume_a", "transposed")
    samples = sampled((definite(3, 3), normal(3)), (definite(3, 3), normal(3, 2)))

    def __init__(self, *, assume_a: str | None = None, transposed: bool = False) -> None:
        self.assume_a, self.transposed = assume_a, transposed

    def forward(self, a: Any, b: Any) -> Any:
        return linalg.solve(a, b, assume_a=self.assume_a, transposed=self.transposed)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        if self.transposed:
            gb = Solve(assume_a=self.assume_a).of(a, gy)
            return -outer(y, gb), gb
        gb = Solve(assume_a=self.assume_a).of(t(a), gy)
        return -outer(gb, y), gb


class SolveTriangular(Function):
    """The solution of a y = b for a triangular a: (n, n); b: (n,) or (n, m).

    trans: 0 or "N" for a, 1 or "T" for aᵀ; lower: which triangle is read, the other's gradient
    is 0; unit_diagonal: the diagonal counts as 1, and its gradient is 0.
    gb = a⁻ᵀ gy, ga = -gb yᵀ in that triangle. Raises LinAlgError if a is singular.
    """

    __slots__ = ("lower", "trans", "unit_diagonal")
    samples = sampled((definite(3, 3), normal(3)), (definite(3, 3), normal(3, 2), "T", True))

    def __init__(self, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> None:
        self.trans, self.lower, self.unit_diagonal = _TRANS.get(trans, trans), lower, unit_diagonal

    def forward(self, a: Any, b: Any) -> Any:
        if self.trans == 2:
            real("solve_triangular with trans='C'", a)
        return linalg.solve_triangular(a, b, self.trans, self.lower, self.unit_diagonal)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        gb = SolveTriangular(0 if self.trans else 1, self.lower, self.unit_diagonal).of(a, gy)
        ga = -(outer(y, gb) if self.trans else outer(gb, y))
        k = 1 if self.unit_diagonal else 0
        return np.tril(ga, -k) if self.lower else np.triu(ga, k), gb


class ChoFactor(Function):
    """The Cholesky factor of a, (n, n) symmetric positive definite: c cᵀ = a, or cᵀ c = a.

    lower: give (and read) the lower triangle; the other one of the result is 0, where SciPy
    leaves what was in it. The gradient is that of the triangle that is read, 0 in the other.
    gA = c⁻ᵀ Φ(cᵀ gc) c⁻¹ with Φ: lower triangle, diagonal halved (Murray 2016).
    """

    __slots__ = ("lower",)
    samples = sampled((definite(3, 3),), (definite(3, 3), True))

    def __init__(self, lower: bool = False) -> None:
        self.lower = lower

    def forward(self, a: Any) -> Any:
        real("cholesky", a)
        return linalg.cholesky(a, lower=self.lower)

    def backward(self, gy: Any, y: Any) -> Any:
        low, g = (y, gy) if self.lower else (np.transpose(y), np.transpose(gy))
        half = 1 - 0.5 * np.eye(low.shape[0], dtype=low.dtype)
        phi = np.tril(np.transpose(low) @ g) * half
        left = SolveTriangular(1, True).of(low, phi)
        both = np.transpose(SolveTriangular(1, True).of(low, np.transpose(left)))
        both = (both + np.transpose(both)) * half
        return np.tril(both) if self.lower else np.triu(both)


def cho_factor(a: Any, lower: bool = False) -> tuple[Any, bool]:
    """The Cholesky factor of a and which triangle it is: scipy.linalg.cho_factor.

    >>> cho_factor(np.array([[4.0]]))
    (array([[2.]]), False)
    """
    return ChoFactor(lower).of(a), lower


def cho_solve(c_and_lower: tuple[Any, bool], b: Any) -> Any:
    """The solution of a y = b from what cho_factor(a) gave: scipy.linalg.cho_solve.

    >>> cho_solve(cho_factor(np.array([[4.0]])), np.array([2.0]))
    array([0.5])
    """
    c, lower = c_and_lower
    half = SolveTriangular(0 if lower else 1, lower).of(c, b)
    return SolveTriangular(1 if lower else 0, lower).of(c, half)


class SolveBanded(Function):
    """The solution of a y = b for a banded a: scipy.linalg.solve_banded.

    Called as SciPy's: solve_banded((l, u), ab, b). l, u: diagonals below and above, constants.
    ab: (l + u + 1, n), ab[u + i - j, j] = a[i, j]; b: (n,) or (n, m). gb = a⁻ᵀ gy; the gradient
    by ab is that of its elements of a, -gb yᵀ; 0 where ab lies outside of a.
    """

    __slots__ = ("l_and_u",)
    samples = sampled(
        ((1, 1), lambda rng: np.add(rng.normal(size=(3, 5)), [[0], [6], [0]]), normal(5))
    )

    def __init__(self, l_and_u: tuple[int, int]) -> None:
        self.l_and_u = l_and_u

    def forward(self, ab: Any, b: Any) -> Any:
        return linalg.solve_banded(self.l_and_u, ab, b)

    def backward(self, gy: Any, ab: Any, y: Any) -> Any:
        below, above = self.l_and_u
        rows, columns, inside = _band(below, above, self.shapes[0][1])
        flipped = ab[below + above - np.arange(below + above + 1)[:, None], rows] * inside
        gb = SolveBanded((above, below)).of(flipped, gy)
        products = gb[rows] * y[columns]
        return -(products if gy.ndim == 1 else np.sum(products, axis=-1)) * inside, gb

    @classmethod
    def apply(cls, l_and_u: tuple[int, int], ab: Any, b: Any) -> Any:
        """As scipy.linalg.solve_banded."""
        return cls(tuple(l_and_u))(ab, b)  # type: ignore[arg-type]


def _band(below: int, above: int, n: int) -> tuple[Any, Any, Any]:
    """Of each element of ab: its row and column in a, and whether it is inside of it."""
    columns = np.broadcast_to(np.arange(n), (below + above + 1, n))
    rows = columns + np.arange(-above, below + 1)[:, None]
    inside = (rows >= 0) & (rows < n)
    return np.clip(rows, 0, n - 1), columns, inside


class SolvehBanded(Function):
    """The solution of a y = b for a banded, positive definite a: scipy.linalg.solveh_banded.

    ab: (u + 1, n), one triangle: ab[u + i - j, j] = a[i, j], or ab[i - j, j] under `lower`.
    gb = a⁻¹ gy; the gradient by an element off the diagonal counts it twice.
    """

    __slots__ = ("lower",)
    samples = sampled(
        (lambda rng: np.add(rng.normal(size=(2, 5)), [[0], [6]]), normal(5)),
        (lambda rng: np.add(rng.normal(size=(2, 5)), [[6], [0]]), normal(5, 2), True),
    )

    def __init__(self, lower: bool = False) -> None:
        self.lower = lower

    def forward(self, ab: Any, b: Any) -> Any:
        real("solveh_banded", ab)
        return linalg.solveh_banded(ab, b, lower=self.lower)

    def backward(self, gy: Any, ab: Any, y: Any) -> Any:
        k, n = self.shapes[0]
        rows, columns, inside = _band(*((k - 1, 0) if self.lower else (0, k - 1)), n)
        gb = SolvehBanded(self.lower).of(ab, gy)
        one, two = gb[rows] * y[columns], gb[columns] * y[rows]
        both = one + two if gy.ndim == 1 else np.sum(one + two, axis=-1)
        return -both * inside * np.where(rows == columns, 0.5, 1.0).astype(y.dtype), gb


class SolveSylvester(Function):
    """The y of a y + y b = q: scipy.linalg.solve_sylvester. a: (n, n), b: (m, m), q: (n, m).

    gq solves aᵀ gq + gq bᵀ = gy; ga = -gq yᵀ, gb = -yᵀ gq.
    """

    __slots__ = ()
    samples = sampled((definite(3, 3), definite(2, 2), normal(3, 2)))

    def forward(self, a: Any, b: Any, q: Any) -> Any:
        return linalg.solve_sylvester(a, b, q)

    def backward(self, gy: Any, a: Any, b: Any, y: Any) -> Any:
        gq = SolveSylvester().of(t(a), t(b), gy)
        return -gq @ t(y), -t(y) @ gq, gq


def solve_continuous_lyapunov(a: Any, q: Any) -> Any:
    """The y of a y + y aᴴ = q: scipy.linalg.solve_continuous_lyapunov, of `solve_sylvester`.

    >>> solve_continuous_lyapunov(np.array([[2.0]]), np.array([[4.0]]))
    array([[1.]])
    """
    return SolveSylvester().of(a, np.conj(t(a)) if a.dtype.kind == "c" else t(a), q)


class SolveDiscreteLyapunov(Function):
    """The y of a y aᴴ - y + q = 0: scipy.linalg.solve_discrete_lyapunov. a, q: (n, n).

    gq solves aᴴ gq a - gq + gy = 0; ga = gq a yᴴ + gqᴴ a y.
    """

    __slots__ = ()
    samples = sampled((lambda rng: 0.3 * rng.normal(size=(3, 3)), normal(3, 3)))

    def forward(self, a: Any, q: Any) -> Any:
        real("solve_discrete_lyapunov", a, q)
        y = linalg.solve_discrete_lyapunov(a, q)  # in float64 whatever comes
        return y.astype(np.result_type(a, q), copy=False)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        gq = SolveDiscreteLyapunov().of(t(a), gy)
        return gq @ a @ t(y) + t(gq) @ a @ y, gq
