"""scipy.sparse: matrices of a constant pattern, by their data and by what they are applied to.

>>> import numpy as np
>>> from tinypt_core import Variable
>>> from tinypt_ops_scipy.sparse import csr_array
>>> from tinypt_ops_scipy.sparse.linalg import spsolve
>>> data = Variable(np.array([2.0, 4.0]))
>>> a = csr_array((data, [0, 1], [0, 1, 2]), shape=(2, 2))
>>> a @ np.ones(2), spsolve(a, np.ones(2))
(variable([2. 4.]), variable([0.5  0.25]))
"""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(__name__, arrays="coo_array csr_array csc_array diags_array")
