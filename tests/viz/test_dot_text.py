"""get_dot_graph and Graph: the exact text of small graphs, and of awkward ones."""

from __future__ import annotations

import gc
import sys
import weakref
from typing import Any

import numpy as np
import pytest

from tinypt_core import Function, Graph, Variable, graph, profile, using_config
from tinypt_viz import get_dot_graph, scope, to_graphviz


class Add(Function):
    keeps_nothing = True

    def forward(self, x0: Any, x1: Any) -> Any:
        return x0 + x1

    def backward(self, gy: Any) -> Any:
        return gy, gy


class Mul(Function):
    def forward(self, x0: Any, x1: Any) -> Any:
        return x0 * x1

    def backward(self, gy: Any, x0: Any, x1: Any) -> Any:
        return gy * x1, gy * x0


class Power(Function):
    def __init__(self, c: Any) -> None:
        self.c = c

    def forward(self, x: Any) -> Any:
        return x**self.c

    def backward(self, gy: Any, x: Any) -> Any:
        return gy * self.c * x ** (self.c - 1)


class Halves(Function):
    def forward(self, x: Any) -> Any:
        return x[:1], x[1:]

    def backward(self, gy0: Any, gy1: Any) -> Any:
        return np.concatenate([gy0, gy1])


def scalar(value: float, name: str | None = None) -> Variable:
    return Variable(np.array(value), name)


def test_the_textbook_picture_of_a_sum() -> None:
    x0, x1 = scalar(1.0, "x0"), scalar(1.0, "x1")
    y = Add()(x0, x1)
    y.name = "y"
    assert get_dot_graph(y, verbose=False) == (
        "digraph g {\n"
        'v0 [label="y", color=orange, style=filled]\n'
        'f0 [label="Add", color=lightblue, style=filled, shape=box]\n'
        'v1 [label="x0", color=orange, style=filled]\n'
        'v2 [label="x1", color=orange, style=filled]\n'
        "f0 -> v0\n"
        "v1 -> f0\n"
        "v2 -> f0\n"
        "}\n"
    )


def test_verbose_writes_shape_dtype_and_parameters() -> None:
    y = Power(2)(Variable(np.ones((2, 3), dtype=np.float32), "x"))
    lines = get_dot_graph(y).splitlines()
    look = "color=orange, style=filled"
    assert lines[1].startswith(f'v0 [label="(2, 3) float32", {look}, tooltip=')
    assert lines[2].startswith('f0 [label="Power(c=2)", color=lightblue, style=filled, shape=box')
    assert lines[3].startswith(f'v1 [label="x: (2, 3) float32", {look}, tooltip=')


def test_the_tooltip_tells_package_bytes_value_and_gradient() -> None:
    x = Variable(np.arange(10.0), "x")
    y = Power(2)(x)
    y.backward()
    node = {n.id: n for n in graph(y).nodes}["v1"]
    text = next(line for line in get_dot_graph(y).splitlines() if line.startswith("v1"))
    assert (node.value, node.nbytes) == ("min 0 max 9 mean 4.5", 80)
    assert node.gradient == "min 0 max 18 mean 9"
    for fact in ("bytes: 80", node.value, node.gradient):
        assert fact in text
    assert "from: module " in get_dot_graph(y)


def test_both_edges_of_a_square_are_drawn() -> None:
    x = scalar(3.0, "x")
    assert get_dot_graph(Mul()(x, x), verbose=False).count("v1 -> f0\n") == 2
    assert [e.position for e in graph(Mul()(x, x)).edges if e.source == "v1"] == [0, 1]


def test_a_leaf_alone() -> None:
    expected = 'digraph g {\nv0 [label="x", color=orange, style=filled]\n}\n'
    assert get_dot_graph(scalar(1.0, "x"), verbose=False) == expected


def test_a_variable_without_data() -> None:
    assert 'label="x"' in get_dot_graph(Variable(None, "x"))


def test_an_output_whose_sibling_was_dropped() -> None:
    left = Halves()(Variable(np.array([1.0, 2.0]), "x"))[0]
    g = graph(left)
    assert [n.id for n in g.nodes] == ["v0", "f0", "v1"]
    assert (g.nodes[0].output_index, g.nodes[0].output_count) == (0, 2)
    assert "output: 0 of 2" in get_dot_graph(left)


def test_both_outputs_of_one_function_share_it() -> None:
    left, right = Halves()(Variable(np.array([1.0, 2.0]), "x"))
    g = graph([left, right])
    assert g.outputs == ("v0", "v1")
    edges = [(e.source, e.target, e.position) for e in g.edges]
    assert edges == [("f0", "v0", 0), ("f0", "v1", 1), ("v2", "f0", 0)]


def test_several_outputs_and_one_twice() -> None:
    x = scalar(1.0, "x")
    y, z = Power(2)(x), Power(3)(x)
    text = get_dot_graph((y, z, y), verbose=False)
    assert text.count('label="Power"') == 2
    assert text.count('label="x"') == 1


def test_constants_are_shown_by_value() -> None:
    y = Mul()(Add()(scalar(1.0, "x"), 2.5), np.zeros((9, 9)))
    constants = [n for n in graph(y).nodes if n.kind == "constant"]
    assert [n.label for n in constants] == ["(9, 9) float64", "2.5"]
    third = graph(Mul()(scalar(1.0), 1 / 3)).nodes
    assert [(n.label, n.value) for n in third if n.kind == "constant"] == [
        ("0.333333", "0.3333333333333333")
    ]


def test_names_outlive_their_variables() -> None:
    x = scalar(1.0, "x")
    middle = Power(2)(x)
    middle.name = "middle"
    y = Power(3)(middle)
    del x, middle
    gc.collect()
    labels = [n.label for n in graph(y).nodes]
    assert labels == ["", "Power", "middle", "Power", "x"]


def test_what_the_graph_kept_is_shown_after_its_variable_is_gone() -> None:
    y = Power(3)(Power(2)(scalar(3.0)))
    values = {n.id: n.value for n in graph(y).nodes}
    assert (values["v0"], values["v1"], values["v2"]) == ("729.0", "9.0", "3.0")


def test_the_snapshot_keeps_nothing_alive() -> None:
    x = Variable(np.ones(3), "x")
    y = Mul()(x, x)
    g = graph(y)
    seen = weakref.ref(y), weakref.ref(y.creator), weakref.ref(x)
    del x, y
    assert [ref() for ref in seen] == [None, None, None]
    assert len(g.nodes) == 3


def test_nothing_recorded_is_a_leaf() -> None:
    with using_config("enable_backprop", False):
        y = Power(2)(scalar(1.0, "x"))
    assert [n.kind for n in graph(y).nodes] == ["variable"]


def test_a_graph_is_as_good_as_a_variable() -> None:
    y = Power(2)(scalar(1.0, "x"))
    g = graph(y)
    assert isinstance(g, Graph)
    assert get_dot_graph(g) == get_dot_graph(y)


@pytest.mark.parametrize("wrong", [None, 3.0, np.ones(3), "x", [], [np.ones(3)], [None]])
def test_anything_else_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="Variable"):
        get_dot_graph(wrong)


def test_to_graphviz_can_be_styled_further() -> None:
    digraph = to_graphviz(scalar(1.0, "x"), verbose=False)
    digraph.attr(bgcolor="pink")
    digraph.node("note", "mine")
    assert 'label="x"' in digraph.source
    assert "bgcolor=pink" in digraph.source


def test_scopes_nest_and_are_framed() -> None:
    x = scalar(1.0, "x")
    with scope("outer"):
        y = Power(2)(x)
        with scope("inner"):
            z = Add()(y, Variable(np.array(1.0), "w"))
    assert {n.label: n.scope for n in graph(z).nodes if n.label} == {
        "Add": ("outer", "inner"),
        "Power": ("outer",),
        "w": ("outer", "inner"),  # only the inner scope uses it
        "x": ("outer",),
    }
    text = get_dot_graph(z, verbose=False)
    assert text.count('subgraph cluster_0 {\nlabel="outer"') == 2
    assert text.count("{") == text.count("}")
    assert "subgraph" not in get_dot_graph(z, verbose=False, group_by="none")


def test_a_scope_ends_with_its_block_even_by_an_error() -> None:
    with pytest.raises(ZeroDivisionError), scope("gone"):
        raise ZeroDivisionError
    assert graph(Power(2)(scalar(1.0))).nodes[0].scope == ()


def gradient(n: int) -> Variable:
    x = scalar(1.0, "x")
    y = Power(4)(x)
    for _ in range(n):
        y.backward(create_graph=True)
        y = x.grad
        x.cleargrad()
    return y


def test_derivatives_have_bands_and_a_legend() -> None:
    y = gradient(2)
    orders = {n.derivative for n in graph(y).nodes}
    assert max(orders) == 2
    text = get_dot_graph(y, verbose=False)
    assert "fillcolor=" in text
    assert 'label="2nd derivative"' in text
    assert "fillcolor" not in get_dot_graph(y, verbose=False, color_by="kind")
    assert "fillcolor" not in get_dot_graph(gradient(0), verbose=False)


def test_frames_around_orders_and_packages() -> None:
    assert 'label="2nd derivative"' in get_dot_graph(gradient(2), group_by="order")
    assert 'label="module ' in get_dot_graph(gradient(0), group_by="package")


def test_on_paper_every_node_has_an_outline() -> None:
    text = get_dot_graph(gradient(1), theme="print")
    assert text.count("color=black, fillcolor=") == text.count(
        "style=filled, tooltip"
    ) + text.count("shape=box, tooltip")


@pytest.mark.parametrize("by", ["package", "memory", "time"])
def test_other_colourings_explain_themselves(by: str) -> None:
    assert "cluster_legend" in get_dot_graph(gradient(1), color_by=by)


def test_time_colours_what_observers_noted() -> None:
    y = Power(2)(scalar(1.0))
    y.creator.info["time"] = 0.25
    assert "0.25 s" in get_dot_graph(y, color_by="time")


def test_time_colours_what_was_profiled() -> None:
    with profile():
        y = Power(2)(scalar(1.0))
    assert graph(y).nodes[1].info["time"] > 0
    assert "no time recorded" not in get_dot_graph(y, color_by="time")
    assert "no time recorded" in get_dot_graph(Power(2)(scalar(1.0)), color_by="time")


@pytest.mark.parametrize(
    ("options", "error", "hint"),
    [
        ({"rankdir": "up"}, ValueError, "'LR'"),
        ({"theme": "neon"}, ValueError, "'dark'"),
        ({"group_by": "size"}, ValueError, "'scope'"),
        ({"color_by": "mood"}, ValueError, "'package'"),
        ({"collapse": ["leafs"]}, ValueError, "'leaves'"),
        ({"max_nodes": 0}, ValueError, "from 1 on"),
        ({"colour": "red"}, TypeError, "color_by"),
    ],
)
def test_a_wrong_option_names_the_right_ones(options: Any, error: Any, hint: str) -> None:
    with pytest.raises(error, match=hint):
        get_dot_graph(scalar(1.0), **options)


def test_dot_text_of_a_large_chain_needs_no_recursion() -> None:
    y = scalar(1.0, "x")
    for _ in range(33_000):
        y = Add()(y, 0.0)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        text = get_dot_graph(y, verbose=False)
    finally:
        sys.setrecursionlimit(limit)
    assert text.count("style=filled") == 3 * 33_000 + 1
    assert text.count(" -> ") == 3 * 33_000


def _steps(n: int) -> int:
    """How many Python calls the text of a graph of n layers takes."""
    y = scalar(1.0, "x")
    other = scalar(0.0, "w")
    for _ in range(n):
        y, other = Add()(y, other), Mul()(y, other)
    get_dot_graph(y)  # imports and caches
    count = 0

    def step(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        get_dot_graph(y)
    finally:
        sys.setprofile(before)
    return count


def test_the_text_takes_linear_time() -> None:
    assert _steps(800) < 4.2 * _steps(200)


def test_it_is_the_same_under_any_hash_seed(run_python: Any) -> None:
    code = """
        import numpy as np
        from tinypt_core import Variable, ops
        from tinypt_viz import get_dot_graph, scope
        x = Variable(np.array(1.0), "x")
        with scope("a"):
            y = ops.exp(x * 2 + x) / (x + 3) - 1
        y.backward(create_graph=True)
        z = x.grad
        print(get_dot_graph(z))
        print(get_dot_graph([z, y], verbose=False, color_by="package", group_by="package"))
        print(get_dot_graph(z, max_nodes=10))
    """
    texts = {run_python(code, env={"PYTHONHASHSEED": seed}).stdout for seed in ("0", "1", "42")}
    assert len(texts) == 1


def test_two_runs_in_one_process_are_the_same() -> None:
    assert get_dot_graph(gradient(3)) == get_dot_graph(gradient(3))


def test_importing_the_package_imports_no_part_of_it(run_python: Any) -> None:
    run_python(
        """
        import sys, tinypt_viz
        assert not {"graphviz", "tinypt_viz.dot", "click"} & set(sys.modules)
        assert "plot_dot_graph" in dir(tinypt_viz)
        """
    )
