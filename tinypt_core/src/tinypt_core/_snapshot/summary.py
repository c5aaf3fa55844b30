"""Arrays and other values as a few words, for pictures."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

import numpy as np

from tinypt_core._variable import Variable

_TEXT_LIMIT = 60  #: characters of a parameter or a constant


def rounded(value: Any, text: str) -> str:
    """A number in six digits, to be written on a node; anything else as it is.

    >>> rounded(1 / 3, "0.3333333333333333")
    '0.333333'
    """
    number = getattr(value, "item", lambda: value)() if getattr(value, "size", 1) == 1 else value
    return repr(float(f"{number:.6g}")) if type(number) is float else text


def short(value: Any) -> str:
    """A parameter or a constant as text of at most 60 characters.

    >>> short(2), short(np.array([1.0, 2.0])), short(np.zeros((9, 9)))
    ('2', '[1. 2.]', '(9, 9) float64')
    """
    if isinstance(value, Variable):
        value = value._array
    if isinstance(value, np.generic):
        value = np.asarray(value)
    if isinstance(value, np.ndarray):
        text = _small(value)
        return f"{value.shape} {value.dtype}" if text is None else text
    try:
        text = " ".join(repr(value).split())
    except Exception:  # a repr that fails must not take the picture with it
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _TEXT_LIMIT else text[: _TEXT_LIMIT - 1] + "…"


def _small(array: Any) -> str | None:
    """All elements as text, if that is short."""
    if array.size > 6:
        return None
    if not array.ndim:
        return str(array[()])
    text = " ".join(np.array2string(array, precision=4, threshold=6).split())
    return text if len(text) <= _TEXT_LIMIT else None


_CODE_ELEMENTS = 16
_CODE_LIMIT = 500  #: characters
_OBJECT = re.compile(r"<|\bobject at\b|…")
_NOT_FINITE = re.compile(r"(?<![\w.'\"])(nan|inf)(?![\w'\"])")


def exact(value: Any) -> str:
    """Python code that gives the very value, with `np` in scope; "" if it is long or has none.

    >>> exact(1 / 3), exact(np.array([1.0, np.inf])), exact((slice(None), None))
    ('0.3333333333333333', 'np.array([1.0, np.inf])', '(slice(None, None, None), None)')
    """
    if isinstance(value, Variable):
        value = value._array
    if isinstance(value, np.ndarray):
        return _array_code(value)
    if isinstance(value, np.dtype):
        return f"np.dtype({value.str!r})" if value.names is None else ""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # a repr that fails must not take the picture with it
        return ""
    if len(text) > _CODE_LIMIT or _OBJECT.search(text):
        return ""
    return _NOT_FINITE.sub(r"np.\1", text) if "'" not in text else text


def _array_code(array: Any) -> str:
    if array.size > _CODE_ELEMENTS or array.dtype.kind not in "biufc":
        return ""
    plain = array.dtype in (float, int, bool) and array.size
    text = _NOT_FINITE.sub(r"np.\1", repr(array.tolist()))
    return f"np.array({text})" if plain else f"np.array({text}, dtype={array.dtype.str!r})"


class Measure(NamedTuple):
    """How large an array is.

    size: its elements. rms: the root mean square of the finite ones; with its sign if all of them
    have one, so that of a single number it is the number. mixed: 1 if there are both signs.
    bad: how many are NaN or infinite.
    """

    rms: float
    mixed: int
    bad: int
    size: int


def measured(value: Any) -> Measure | None:
    """The Measure of an array or a number; None for anything else.

    >>> measured(np.array([-3.0, -4.0, np.nan]))
    Measure(rms=-3.5355339059327378, mixed=0, bad=1, size=3)
    """
    if not isinstance(value, (np.ndarray, np.generic, float, int, complex)):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        return None
    if array.dtype.kind == "c":
        array = abs(array)
    values = array.astype(float, copy=False).ravel()
    finite = np.isfinite(values)
    bad = int(values.size - np.count_nonzero(finite))
    if values.size == 1:
        return Measure(float(values[0]), 0, bad, 1)
    values = values[finite] if bad else values
    if not values.size:
        return Measure(math.nan if bad else 0.0, 0, bad, array.size)
    low, high = float(values.min()), float(values.max())
    scale = max(-low, high) or 1.0  # so that squares neither overflow nor vanish
    rms = scale * math.sqrt(float(np.mean(np.square(values / scale))))
    return Measure(-rms if high <= 0 and low < 0 else rms, int(low < 0 < high), bad, array.size)


class Summary:
    """What an array holds, in short: its elements, or least, greatest, mean, and how many NaN.

    One Summary looks at 50 million elements in all; what comes after that gets "".

    >>> Summary()(np.arange(10.0))
    'min 0 max 9 mean 4.5'
    """

    def __init__(self, elements: int = 50_000_000) -> None:
        self._left = elements

    def __call__(self, array: Any) -> str:
        if not isinstance(array, (np.ndarray, np.generic)):
            return ""
        array = np.asarray(array)
        text = _small(array)
        if text is not None or array.size > self._left:
            return text or ""
        self._left -= array.size
        return _statistics(array)

    def measure(self, array: Any) -> Measure | None:
        """The `Measure` of an array, while there are elements left to look at."""
        if not isinstance(array, (np.ndarray, np.generic)) or array.size > self._left:
            return None
        self._left -= array.size
        return measured(array)


def _statistics(array: Any) -> str:
    values = array.astype(float, copy=False)
    bad = int(np.count_nonzero(~np.isfinite(values)))
    good = values[np.isfinite(values)] if bad else values
    if not good.size:
        return f"{bad} NaN or Inf"
    with np.errstate(all="ignore"):
        text = f"min {good.min():.4g} max {good.max():.4g} mean {good.mean():.4g}"
    return f"{text}, {bad} NaN or Inf" if bad else text
