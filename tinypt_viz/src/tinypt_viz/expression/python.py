"""Formulas as Python that runs as it stands, with `np` and the named leaves in scope."""

from __future__ import annotations

import keyword
from collections.abc import Callable

from tinypt_core import Node
from tinypt_viz.expression.names import is_ours, numpys, operator_name, parameters
from tinypt_viz.expression.pieces import ATOM, MATMUL, POWER, PRODUCT, SIGN, SUM, Piece, held
from tinypt_viz.expression.signs import index_text

RESERVED = {"np", "ops"}


def is_name(text: str) -> bool:
    """Whether Python takes a text for a name, and it is not one the code needs itself."""
    return text.isidentifier() and not keyword.iskeyword(text) and text not in RESERVED


class Python:
    """Writes NumPy calls. needs_ops: whether one was written that only tinypt has."""

    needs_ops = False
    joins = False

    def name(self, text: str) -> Piece:
        if not is_name(text):
            raise ValueError(f"{text!r} is no name in Python; give the Variable one that is")
        return Piece(text)

    def value(self, node: Node) -> Piece:
        if not node.code:
            what = f"{node.shape} {node.dtype}"
            raise ValueError(
                f"a constant or an unnamed Variable of {what} is too large to be written; "
                "give it a name: Variable(array, name='x')"
            )
        return Piece(node.code, SIGN if node.code.startswith("-") else ATOM)

    def of(self, node: Node, args: list[Piece]) -> Piece:
        """What an operator makes of its operands."""
        write = _INFIX.get(node.op) if is_ours(node) else None
        return self._call(node, args) if write is None else write(node, args)

    def _call(self, node: Node, args: list[Piece]) -> Piece:
        texts, params = [a.text for a in args], _written(node)
        name = operator_name(node)
        if node.op in _LISTS and is_ours(node):
            texts = [f"[{', '.join(texts)}]"]
        if node.op == "Einsum" and is_ours(node):
            texts = [params.pop("subscripts"), *texts]
        if not name or not all(params.values()):
            raise ValueError(_cannot(node, params))
        if numpys(name) is None:
            self.needs_ops = True
            return Piece(f"ops.{name}({_listed(texts, params)}).data")
        return Piece(f"np.{name}({_listed(texts, params)})")


def _written(node: Node) -> dict[str, str]:
    """The parameters to spell out, each as code; "" for one that has none."""
    return {key: node.exact.get(key, "") for key in parameters(node, operator_name(node))}


def _listed(texts: list[str], params: dict[str, str]) -> str:
    return ", ".join([*texts, *(f"{key}={code}" for key, code in params.items())])


def _cannot(node: Node, params: dict[str, str]) -> str:
    what = f"{node.op} of {node.provider}"
    lost = [key for key, code in params.items() if not code]
    if lost:
        return f"{what} has parameters that cannot be written as code: {', '.join(lost)}"
    return f"{what} is registered by no name, so no code can call it; form='text' shows it"


#: operators whose operands NumPy takes as one list
_LISTS = {"Stack", "Concatenate", "Vstack", "Hstack", "Dstack", "ColumnStack"}

_Infix = Callable[[Node, list[Piece]], Piece]


def _infix(sign: str, level: int, left: int, right: int) -> _Infix:
    return lambda node, args: Piece(f"{held(args[0], left)} {sign} {held(args[1], right)}", level)


def _power(node: Node, args: list[Piece]) -> Piece:
    exponent = node.exact["c"]
    exponent = f"({exponent})" if exponent.startswith("-") else exponent
    return Piece(f"{held(args[0], ATOM)}**{exponent}", POWER)


def _riccati(node: Node, args: list[Piece]) -> Piece:
    """The n-th derivative of y where y′ = 1 + s y², a polynomial in y, highest power first."""
    s, n = int(node.params["s"]), int(node.params["n"])
    factor, slope = [1], f"(1 + {args[1].text}**2)" if s > 0 else None
    y = held(args[1], ATOM)
    slope = f"(1 + {y}*{y})" if s > 0 else f"(1 - {y})*(1 + {y})"
    for _ in range(n - 1):  # (1 + s y²) q, differentiated; lowest power first
        product = [0] * (len(factor) + 2)
        for i, c in enumerate(factor):
            product[i] += c
            product[i + 2] += s * c
        factor = [i * c for i, c in enumerate(product)][1:]
    return Piece(f"{slope}*np.polyval({factor[::-1]}, {args[1].text})", PRODUCT)


def _astype(node: Node, args: list[Piece]) -> Piece:
    return Piece(f"{held(args[0], ATOM)}.astype({node.exact['dtype']})")


def _item(node: Node, args: list[Piece]) -> Piece:
    return Piece(f"{held(args[0], ATOM)}[{index_text(node.exact['slices'])}]")


_INFIX: dict[str, _Infix] = {
    "Add": _infix("+", SUM, SUM, MATMUL),
    "Sub": _infix("-", SUM, SUM, MATMUL),
    "Mul": _infix("*", PRODUCT, PRODUCT, SIGN),
    "Div": _infix("/", PRODUCT, PRODUCT, SIGN),
    "MatMul": _infix("@", MATMUL, SIGN, SIGN),
    "Power": _infix("**", POWER, ATOM, ATOM),
    "Neg": lambda node, args: Piece(f"-{held(args[0], POWER)}", SIGN),
    "Pow": _power,
    "GetItem": _item,
    "Astype": _astype,
    "RiccatiDerivative": _riccati,
}
