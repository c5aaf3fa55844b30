"""scipy.linalg: solvers, functions of matrices, decompositions, structured matrices."""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(
    __name__,
    solving="cho_factor cho_solve solve_continuous_lyapunov",
    decompositions="eigh",
    functions="fractional_matrix_power",
    structured="det inv pinv block_diag toeplitz",
)
