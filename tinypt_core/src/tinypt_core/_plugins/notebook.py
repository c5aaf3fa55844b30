"""How a notebook shows a Variable: drawn by a plugin, if one draws; as text in any case."""

from __future__ import annotations

from typing import Any

from tinypt_core import registry


def mimebundle(variable: Any) -> dict[str, Any]:
    """Media type -> content. A plugin draws by returning a dict from `tinypt_draw`."""
    options = {"format": "mimebundle"}
    drawings = registry.call_plugins("tinypt_draw", output=variable, to_file=None, options=options)
    bundle: dict[str, Any] = {}
    for drawn in drawings:
        if isinstance(drawn, dict):
            bundle |= drawn
    return bundle | {"text/plain": repr(variable)}
