"""The page as a file: self-contained, safe, small, written at once."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tinypt_viz.html import script_text

from tinypt_core import Variable, graph, ops
from tinypt_viz import plot_dot_graph, to_html, to_json


class Elements(HTMLParser):
    """Every element with its attributes, and the text of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts[-1] += data


def read(path: Path) -> Elements:
    return Elements(path.read_text(encoding="utf-8"))


def data(path: Path) -> dict[str, Any]:
    return dict(json.loads(read(path).scripts[0]))


def chain(n: int) -> Variable:
    y = Variable(np.array(1.0), name="x")
    for k in range(n):
        y = y * (1.0 + k / n)
    return y


def test_the_script_is_under_50_kb() -> None:
    assert len(script_text().encode()) < 50_000


def test_nothing_comes_from_outside(tmp_path: Path) -> None:
    path = to_html(chain(3), tmp_path / "g.html")
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|@import|url\((?!#)", text)
    for tag, attributes in read(path).found:
        assert tag not in ("img", "iframe", "object", "embed", "base")
        assert "src" not in attributes
        assert attributes.get("href", "#") in ("#canvas", "data:,", "#")
    (policy,) = (a["content"] for _, a in read(path).found if a.get("http-equiv"))
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_page_holds_the_whole_graph_however_it_is_folded(tmp_path: Path) -> None:
    y = chain(1000)
    found = data(to_html(y, tmp_path / "g.html"))
    view = found.pop("view")
    assert found == json.loads(to_json(y))
    members = [id for group in view["groups"] for id in group["members"]]
    assert len(members) == len(set(members))
    assert set(members) <= {node["id"] for node in found["nodes"]}
    assert {group["parent"] for group in view["groups"] if "parent" in group} <= {
        group["id"] for group in view["groups"]
    }


def test_a_small_graph_is_not_folded_unless_asked(tmp_path: Path) -> None:
    view = data(to_html(chain(10), tmp_path / "g.html"))["view"]
    assert view["groups"] == []
    assert not any(view["state"].values())
    view = data(to_html(chain(10), tmp_path / "g.html", collapse="constants"))["view"]
    assert view["state"] == {
        "hideConstants": True,
        "hideIntermediates": False,
        "repeatLeaves": False,
    }
    view = data(to_html(chain(1000), tmp_path / "g.html", collapse=False))["view"]
    assert not any(view["state"].values())


def test_several_outputs_a_graph_and_a_variable_without_data(tmp_path: Path) -> None:
    x = Variable(np.ones(2), name="x")
    both = data(to_html([ops.exp(x), ops.exp(x)], tmp_path / "g.html"))
    assert len(both["outputs"]) == 2
    assert data(to_html(graph(x), tmp_path / "g.html"))["outputs"] == ["v0"]
    assert data(to_html(Variable(None), tmp_path / "g.html"))["outputs"] == ["v0"]


NAMES = [
    "</script>",
    "<script>",
    "<!--",
    "]]>",
    "'\"`",
    "\u2028",
    "\x00",
    "\ud800",
    "$data",
    "&lt;",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_data_and_never_markup(tmp_path: Path, name: str) -> None:
    y = ops.exp(Variable(np.array(1.0), name=name))
    y.name = name
    path = to_html(y, tmp_path / "g.html")
    plain = to_html(ops.exp(Variable(np.array(1.0), name="x")), tmp_path / "plain.html")
    assert [tag for tag, _ in read(path).found] == [tag for tag, _ in read(plain).found]
    assert [node.get("name") for node in data(path)["nodes"]] == [name, None, name]


def test_the_same_graph_gives_the_same_page(tmp_path: Path) -> None:
    first, second = (to_html(chain(400), tmp_path / name) for name in ("a.html", "b.html"))
    assert first.read_bytes() == second.read_bytes()


def test_hostile_file_names_are_only_names(tmp_path: Path) -> None:
    for name in ("a b.html", "$(touch x).html", "; rm x.html", "'\".html", "变量\U0001f600.html"):
        assert to_html(chain(1), tmp_path / name).name == name
    assert len(list(tmp_path.iterdir())) == 5


def test_on_failure_the_file_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "g.html"
    path.write_text("mine")

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="the disk is full"):
        to_html(chain(1), path)
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_where_it_cannot_be_written_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        to_html(chain(1), tmp_path / "nowhere" / "g.html")
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        to_html(chain(1), tmp_path)


def test_an_option_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="no option is called 'colour'"):
        to_html(chain(1), tmp_path / "g.html", colour="red")
    with pytest.raises(ValueError, match="theme='pink'"):
        to_html(chain(1), tmp_path / "g.html", theme="pink")
    assert not list(tmp_path.iterdir())


def test_plot_dot_graph_writes_the_same_page_without_any_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    y = chain(3)
    drawn = plot_dot_graph(y, to_file=tmp_path / "a.html")
    assert drawn.read_bytes() == to_html(y, tmp_path / "b.html").read_bytes()
