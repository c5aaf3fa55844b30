"""What the rules of linear algebra share."""

from __future__ import annotations

from typing import Any

import numpy as np


def t(a: Any) -> Any:
    """The transpose, without conjugation: so the rules hold for complex matrices too."""
    return np.swapaxes(a, -1, -2)


def outer(b: Any, y: Any) -> Any:
    """b yᵀ for two vectors or two matrices of columns."""
    return np.expand_dims(b, 1) * np.expand_dims(y, 0) if b.ndim == 1 else b @ t(y)


def real(name: str, *arrays: Any) -> None:
    """Refuse complex numbers, for which the rule would be another."""
    if any(np.iscomplexobj(a) for a in arrays):
        raise TypeError(f"scipy.linalg.{name}: complex matrices are not supported")
