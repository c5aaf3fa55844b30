"""scipy.special: error functions, gamma, Bessel, hypergeometric functions and their kin."""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(__name__)
