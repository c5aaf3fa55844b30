"""scipy.sparse.linalg: sparse systems and the action of the exponential."""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(
    __name__, solving="spsolve splu factorized cg gmres bicgstab", exponential="expm_multiply"
)
