"""Student's t distribution, by its degrees of freedom too: stdtr, stdtrit.

>>> from scipy import special
>>> from tinypt_core import Variable
>>> special.stdtr(3.0, Variable(np.array([0.0, 1.0])))
variable([0.5        0.80449889])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_scipy._samples import pairs
from tinypt_ops_scipy._scipy import special
from tinypt_ops_scipy.special._ufunc import Binary
from tinypt_ops_scipy.special.incomplete import _by_shapes, _spread


def _density(df: Any, t: Any) -> Any:
    """(1 + t²/df)^(-(df + 1)/2) / (√df B(df/2, 1/2))."""
    logs = -0.5 * (df + 1) * np.log1p(t * t / df) - special.betaln(0.5 * df, 0 * df + 0.5)
    return np.exp(logs) / np.sqrt(df)


def _by_df(df: Any, t: Any) -> Any:
    """∂P/∂df, for t < 0 from P = I(x; df/2, 1/2)/2 with x = df/(df + t²), else by symmetry."""
    a, total = 0.5 * df, df + t * t
    half = df * 0 + 0.5
    by_a, _ = _spread(_by_shapes, a, half, df / total)
    by_x = np.exp((a - 1) * np.log(df / total) - special.betaln(a, half)) * np.abs(t) / total**1.5
    return -0.5 * np.sign(t) * (0.5 * by_a + by_x)


class Stdtr(Binary):
    """Cumulative Student's t distribution: y = P(T <= t), elementwise. Called stdtr(df, t).

    ∂y/∂t is the density; ∂y/∂df is that of the incomplete beta function, DLMF 8.17, with an
    absolute error of about 1e-14.
    """

    __slots__ = ()
    ufunc = special.stdtr
    samples = pairs((1.5, 6), (0.3, 3))

    def backward(self, gy: Any, a: Any, b: Any) -> Any:
        n0, n1 = self.needs
        return gy * _by_df(a, b) if n0 else None, gy * _density(a, b) if n1 else None


class Stdtrit(Binary):
    """Quantile of Student's t distribution, the t with P(T <= t) = p. Called stdtrit(df, p).

    ∂t/∂p = 1/density, ∂t/∂df = -∂P/∂df / density.
    """

    __slots__ = ()
    ufunc = special.stdtrit
    samples = pairs((1.5, 6), (0.6, 0.9))

    def backward(self, gy: Any, a: Any, y: Any) -> Any:
        g = gy / _density(a, y)
        return -g * _by_df(a, y) if self.needs[0] else None, g
