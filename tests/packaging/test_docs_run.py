"""What the README and the pages show runs, and prints what they say it prints."""

import contextlib
import copy
import importlib
import importlib.util
import io
import math
import pickle
import re
from pathlib import Path

import numpy as np
import pytest

from tinypt_core import TinyptError, Variable

ROOT = Path(__file__).parents[2]
#: pages that other tests run, or that show what is no program of its own
ELSEWHERE = (
    "plugin-authors.md",
    "conformance.md",
    "compile.md",
    "more-data-than-memory.md",
    "gallery.md",
    "hooks.md",
    "tutorial.md",
)
PAGES = ["README.md", "README.zh-CN.md"] + [
    path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if "```python\n" in path.read_text("utf-8") and path.name not in ELSEWHERE
    if path.parent.name != "coming-from"
]


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


def test_pages_that_stand_alone_are_found():
    assert {"docs/index.md", "docs/tour.md", "docs/how-to/training.md"} < set(PAGES)


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


CHINESE = [p.relative_to(ROOT / "docs/zh").as_posix() for p in (ROOT / "docs/zh").rglob("*.md")]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.S | re.M)


def headings(text):
    return re.findall(r"^#+(?= )", FENCE.sub("", text), flags=re.M)


def code_of(text):
    """Programs without comments and docstrings, which are translated; of plain text nothing."""
    blocks = [
        re.sub(r'""".*?"""', "", c if kind else "", flags=re.S)
        for _, kind, c in FENCE.findall(text)
    ]
    lines = [[line.partition("# ")[0].rstrip() for line in block.splitlines()] for block in blocks]
    return [[line for line in block if line] for block in lines]


@pytest.mark.parametrize("page", CHINESE)
def test_a_chinese_page_has_the_headings_and_the_code_of_the_english_one(page):
    chinese = (ROOT / "docs/zh" / page).read_text("utf-8")
    english = (ROOT / "docs" / page).read_text("utf-8")
    assert headings(chinese) == headings(english)
    for ours, theirs in zip(code_of(chinese), code_of(english), strict=True):
        assert ours == theirs


@pytest.mark.parametrize("page", ["README.zh-CN.md", *(f"docs/zh/{page}" for page in CHINESE)])
def test_no_english_sentence_is_left_on_a_chinese_page(page):
    text = FENCE.sub("", (ROOT / page).read_text("utf-8"))
    text = re.sub(
        r'`[^`]*`|"[^"\n]*"|\]\([^)]*\)|<[^>]*>', "", text
    )  # code, targets of links, tags
    left = re.findall(r"[A-Za-z][a-z]+(?:[ ,;:]+[A-Za-z][a-z]*){4,}", text)
    assert left == []
    assert re.search(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]", text) is None  # ，；：！？


def test_every_page_is_in_the_navigation_of_its_language():
    site = (ROOT / "mkdocs.yml").read_text("utf-8")
    nav, _, _ = site.partition("\nnav:\n")[2].partition("\nmarkdown_extensions:")
    for path in (ROOT / "docs").rglob("*.md"):
        page = path.relative_to(ROOT / "docs").as_posix()
        assert re.search(rf"[ -]{re.escape(page)}$", nav, flags=re.M), page
    chinese = site.partition("\n  zh:")[2].partition("\nextra_css:")[0]
    for page in CHINESE:
        url = f"zh/{page.removesuffix('.md')}/".replace("zh/index/", "zh/")
        assert f"url: {url}}}" in chinese, url


def test_the_reference_has_every_public_name():
    pages = "".join(p.read_text("utf-8") for p in (ROOT / "docs/reference").glob("*.md"))
    core = [
        "tinypt_core",
        *(f"tinypt_core.{m}" for m in ["registry", "testing", "batching", "summary"]),
    ]
    for module in [*core, "tinypt_viz", "tinypt_compile"]:
        names = set(importlib.import_module(module).__all__) - {"ops", "registry", "hookimpl"}
        missing = [n for n in sorted(names) if f"::: {module}.{n}\n" not in pages]
        assert missing == [], module


def test_the_benchmark_page_is_the_readme_s():
    spec = importlib.util.spec_from_file_location(
        "benchmarks", ROOT / "docs/generate_benchmarks.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs/benchmarks.md").read_text("utf-8") == module.page()
