"""What is written on a node, and what is told about it."""

from __future__ import annotations

import re
from typing import Any

from tinypt_core import Node


def label(node: Node, verbose: bool) -> str:
    """The text on a node."""
    text = _text(node, verbose)
    if node.kind == "group":
        return f"{text}\n{node.hidden} nodes"
    return f"{text} ×{node.merged}".lstrip() if node.merged > 1 else text


def _text(node: Node, verbose: bool) -> str:
    if node.kind == "variable" and verbose and node.dtype is not None:
        size = f"{node.shape} {node.dtype}"
        return f"{node.label}: {size}" if node.name is not None else size
    if node.kind == "function" and verbose and node.params:
        return f"{node.label}({', '.join(f'{k}={v}' for k, v in node.params.items())})"
    return node.label


def tooltip(node: Node) -> str:
    """Everything known about a node, one fact a line."""
    facts: dict[str, Any] = {
        "from": node.provider,
        "shape": node.shape,
        "dtype": node.dtype,
        "bytes": node.nbytes,
        "value": node.value,
        "gradient": node.gradient,
        "derivative": node.derivative or None,
        "output": f"{node.output_index} of {node.output_count}" if node.output_count > 1 else None,
        "scope": "/".join(node.scope),
        "called at": node.site,
        **node.info,
    }
    lines = [f"{key}: {fact}" for key, fact in facts.items() if fact not in (None, "")]
    return "\n".join([label(node, True), *lines])


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Text that XML can carry: control characters as their pictures.

    >>> printable("a\\x00b")
    'a␀b'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(lambda found: _picture(ord(found[0])), text)


def _picture(code: int) -> str:
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"
