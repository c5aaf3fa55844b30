"""Graph -> one HTML page that needs nothing else: no network, no server, no other file.

The page holds the whole graph as JSON and a script of its own, which lays out what is unfolded.
Its Content-Security-Policy lets exactly that script run and forbids every request.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from tinypt_core import Graph, Variable, graph
from tinypt_viz.dot import printable
from tinypt_viz.graph_json import document
from tinypt_viz.html.outline import outline

_SCRIPTS = ("model.js", "layout.js", "draw.js", "app.js", "panel.js", "events.js")
_THEMES = ("auto", "light", "dark", "print")


def to_html(
    output: Variable | Iterable[Variable] | Graph,
    to_file: str | os.PathLike[str] = "graph.html",
    verbose: bool = True,
    *,
    theme: str = "auto",
    rankdir: str = "TB",
    max_nodes: int = 300,
    group_by: str = "scope",
) -> None:
    """Write a page to explore the graph behind a Variable (or several, or a Graph)."""
    g = output if isinstance(output, Graph) else graph(output)
    text = page(g, verbose=verbose, theme=theme, rankdir=rankdir, max_nodes=max_nodes, group_by=group_by)
    with open(to_file, "w") as f:
        f.write(text)


def page(g: Graph, *, verbose: bool, theme: str, rankdir: str, max_nodes: int, group_by: str) -> str:
    """The page as text."""
    view = {"verbose": verbose, "rankdir": rankdir, **outline(g, max_nodes, group_by)}
    script, style = script_text(), _style()
    return Template(_read("template.html")).substitute(
        title=escape(_title(g)),
        theme=theme,
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        data=embedded(document(g) | {"view": view}),
    )


def embedded(data: Any) -> str:
    """JSON that no HTML parser can mistake for markup, whatever the names in it.

    >>> embedded({"name": "</script>"})
    '{"name":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


@cache
def script_text() -> str:
    """The script of the page: its parts in one scope, without comments and indentation."""
    lines = "\n".join(map(_read, _SCRIPTS)).splitlines()
    kept = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("//")]
    return '(() => {\n"use strict";\n' + "\n".join(kept) + "\n})();\n"


@cache
def _style() -> str:
    return "\n".join(line.strip() for line in _read("viewer.css").splitlines())


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _title(g: Graph) -> str:
    names = {node.id: node.name for node in g.nodes}
    named = [printable(name) for id in g.outputs if (name := names.get(id))]
    return f"Graph of {', '.join(named)}" if named else "Graph"
