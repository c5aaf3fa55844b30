"""The array API standard, version 2024.12, on Variables: `x.__array_namespace__()`.

Each function is the registered operator (or the constant) under the standard's name and
signature. Arrays, Variables and Python numbers go in, Variables come out, so that functions of
SciPy, scikit-learn and others which are written to the standard are differentiable.

>>> import numpy as np
>>> from tinypt_core import Variable
>>> from tinypt_core import array_api as xp
>>> x = Variable(np.array([1.0, 4.0]))
>>> xp.sum(xp.sqrt(x)).backward()
>>> x.grad
array([0.5 , 0.25])
"""

from __future__ import annotations

from numpy import __array_namespace_info__ as __array_namespace_info__
from numpy import bool as bool
from numpy import complex64 as complex64
from numpy import complex128 as complex128
from numpy import e as e
from numpy import float32 as float32
from numpy import float64 as float64
from numpy import inf as inf
from numpy import int8 as int8
from numpy import int16 as int16
from numpy import int32 as int32
from numpy import int64 as int64
from numpy import nan as nan
from numpy import newaxis as newaxis
from numpy import pi as pi
from numpy import uint8 as uint8
from numpy import uint16 as uint16
from numpy import uint32 as uint32
from numpy import uint64 as uint64

from tinypt_core.array_api import fft as fft
from tinypt_core.array_api import linalg as linalg
from tinypt_core.array_api._creation import *  # noqa: F403
from tinypt_core.array_api._dtypes import *  # noqa: F403
from tinypt_core.array_api._elementwise import *  # noqa: F403
from tinypt_core.array_api._reductions import *  # noqa: F403
from tinypt_core.array_api._searching import *  # noqa: F403
from tinypt_core.array_api._shapes import *  # noqa: F403
from tinypt_core.array_api.linalg import matmul as matmul
from tinypt_core.array_api.linalg import matrix_transpose as matrix_transpose
from tinypt_core.array_api.linalg import tensordot as tensordot
from tinypt_core.array_api.linalg import vecdot as vecdot

__array_api_version__ = "2024.12"
