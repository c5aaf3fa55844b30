"""Odd installations, each a real folder on the path: whatever lies there, the rest works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ASK = """
import json
from tinypt_core import ops, registry
names = [row.name for row in registry.candidates() if "tinypt" not in row.distribution]
print(json.dumps({name: registry.get(name).provider for name in names if ":" not in name}))
print(json.dumps(registry.problems()))
"""


def ask(run_python, *folders: Path) -> tuple[dict[str, str], list[str]]:
    """Who provides what, and the problems, in a fresh interpreter."""
    providers, problems = run_python(ASK, *folders).stdout.splitlines()
    return json.loads(providers), json.loads(problems)


def folder(parent: Path, base: str, **files: str) -> Path:
    """A metadata folder, file by file."""
    path = parent / base
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / {"ep": "entry_points.txt"}.get(name, name)).write_bytes(text.encode())
    return parent


HEAD = "Metadata-Version: 2.1\nName: my-ops\nVersion: {}\n\n"


@pytest.mark.parametrize(
    ("base", "files"),
    [
        ("my_ops.egg-info", {"PKG-INFO": HEAD.format("0.9")}),
        ("my_ops.egg-info", {}),
        ("my_ops-2.0.dist-info", {}),
        ("my_ops-2.0.dist-info", {"METADATA": HEAD.format("2.0"), "ep": ""}),
        ("my_ops.egg-info", {"PKG-INFO": HEAD.format("0.9"), "ep": "[tinypt.ops]\nold=my_ops:Old"}),
        ("my_ops-1.0.egg-info", {"ep": "[tinypt.ops]\ncube = my_ops:Gone\n"}),
    ],
)
def test_stale_metadata_earlier_on_the_path_hides_nothing(
    fake_distribution, run_python, tmp_path, base, files
):
    stale = folder(tmp_path / "stale", base, **files)
    site = fake_distribution("my-ops", "1.1", ops={"cube": "my_ops:Cube"})
    providers, problems = ask(run_python, stale, site)
    assert providers == {"cube": "my-ops 1.1"}
    (problem,) = problems
    assert str(stale / base) in problem
    assert "stale or empty; my-ops 1.1" in problem
    assert "delete that folder" in problem
    assert ask(run_python, site, stale) == (providers, [])


def test_an_empty_folder_beside_the_real_one_is_told(fake_distribution, run_python, tmp_path):
    site = fake_distribution("my-ops", "1.1", ops={"cube": "my_ops:Cube"})
    folder(site, "my_ops-2.0.dist-info")
    providers, (problem,) = ask(run_python, site)
    assert providers == {"cube": "my-ops 1.1"}
    assert "my_ops-2.0.dist-info" in problem


def test_what_pip_left_over_is_no_distribution(fake_distribution, run_python):
    site = fake_distribution("my-ops", "1.0", ops={"cube": "my_ops:Cube"})
    text = "[tinypt.ops]\ncube = my_ops:Cube\nother = my_ops:Cube\n"
    folder(site, "~y_ops-0.9.dist-info", METADATA=HEAD.format("0.9"), ep=text)
    folder(site, "~-thing-0.9.dist-info", METADATA=HEAD.format("0.9"))
    providers, (problem,) = ask(run_python, site)
    assert providers == {"cube": "my-ops 1.0"}
    assert "~y_ops-0.9.dist-info was left over by pip" in problem


def test_folders_named_in_another_way(fake_distribution, run_python, tmp_path):
    site = tmp_path / "site"
    for i, base in enumerate(
        ["my-first-ops-1.0.dist-info", "My.Second-1.0.dist-info", "my_third-1.0-py3.11.egg-info",
         "my-fourth.egg-info", "my_fifth-1.0+local.1.dist-info"]
    ):  # fmt: skip
        name = base.partition("-1.0")[0].removesuffix(".egg-info")
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n\n"
        file = "PKG-INFO" if base.endswith("egg-info") else "METADATA"
        folder(site, base, **{file: text, "ep": f"[tinypt.ops]\nop{i} = my_code:Cube\n"})
    fake_distribution("my-code", ops={})
    done = run_python(
        """
        from tinypt_core import registry
        assert registry.get("my-first-ops:op0")(2.0).data == 8
        print([row.name for row in registry.candidates("op?") if row.status == "ok"])
        """,
        site,
        env={"TINYPT_DISABLE": "my-second,my-fourth"},
    )
    assert done.stdout == "['op0', 'op2', 'op4']\n"
    assert done.stderr == ""


def test_crlf_and_folded_lines(fake_distribution, run_python):
    metadata = (
        "Metadata-Version: 2.1\r\nname: Crlf-Ops\r\nVERSION: 3.0\r\n"
        "Requires-Dist: tinypt-core[cli,\r\n  more] >=0.1,\r\n\t<0.2\r\n\r\n"
        "Requires-Dist: tinypt-core>=7\r\nName: nonsense\r\n"
    )
    entry_points = (
        "[tinypt.ops]\r\n# ours\r\n  one = crlf_ops:Cube [fast,\r\n    slow]\r\n"
        "  two = crlf_ops:Cube\r\n\r\n[console_scripts]\r\nx = y\r\n"
    )
    site = fake_distribution("crlf-ops", "3.0", metadata=metadata, entry_points=entry_points)
    providers, problems = ask(run_python, site)
    assert providers == {"one": "Crlf-Ops 3.0", "two": "Crlf-Ops 3.0"}
    assert problems == []


#: what a plugin may require of this core, 0.1.0
FITS = """
    tinypt-core
    tinypt-core>=0.1,<0.2
    tinypt_core (>=0.1, <0.2)
    Tinypt.Core[cli,more] ~=0.1.0
    tinypt-core ~=0.1
    tinypt-core ==0.1.*,!=0.1.1
    tinypt-core==0.1.0.0
    tinypt-core>=0.1.0rc1
    tinypt-core>0.1.0.dev3
    tinypt-core<0.1.0.post1
    tinypt-core===0.1.0
    tinypt-core<1!0.0
    tinypt-core anything goes
    tinypt-core @ file:///x
    tinypt-core>=7 ; extra == 'test'
    tinypt-core>=7 ; python_version < "3" and os_name != ""
    tinypt-core>=7 ; (python_version < "3" or sys_platform == 'none') and os_name != ''
    tinypt-core>=7 ; python_full_version not in "2.7, 3.0" and platform_system == "None"
    tinypt-core>=7 ; nonsense ~~ "x"
    tinypt-core-extra>=7
"""
DIFFERS = """
    tinypt-core>=0.1.post1
    tinypt-core==0.1.0+local
    tinypt-core<0.1
    tinypt-core>0.1
    tinypt-core~=0.2
    tinypt-core~=0.1.1
    tinypt-core==0.2.*
    tinypt-core!=0.1.*
    tinypt-core==0.1.0.dev1
    tinypt-core<=0.1rc2
    tinypt-core===0.1
    tinypt-core>=1!0.1
    tinypt-core [cli] (>=7, <8)
    tinypt-core>=7 ; python_version >= "3.8"
    tinypt-core>=7;python_version>='3.8' and (extra == "x" or sys_platform != "none")
    tinypt-core>=7 ; "3" in python_full_version
    tinypt-core>=7 ; implementation_name != "none" or extra == "x"
"""


def test_requirements_are_read_as_pip_reads_them(fake_distribution, run_python):
    lines = [(line.strip(), fits) for text, fits in ((FITS, True), (DIFFERS, False))
             for line in text.strip().splitlines()]  # fmt: skip
    for i, (line, _) in enumerate(lines):
        site = fake_distribution(f"a{i}-ops", ops={f"op{i}": "shared:Cube"}, requires=(line,))
    done = run_python(
        """
        import json
        from tinypt_core import registry
        print(json.dumps({row.name: row.status for row in registry.candidates("op*")}))
        """,
        site,
    )
    statuses = json.loads(done.stdout)
    found = [(line, statuses[f"op{i}"] == "ok") for i, (line, _) in enumerate(lines)]
    assert found == lines


HOSTILE = """
import sys
class Raises:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return None
    @staticmethod
    def find_distributions(context=None):
        raise RuntimeError("no finder of mine")
class Trap(Raises):
    def __getattribute__(self, name):
        if name == "find_spec":
            return lambda *a, **k: None
        raise SystemError("trap")
class Odd:
    name = property(lambda self: 1 / 0)
    def read_text(self, file): raise OSError
class Yields(Raises):
    @staticmethod
    def find_distributions(context=None):
        yield Odd()
sys.meta_path[:0] = [Raises, Trap(), Yields]
sys.meta_path.append(Raises())
sys.path[:0] = [b"/tmp", 3, None, "/no/such/folder", __import__("pathlib").Path("/tmp")]
"""


def test_finders_that_raise_and_odd_things_on_the_path(fake_distribution, run_python, tmp_path):
    site = fake_distribution("my-ops", ops={"cube": "my_ops:Cube"})
    archive = tmp_path / "damaged.zip"
    archive.write_bytes(b"PK\x03\x04 not an archive")
    done = run_python(HOSTILE + ASK, site, archive)
    providers, problems = map(json.loads, done.stdout.splitlines())
    assert providers == {"cube": "my-ops 1.0"}
    told = "\n".join(problems)
    assert "no finder of mine" in told
    assert "trap" in told
    assert "ZeroDivisionError" in told


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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sigmoid", "write expit(x)"),
        ("relu", "write maximum(x, 0)"),
        ("softplus", "write logaddexp(x, 0)"),
        ("gelu", "write x * ndtr(x)"),
        ("norm", "its name is linalg.norm"),
        ("erf", "pip install tinypt-ops-special"),
        ("softmax", "pip install tinypt-ops-special"),
        ("log_softmax", "pip install tinypt-ops-special"),
        ("arctn", "did you mean arctan"),
        ("splt", "did you mean split"),
    ],
)
def test_an_unknown_name_says_where_it_is(name, words):
    from tinypt_core import OpNotFoundError, registry

    if registry.is_available(name):
        pytest.skip("installed here")
    with pytest.raises(OpNotFoundError) as info:
        registry.get(name)
    assert words in str(info.value)


@pytest.mark.parametrize("name", ["expit", "qwertz", "zzz"])
def test_far_fetched_guesses_are_left_out(name):
    from tinypt_core import OpNotFoundError, registry

    with pytest.raises(OpNotFoundError) as info:
        registry.get(name)
    assert "did you mean" not in str(info.value)


FORKS = """
import os, random, threading, time, warnings
import numpy as np
warnings.simplefilter("ignore")
from tinypt_core import Variable, ops, registry
stop = threading.Event()
def use():
    for i in iter(lambda: stop.wait(0.001), True):
        if random.random() < 0.1:
            registry.refresh()
        ops.add, ops.multiply, registry.get("my-ops:cube")
        registry.names()
        with registry.temporary_op(f"t{threading.get_ident()}", ops.sin):
            pass
threads = [threading.Thread(target=use, daemon=True) for _ in range(2)]
for thread in threads: thread.start()
started, slow = time.monotonic(), 0
for i in range(200):
    child = os.fork()
    if not child:
        if i % 20 == 0:
            registry.refresh()
        x = Variable(np.array(2.0))
        ops.cube(x).backward()
        os._exit(0 if x.grad == 12 and np.sin(x * x).data == np.sin(4.0) else 1)
    end = time.monotonic() + 20
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert status == 0, status
            break
        assert time.monotonic() < end, f"child {i} hangs"
        time.sleep(0.002)
stop.set()
for thread in threads: thread.join(20)
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no forks here")
def test_children_forked_while_others_use_the_registry_do_not_hang(fake_distribution, run_python):
    site = fake_distribution("my-ops", ops={"cube": "my_ops:Cube"})
    run_python(FORKS, site)


def test_a_fork_during_an_import_waits_for_it(fake_distribution, run_python):
    code = "import time\ntime.sleep(0.5)\n"
    site = fake_distribution("slow-ops", ops={"slow": "slow_ops:Cube"}, code=code + CUBE)
    run_python(
        """
        import os, threading, time
        from tinypt_core import ops, registry
        thread = threading.Thread(target=lambda: ops.slow)
        thread.start()
        time.sleep(0.2)
        child = os.fork()
        if not child:
            os._exit(0 if ops.slow(2.0).data == 8 else 1)
        end = time.monotonic() + 20
        while not (done := os.waitpid(child, os.WNOHANG))[0]:
            assert time.monotonic() < end, "the child hangs"
            time.sleep(0.01)
        assert done[1] == 0
        """,
        site,
    )


CUBE = """
from tinypt_core import Function
class Cube(Function):
    def forward(self, x):
        return x ** 3
    def backward(self, gy, x):
        return 3 * gy * x ** 2
"""


def test_stars_and_dir_give_what_is_public(fake_distribution, run_python):
    fake_distribution("bad-ops", ops={"bad": "bad_ops:Bad"}, code="1 / 0")
    site = fake_distribution("my-ops", ops={"cube": "my_ops:Cube", "deep.cube": "my_ops:Cube"})
    run_python(
        """
        import tinypt_core
        assert dir(tinypt_core) == sorted([*tinypt_core.__all__, "__version__"])
        assert dir(tinypt_core.registry) == sorted(tinypt_core.registry.__all__)
        space = {}
        exec("from tinypt_core.ops import *", space)
        del space["__builtins__"]
        assert sorted(space) == ["cube", "deep"], sorted(space)
        assert space["cube"](2.0).data == space["deep"].cube(2.0).data == 8
        """,
        site,
        env={"TINYPT_ALLOW": "my-ops,bad-ops"},
    )
