"""The source of a program, its report, the module it is exported as, and the command."""

import base64
import builtins
import re
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pytest
from tinypt_compile import compile
from tinypt_compile._report import written

from tinypt_core import Function, grad, value_and_grad


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def run_alone(path, code):
    """A module in an interpreter in which nothing of tinypt can be imported."""
    block = "import sys; sys.modules.update(tinypt_core=None, tinypt_compile=None); "
    text = f"{block}sys.path.insert(0, {str(path.parent)!r}); import numpy as np; {code}"
    return subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=True, cwd=path.parent
    ).stdout.strip()


def test_source_reads_like_numpy():
    text = compile(value_and_grad(rosenbrock, (0, 1))).source(1.5, 2.0)
    assert text.startswith("# x: float\n# y: float\ndef rosenbrock(x, y):\n")
    assert "d_y = " in text
    assert "tinypt-ops-basic" in text
    space = {"np": np}
    exec(text, space)
    assert space["rosenbrock"](1.5, 2.0) == value_and_grad(rosenbrock, (0, 1))(1.5, 2.0)


def test_source_takes_the_users_names():
    def loss(w, x):
        hidden = np.tanh(x @ w)
        return np.sum(hidden**2)

    text = compile(grad(loss)).source(np.ones((3, 2)), np.ones((4, 3)))
    assert "hidden = np.tanh(x @ w)" in text
    assert "d_w" in text


def test_report_names_cases_and_reasons():
    f = compile(grad(lambda x: np.sin(x) * x))
    assert "not called yet" in f.report()
    f(1.0)
    f(np.float64(1.0))
    assert "a program of (x: float)" in f.report()
    g = compile(lambda x: x + np.random.normal())
    g(1.0)
    assert "ran eagerly 1 time: it draws random numbers" in g.report()
    with pytest.raises(ValueError, match="draws random numbers"):
        g.source(1.0)


class Twice(Function):
    def forward(self, x):
        return 2 * np.asarray(x)

    def backward(self, gy):
        return 2 * np.asarray(gy) if isinstance(gy, np.ndarray) else gy * 2


def test_an_operator_that_leaves_numpy_is_one_opaque_call(tmp_path):
    f = compile(grad(lambda x: np.sum(Twice()(x) ** 2)))
    for x in (np.ones(3), np.array([1.0, 2.0, 3.0])):
        np.testing.assert_array_equal(f(x), 8 * x)
    assert "opaque: Twice.forward" in f.report()
    assert not f._reasons
    with pytest.raises(ValueError, match="Twice"):
        f.export(tmp_path / "twice.py", np.ones(3))


def softmax_regression(params, x, labels):
    z = x @ params["w"] + params["b"]
    z = z - np.max(z, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(np.sum(log_p * labels, axis=1))


def test_export_needs_numpy_alone(tmp_path):
    rng = np.random.default_rng(0)
    params = {"w": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}
    x, labels = rng.normal(size=(5, 3)), np.eye(4)[[0, 1, 2, 3, 0]]
    step = value_and_grad(softmax_regression)
    f = compile(step)
    path = tmp_path / "regression.py"
    f.export(path, params, x, labels)
    text = path.read_text()
    assert "tinypt_core" not in text
    assert "w: 3×4 float64" in text
    np.savez(tmp_path / "data.npz", x=x, labels=labels, **params)
    code = (
        "d = np.load('data.npz'); import regression; v, g = regression.softmax_regression("
        "{'w': d['w'], 'b': d['b']}, d['x'], d['labels']); print(v.hex() if 0 else repr(float(v)), "
        "repr(float(g['w'].sum())), repr(float(g['b'][0])))"
    )
    value, gradient = step(params, x, labels)
    expected = [float(value), float(gradient["w"].sum()), float(gradient["b"][0])]
    assert [float(t) for t in run_alone(path, code).split()] == expected


def an_environment_with_numpy_alone(folder):
    """A virtual environment that nothing but NumPy is in: this one's, by links."""
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = {p.parent for p in folder.glob("**/site-packages")} or {folder}
    here = Path(np.__file__).parent
    for part in here.parent.glob("numpy*"):
        (site / "site-packages" / part.name).symlink_to(part)
    return next(p for p in (folder / "bin/python", folder / "Scripts/python.exe") if p.exists())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_an_exported_regression_runs_where_only_numpy_is(tmp_path):
    rng = np.random.default_rng(0)
    params = {"w": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}
    x, labels = rng.normal(size=(5, 3)), np.eye(4)[[0, 1, 2, 3, 0]]
    step = value_and_grad(softmax_regression)
    compile(step).export(tmp_path / "regression.py", params, x, labels)
    np.savez(tmp_path / "data.npz", x=x, labels=labels, **params)
    python = an_environment_with_numpy_alone(tmp_path / "env")
    code = """
import importlib.util, numpy as np, regression
assert not [m for m in ("tinypt_core", "tinypt_compile", "scipy") if importlib.util.find_spec(m)]
d = np.load("data.npz")
value, g = regression.softmax_regression({"w": d["w"], "b": d["b"]}, d["x"], d["labels"])
np.savez("out.npz", value=value, w=g["w"], b=g["b"])
"""
    subprocess.run([python, "-c", code], check=True, cwd=tmp_path, env={})
    value, gradient = step(params, x, labels)
    found = np.load(tmp_path / "out.npz")
    np.testing.assert_array_equal(found["value"], value)
    for name in ("w", "b"):
        np.testing.assert_array_equal(found[name], gradient[name])


def test_an_exported_program_refuses_other_shapes_and_branches(tmp_path):
    f = compile(lambda x: x * 2 if np.sum(x) > 0 else x)
    path = tmp_path / "one_branch.py"
    f.export(path, np.ones(3))
    space = {}
    exec(path.read_text(), space)
    program = next(v for k, v in space.items() if k == "program")
    np.testing.assert_array_equal(program(np.ones(3)), 2 * np.ones(3))
    with pytest.raises(ValueError, match="shape"):
        program(np.ones(4))
    with pytest.raises(ValueError, match="branch"):
        program(-np.ones(3))


def test_export_takes_what_it_reads_from_outside_along(tmp_path):
    data = np.arange(500.0).reshape(100, 5)
    f = compile(grad(lambda w: np.sum(data @ w) ** 2))
    path = tmp_path / "outside.py"
    f.export(path, np.ones(5))
    expected = grad(lambda w: np.sum(data @ w) ** 2)(np.ones(5))
    out = run_alone(
        path,
        "import outside; print(outside.program(np.ones(5)).tolist())",
    )
    assert out == str(expected.tolist())


def test_command_prints_a_derivative():
    from click.testing import CliRunner
    from tinypt_compile.command import source

    result = CliRunner().invoke(source, ["numpy:tanh", "--at", "1.0", "--derivative", "2"])
    assert result.exit_code == 0, result.output
    space = {"np": np}
    exec(result.output, space)
    t = np.tanh(1.0)
    assert space["tanh"](1.0) == pytest.approx(-2 * t * (1 - t * t), rel=1e-14)
    bad = CliRunner().invoke(source, ["numpy:tanh", "--at", "one"])
    assert bad.exit_code == 2


def test_a_program_is_drawn():
    viz = pytest.importorskip("tinypt_viz")
    step = compile(value_and_grad(rosenbrock, (0, 1)))
    graph = step.graph(1.5, 2.0)
    names = {n.name for n in graph.nodes}
    assert {"x", "y", "d_y"} <= names
    assert len(graph.outputs) == 3
    ids = {n.id for n in graph.nodes}
    assert all({e.source, e.target} <= ids for e in graph.edges)
    text = viz.get_dot_graph(graph)
    assert "subtract" in text
    assert text == viz.get_dot_graph(step.graph(1.5, 2.0))


def test_the_page_shows_what_is_printed(capsys):
    page = (Path(__file__).parents[3] / "docs" / "compile.md").read_text()
    code = "".join(re.findall(r"```python\n(.*?)```", page, flags=re.S))
    exec(builtins.compile(code, "compile.md", "exec"), {"__name__": "page"})
    printed = capsys.readouterr().out
    shown = re.findall(r"```text\n(.*?)\n```", page, flags=re.S)
    assert len(shown) >= 3
    for text in shown:
        assert text in printed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.eye(4), "np.eye(4)"),
        (np.eye(5, 4, -1) * 0.1, "np.eye(5, 4, -1) * 0.1"),
        (np.eye(3, 4) * -2.0, None),  # the zeros beside it are -0 then
        (np.eye(3, 4), "np.eye(3, 4)"),
        (np.diag([1.0, 0.0, -3.0]), "np.diag([1.0, 0.0, -3.0])"),
        (np.diag([1.0, np.nan, np.inf]), "np.diag([1.0, np.nan, np.inf])"),
        (-np.diag([1.0, 2.0, 3.0]), None),
        (np.eye(4, dtype=np.float32), None),
        (np.zeros((3, 3)), None),
        (np.arange(9.0).reshape(3, 3), None),
        (np.where(np.eye(3, 40, 2) == 1, np.inf, 0.0), None),
    ],
)
def test_a_constant_is_written_so_that_its_bits_come_back(value, text):
    said = written(value)
    assert text is None or said == text
    with np.errstate(invalid="ignore"):
        made = eval(said, {"np": np, "base64": base64})
    assert (made.dtype, made.shape, made.tobytes()) == (value.dtype, value.shape, value.tobytes())
