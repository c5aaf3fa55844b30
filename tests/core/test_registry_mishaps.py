"""What goes wrong while plugins load and run: it is named, put aside, and harms nobody else."""

from __future__ import annotations

import json


def test_load_errors_say_where_and_are_told_once_per_module(fake_distribution, run_python):
    broken = "import numpy\n\n\ndef helper():\n    numpy.zeros(-1)\n\n\nhelper()\n"
    code = "from tinypt_core import Function\n\nclass NoRule(Function):\n    def forward(self): 1\n"
    fake_distribution("bad-ops", ops={f"b{i}": f"bad_ops:B{i}" for i in range(3)}, code=broken)
    site = fake_distribution("odd-ops", ops={"odd": "odd_ops:Odd"}, code="\n\nclass Odd: pass\n")
    fake_distribution("rule-ops", ops={"rule": "rule_ops:NoRule"}, code=code)
    fake_distribution("mine", ops={"mine": "mine:Op"}, code="1 / 0")
    info = site / "mine-1.0.dist-info" / "direct_url.json"
    info.write_text('{"url": "file:///home/me/my%20work", "dir_info": {"editable": true}}')
    done = run_python(
        """
        import json
        from tinypt_core import PluginLoadError, registry
        found = {}
        for name in "b0", "b1", "odd", "rule", "mine":
            try:
                registry.get(name)
            except PluginLoadError as error:
                found[name] = str(error)
        found["rows"] = sorted({r.problem for r in registry.candidates("b?", load=True)})
        print(json.dumps(found))
        """,
        site,
    )
    found = json.loads(done.stdout)
    assert f"({site / 'bad_ops.py'}, line 5)" in found["b0"]
    assert found["b0"].startswith("b0: the module bad_ops of bad-ops 1.0 could not be imported: ")
    assert len(found["rows"]) == 1
    assert f"({site / 'odd_ops.py'}, line 3)" in found["odd"]
    assert f"{site / 'rule_ops.py'}, line " in found["rule"]
    assert "pip install --upgrade odd-ops" in found["odd"]
    assert "TINYPT_DISABLE=odd-ops" in found["odd"]
    assert "editable install of /home/me/my work: mend it there" in found["mine"]
    assert "upgrade" not in found["mine"]


def test_an_observer_that_fails_is_put_aside_once(fake_distribution, run_python):
    code = """
    from tinypt_core import hookimpl
    class Bad:
        def {event}(self, *args):
            raise SystemExit("enough")
    @hookimpl
    def tinypt_observe():
        return Bad()
    """
    fake_distribution("a-watch", plugins={"w": "a_watch"}, code=code.format(event="after_forward"))
    site = fake_distribution(
        "b-watch", plugins={"w": "b_watch"}, code=code.format(event="before_backward")
    )
    done = run_python(
        """
        import numpy as np
        from tinypt_core import Variable
        x = Variable(np.array(2.0))
        for _ in range(3):
            x.cleargrad()
            (x * x).backward()
            assert x.grad == 4
        """,
        site,
        env={"TINYPT_DISABLE": "tinypt-viz"},
    )
    warned = [line for line in done.stderr.splitlines() if "put aside" in line]
    assert len(warned) == 2
    assert "the observer of a-watch 1.0 is put aside: it failed in after_forward of" in warned[0]
    assert "b-watch 1.0" in warned[1]


def test_a_hook_registers_an_operator_and_looks_it_up_at_once(fake_distribution, run_python):
    code = """
    from tinypt_core import Function, hookimpl, ops
    from tinypt_core import registry as everybodys
    class Cube(Function):
        def forward(self, x):
            return x ** 3
        def backward(self, gy, x):
            return 3 * gy * x ** 2
    @hookimpl
    def tinypt_register_ops(registry):
        registry.register_op("quick.cubed", Cube)
        assert registry.get("quick.cubed")(2.0).data == 8
        assert everybodys.get("quick-ops:quick.cubed").provider == "quick-ops 1.0"
        assert ops.quick.cubed(2.0).data == 8
        {then}
    """
    fake_distribution("quick-ops", plugins={"q": "quick_ops"}, code=code.format(then="pass"))
    site = fake_distribution(
        "half-ops", plugins={"h": "half_ops"},
        code=code.format(then="1 / 0").replace("quick", "half"),
    )  # fmt: skip
    done = run_python(
        """
        from tinypt_core import ops, registry
        assert ops.quick.cubed(2.0).data == 8 and registry.is_available("quick.cubed")
        assert not registry.is_available("half.cubed") and "half" not in dir(ops)
        assert not hasattr(ops, "half")
        """,
        site,
        env={"TINYPT_DISABLE": "tinypt-viz"},
    )
    assert "half-ops 1.0 is not used: registering it failed: ZeroDivisionError" in done.stderr


def test_code_without_metadata_registers_by_hand(tmp_path, run_python):
    """As in a frozen program: the packages are there, what pip knows of them is not."""
    run_python(
        """
        import sys
        from tinypt_core import OpNotFoundError, Variable, ops, registry
        real = sys.path[:]
        import numpy as np
        import importlib, tinypt_ops_basic.arithmetic, tinypt_ops_trig.circular
        class Nothing:
            @staticmethod
            def find_spec(name, path=None, target=None):
                return None
        import os
        listdir = os.listdir
        os.listdir = lambda path=".": [n for n in listdir(path) if not n.startswith("tinypt")]
        sys.meta_path[:] = [f for f in sys.meta_path if not hasattr(f, "find_distributions")
                            or f.__module__.endswith("frozen_importlib_external")]
        registry.refresh()
        assert registry.names() == []
        try:
            ops.sin
        except OpNotFoundError as error:
            assert "must carry the metadata of tinypt-ops-trig" in str(error), error
            assert "tinypt_core.registry.register_op(NAME, CLASS)" in str(error), error
        else:
            raise AssertionError
        registry.register_op("sin", tinypt_ops_trig.circular.Sin)
        registry.register_op("cos", tinypt_ops_trig.circular.Cos)
        x = Variable(np.array(0.5))
        ops.sin(x).backward()
        assert x.grad == np.cos(0.5) and np.sin(x).data == np.sin(0.5)
        """
    )
