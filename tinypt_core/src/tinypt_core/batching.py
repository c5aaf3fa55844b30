"""What a plugin adds to the table of batching rules: how a NumPy function runs on a batch.

>>> import numpy as np
>>> from tinypt_core.batching import has_rule
>>> has_rule(np.sum), has_rule(np.lexsort)
(True, False)
"""

from tinypt_core._batch.whole import add_rule, has_rule, rule

__all__ = ["add_rule", "has_rule", "rule"]
