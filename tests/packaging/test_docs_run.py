"""What the README and the pages show runs, and prints what they say it prints."""

import contextlib
import copy
import io
import math
import pickle
import re
from pathlib import Path

import numpy as np
import pytest

from tinypt_core import TinyptError, Variable

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md", "README.zh-CN.md", "docs/index.md", "docs/tour.md", "docs/pictures.md",
    "docs/many-at-once.md", "docs/array-api.md", "docs/serious-plugin.md",
    "docs/never-silently-wrong.md",
]  # fmt: skip


def programs(page):
    return "".join(re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), flags=re.S))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = programs(page)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, page, "exec"), {"__name__": page})
    promised = re.findall(r"print\(.*\)  # ([-\d.\[\] ]+\d\]?)", code)
    for value in promised:
        assert value in printed.getvalue(), value
    assert code.strip()


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_two_commands_stand_in_every_readme(page):
    text = (ROOT / page).read_text()
    assert "\npip install -r requirements.txt && python examples/quickstart.py\n" in text
    assert "\npip install -r requirements-dev.txt && pytest\n" in text


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name)
def test_a_page_of_the_site_links_to_pages_of_the_site(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith("http"):
            found = (page.parent / target).resolve()
            assert found.exists(), target
            assert (ROOT / "docs") in found.parents, target


def refused():
    """The programs of the table of what is refused, but those that need a setting of their own."""
    page = (ROOT / "docs/never-silently-wrong.md").read_text()
    table = page.partition("| refused | write |")[2].partition("Where NumPy itself")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:] if "|" in line]
    programs = [p for c in cells if "inside `grad`" not in c for p in re.findall(r"`([^`]+)`", c)]
    return [p for p in programs if "..." not in p and not p.endswith(("=", "backward()"))]


@pytest.mark.parametrize("program", refused())
def test_what_the_page_says_is_refused_is_refused(program):
    x = Variable(np.arange(1.0, 4.0))
    v = x * x
    space = {
        "np": np, "Variable": Variable, "math": math, "copy": copy, "pickle": pickle,
        "x": x, "u": v, "v": v, "y": v, "loss": np.sum(v), "a": np.ones(3), "g": np.ones(2),
        "n": 3, "i": np.arange(3),
    }  # fmt: skip
    with pytest.raises((TypeError, TinyptError)):
        exec(program, space)


def test_both_readmes_have_the_same_sections_and_the_same_code():
    def outline(page):
        text = (ROOT / page).read_text()
        code = re.findall(r"```\w+\n(.*?)```", text, flags=re.S)
        bare = [[line.partition("#")[0].rstrip() for line in c.splitlines()] for c in code]
        return (
            len(re.findall(r"^## ", text, flags=re.M)),
            len(re.findall(r"^\|", text, flags=re.M)),
            bare,
        )

    assert outline("README.md") == outline("README.zh-CN.md")
