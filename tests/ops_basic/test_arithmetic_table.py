"""Arithmetic and exponentials, row by row; edges and kinks are in test_arithmetic_edges.py."""

from __future__ import annotations

import numpy as np
from opcheck import (
    OperatorTable,
    Row,
    between,
    distinct,
    nonzero,
    others,
    positive,
    real,
    table,
)


@table(
    Row("add", real, real),
    Row("subtract", real, real),
    Row("sub", real, real, like=np.subtract),
    Row("multiply", real, real),
    Row("mul", real, real, like=np.multiply),
    Row("divide", real, nonzero),
    Row("div", real, nonzero, like=np.divide),
    Row("true_divide", real, nonzero),
    Row("negative", real),
    Row("neg", real, like=np.negative),
    Row("positive", real),
    Row("reciprocal", nonzero),
    Row("absolute", nonzero),
    Row("abs", nonzero, like=np.absolute),
    Row("fabs", nonzero),
    Row("mod", between, 1.0),
    Row("mod", distinct, 5.25),
    Row("remainder", between, -1.0),
    Row("fmod", between, 1.0),
    Row("fmod", 7.3, positive),
    Row("mod", -7.3, positive),
    Row("hypot", nonzero, real),
    Row("copysign", nonzero, nonzero),
    Row("copy", real),
)
class TestArithmetic(OperatorTable):
    pass


@table(
    Row("square", real),
    Row("sqrt", positive),
    Row("cbrt", nonzero),
    Row("power", positive, real),
    Row("pow", positive, real, like=np.power),
    Row("power", 2.0, real),
    Row("power", positive, 2.5),
    Row("power", real, 3),
    Row("power", real, 2),
    Row("power", nonzero, -2),
    Row("power", real, 1),
    Row("power", real, 0),
    Row("power", real(2, 3), np.array([0, 1, 2], np.int8)),
    Row("float_power", positive, real),
)
class TestPowers(OperatorTable):
    pass


@table(
    Row("maximum", distinct, others),
    Row("minimum", distinct, others),
    Row("fmax", distinct, others),
    Row("fmin", distinct, others),
    Row("maximum", nonzero, 0.0),
    Row("clip", distinct, -0.6, 0.8),
    Row("clip", distinct, others, 5.6),
    Row("clip", distinct, None, others),
    Row("clip", distinct, others, None),
    Row("nan_to_num", real),
    Row("sign", nonzero),
    Row("floor", between),
    Row("ceil", between),
    Row("trunc", between),
    Row("rint", distinct),
    Row("round", distinct, 1),
    Row("around", distinct),
    Row("heaviside", nonzero, real),
)
class TestPiecewise(OperatorTable):
    pass


@table(
    Row("exp", real),
    Row("exp2", real),
    Row("expm1", real),
    Row("log", positive),
    Row("log2", positive),
    Row("log10", positive),
    Row("log1p", positive),
    Row("logaddexp", real, real),
    Row("logaddexp2", real, real),
)
class TestExponentials(OperatorTable):
    pass
