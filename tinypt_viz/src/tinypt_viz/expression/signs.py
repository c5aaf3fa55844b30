"""An operator and its operands as a formula: the sign a textbook has for it, else a call."""

from __future__ import annotations

import re
from collections.abc import Callable

from tinypt_core import Node
from tinypt_viz.expression.names import is_ours, operator_name, parameters
from tinypt_viz.expression.pieces import ATOM, MATMUL, POWER, PRODUCT, SIGN, SUM, Piece, held
from tinypt_viz.numbers import number, raised, sized

_SLICE = re.compile(r"slice\(([^(),]+), ([^(),]+), ([^(),]+)\)")
_PLAIN_NAME = re.compile(r"[^\W\d]\w*[′″]?", re.UNICODE)


class Signs:
    """Writes with Unicode signs. A subclass writes the same in another notation."""

    minus, times, over, at = "−", "·", "/", " @ "
    joins = True  #: whether x times y may be written xy

    # -- what has no operands --------------------------------------------------------------------

    def name(self, text: str) -> Piece:
        """A name as it stands if it reads as one, else in quotes."""
        plain = _PLAIN_NAME.fullmatch(text) is not None
        return Piece(text if plain else f"‘{text}’", letters=len(text) == 1 and plain)

    def value(self, node: Node) -> Piece:
        """What a constant or an unnamed leaf holds, in short."""
        size = node.shape, node.dtype
        numeric = node.measure is not None and not node.shape and node.dtype != "bool"
        if numeric and not (node.dtype or "").startswith("complex") and "j" not in node.value:
            return self.number(node.measure.rms if node.measure else 0.0)
        text = " ".join(node.value.replace("-", self.minus).split())
        if not text or len(text) > 24 or text == f"{node.shape} {node.dtype}":
            text = "seed" if node.kind == "variable" and node.derivative else sized(*size)
            text = f"[{text or '?'}]"
        return Piece(text)

    def number(self, value: float) -> Piece:
        """A number; 1/6 binds as a quotient does, 5.2·10⁻¹⁰ as a product."""
        text = number(value)
        level = SIGN if text[0] == "−" else PRODUCT if "/" in text or "·" in text else ATOM
        return Piece(text, level, number=text.replace(".", "").isdigit())

    # -- signs -----------------------------------------------------------------------------------

    def add(self, a: Piece, b: Piece) -> Piece:
        if b.level <= SIGN and b.text.startswith(self.minus):
            return Piece(f"{a.text} {self.minus} {b.text[len(self.minus) :].lstrip()}", SUM)
        return Piece(f"{a.text} + {b.text}", SUM)

    def subtract(self, a: Piece, b: Piece) -> Piece:
        if b.text.startswith(self.minus):
            b = b._replace(level=SUM)
        return Piece(f"{a.text} {self.minus} {held(b, MATMUL)}", SUM)

    def multiply(self, a: Piece, b: Piece) -> Piece:
        for one, other in ((a, b), (b, a)):
            if self._is_inverse(one) and other.level >= PRODUCT:
                return self._scaled(one, other)
        right = held(b, PRODUCT) if not b.text.startswith(self.minus) else f"({b.text})"
        joined = self.joined(a, b)
        text = f"{held(a, PRODUCT)}{'' if joined else self.times}{right}"
        return Piece(text, PRODUCT, letters=joined)

    def joined(self, a: Piece, b: Piece) -> bool:
        """Whether a product needs no sign: 14x, 6xy."""
        follows = b.letters and not b.text[0].isdigit()
        return follows and (a.number or (a.letters and self.joins))

    def _is_inverse(self, a: Piece) -> bool:
        """Whether a piece is a number 1/q."""
        one, _, q = a.text.lstrip(self.minus).partition("/")
        return one == "1" and q.isdigit()

    def _scaled(self, a: Piece, b: Piece) -> Piece:
        """x³/6 for 1/6 times x³, and −x³/6 for −1/6 times it."""
        sign = self.minus if a.text.startswith(self.minus) else ""
        inner = self.divide(b, Piece(a.text.rpartition("/")[2], number=True))
        if inner.text.startswith(self.minus):
            return Piece(f"{sign}({inner.text})" if sign else inner.text, SIGN)
        return Piece(sign + inner.text, SIGN if sign else PRODUCT)

    def divide(self, a: Piece, b: Piece) -> Piece:
        return Piece(f"{held(a, PRODUCT)}{self.over}{held(b, POWER)}", PRODUCT)

    def matmul(self, a: Piece, b: Piece) -> Piece:
        left = a.text if a.level == MATMUL else held(a, SIGN)
        return Piece(f"{left}{self.at}{held(b, POWER)}", MATMUL)

    def negate(self, a: Piece) -> Piece:
        text = f"({a.text})" if a.text.startswith(self.minus) else held(a, PRODUCT)
        return Piece(self.minus + text, SIGN)

    def power(self, a: Piece, exponent: str) -> Piece:
        base = held(a, ATOM) if "^" not in a.text else f"({a.text})"
        if re.fullmatch(r"-?\d+", exponent):
            return Piece(base + raised(exponent), POWER, letters=a.letters)
        return Piece(f"{base}^{self._exponent(exponent)}", POWER)

    def _exponent(self, code: str) -> str:
        try:
            return held(self.number(float(code)), ATOM)
        except ValueError:
            return f"({code})"

    def general_power(self, a: Piece, b: Piece) -> Piece:
        base = held(a, ATOM) if "^" not in a.text else f"({a.text})"
        return Piece(f"{base}^{held(b, ATOM)}", POWER)

    def root(self, a: Piece) -> Piece:
        return Piece(f"√{held(a, ATOM)}", POWER)

    def absolute(self, a: Piece) -> Piece:
        return Piece(f"|{a.text}|") if "|" not in a.text else self.call("abs", [a], {})

    def transposed(self, a: Piece) -> Piece:
        return Piece(f"{held(a, ATOM)}ᵀ", POWER)

    def item(self, a: Piece, index: str) -> Piece:
        return Piece(f"{held(a, ATOM)}[{index}]", ATOM)

    def primed(self, name: str, order: int, a: Piece) -> Piece:
        """The derivative of a function: tanh′(x), tanh⁽⁴⁾(x)."""
        return self.call(name + prime(order), [a], {})

    def call(self, name: str, args: list[Piece], params: dict[str, str]) -> Piece:
        given = [f"{key}={text.replace('-', self.minus)}" for key, text in params.items()]
        return Piece(f"{name}({', '.join([*(a.text for a in args), *given])})")

    # -- any operator ----------------------------------------------------------------------------

    def of(self, node: Node, args: list[Piece]) -> Piece:
        """What an operator makes of its operands."""
        write = _SIGNS.get(node.op) if is_ours(node) else None
        found = write(self, node, args) if write is not None else None
        return self._call(node, args) if found is None else found

    def _call(self, node: Node, args: list[Piece]) -> Piece:
        name = operator_name(node)
        return self.call(name.rpartition(".")[2] or node.op, args, parameters(node, name))


def prime(order: int) -> str:
    """′, ″, ⁽⁴⁾."""
    return " ′″"[order] if order < 3 else f"⁽{raised(str(order))}⁾"


def index_text(code: str) -> str:
    """An index as it is written: "(slice(None, None, None), None)" -> ":, None"."""
    text = _SLICE.sub(lambda found: _colons(*found.groups()), code)
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].rstrip(",")
    return text


def _colons(start: str, stop: str, step: str) -> str:
    start, stop, step = ("" if part == "None" else part for part in (start, stop, step))
    return f"{start}:{stop}" + (f":{step}" if step else "")


_Sign = Callable[[Signs, Node, list[Piece]], "Piece | None"]


def _derivative(w: Signs, node: Node, args: list[Piece]) -> Piece:
    return w.primed(derivative_of(node), int(node.params["n"]), args[0])


def derivative_of(node: Node) -> str:
    """The function whose derivative an operator is: "tanh"."""
    if node.op == "SincDerivative":
        return "sinc"
    return "tanh" if node.params.get("s") == "-1" else "tan"


_SIGNS: dict[str, _Sign] = {
    "Add": lambda w, node, args: w.add(*args),
    "Sub": lambda w, node, args: w.subtract(*args),
    "Mul": lambda w, node, args: w.multiply(*args),
    "Div": lambda w, node, args: w.divide(*args),
    "Neg": lambda w, node, args: w.negate(*args),
    "MatMul": lambda w, node, args: w.matmul(*args),
    "Pow": lambda w, node, args: w.power(args[0], node.exact.get("c") or node.params["c"]),
    "Power": lambda w, node, args: w.general_power(*args),
    "Square": lambda w, node, args: w.power(args[0], "2"),
    "Sqrt": lambda w, node, args: w.root(*args),
    "Reciprocal": lambda w, node, args: w.divide(w.number(1), args[0]),
    "Absolute": lambda w, node, args: w.absolute(*args),
    "Transpose": lambda w, node, args: (
        w.transposed(*args) if node.params.get("axes") == "None" else None
    ),
    "GetItem": lambda w, node, args: w.item(
        args[0], index_text(node.exact.get("slices") or node.params["slices"])
    ),
    "RiccatiDerivative": _derivative,
    "SincDerivative": _derivative,
}
