"""Numbers and shapes as a reader likes them: four digits, a real minus, 1/6, 5.2·10⁻¹⁰, 8×16."""

from __future__ import annotations

import math
from typing import Any

_RAISED = str.maketrans("0123456789-+()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁽⁾ⁿ")
_LARGEST_Q = 1_000_000
_PLAIN = 1e6  #: integers below are written out


def raised(text: str) -> str:
    """Digits as an exponent: "-10" -> "⁻¹⁰"."""
    return text.translate(_RAISED)


def number(value: Any, digits: int = 4) -> str:
    """A number to read.

    >>> [number(x) for x in (2.0, -1 / 6, 0.73105857863, 5.2e-10, 1876, float("nan"))]
    ['2', '−1/6', '0.7311', '5.2·10⁻¹⁰', '1876', 'NaN']
    """
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, complex):
        return _complex(value, digits)
    value = float(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "−∞" if value < 0 else "∞"
    sign = "−" if value < 0 else ""
    return sign + _positive(abs(value), digits)


def _positive(value: float, digits: int) -> str:
    if value == int(value) and value < _PLAIN:
        return str(int(value))
    text = f"{value:.{digits}g}"
    if float(text) != value and (q := _inverse(value)):
        return f"1/{q}"
    mantissa, _, exponent = text.partition("e")
    if not exponent and value >= 1e-3:
        return text
    if not exponent:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    power = f"10{raised(str(int(exponent)))}"
    return power if mantissa == "1" else f"{mantissa}·{power}"


def _inverse(value: float) -> int:
    """q if the value is exactly the float nearest to 1/q, else 0."""
    if not 1 / _LARGEST_Q < value < 1:
        return 0
    q = round(1 / value)
    return q if 1 / q == value else 0


def _complex(value: complex, digits: int) -> str:
    sign = "−" if value.imag < 0 or math.copysign(1, value.imag) < 0 else "+"
    return f"({number(value.real, digits)} {sign} {number(abs(value.imag), digits)}i)"


def sized(shape: Any, dtype: str | None = None) -> str:
    """A shape, and the dtype where it is not float64: "8×16", "8×16 float32"; "" for a scalar.

    >>> sized((8, 16), "float64"), sized((3,), "int64"), sized((), "float64")
    ('8×16', '3 int64', '')
    """
    text = "×".join(map(str, shape)) if shape else ""
    return text if dtype in (None, "float64") else f"{text} {dtype}".strip()


def magnitude(measure: Any, digits: int = 4) -> str:
    """A `Measure` to read: the number, or ± and the root mean square; what is NaN in words.

    >>> magnitude((-0.19661, 0, 0, 1)), magnitude((1.1e-10, 1, 0, 4)), magnitude((1.0, 0, 1, 4))
    ('−0.1966', '±1.1·10⁻¹⁰', '1 of 4 NaN/∞')
    """
    rms, mixed, bad, size = measure
    if bad:
        return f"{bad} of {size} NaN/∞" if size > 1 else number(rms) if rms == rms else "NaN"
    if size > 1:
        digits = 2
    return "±" * bool(mixed) + number(rms, digits)
