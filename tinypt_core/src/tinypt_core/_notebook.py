"""How a notebook shows a Variable: drawn by a plugin, if one draws; as text in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinypt_core._registry import ready

if TYPE_CHECKING:
    from tinypt_core._variable import Variable


def mimebundle(variable: Variable) -> dict[str, Any]:
    """Media type -> content. A plugin draws by returning a dict from `tinypt_draw`."""
    bundle: dict[str, Any] = {}
    plugins = ready().plugins
    if plugins is not None:
        options = {"format": "mimebundle"}
        for _, drawn in plugins.call("tinypt_draw", output=variable, to_file=None, options=options):
            if isinstance(drawn, dict):
                bundle |= drawn
    return bundle | {"text/plain": repr(variable)}
