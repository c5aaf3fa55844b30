"""What an author needs to know of batches: `anywhere` for rules, `rule` for NumPy functions.

>>> import numpy as np
>>> from tinypt_core.batching import anywhere, rule
>>> anywhere(np.array([0.0, 1.0]) > 0)
True
"""

from tinypt_core._batch.whole import add_rule, anywhere, has_rule, rule

__all__ = ["add_rule", "anywhere", "has_rule", "rule"]
