"""Elementwise functions of the standard."""

from __future__ import annotations

from typing import Any

from tinypt_core.array_api._call import binary, call, unary

#: where the operator has another name than the function
_OTHER = {
    "abs": "absolute",
    "bitwise_invert": "invert",
    "bitwise_left_shift": "left_shift",
    "bitwise_right_shift": "right_shift",
    "conj": "conjugate",
    "pow": "power",
}

_UNARY = """
    abs acos acosh asin asinh atan atanh bitwise_invert ceil conj cos cosh exp expm1 floor imag
    isfinite isinf isnan log log10 log1p log2 logical_not negative positive real reciprocal round
    sign signbit sin sinh sqrt square tan tanh trunc
""".split()  # noqa: SIM905

_BINARY = """
    add atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign
    divide equal floor_divide greater greater_equal hypot less less_equal logaddexp logical_and
    logical_or logical_xor maximum minimum multiply nextafter not_equal pow remainder subtract
""".split()  # noqa: SIM905

for _name in _UNARY:
    globals()[_name] = unary(_name, _OTHER.get(_name, ""))
for _name in _BINARY:
    globals()[_name] = binary(_name, _OTHER.get(_name, ""))


def clip(x: Any, /, min: Any = None, max: Any = None) -> Any:
    """The operator `clip`; the result has the dtype of x."""
    y = call("clip", x, min, max)
    return y if y.dtype == x.dtype else call("astype", y, x.dtype)


__all__ = [*_UNARY, *_BINARY, "clip"]
