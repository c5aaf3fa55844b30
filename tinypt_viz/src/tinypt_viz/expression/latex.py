"""Formulas in LaTeX, for notebooks and papers."""

from __future__ import annotations

import re

from tinypt_viz.expression.pieces import ATOM, POWER, PRODUCT, Piece, held
from tinypt_viz.expression.signs import Signs

_SPECIAL = str.maketrans(
    {c: f"\\{c}" for c in "#$%&_{}"}
    | {"\\": r"\backslash ", "^": r"\hat{}", "~": r"\sim ", "′": "'", "″": "''"}
)
_OWN = [
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "arcsin",
    "arccos",
    "arctan",
    "exp",
    "log",
    "max",
    "min",
    "det",
]
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi "
    "psi omega"
)


class Latex(Signs):
    """Writes LaTeX that KaTeX and MathJax render."""

    minus, times, over, at = "-", r" \cdot ", "/", r" \, "

    def name(self, text: str) -> Piece:
        if text.lower() in _GREEK.split():
            return Piece("\\" + text)
        base, _, index = text.partition("_")
        head, tail = (base, index) if index else _numbered(text)
        if len(head) == 1 and head.isalpha() and tail.isalnum():
            return Piece(f"{head}_{{{tail}}}")
        if len(text) == 1 and text.isalpha():
            return Piece(text, letters=True)
        return Piece(rf"\mathrm{{{escaped(text)}}}")

    def number(self, value: float) -> Piece:
        piece = super().number(value)
        text = _RAISED.sub(lambda found: f"^{{{found[0].translate(_DIGITS)}}}", piece.text)
        text = text.replace("−", "-").replace("·", r" \cdot ").replace("∞", r"\infty")
        if text.lstrip("-").startswith("1/"):
            sign = "-" if text[0] == "-" else ""
            text = rf"{sign}\frac{{1}}{{{text.partition('/')[2]}}}"
        return piece._replace(text=text)

    def value(self, node: object) -> Piece:
        piece = super().value(node)  # type: ignore[arg-type]
        return (
            piece
            if "[" not in piece.text
            else piece._replace(text=rf"\text{{{escaped(piece.text)}}}")
        )

    def multiply(self, a: Piece, b: Piece) -> Piece:
        right = f"({b.text})" if b.text.startswith("-") else held(b, PRODUCT)
        joined = self.joined(a, b)
        text = f"{held(a, PRODUCT)}{' ' if joined else self.times}{right}"
        return Piece(text, PRODUCT, letters=joined)

    def divide(self, a: Piece, b: Piece) -> Piece:
        return Piece(rf"\frac{{{a.text}}}{{{b.text}}}", PRODUCT)

    def power(self, a: Piece, exponent: str) -> Piece:
        try:
            text = self.number(float(exponent)).text
        except ValueError:
            text = rf"\text{{{escaped(exponent)}}}"
        return Piece(f"{_base(a)}^{{{text}}}", POWER, letters=a.letters)

    def general_power(self, a: Piece, b: Piece) -> Piece:
        return Piece(f"{_base(a)}^{{{b.text}}}", POWER)

    def root(self, a: Piece) -> Piece:
        return Piece(rf"\sqrt{{{a.text}}}")

    def absolute(self, a: Piece) -> Piece:
        return Piece(rf"\left|{a.text}\right|")

    def transposed(self, a: Piece) -> Piece:
        return Piece(rf"{_base(a)}^\top", POWER)

    def item(self, a: Piece, index: str) -> Piece:
        return Piece(rf"{held(a, ATOM)}_{{[{escaped(index)}]}}", POWER)

    def primed(self, name: str, order: int, a: Piece) -> Piece:
        mark = "'" * order if order < 3 else f"^{{({order})}}"
        return Piece(rf"{_function(name)}{mark}\left({a.text}\right)")

    def call(self, name: str, args: list[Piece], params: dict[str, str]) -> Piece:
        given = [rf"\text{{{escaped(f'{key}={text}')}}}" for key, text in params.items()]
        inside = ", ".join([*(a.text for a in args), *given])
        return Piece(rf"{_function(name)}\left({inside}\right)")


def escaped(text: str) -> str:
    """Text that LaTeX takes for text, whatever is in it."""
    return text.translate(_SPECIAL)


def _function(name: str) -> str:
    return f"\\{name}" if name in _OWN else rf"\operatorname{{{escaped(name)}}}"


def _base(a: Piece) -> str:
    return a.text if a.level >= ATOM and "^" not in a.text else rf"\left({a.text}\right)"


def _numbered(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"([^\W\d_])(\d+)", text)
    return (found[1], found[2]) if found else (text, "")
