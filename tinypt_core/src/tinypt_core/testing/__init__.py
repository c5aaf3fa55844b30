"""The conformance kit: an operator is right, or the kit says why not.

>>> from tinypt_core.testing import check_op
>>> from tinypt_core.ops import sin
>>> check_op(sin)
"""

from tinypt_core.testing.check import check_gradient, check_op
from tinypt_core.testing.differences import numerical_jacobian
from tinypt_core.testing.promises import PROMISES, Promise
from tinypt_core.testing.report import Broken

__all__ = ["PROMISES", "Broken", "Promise", "check_gradient", "check_op", "numerical_jacobian"]
