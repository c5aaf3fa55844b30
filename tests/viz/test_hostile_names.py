"""Names and file names made to break quoting: shown as given, and nothing is executed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from tinypt_viz.text import clipped

from tinypt_core import Function, Variable
from tinypt_viz import get_dot_graph, plot_dot_graph, record, render, scope

SVG = "{http://www.w3.org/2000/svg}"
TITLE = "{http://www.w3.org/1999/xlink}title"

NAMES = [
    'say "hi"',
    "it's",
    "two\nlines",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "<html>",
    "back\\slash",
    "ends in \\",
    '\\"',
    "\\N \\G \\L \\T",
    "a\\nb\\lc\\r",
    "&lt;&amp;&#65; & more",
    "a:b:c",
    "port:n",
    "{record|field}",
    "]; evil [label=x",
    "digraph",
    "-->  <!-- -->",
    "]]>",
    "$(touch gotcha)",
    "`touch gotcha`; rm -rf x",
    "%s %d {0}",
    "😀 ñ 漢字",
    "",
    "x" * 2000,
]

FILES = [
    "with space",
    "semi;colon",
    "$(touch gotcha)",
    "`touch gotcha`",
    "a && touch gotcha",
    "a | touch gotcha",
    "'single'",
    '"double"' if os.name != "nt" else "double",
    "-Tpdf",
    "--help",
    "-o gotcha",
    "%TEMP%",
    "$HOME",
    "~",
    "a\nb" if os.name != "nt" else "ab",
    "naïve ☃ 漢字",
    "😀",
    "a.b.c",
    "#hash",
    "back\\slash" if os.name != "nt" else "backslash",
    "*?" if os.name != "nt" else "star",
    "<angle>" if os.name != "nt" else "angle",
]

PROGRAMS = [
    "built-in",
    pytest.param("dot", marks=pytest.mark.skipif(not shutil.which("dot"), reason="needs dot")),
    pytest.param(
        render._embedded(),
        marks=pytest.mark.skipif(not render._embedded(), reason="needs tinypt-viz[render]"),
        id="embedded",
    ),
]


SHAPES = {SVG + name for name in ("rect", "ellipse", "polygon", "path")}


class Sin(Function):
    def __init__(self, note: str = "") -> None:
        self.note = note

    def forward(self, x: Any) -> Any:
        return np.sin(x)

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * np.cos(x)


def named(name: str) -> Variable:
    y = Sin()(Variable(np.array(1.0), name))
    y.name = name
    return y


def shown(path: Path) -> tuple[list[str], list[str]]:
    """What is written on the nodes, and their tooltips."""
    written, tips = [], []
    for g in ElementTree.parse(path).iter(SVG + "g"):
        if not g.get("class", "").startswith("node"):
            continue
        if not any(e.tag in SHAPES for e in g.iter()):
            continue  # a caption, which the program takes for a node
        lines = [t.text or "" for t in g.iter(SVG + "text")]
        written.append("\n".join(lines).replace("\N{NO-BREAK SPACE}", " "))
        tips += [a.get(TITLE, "").splitlines()[0] for a in g.iter(SVG + "a") if a.get(TITLE)]
    return written, tips


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", NAMES)
def test_the_svg_shows_the_name_as_it_was_given(name: str, program: str, tmp_path: Path) -> None:
    path = plot_dot_graph(named(name), False, tmp_path / "g.svg", program=program, time_limit=60)
    written, _ = shown(path)
    expected = clipped(name)  # one line, of at most 40 characters
    leaf = expected if name else "1"  # one without a name shows its value
    assert sorted(written) == sorted([leaf, "Sin", expected])
    assert [p.name for p in tmp_path.iterdir()] == ["g.svg"]


@pytest.mark.parametrize("program", PROGRAMS[1:])
@pytest.mark.parametrize("name", [n for n in NAMES if n and "\n" not in n])
def test_so_does_the_tooltip(name: str, program: str, tmp_path: Path) -> None:
    path = plot_dot_graph(named(name), True, tmp_path / "g.svg", program=program, time_limit=60)
    _, tips = shown(path)
    assert [t.replace("\N{NO-BREAK SPACE}", " ") for t in tips].count(name) == 2


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_xml_cannot_hold_is_drawn_as_a_sign(program: str, tmp_path: Path) -> None:
    name = "a\x00b\x1bc\ud800d\x7fe\rf"
    path = plot_dot_graph(named(name), False, tmp_path / "g.svg", program=program, time_limit=60)
    assert shown(path)[0].count("a␀b␛c\N{REPLACEMENT CHARACTER}d␡e f") == 2


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", NAMES)
def test_parameters_scopes_and_notes_are_as_safe(name: str, program: str, tmp_path: Path) -> None:
    with scope(name):
        y = Sin(name)(Variable(np.array(1.0), "x"))
    y.creator.info[name] = name
    path = plot_dot_graph(y, True, tmp_path / "g.svg", program=program, time_limit=60)
    assert len(shown(path)[0]) == 3


@pytest.mark.parametrize("options", [
    {"style": "textbook"}, {"style": "formula"}, {"style": "gradient"}, {"style": "model"},
    {"collapse": ("expressions",)},
])  # fmt: skip
def test_names_are_text_in_every_style(options: dict[str, Any], tmp_path: Path) -> None:
    total: Any = Variable(np.array(2.0), "w")
    for name in NAMES:
        with scope(name), record():
            total = total + Sin(name)(Variable(np.array(1.0), name))
        total.name = name
    total.backward()
    path = plot_dot_graph(total, True, tmp_path / "g.svg", program="built-in", **options)
    root = ElementTree.parse(path).getroot()  # it is XML, whatever the names
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert kinds <= {"svg", "title", "defs", "marker", "path", "rect", "ellipse", "g", "text"}
    written = "\n".join(t.text or "" for t in root.iter(SVG + "text"))
    for name in NAMES:
        assert clipped(name)[:9] in written, name
    text = get_dot_graph(total, **{"style": "model", **options})
    assert text.count("\n") == len(text.splitlines())
    assert text.endswith("}\n")


@pytest.mark.parametrize("name", NAMES)
def test_one_name_is_one_line_of_dot_text(name: str) -> None:
    lines = get_dot_graph(named(name), verbose=False).splitlines()
    assert len(lines) == 7
    assert all(line.endswith("]") for line in lines[1:4])


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", FILES)
def test_file_names_are_only_names(
    name: str, program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = plot_dot_graph(named("x"), to_file=name + ".svg", program=program, time_limit=60)
    assert path.name == name + ".svg"
    assert [p.name for p in tmp_path.iterdir()] == [name + ".svg"]
    ElementTree.parse(tmp_path / path.name)


@pytest.mark.parametrize("name", ["nul\0l.svg", "x" * 300 + ".svg", "", ".", "/"])
def test_what_is_no_file_name_fails_clearly(name: str, tmp_path: Path) -> None:
    with pytest.raises((ValueError, OSError)):
        plot_dot_graph(named("x"), to_file=str(tmp_path / name) if name else name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.svg").symlink_to(tmp_path / "real.svg")
    plot_dot_graph(named("x"), to_file=tmp_path / "link.svg", program="built-in")
    assert (tmp_path / "link.svg").is_symlink()
    assert (tmp_path / "real.svg").exists()
