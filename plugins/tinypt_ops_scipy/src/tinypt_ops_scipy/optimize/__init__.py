"""scipy.optimize: solutions as differentiable functions of parameters."""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(
    __name__,
    theorem="implicit",
    solvers="root root_scalar brentq newton fixed_point minimize linear_sum_assignment",
)
