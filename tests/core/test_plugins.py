"""The group tinypt.plugins: hooks, each plugin on its own feet, and observers in the loop."""

from __future__ import annotations

import json

import pytest

CUBE = """
from tinypt_core import Function, hookimpl
class Cube(Function):
    def forward(self, x):
        return x ** 3
    def backward(self, gy, x):
        return 3 * gy * x ** 2
"""

HEALTHY = {
    "computed": CUBE
    + """
from tinypt_core.ops import add  # using operators while being imported

@hookimpl
def tinypt_register_ops(registry):
    assert "add" in registry.names()
    for n in (1, 2):
        registry.register_op(f"computed.cube{n}", Cube)
    @registry.register_op("decorated")
    class Decorated(Cube):
        pass
""",
    "watching": """
from tinypt_core import hookimpl, ops
seen = []
class Observer:
    def before_forward(self, function, inputs):
        seen.append(("before_forward", type(function).__name__, len(inputs)))
        ops.add(inputs[0], 1)  # not observed, and no endless recursion
    def after_backward(self, function, gradients_out, gradients_in):
        seen.append(("after_backward", len(gradients_out), float(gradients_in[0])))
@hookimpl
def tinypt_observe():
    return Observer()
""",
    "drawing": """
import tinypt_core
from tinypt_core import hookimpl
class Plugin:
    @hookimpl
    def tinypt_draw(self, output, options):
        return f"picture of {output} in {options['color']}"
Op = Plugin()
""",
    "commands": """
from tinypt_core import hookimpl
def tinypt_helper(cli):
    cli.append("hello")
@hookimpl
def tinypt_add_commands(cli):
    tinypt_helper(cli)
""",
}

#: kind -> (source, a word of the complaint)
BROKEN = {
    "bad-import": ("import no_such_module", "no_such_module"),
    "bad-exit": ("raise SystemExit('bye')", "sys.exit('bye')"),
    "bad-hook": (
        "from tinypt_core import hookimpl\n@hookimpl\ndef tinypt_observ(): pass",
        "'tinypt_observ'; did you mean tinypt_observe",
    ),
    "bad-mark": ("def tinypt_draw(output): pass", "tinypt_draw is not marked"),
    "bad-argument": (
        "from tinypt_core import hookimpl\n@hookimpl\ndef tinypt_draw(outputt): pass",
        "outputt",
    ),
    "bad-observer": (
        "from tinypt_core import hookimpl\nclass O:\n def before_foward(self, f, i): pass\n"
        "@hookimpl\ndef tinypt_observe(): return O()",
        "did you mean before_forward",
    ),
    "bad-register": (
        CUBE + "@hookimpl\ndef tinypt_register_ops(registry):\n"
        " registry.register_op('half.way', Cube)\n raise ValueError('midway')",
        "midway",
    ),
    "bad-op": (
        CUBE + "@hookimpl\ndef tinypt_register_ops(registry):\n registry.register_op('seven', 7)",
        "7 is not an operator",
    ),
    "bad-empty": ("x = 1", "no hook"),
}


@pytest.fixture
def plugins(fake_distribution):
    for kind, source in HEALTHY.items():
        target = "drawing:Op" if kind == "drawing" else kind
        fake_distribution(kind, plugins={kind: target}, code=source)
    for kind, (source, _) in BROKEN.items():
        fake_distribution(kind, plugins={"main": kind.replace("-", "_")}, code=source)
    fake_distribution("bad-core", plugins={"main": "bad_core"}, requires=("tinypt-core>=9",))
    return fake_distribution("twin", plugins={"same": "commands"})  # identical targets are one


def test_hooks_work_and_each_broken_plugin_loses_only_itself(plugins, run_python):
    done = run_python(
        """
        import json, warnings
        import numpy as np
        from tinypt_core import Variable, ops, registry
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            from tinypt_core.ops import add
        x = Variable(np.array(2.0))
        ops.computed.cube2(x).backward()
        assert x.grad == 12 and ops.decorated(2.0).data == 8
        assert ops.decorated.provider == "computed 1.0"
        assert registry.get("computed:decorated") is ops.decorated
        import watching
        assert watching.seen == [("before_forward", "Cube", 1), ("after_backward", 1, 12.0),
                                 ("before_forward", "Decorated", 1)], watching.seen
        assert not registry.is_available("half.way") and "half" not in dir(ops)  # rolled back
        drawn = registry.call_plugins("tinypt_draw", output=3, to_file=None,
                                      options={"color": "red"})
        assert drawn == ["picture of 3 in red"]
        cli = []
        registry.call_plugins("tinypt_add_commands", cli=cli)
        assert cli == ["hello"]
        decorated = ops.decorated
        registry.refresh()
        ops.computed.cube1
        print(json.dumps([[str(w.message) for w in caught],
                          [p._asdict() for p in registry.plugins()]]))
        """,
        plugins,
        env={"TINYPT_DISABLE": "tinypt-viz tinypt-compile"},
    )
    warned, rows = json.loads(done.stdout)
    rows = {row["distribution"]: row for row in rows}
    for kind, (_, word) in BROKEN.items():
        problem = rows[kind]["problem"]
        assert rows[kind]["status"] == "broken", kind
        assert word in problem, (kind, problem)
        assert f"{kind} 1.0" in problem
        assert f"TINYPT_DISABLE={kind}" in problem
        assert problem in warned
    assert len(warned) == len(BROKEN) + 1
    assert rows["bad-core"]["status"] == "incompatible"
    assert {kind: rows[kind]["hooks"] for kind in HEALTHY} == {
        "computed": ["tinypt_register_ops"],
        "watching": ["tinypt_observe"],
        "drawing": ["tinypt_draw"],
        "commands": ["tinypt_add_commands"],
    }
    assert "twin" not in rows


def test_a_hook_that_fails_later_takes_only_its_plugin_out(fake_distribution, run_python):
    source = """
    from tinypt_core import hookimpl
    @hookimpl
    def tinypt_add_commands(cli):
        {}
    """
    fake_distribution("bad", plugins={"bad": "bad"}, code=source.format("cli.nonsense()"))
    site = fake_distribution("fine", plugins={"fine": "fine"}, code=source.format("cli.append(1)"))
    done = run_python(
        """
        from tinypt_core import registry
        cli = []
        for _ in range(2):  # the second time without it
            registry.call_plugins("tinypt_add_commands", cli=cli)
        assert cli == [1, 1]
        print({p.name: p.status for p in registry.plugins() if p.name in ("bad", "fine")})
        """,
        site,
        env={"TINYPT_DISABLE": "tinypt-viz tinypt-compile"},
    )
    assert done.stdout == "{'bad': 'broken', 'fine': 'ok'}\n"
    assert done.stderr.count("its tinypt_add_commands failed: AttributeError") == 1


def test_a_computed_name_competes_like_a_declared_one(fake_distribution, run_python):
    hook = (
        "\n@hookimpl\ndef tinypt_register_ops(registry):\n    registry.register_op('cubed', Cube{})"
    )
    fake_distribution("a-plugin", plugins={"main": "a_plugin"}, code=CUBE + hook.format(""))
    site = fake_distribution("b-ops", ops={"cubed": "b_ops:Cube"}, code=CUBE)
    code = """
    from tinypt_core import OpConflictError, ops, registry
    try:
        print(ops.cubed.provider, [r.rule for r in registry.candidates("cubed") if r.winner])
    except OpConflictError as error:
        print("a-plugin 1.0" in str(error), "b-ops 1.0" in str(error))
    """
    assert run_python(code, site).stdout == "True True\n"
    preferred = run_python(code, site, env={"TINYPT_PREFER": "cubed=a-plugin"})
    assert preferred.stdout == "a-plugin 1.0 ['TINYPT_PREFER']\n"
    assert preferred.stderr == ""
    (site / "a_plugin.py").write_text(CUBE + hook.format(", override=True"))
    assert run_python(code, site).stdout == "a-plugin 1.0 ['override=True']\n"


def test_threads_racing_the_first_look_up_load_plugins_once(fake_distribution, run_python):
    source = (
        "import builtins, time\n"
        "builtins.count = getattr(builtins, 'count', 0) + 1\n"
        "from tinypt_core import ops\nops.add\ntime.sleep(0.1)\n" + CUBE + "@hookimpl\n"
        "def tinypt_register_ops(registry):\n"
        "    import time; time.sleep(0.1); registry.register_op('late', Cube)\n"
    )
    site = fake_distribution("slow", plugins={"main": "slow"}, code=source)
    run_python(
        """
        import builtins, threading
        from tinypt_core import ops
        found, gate = [], threading.Barrier(6)
        def run():
            gate.wait()
            found.append(ops.late)
        threads = [threading.Thread(target=run) for _ in range(6)]
        for t in threads: t.start()
        for t in threads: t.join(20)
        assert len(found) == 6 and len(set(map(id, found))) == 1 and builtins.count == 1
        """,
        site,
    )
