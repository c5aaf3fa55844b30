"""Make the notebooks of the tour and the tutorial from their pages.

python docs/generate_notebooks.py

Prose becomes text cells and programs code cells; a picture that a program draws is shown where the
page shows it, and so is a page that plays the steps. Nothing is run here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
NOTEBOOKS = {"quickstart": "tour.md", "tutorial": "tutorial.md"}

_PIECE = re.compile(
    r"```python\n(?P<code>.*?)```"  # a program
    r"|```text\n(?P<printed>.*?)```"  # what it prints, which the notebook will print itself
    r"|!\[[^\]]*\]\(pictures/tutorial/(?P<picture>[^)]+)\)"
    r'|<iframe src="\S*/(?P<steps>[^"/]+)".*?</iframe>'
    r"|<!-- \S+ -->",
    re.S,
)
_SHOW_STEPS = """\
from html import escape
from pathlib import Path

from IPython.display import HTML

page = escape(Path("{}").read_text("utf-8"))
HTML(f'<div><iframe srcdoc="{{page}}" width="100%" height="520"></iframe></div>')"""


def cells(page: str) -> Iterator[tuple[str, str]]:
    """(kind, text) of each cell."""
    end = 0
    shown: set[str] = set()  # by matplotlib, without being asked
    for found in _PIECE.finditer(page):
        yield "markdown", page[end : found.start()]
        end = found.end()
        if found["code"]:
            yield "code", found["code"]
            shown |= set(re.findall(r'savefig\("([^"]+)"\)', found["code"]))
            for name in re.findall(r'^to_html\(\w+, "(y[^"]+)"', found["code"], re.M):
                yield "code", _SHOW_STEPS.format(name)
        elif found["picture"] and found["picture"] not in shown:
            name = found["picture"]
            yield "code", f'from IPython.display import SVG\n\nSVG("{name}")'
        elif found["steps"]:
            yield "code", _SHOW_STEPS.format(found["steps"])
    yield "markdown", page[end:]


def notebook(page: str) -> dict[str, Any]:
    """A notebook without outputs, in format 4.5."""
    found = [(kind, _linked(text).strip()) for kind, text in cells(page)]
    return {
        "cells": [_cell(n, kind, text) for n, (kind, text) in enumerate(found) if text],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    more = {"execution_count": None, "outputs": []} if kind == "code" else {}
    lines = text.splitlines(keepends=True)
    return {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": lines} | more


def _linked(text: str) -> str:
    """The same with links that lead from notebooks/ to docs/."""
    return re.sub(r"\]\((?!https?:|#)([^)]+)\)", r"](../docs/\1)", text)


def text(name: str) -> str:
    """The notebook of that name, as its file says it."""
    page = (ROOT / "docs" / NOTEBOOKS[name]).read_text("utf-8")
    return json.dumps(notebook(page), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (ROOT / "notebooks").mkdir(exist_ok=True)
    for each in NOTEBOOKS:
        path = ROOT / f"notebooks/{each}.ipynb"
        path.write_text(text(each), "utf-8", newline="\n")
        print(path)
