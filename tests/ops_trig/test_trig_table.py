"""Circular and hyperbolic functions, row by row; edges are in test_trig_edges.py."""

from __future__ import annotations

import numpy as np
from opcheck import Domain, OperatorTable, Row, nonzero, positive, real, table, unit

wide = Domain(lambda rng, shape: rng.uniform(-8, 8, shape))
above_one = Domain(lambda rng, shape: rng.uniform(1.5, 4, shape))
#: poles of tan are at ±π/2
flat = Domain(lambda rng, shape: rng.uniform(-1.2, 1.2, shape))


@table(
    Row("sin", wide),
    Row("cos", wide),
    Row("tan", flat),
    Row("arcsin", unit),
    Row("asin", unit, like=np.arcsin),
    Row("arccos", unit),
    Row("acos", unit, like=np.arccos),
    Row("arctan", wide),
    Row("atan", wide, like=np.arctan),
    Row("arctan2", nonzero, nonzero),
    Row("atan2", nonzero, positive, like=np.arctan2),
    Row("arctan2", real, 1.5),
    Row("arctan2", -1.5, nonzero),
    Row("sinc", wide),
    Row("sinc", unit),
    Row("deg2rad", wide),
    Row("radians", wide),
    Row("rad2deg", unit),
    Row("degrees", unit),
    Row("unwrap", wide(7)),
    Row("unwrap", wide(2, 5), axis=0),
    Row("unwrap", wide(2, 5), discont=4.0, period=5.0),
)
class TestCircular(OperatorTable):
    pass


@table(
    Row("sinh", real),
    Row("cosh", real),
    Row("tanh", real),
    Row("arcsinh", wide),
    Row("asinh", wide, like=np.arcsinh),
    Row("arccosh", above_one),
    Row("acosh", above_one, like=np.arccosh),
    Row("arctanh", unit),
    Row("atanh", unit, like=np.arctanh),
)
class TestHyperbolic(OperatorTable):
    pass
