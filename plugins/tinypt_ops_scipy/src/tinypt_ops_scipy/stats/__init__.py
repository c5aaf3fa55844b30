"""scipy.stats: distributions, by data and by parameters.

>>> import numpy as np
>>> from tinypt_core import Variable
>>> from tinypt_ops_scipy.stats import norm
>>> mean = Variable(np.array(0.5))
>>> norm.logpdf(np.array([0.0, 1.0]), mean, 1.0)
variable([-1.04393853 -1.04393853])
"""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(
    __name__,
    line="norm t laplace logistic cauchy gumbel_r gumbel_l",
    interval="gamma chi2 beta expon lognorm uniform pareto weibull_min",
    discrete="poisson binom",
    multivariate="dirichlet multivariate_normal",
)
