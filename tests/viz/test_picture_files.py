"""plot_dot_graph: formats, programs, time limits, and files that are whole or untouched."""

from __future__ import annotations

import os
import re
import stat
import sys
import threading
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from tinypt_viz.layout import Size, Wire, layout
from tinypt_viz.options import Options
from tinypt_viz.svg import svg

from tinypt_core import Function, TinyptError, Variable, graph
from tinypt_viz import RenderError, plot_dot_graph, render

SVG = "{http://www.w3.org/2000/svg}"
embedded = pytest.mark.skipif(render._embedded() is None, reason="needs tinypt-viz[render]")
posix = pytest.mark.skipif(os.name == "nt", reason="the made-up programs are shell scripts")


class Mul(Function):
    def forward(self, x0: Any, x1: Any) -> Any:
        return x0 * x1

    def backward(self, gy: Any, x0: Any, x1: Any) -> Any:
        return gy * x1, gy * x0


def square() -> Variable:
    x = Variable(np.array(3.0), "x")
    y = Mul()(x, x)
    y.name = "y"
    return y


def texts(svg_text: bytes | str) -> list[str]:
    return [t.text or "" for t in ElementTree.fromstring(svg_text).iter(SVG + "text")]


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any Graphviz."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("TINYPT_DOT", raising=False)
    monkeypatch.setattr(render, "_embedded", lambda: None)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`fake("name", shell_script)`: a program of that name; the PATH holds nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("TINYPT_DOT", raising=False)
    monkeypatch.setattr(render, "_embedded", lambda: None)

    def make(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make


def test_svg_needs_no_program(no_programs: None, tmp_path: Path) -> None:
    path = plot_dot_graph(square(), verbose=False, to_file=tmp_path / "g.svg")
    assert path == tmp_path / "g.svg"
    assert texts(path.read_bytes()) == ["y", "Mul", "x"]
    assert path.read_text().count('class="edge"') == 3


def test_svg_and_html_with_an_empty_path_in_a_fresh_interpreter(
    run_python: Any, tmp_path: Path
) -> None:
    run_python(
        """
        import numpy as np
        from tinypt_core import Variable, ops
        from tinypt_viz import plot_dot_graph, to_html
        from tinypt_viz import render
        render._embedded = lambda: None
        y = ops.exp(Variable(np.array(1.0), "x"))
        plot_dot_graph(y, to_file="g.svg")
        to_html(y, "g.html")
        try:
            plot_dot_graph(y, to_file="g.png")
        except render.RenderError:
            pass
        else:
            raise SystemExit("it made a png")
        """,
        env={"PATH": ""},
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["g.html", "g.svg"]


@pytest.mark.parametrize("kind", ["png", "pdf", "jpg"])
def test_what_cannot_be_made_says_what_to_install(
    no_programs: None, tmp_path: Path, kind: str
) -> None:
    with pytest.raises(RenderError) as caught:
        plot_dot_graph(square(), to_file=tmp_path / f"g.{kind}")
    assert isinstance(caught.value, TinyptError)
    for hint in ("apt install", "brew install", "winget install", "conda install",
                 'pip install "tinypt-viz[render]"', ".svg"):  # fmt: skip
        assert hint in str(caught.value)
    assert ("not pdf" in str(caught.value)) == (kind == "pdf")
    assert list(tmp_path.iterdir()) == []


@embedded
def test_png_with_an_empty_path_by_the_embedded_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", "")
    path = plot_dot_graph(square(), to_file=tmp_path / "g.png")
    assert path.read_bytes().startswith(b"\x89PNG\r\n")
    with pytest.raises(RenderError, match="graphviz-pure"):
        plot_dot_graph(square(), to_file=tmp_path / "g.pdf")


def test_the_textbook_call(
    no_programs: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RenderError):
        plot_dot_graph(square(), verbose=False, to_file="x.png")
    assert plot_dot_graph(square(), verbose=False, to_file="x.svg").exists()


@pytest.mark.parametrize("kind", ["dot", "gv"])
def test_dot_text_as_a_file(no_programs: None, tmp_path: Path, kind: str) -> None:
    path = plot_dot_graph(square(), to_file=tmp_path / f"g.{kind}")
    assert path.read_text().startswith("digraph g {")


# -- which program --------------------------------------------------------------------------------

ECHO = 'printf "\\211PNG%s" "$0"'


@posix
def test_the_order_of_programs(fake: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def drawn(**options: Any) -> str:
        found = plot_dot_graph(square(), to_file=tmp_path / "g.png", **options).read_bytes()
        return found.rpartition(b"/")[2].decode()

    pip = fake("pip", ECHO)
    monkeypatch.setattr(render, "_embedded", lambda: str(pip))
    assert drawn() == "pip"
    fake("dot", ECHO)
    assert drawn() == "dot"
    monkeypatch.setenv("TINYPT_DOT", str(fake("mine", ECHO)))
    assert drawn() == "mine"
    assert drawn(program=fake("named", ECHO)) == "named"
    for asked in ({"program": "built-in"}, {}):
        monkeypatch.setenv("TINYPT_DOT", "built-in")
        with pytest.raises(RenderError, match="no program here makes png"):
            drawn(**asked)


@posix
def test_svg_asks_a_program_only_if_one_is_named(
    fake: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def drawn(**options: Any) -> str:
        return plot_dot_graph(square(), to_file=tmp_path / "g.svg", **options).read_text()

    fake("dot", 'echo "<svg>dot</svg>"')
    mine = fake("mine", 'echo "<svg>mine</svg>"')
    assert texts(drawn()) == ["y", "Mul", "x"]
    assert drawn(program=mine) == "<svg>mine</svg>\n"
    monkeypatch.setenv("TINYPT_DOT", str(mine))
    assert drawn() == "<svg>mine</svg>\n"
    assert texts(drawn(program="built-in")) == ["y", "Mul", "x"]


@posix
def test_a_program_that_is_not_there(
    fake: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(RenderError, match="'no-such-dot' is not a program"):
        plot_dot_graph(square(), to_file=tmp_path / "g.svg", program="no-such-dot")
    monkeypatch.setenv("TINYPT_DOT", "/no/such/dot")
    assert plot_dot_graph(square(), to_file=tmp_path / "g.svg").exists()
    with pytest.raises(RenderError, match="TINYPT_DOT=/no/such/dot is not a program"):
        plot_dot_graph(square(), to_file=tmp_path / "g.png")


@posix
@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo 'out of luck' >&2; exit 3", "dot: out of luck"),
        ("exit 3", "exit code 3"),
        ("exit 0", "it made no png"),
        ("echo rubbish", "it made no png"),
    ],
)
def test_a_program_that_fails(fake: Any, tmp_path: Path, script: str, told: str) -> None:
    fake("dot", script)
    old = tmp_path / "g.png"
    old.write_bytes(b"old")
    with pytest.raises(RenderError, match=told):
        plot_dot_graph(square(), to_file=old)
    assert old.read_bytes() == b"old"
    assert texts(plot_dot_graph(square(), to_file=tmp_path / "g.svg").read_bytes())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bin", "g.png", "g.svg"]


@posix
def test_a_program_that_hangs_is_stopped(fake: Any, tmp_path: Path) -> None:
    fake("dot", "exec /bin/sleep 60")
    start = time.monotonic()
    path = plot_dot_graph(square(), to_file=tmp_path / "g.svg", program="dot", time_limit=0.2)
    assert texts(path.read_bytes()) == ["y", "Mul", "x"]
    with pytest.raises(RenderError, match="longer than"):
        plot_dot_graph(square(), to_file=tmp_path / "g.png", time_limit=0.05)
    assert time.monotonic() - start < 20


@posix
def test_a_program_draws_at_the_places_that_svg_has(fake: Any, tmp_path: Path) -> None:
    fake("dot", 'printf "\\211PNG%s\n" "$*"; exec /bin/cat')
    path = plot_dot_graph(square(), to_file=tmp_path / "g.png")
    head, _, text = path.read_bytes().partition(b"\n")
    assert head == b"\x89PNG-Kneato -n2 -Tpng"
    assert len(re.findall(r"^\w+ \[.*pos=\"[-\d.]+,[-\d.]+\"\]$", text.decode(), re.M)) == 3
    assert len(re.findall(r"^\w+ -> \w+ \[.*pos=\"e,", text.decode(), re.M)) == 3


@posix
def test_no_shell_and_no_file_name_in_the_command(fake: Any, tmp_path: Path) -> None:
    fake("dot", 'printf "\\211PNG%s" "$#:$*"')
    path = plot_dot_graph(square(), to_file=tmp_path / "$(touch gotcha);`x`.png")
    assert path.read_bytes() == b"\x89PNG3:-Kneato -n2 -Tpng"
    assert not list(tmp_path.glob("**/gotcha"))


def test_a_plugin_draws_a_format_of_its_own(
    fake_distribution: Any, run_python: Any, tmp_path: Path
) -> None:
    folder = fake_distribution(
        "my-tikz",
        plugins={"tikz": "my_tikz"},
        code="""
            from tinypt_core import hookimpl

            @hookimpl
            def tinypt_draw(output, to_file, options):
                if not to_file.endswith(".tikz"):
                    return None
                with open(to_file, "w") as file:
                    file.write(f"{output.name} {options}")
                return to_file
        """,
    )
    run_python(
        """
        import numpy as np
        from tinypt_core import Variable
        from tinypt_viz import plot_dot_graph
        x = Variable(np.array(1.0), "x")
        print(plot_dot_graph(x, False, "g.tikz", rankdir="LR"))
        plot_dot_graph(x, to_file="g.svg")
        try:
            plot_dot_graph(x, to_file="g.tex")
        except ValueError:
            pass
        else:
            raise SystemExit("nobody draws that")
        """,
        folder,
    )
    assert (tmp_path / "g.tikz").read_text() == "x {'verbose': False, 'rankdir': 'LR'}"
    assert (tmp_path / "g.svg").exists()


# -- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["graph", "graph.exe", "graph.", "graph.svg.bak", ".svg"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"must end in \.svg, \.png, \.pdf"):
        plot_dot_graph(square(), to_file=tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        plot_dot_graph(square(), to_file=tmp_path / "nowhere" / "g.svg")


def test_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "g.svg").mkdir()
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        plot_dot_graph(square(), to_file=tmp_path / "g.svg")


def test_a_failure_while_writing_leaves_the_old_file(
    no_programs: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.svg"
    path.write_text("old")

    def full(*args: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        plot_dot_graph(square(), to_file=path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["g.svg"]


@posix
def test_a_new_file_has_ordinary_rights(no_programs: None, tmp_path: Path) -> None:
    path = plot_dot_graph(square(), to_file=tmp_path / "g.svg")
    other = tmp_path / "other"
    other.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)


def test_nothing_appears_in_the_home_directory(run_python: Any, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    run_python(
        """
        import numpy as np
        from tinypt_core import Variable
        from tinypt_viz import plot_dot_graph
        plot_dot_graph(Variable(np.array(1.0)), to_file="g.svg")
        """,
        env={"HOME": str(home), "USERPROFILE": str(home)},
    )
    assert list(home.iterdir()) == []


def test_many_threads_write_one_file(no_programs: None, tmp_path: Path) -> None:
    path, y = tmp_path / "g.svg", square()
    threads = [threading.Thread(target=plot_dot_graph, args=(y, True, path)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts(path.read_bytes())
    assert [p.name for p in tmp_path.iterdir()] == ["g.svg"]


# -- the built-in layout and writer ----------------------------------------------------------------


def chain(n: int) -> Variable:
    y = Variable(np.array(1.0), "x")
    for _ in range(n):
        y = Mul()(y, Variable(np.array(1.0)))
    return y


@pytest.mark.parametrize("rankdir", ["TB", "BT", "LR", "RL"])
def test_arrows_point_where_they_should_and_nothing_overlaps(rankdir: str) -> None:
    g = graph(chain(20))
    across = Size(30, 30, 15, 15) if rankdir in ("TB", "BT") else Size(15, 15, 30, 30)
    wires = [Wire(e.source, e.target, e.position) for e in g.edges]
    place = layout({node.id: across for node in g.nodes}, wires, rankdir=rankdir)
    axis, sign = (rankdir in ("TB", "BT")), (1 if rankdir in ("TB", "LR") else -1)
    for edge in g.edges:
        source, target = place.centres[edge.source], place.centres[edge.target]
        assert sign * (target[axis] - source[axis]) > 0
    spots = list(place.centres.values())
    for i, (x, y) in enumerate(spots):
        assert 30 <= x <= place.width - 30
        assert 15 <= y <= place.height - 15
        assert all(abs(x - a) >= 60 or abs(y - b) >= 30 for a, b in spots[:i])


def test_the_layout_of_a_long_chain_needs_no_recursion() -> None:
    g = graph(chain(2000))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(150)
    try:
        text = svg(g, Options(collapse=False, style="textbook"))
    finally:
        sys.setrecursionlimit(limit)
    assert text.count('class="node function"') == 2000
    assert text.count('class="edge"') == 4001


def test_themes_colour_the_background() -> None:
    g = graph(square())
    assert len({svg(g, Options(theme=theme)) for theme in ("light", "dark", "print")}) == 3


def test_the_built_in_picture_is_the_same_each_time() -> None:
    assert svg(graph(square()), Options()) == svg(graph(square()), Options())
