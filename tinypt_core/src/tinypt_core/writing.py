"""How operators assign and scatter: arrays that are written at the cost of the piece.

>>> import numpy as np
>>> assigned(np.zeros(3), 1, 5.0), scattered(np.ones(3), [0, 2, 2], (3,))
(array([0., 5., 0.]), array([1., 0., 2.]))
"""

from tinypt_core._buffer import opened
from tinypt_core._written import assigned, picks_once, piece, scattered

__all__ = ["assigned", "opened", "picks_once", "piece", "scattered"]
