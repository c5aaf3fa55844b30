"""How wide text is, without any font: the widths of Helvetica, Arial and Liberation Sans."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import combining, east_asian_width

FONT = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

#: thousandths of the size, of the characters from space to tilde
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_OTHERS = dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾⁺ⁿ₀₁₂₃₄₅₆₇₈₉", 370) | {
    "−": 584, "·": 333, "×": 584, "÷": 584, "±": 584, "≤": 584, "′": 230, "″": 400, "…": 1000,
    "∞": 740, "Σ": 640, "√": 600, "→": 1000, "ᵀ": 480, "‘": 222, "’": 222,
}  # fmt: skip


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float = 14.0, bold: bool = False) -> float:
    """About how wide a line is, in pixels.

    >>> text_width("W") > text_width("i"), text_width("W", bold=True) > text_width("W")
    (True, True)
    """
    return sum(map(_width, text)) * size / 1000 * (1.07 if bold else 1.0)


def _width(letter: str) -> float:
    code = ord(letter)
    if 32 <= code < 127:
        return _ASCII[code - 32]
    if letter in _OTHERS:
        return _OTHERS[letter]
    if combining(letter):
        return 0
    return 1000 if east_asian_width(letter) in "WF" else 640


def clipped(text: str, most: int = 40) -> str:
    """Text of at most so many characters, on one line."""
    text = re.sub(r"[\r\n]+", " ", text)
    return text if len(text) <= most else text[: most - 1] + "…"
