"""The sign of an operator, as it stands in its box: `14 ×`, `( )²`, `sin`, `@`."""

from __future__ import annotations

from tinypt_core import Node
from tinypt_viz.expression.names import is_ours, operator_name
from tinypt_viz.expression.signs import derivative_of, index_text, prime
from tinypt_viz.numbers import number, raised
from tinypt_viz.parts import Parts, constant_text
from tinypt_viz.text import clipped

_BETWEEN = {"Add": "+", "Sub": "−", "Mul": "×", "Div": "÷", "MatMul": "@"}
_ALONE = {"Neg": "−( )", "Square": "( )²", "Sqrt": "√", "Reciprocal": "1 ÷", "Absolute": "| |",
          "Sum": "Σ", "Positive": "+( )"}  # fmt: skip


def glyph(parts: Parts, fid: str) -> str:
    """The sign of an operator with the constants it takes."""
    node = parts.nodes[fid]
    if not is_ours(node):
        return parts.call(fid)
    if node.op in _BETWEEN:
        return _between(parts, fid, _BETWEEN[node.op])
    if node.op == "Pow":
        return _power(node)
    if node.op == "Power":
        base, exponent = (
            constant_text(n) if s is None else "( )" for s, n, _ in parts.operands[fid]
        )
        return f"{base}^{exponent}"
    if node.op in _ALONE and not _unusual(node):
        return _ALONE[node.op]
    return _named(parts, fid)


def _between(parts: Parts, fid: str, sign: str) -> str:
    sides = [None if s is not None else constant_text(n) for s, n, _ in parts.operands[fid]]
    left, right = [*sides, None, None][:2]
    return " ".join(part for part in (left, sign, right) if part)


def _power(node: Node) -> str:
    text = node.params.get("c", "")
    if text.lstrip("-").isdigit():
        return f"( ){raised(text)}"
    try:
        return f"( )^{number(float(text))}"
    except ValueError:
        return f"( )^{clipped(text, 12)}"


def _unusual(node: Node) -> bool:
    return any(text not in ("None", "False") for text in node.params.values())


def _named(parts: Parts, fid: str) -> str:
    node = parts.nodes[fid]
    if node.op in ("RiccatiDerivative", "SincDerivative"):
        return derivative_of(node) + prime(int(node.params["n"]))
    if node.op == "GetItem":
        return clipped(f"[{index_text(node.params['slices'])}]")
    if node.op == "Transpose" and node.params.get("axes") == "None":
        return "( )ᵀ"
    name = operator_name(node).rpartition(".")[2]
    call = parts.call(fid)
    return call.replace(node.op, name, 1) if name and call.startswith(node.op) else call
