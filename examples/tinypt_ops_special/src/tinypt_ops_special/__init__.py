"""tinypt-ops-special: SciPy's special functions as tinypt operators.

The operators are found by name, `from tinypt_core.ops import erf`; here are their classes.
"""

from tinypt_ops_special.bessel import I0, I1, Iv
from tinypt_ops_special.entropy import Entr, KlDiv, Xlogy
from tinypt_ops_special.gamma import Betaln, Digamma, Gammaln, Polygamma
from tinypt_ops_special.logistic import Expit, Logit, LogSoftmax, Softmax
from tinypt_ops_special.normal import Erf, Erfc, LogNdtr, Ndtr

__all__ = [
    "I0",
    "I1",
    "Betaln",
    "Digamma",
    "Entr",
    "Erf",
    "Erfc",
    "Expit",
    "Gammaln",
    "Iv",
    "KlDiv",
    "LogNdtr",
    "LogSoftmax",
    "Logit",
    "Ndtr",
    "Polygamma",
    "Softmax",
    "Xlogy",
]
