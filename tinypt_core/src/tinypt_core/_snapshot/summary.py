"""Arrays and other values as a few words, for pictures."""

from __future__ import annotations

from typing import Any

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
        value = value._data
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


def _statistics(array: Any) -> str:
    values = array.astype(float, copy=False)
    bad = int(np.count_nonzero(~np.isfinite(values)))
    good = values[np.isfinite(values)] if bad else values
    if not good.size:
        return f"{bad} NaN or Inf"
    with np.errstate(all="ignore"):
        text = f"min {good.min():.4g} max {good.max():.4g} mean {good.mean():.4g}"
    return f"{text}, {bad} NaN or Inf" if bad else text
