"""Tooltips: all that is known of a node, in the order a reader asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from tinypt_core import Edge, Node
from tinypt_viz.numbers import magnitude, sized


def tip(node: Node, expression: str = "", shares: Iterable[Edge] = ()) -> str:
    """name or expression; the call; value; gradient and its shares; shape, dtype, bytes; source
    line; package; how many operators it stands for."""
    lines = [node.name or expression or node.label or node.op]
    if node.kind == "function":
        params = ", ".join(f"{key}={text}" for key, text in node.params.items())
        lines.append(f"{node.op or node.label}({params})")
    lines += _facts(node, list(shares))
    return "\n".join(line for line in lines if line)


def _facts(node: Node, shares: list[Edge]) -> list[str]:
    size = sized(node.shape, node.dtype or None) or ("scalar" if node.shape == () else "")
    facts = {
        "value": node.value or (magnitude(node.measure) if node.measure else ""),
        "gradient": node.gradient or (magnitude(node.slope) if node.slope else ""),
        "shape": size,
        "dtype": node.dtype,
        "bytes": node.nbytes,
        "derivative": node.derivative or None,
        "output": f"{node.output_index} of {node.output_count}" if node.output_count > 1 else None,
        "scope": "/".join(node.scope),
        "called at": node.site,
        "from": node.provider,
        **node.info,
    }
    lines = [f"{key}: {fact}" for key, fact in facts.items() if fact not in (None, "")]
    uses = [edge.slope for edge in shares if edge.slope is not None]
    if len(uses) > 1:
        at = next((i for i, line in enumerate(lines) if line.startswith("shape")), len(lines))
        lines.insert(at, f"shares of its {len(uses)} uses: {', '.join(map(magnitude, uses))}")
    for many, what in ((node.merged, "operators"), (node.hidden, "nodes besides itself")):
        if many > (what == "operators"):
            lines.append(f"stands for {many} {what}")
    return lines
