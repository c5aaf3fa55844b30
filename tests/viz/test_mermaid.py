"""to_mermaid: exact text of small graphs, safe labels, and Mermaid's limits."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tinypt_core import Variable, ops
from tinypt_viz import to_mermaid


def chain(n: int) -> Variable:
    y = Variable(np.array(1.0), name="x")
    for _ in range(n):
        y = -y
    return y


def decoded(line: str) -> str:
    """The label of a line, as Mermaid shows it."""
    text = line.split('"')[1].replace("<br/>", "\n")
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)


def test_both_edges_of_a_square_and_a_constant() -> None:
    x = Variable(np.array([1.0, 2.0]), name="x")
    y = x * x + 3.0
    y.name = "y"
    assert (
        to_mermaid(y)
        == """\
flowchart TB
v0(["y#58; (2,) float64"]):::variable
f0["Add"]:::function
v1(["(2,) float64"]):::variable
f1["Mul"]:::function
c0("3.0"):::constant
v2(["x#58; (2,) float64"]):::variable
f0 --> v0
f1 --> v1
v1 --> f0
c0 --> f0
v2 --> f1
v2 --> f1
classDef variable fill:#ffb347,stroke:#b36a00,color:#000
classDef function fill:#add8e6,stroke:#3a7389,color:#000
classDef constant fill:#f6efdd,stroke:#b36a00,color:#000
"""
    )


def test_the_direction_and_the_short_form() -> None:
    text = to_mermaid(chain(1), verbose=False, rankdir="LR")
    assert text.startswith("flowchart LR\n")
    assert "float64" not in text


NAMES = [
    '"', "</script>", "<b>x</b>", "#quot;", "a#b;", "`x`", "1. x", "- x", "+ x", "* x", "_x_",
    "%% x", "end", "style:#a;", "classDef a", "a\nb", "a;b", "|x|", "[[x]]", "{x}", "(x)", "-->",
    "\\", "&amp;", "&#38;", "click v0 call x()", "$$x$$", "~x~", "\U0001f600", "变量", "",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_name_stays_within_its_label(name: str) -> None:
    text = to_mermaid(ops.exp(Variable(np.array(1.0), name=name)), verbose=False)
    lines = text.splitlines()
    assert len(lines) == 8
    (line,) = (line for line in lines if line.startswith("v1("))
    assert line.count('"') == 2
    assert decoded(line) == (name or " ")
    inside = line.split('"')[1].replace("<br/>", "")
    assert not set('<>`"\\&*_~;:$%') & set(re.sub(r"#\d+;", "", inside))


def test_refused_past_500_edges() -> None:
    assert to_mermaid(chain(250)).count("-->") == 500
    with pytest.raises(ValueError, match=r"502 edges.*no more than 500.*maxEdges") as raised:
        to_mermaid(chain(251))
    for way in ("max_nodes=", "plot_dot_graph", "to_html"):
        assert way in str(raised.value)
    assert to_mermaid(chain(251), max_nodes=100).count("-->") < 500


def test_refused_past_50_000_characters() -> None:
    with pytest.raises(ValueError, match=r"characters.*50,000.*maxTextSize"):
        to_mermaid(ops.exp(Variable(np.array(1.0), name="x" * 60_000)))


def test_an_option_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="rankdir='up'"):
        to_mermaid(chain(1), rankdir="up")
    with pytest.raises(TypeError, match="no option is called 'direction'"):
        to_mermaid(chain(1), direction="LR")
