"""tinypt-viz: draws tinypt graphs as text, pictures and pages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinypt_viz.dot import get_dot_graph, to_graphviz
    from tinypt_viz.expression import formula
    from tinypt_viz.failure import on_error
    from tinypt_viz.graph_json import to_json
    from tinypt_viz.html import to_html
    from tinypt_viz.mermaid import to_mermaid
    from tinypt_viz.options import Options
    from tinypt_viz.recording import record
    from tinypt_viz.render import RenderError, plot_dot_graph
    from tinypt_viz.scopes import scope

__version__ = "0.1.0"

#: where each public name lives; a module is imported on the first use of one of its names
_HOMES = {
    "Options": "options",
    "RenderError": "render",
    "formula": "expression",
    "get_dot_graph": "dot",
    "on_error": "failure",
    "plot_dot_graph": "render",
    "record": "recording",
    "scope": "scopes",
    "to_graphviz": "dot",
    "to_html": "html",
    "to_json": "graph_json",
    "to_mermaid": "mermaid",
}

__all__ = [
    "Options",
    "RenderError",
    "formula",
    "get_dot_graph",
    "on_error",
    "plot_dot_graph",
    "record",
    "scope",
    "to_graphviz",
    "to_html",
    "to_json",
    "to_mermaid",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tinypt_viz' has no attribute {name!r}")
    value = getattr(import_module(f"tinypt_viz.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
