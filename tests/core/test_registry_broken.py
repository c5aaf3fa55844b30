"""Broken plugins, each a real distribution: they lose their own names, and nothing else."""

from __future__ import annotations

import json

import pytest

GOOD = """
import tinypt_core
class Op(tinypt_core.Function):
    def forward(self, x):
        return x + 1
    def backward(self, gy):
        return gy
"""

#: kind -> (what the distribution holds, a word its error must contain, its status in listings)
BROKEN: dict[str, tuple[dict[str, object], str, str]] = {
    "import-error": ({"code": "import no_such_dependency" + GOOD}, "no_such_dependency", "broken"),
    "raises": ({"code": "raise ValueError('my fault')" + GOOD}, "my fault", "broken"),
    "syntax-error": ({"code": "def f(:\n  pass"}, "SyntaxError", "broken"),
    "sys-exit": ({"code": "import sys; sys.exit(3)"}, "sys.exit(3)", "broken"),
    "no-module": ({"code": {}}, "stale", "stale"),
    "no-attribute": ({"code": "Opp = 1"}, "does not define it", "broken"),
    "not-an-operator": ({"code": "class Op: pass"}, "not an operator", "broken"),
    "one-call": ({"code": GOOD + "Op = Op()"}, "one call of it", "broken"),
    "unprintable": (
        {"code": "class E(Exception):\n    def __str__(self): raise E\nraise E"},
        "E, which cannot be printed",
        "broken",
    ),
    "unprintable-exit": (
        {"code": "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E"},
        "cannot be printed (SystemExit)",
        "broken",
    ),
    "a-number": ({"code": "Op = 3"}, "not an operator", "broken"),
    "unknown-request": (
        {"code": GOOD.replace("gy):", "gy, temperature):")},
        "temperature",
        "broken",
    ),
    "no-gradient": ({"code": GOOD.replace("(self, gy)", "(self)")}, "no gradient", "broken"),
    "no-rule": ({"code": GOOD.partition("    def backward")[0]}, "no backward", "broken"),
    "no-forward": (
        {"code": "from tinypt_core import Function\nclass Op(Function): pass"},
        "no forward",
        "broken",
    ),
    "recursion": ({"code": "def f(): f()\nf()"}, "RecursionError", "broken"),
    "base-exception": ({"code": "class E(BaseException): pass\nraise E('odd')"}, "odd", "broken"),
    "property-raises": (
        {"code": "def __getattr__(name): raise RuntimeError('trap')"},
        "trap",
        "broken",
    ),
    "module-only": ({"ops": {"module_only": "module_only"}}, "not an operator", "broken"),
    "bad-target": ({"ops": {"bad_target": "not a target!"}}, "not a target!", "broken"),
    "other-major": (
        {"code": "raise AssertionError('imported')", "requires": ("tinypt-core>=99,<100",)},
        'pip install "tinypt-core>=99,<100"',
        "incompatible",
    ),
    "bad-metadata": ({"code": GOOD, "metadata": b"\xff\xfe\x00 nonsense"}, "damaged", "broken"),
    "no-metadata": ({"code": GOOD, "metadata": ""}, "damaged", "broken"),
}

ASK_EVERYBODY = """
import json
import numpy as np
from tinypt_core import OpNotFoundError, PluginLoadError, Variable, ops, registry
found = {}
for name in NAMES:
    try:
        registry.get(name)
    except PluginLoadError as error:
        again = "none"
        try:
            registry.get(name)
        except PluginLoadError as second:
            again = str(second)
        found[name] = {"text": str(error), "cause": type(error.__cause__).__name__,
                       "again": again == str(error), "import": isinstance(error, ImportError),
                       "in_dir": name in dir(ops), "available": registry.is_available(name)}
x = Variable(np.array(2.0))
ops.good(x).backward()
found["good"] = float(x.grad)
rows = registry.candidates(load=True)
found["rows"] = {r.name: [r.status, r.problem, r.distribution] for r in rows}
found["problems"] = registry.problems()
print(json.dumps(found))
"""


@pytest.fixture
def everything_broken(fake_distribution):
    for kind, (parts, _, _) in BROKEN.items():
        name = kind.replace("-", "_")
        fake_distribution(kind, **{"ops": {name: f"{name}:Op"}, **parts})
    return fake_distribution("good-ops", ops={"good": "good_ops:Op"}, code=GOOD)


def test_each_broken_plugin_loses_only_its_own_name(everything_broken, run_python):
    names = [kind.replace("-", "_") for kind in BROKEN]
    code = ASK_EVERYBODY.replace("NAMES", repr(names))
    found = json.loads(run_python(code, everything_broken).stdout)
    assert found["good"] == 1
    assert found["rows"]["good"] == ["ok", "", "good-ops"]
    for kind, (_, word, status) in BROKEN.items():
        name = kind.replace("-", "_")
        error = found[name]
        assert word in error["text"], (kind, error["text"])
        assert f"pip uninstall {kind}" in error["text"], kind
        assert f"TINYPT_DISABLE={kind}" in error["text"]
        flags = {key: error[key] for key in ("again", "import", "in_dir", "available")}
        assert flags == {"again": True, "import": True, "in_dir": False, "available": False}, kind
        row_status, problem, distribution = found["rows"][name]
        assert (row_status, distribution) == (status, kind)
        assert word in problem
    assert found["import_error"]["cause"] == "ModuleNotFoundError"
    assert found["sys_exit"]["cause"] == "SystemExit"
    assert found["syntax_error"]["cause"] == "SyntaxError"


@pytest.mark.parametrize("damage", ["bytes", "lines", "no header", "group", "twice"])
def test_damaged_entry_points_are_listed_with_the_culprit(fake_distribution, run_python, damage):
    texts: dict[str, str | bytes] = {
        "bytes": b"[tinypt.ops]\nx = \xff\xfe\n",
        "lines": "[tinypt.ops]\nthis line says nothing\nbad = bad:Op\n",
        "no header": "sin = tinypt_damaged:Op\n",
        "group": "[tinypt.operators]\nx = damaged:Op\n",
        "twice": "[tinypt.ops]\nx = damaged:Op\nx = damaged:Other\n",
    }
    fake_distribution("damaged", entry_points=texts[damage])
    site = fake_distribution("good-ops", ops={"good": "good_ops:Op"}, code=GOOD)
    done = run_python(
        """
        from tinypt_core import ops, registry
        assert ops.good(1.0).data == 2
        print(registry.problems())
        """,
        site,
    )
    assert "damaged 1.0" in done.stdout
    assert "entry_points.txt" in done.stdout


def test_a_broken_rival_does_not_take_a_name_away(fake_distribution, run_python):
    fake_distribution("a-ops", ops={"good": "a_ops:Op"}, requires=("tinypt-core==7.*",))
    fake_distribution("b-ops", ops={"good": "b_ops:Op"}, metadata=b"\xff")
    site = fake_distribution("good-ops", ops={"good": "good_ops:Op"}, code=GOOD)
    run_python(
        """
        from tinypt_core import PluginLoadError, ops, registry
        assert ops.good.provider == "good-ops 1.0"
        for rival in "a-ops", "b-ops":
            try:
                registry.get(f"{rival}:good")
            except PluginLoadError as error:
                assert rival in str(error)
            else:
                raise AssertionError(rival)
        """,
        site,
    )


def test_strict_raises_every_problem_at_the_first_lookup(everything_broken, run_python):
    code = """
    from tinypt_core import ops
    try:
        ops.good
    except Exception as error:
        print(type(error).__name__, error)
    """
    strict = run_python(code, everything_broken, env={"TINYPT_STRICT": "1"}).stdout
    assert strict.startswith("PluginLoadError")
    assert "sys.exit" in strict
    assert "my fault" in strict
    assert run_python(code, everything_broken, env={"TINYPT_STRICT": "0"}).stdout == ""
