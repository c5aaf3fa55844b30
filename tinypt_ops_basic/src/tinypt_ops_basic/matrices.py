"""Functions of square matrices, and the pseudo-inverse, over the last two axes: np.linalg."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinypt_core import Function, anywhere
from tinypt_ops_basic._rules import constants
from tinypt_ops_basic._samples import definite, normal, sampled
from tinypt_ops_basic.constants import plain


def t(a: Any) -> Any:
    """The matrices in the last two axes transposed; a plain array without NumPy's dispatch."""
    return np.swapaxes(a, -1, -2)


def h(a: Any) -> Any:
    """The same, and conjugated.

    Where a rule is not holomorphic its textbook form has ᴴ for ᵀ and is about conj(g): it is
    wrapped in conjugates. For reals nothing of that shows.
    """
    return np.conjugate(np.swapaxes(a, -1, -2))


class Inv(Function):
    """The inverse Y of every matrix: np.linalg.inv. a: (..., n, n).

    Raises LinAlgError if a matrix is singular.

    >>> from tinypt_core import Variable
    >>> np.linalg.inv(Variable(np.array([[2.0]])))
    variable([[0.5]])
    """

    __slots__ = ()
    samples = sampled((definite(3, 3),), (definite(2, 2, 2),))

    def forward(self, a: Any) -> Any:
        return np.linalg.inv(a)

    def backward(self, gy: Any, y: Any) -> Any:
        """dY = -Y dA Y."""
        return -(t(y) @ gy @ t(y))


class Det(Function):
    """The determinant of every matrix: np.linalg.det. a: (..., n, n), y: (...).

    The gradient is the matrix of cofactors: det(A) A⁻ᵀ, and where a matrix is singular the
    determinants of its minors, so that the derivatives of every order are right there as well.

    >>> from tinypt_core import Variable
    >>> np.linalg.det(Variable(np.array([[2.0, 1.0], [1.0, 1.0]]))).shape
    ()
    """

    __slots__ = ()

    def forward(self, a: Any) -> Any:
        return np.linalg.det(a)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        gy, y = (np.expand_dims(z, (-2, -1)) for z in (gy, y))
        if _singular(a):
            return gy * _cofactors(a)
        return gy * y * t(np.linalg.inv(a))


def _singular(a: Any) -> bool:
    """Whether a matrix has not its full rank, to working precision."""
    n = a.shape[-1]
    return n > 0 and anywhere(np.linalg.matrix_rank(a) < n)


def _cofactors(a: Any) -> Any:
    """(-1)^(i+j) times the determinant without row i and column j, as n² small matrices."""
    n = a.shape[-1]
    if n == 1:
        return a * 0 + 1
    others = np.array([[j for j in range(n) if j != i] for i in range(n)])
    minors = a[..., others[:, None, :, None], others[None, :, None, :]]
    signs = (-1.0) ** np.add.outer(np.arange(n), np.arange(n))
    return np.linalg.det(minors) * signs.astype(a.dtype)


def matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    """How many singular values are not 0: np.linalg.matrix_rank, a plain int or array of them.

    >>> from tinypt_core import Variable
    >>> int(np.linalg.matrix_rank(Variable(np.ones((2, 2)))))
    1
    """
    return np.linalg.matrix_rank(plain(A), tol, hermitian, rtol=rtol)


class SlogdetResult(NamedTuple):
    """What np.linalg.slogdet gives: the sign, and ln |det|."""

    sign: Any
    logabsdet: Any


class Slogdet(Function):
    """The sign of the determinant and ln of its absolute value: np.linalg.slogdet.

    d ln det = tr(A⁻¹ dA): its real part changes the logarithm, its imaginary part the phase of
    the sign, which for reals is constant. So the gradient of the logarithm is A⁻ᵀ.

    Raises, going backward, GradientError if a matrix is singular.

    >>> from tinypt_core import Variable
    >>> np.linalg.slogdet(Variable(np.eye(2))).logabsdet
    variable(0.0)
    """

    __slots__ = ()
    samples = sampled((definite(3, 3),))

    def forward(self, a: Any) -> Any:
        return tuple(np.linalg.slogdet(a))

    def backward(self, gsign: Any, glogabsdet: Any, a: Any, y0: Any) -> Any:
        turn = 0.5 * (gsign * y0 - np.conjugate(gsign * y0))  # i Im(gsign sign)
        return np.expand_dims(glogabsdet + turn, (-2, -1)) * t(np.linalg.inv(a))

    @classmethod
    def apply(cls, a: Any) -> Any:
        """As np.linalg.slogdet."""
        return SlogdetResult(*super().apply(a))


class Solve(Function):
    """The solution of a y = b: np.linalg.solve. a: (..., n, n), b: (n,) or (..., n, m).

    Raises LinAlgError if a matrix is singular.

    >>> from tinypt_core import Variable
    >>> np.linalg.solve(Variable(np.array([[2.0]])), np.array([3.0]))
    variable([1.5])
    """

    __slots__ = ()
    samples = sampled((definite(3, 3), normal(3)), (definite(2, 3, 3), normal(3, 2)))

    def forward(self, a: Any, b: Any) -> Any:
        return np.linalg.solve(a, b)

    def backward(self, gy: Any, a: Any, b: Any, y: Any) -> Any:
        """gb = A⁻ᵀ gy and gA = -gb yᵀ."""
        if b.ndim > 1:
            gb = np.linalg.solve(t(a), gy)
            return -(gb @ t(y)) if self.needs[0] else None, gb
        gb = np.linalg.solve(t(a), np.expand_dims(gy, -1))
        ga = -(gb * np.expand_dims(y, -2)) if self.needs[0] else None
        return ga, np.squeeze(gb, -1)


class Pinv(Function):
    """The pseudo-inverse P of every matrix: np.linalg.pinv. a: (..., m, n), y: (..., n, m).

    rcond (or rtol): singular values below that part of the largest count as 0. The gradient
    holds while the rank does not change (Golub and Pereyra 1973, equation 4.12).

    >>> from tinypt_core import Variable
    >>> np.linalg.pinv(Variable(np.array([[2.0]])))
    variable([[0.5]])
    """

    __slots__ = ("rcond", "rtol")
    samples = sampled((normal(3, 2),), (normal(2, 3),))

    def __init__(self, rcond: Any = None, *, rtol: Any = None) -> None:
        constants(rcond=rcond, rtol=rtol)
        self.rcond = rcond
        self.rtol = rtol

    def forward(self, a: Any) -> Any:
        limits = {"rtol": self.rtol} if self.rtol is not None else {"rcond": self.rcond}
        return np.linalg.pinv(a, **limits)

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        """dP = -P dA P + P Pᴴ dAᴴ (1 - A P) + (1 - P A) dAᴴ Pᴴ P."""
        p, ph, gh = y, h(y), t(gy)
        left, right = gh @ p @ ph, ph @ p @ gh
        g = -(ph @ h(gh) @ ph) + left - a @ (p @ left) + right - (right @ p) @ a
        return np.conjugate(g)


class MatrixPower(Function):
    """The n-th power of every matrix: np.linalg.matrix_power. a: (..., k, k); n: an int.

    Raises LinAlgError for a singular matrix and negative n.

    >>> from tinypt_core import Variable
    >>> np.linalg.matrix_power(Variable(np.array([[2.0]])), 3)
    variable([[8.]])
    """

    __slots__ = ("n",)
    samples = sampled((definite(2, 2), 3), (definite(2, 2), -2))

    def __init__(self, n: int) -> None:
        self.n = n

    def forward(self, a: Any) -> Any:
        return np.linalg.matrix_power(a, self.n)

    def backward(self, gy: Any, a: Any) -> Any:
        if self.n == 0:
            return gy * 0
        if self.n > 0:
            return _power_gradient(gy, t(a), self.n)[0]
        inverse = t(np.linalg.inv(a))
        return -(inverse @ _power_gradient(gy, inverse, -self.n)[0] @ inverse)


def _power_gradient(gy: Any, b: Any, n: int) -> tuple[Any, Any]:
    """Σₖ bᵏ gy bⁿ⁻¹⁻ᵏ and bⁿ, by halving n."""
    if n == 1:
        return gy, b
    half, power = _power_gradient(gy, b, n // 2)
    total, power = half @ power + power @ half, power @ power
    if n % 2:
        total, power = total @ b + power @ gy, power @ b
    return total, power
