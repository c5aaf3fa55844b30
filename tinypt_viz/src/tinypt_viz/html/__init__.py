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
from dataclasses import replace
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from tinypt_core import Graph, Variable, graph
from tinypt_viz.files import checked, write
from tinypt_viz.graph_json import document
from tinypt_viz.html.outline import outline
from tinypt_viz.html.places import places
from tinypt_viz.labels import printable
from tinypt_viz.options import Options, read
from tinypt_viz.theme import THEMES, colours

_SCRIPTS = ("model.js", "layout.js", "draw.js", "app.js", "panel.js", "events.js")
_SHADES = ("variable", "function", "constant", "group")


def to_html(
    output: Variable | Iterable[Variable] | Graph,
    to_file: str | os.PathLike[str] = "graph.html",
    verbose: bool = True,
    *,
    steps: bool = False,
    **options: Any,
) -> Path:
    """Write a page to explore the graph behind a Variable (or several, or a Graph): its path.

    It zooms, pans, searches, folds and unfolds, and shows what is known of a node, by mouse, touch
    and keyboard. It is one file that opens from disk and asks the network for nothing.
    A large graph is folded at first, as in every picture; the page holds all of it.
    verbose: write shapes, dtypes and parameters. steps: another page, which plays the forward and
    the backward pass step by step, with the arithmetic of each; run the computation inside
    `tinypt_viz.record()` for the gradients.
    options: all of `tinypt_viz.options.Options` but `style`;
    without `theme` the page follows the light or dark setting of the reader.

    Raises TypeError or ValueError for an option that does not exist, OSError if the file cannot
    be written; then a file of that name is as it was.

    >>> import numpy as np, tempfile
    >>> from tinypt_core.ops import sin
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     to_html(sin(Variable(np.array(0.0), name="x")), folder + "/sin.html").name
    'sin.html'
    """
    path, o = checked(to_file), read(verbose, **options)
    g = output if isinstance(output, Graph) else graph(output)
    theme = options.get("theme", "auto")
    if steps:
        from tinypt_viz.html.steps import steps_page

        write(path, steps_page(g, o, theme).encode())
    else:
        write(path, page(g, o, theme).encode())
    return path


def page(g: Graph, options: Options, theme: str = "auto") -> str:
    """The page as text. theme: also "auto", that of the reader's system."""
    script, style = script_text(), style_text()
    view = {"verbose": options.verbose, "rankdir": options.rankdir}
    view |= _painted(g, options, theme) | outline(g, options) | {"placed": places(g, options)}
    return Template(read_text("template.html")).substitute(
        title=escape(_title(g)),
        theme=theme,
        style=style,
        style_hash=hashed(style),
        script=script,
        script_hash=hashed(script),
        data=embedded(document(g) | {"view": view}),
    )


def _painted(g: Graph, options: Options, theme: str) -> dict[str, Any]:
    """The nodes that have a colour of their own, as places in a palette, and the legend."""
    themes = ("light", "dark") if theme == "auto" else (theme,)
    sets = [colours(g, replace(options, theme=name)) for name in themes]
    palette: dict[str, int] = {}

    def place(*shades: str) -> int:
        return palette.setdefault(_either(*shades), len(palette))

    fill = {id: place(*(one.fill[id] for one in sets)) for id in sets[0].fill}
    legend = [
        [entries[0][0], place(*(shade for _, shade in entries))]
        for entries in zip(*(one.legend for one in sets), strict=True)
    ]
    return {"fill": fill, "legend": legend, "palette": list(palette)}


def _either(light: str, dark: str | None = None) -> str:
    return light if dark is None else f"light-dark({light}, {dark})"


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
    return script_of(*_SCRIPTS)


@cache
def script_of(*names: str) -> str:
    """Scripts in one scope, without comments and indentation."""
    lines = "\n".join(map(read_text, names)).splitlines()
    kept = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("//")]
    return '(() => {\n"use strict";\n' + "\n".join(kept) + "\n})();\n"


@cache
def style_text() -> str:
    """The style sheet of the page, with the colours of the package's themes."""
    light, dark, paper = THEMES["light"], THEMES["dark"], THEMES["print"]
    screen = {kind: _either(getattr(light, kind), getattr(dark, kind)) for kind in _SHADES}
    rules = [_variables(":root", screen)]
    rules.append(_variables(':root[data-theme="print"]', {k: getattr(paper, k) for k in _SHADES}))
    return "\n".join([*(line.strip() for line in read_text("viewer.css").splitlines()), *rules])


def _variables(selector: str, colours: dict[str, str]) -> str:
    return f"{selector} {{ {' '.join(f'--{k}: {v};' for k, v in colours.items())} }}"


def read_text(name: str) -> str:
    """A file of this package."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def hashed(text: str) -> str:
    """The hash of a text, as a Content-Security-Policy names it."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _title(g: Graph) -> str:
    names = {node.id: node.name for node in g.nodes}
    named = [printable(name) for id in g.outputs if (name := names.get(id))]
    return f"Graph of {', '.join(named)}" if named else "Graph"
