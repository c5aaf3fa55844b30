"""What the scan sees, with real metadata folders in fresh interpreters."""

from __future__ import annotations

import zipfile


def test_an_installed_operator_is_found_by_name(fake_distribution, run_python):
    site = fake_distribution(
        "my-ops", "1.2", ops={"cube": "my_ops:Cube", "a.b.cube": "my_ops:Cube"}
    )
    run_python(
        """
        import pickle, sys
        import numpy as np
        import tinypt_core
        late = {"_transforms", "_snapshot", "_engine", "_watch", "testing", "_registry.listing",
                "_registry.index", "_registry.candidate", "_plugins", "_cli",
                "_registry"}
        late = {"pluggy", "importlib_metadata", "my_ops"} | {f"tinypt_core.{m}" for m in late}
        assert not late & set(sys.modules)
        from tinypt_core import Variable, ops, registry
        assert "cube" in dir(ops) and "a" in dir(ops) and dir(ops.a) == ["b"]
        assert "my_ops" not in sys.modules  # names are known without importing anything
        from tinypt_core.ops import cube
        from tinypt_core.ops.a.b import cube as nested
        assert cube.provider == "my-ops 1.2"
        assert registry.get("my-ops:cube") is registry.get("cube") is cube
        assert ops.a.b.cube is nested and nested.function is cube.function
        assert pickle.loads(pickle.dumps([cube, nested])) == [cube, nested]
        x = Variable(np.array(2.0))
        cube(x).backward()
        assert x.grad == 12
        assert not hasattr(ops.a, "nope")
        for statement in ("from tinypt_core.ops import cubee", "import tinypt_core.ops.cubee"):
            try:
                exec(statement)
            except ImportError as error:
                assert "did you mean cube" in str(error), error
            else:
                raise AssertionError
        """,
        site,
    )


def test_no_plugin_no_pluggy_and_nothing_else_is_imported(fake_distribution, run_python):
    site = fake_distribution("my-ops", ops={"cube": "my_ops:Cube"})
    fake_distribution("other-ops", ops={"other": "other_ops:Cube"})
    run_python(
        """
        import sys
        from tinypt_core import ops
        ops.cube
        assert not {"pluggy", "other_ops"} & set(sys.modules)
        """,
        site,
        env={"TINYPT_ALLOW": "my-ops,other-ops"},
    )


def test_the_first_on_the_path_wins_as_python_imports_it(fake_distribution, run_python, tmp_path):
    editable = fake_distribution(
        "my-ops", "2.0", ops={"cube": "my_ops:Cube"}, folder=tmp_path / "editable"
    )
    normal = fake_distribution(
        "my_ops", "1.0", ops={"cube": "my_ops:Cube", "old": "my_ops:Cube"}, folder=tmp_path / "n"
    )
    link = tmp_path / "link"
    link.symlink_to(normal, target_is_directory=True)
    code = """
    import my_ops
    from tinypt_core import ops, registry
    rows = [r for r in registry.candidates() if r.target.startswith("my_ops")]
    assert registry.problems() == []
    print([r.name for r in rows], {r.status for r in rows}, ops.cube.provider, my_ops.__file__)
    """
    assert run_python(code, editable, normal).stdout == (
        f"['cube'] {{'ok'}} my-ops 2.0 {editable / 'my_ops.py'}\n"
    )
    for folders in ([normal, editable], [normal, link], [normal, normal]):
        out = run_python(code, *folders).stdout
        assert out == f"['cube', 'old'] {{'ok'}} my_ops 1.0 {normal / 'my_ops.py'}\n"


def test_an_older_version_left_in_the_same_folder_is_reported(fake_distribution, run_python):
    fake_distribution("my-ops", "1.9", ops={"gone": "my_ops:Gone"})
    site = fake_distribution("my-ops", "1.10", ops={"cube": "my_ops:Cube"})
    out = run_python(
        """
        from tinypt_core import ops, registry
        assert ops.cube.provider == "my-ops 1.10" and "gone" not in dir(ops)
        print(registry.problems())
        """,
        site,
    ).stdout
    assert "my-ops 1.9" in out
    assert "left over" in out


def test_a_plugin_in_a_zip(fake_distribution, run_python, tmp_path):
    site = fake_distribution("my-ops", "3.1", ops={"cube": "my_ops:Cube"})
    archive = tmp_path / "plugin.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(site.rglob("*")):
            packed.write(path, path.relative_to(site))
    run_python(
        """
        import numpy as np
        from tinypt_core import ops, registry
        assert ops.cube.provider == "my-ops 3.1" and "plugin.zip" in ops.cube.function.__module__ \
            or "plugin.zip" in __import__("my_ops").__file__
        assert ops.cube(2.0).data == 8
        assert registry.problems() == []
        """,
        archive,
    )


def test_refresh_sees_what_came_and_went(fake_distribution, run_python, tmp_path):
    first = fake_distribution("first-ops", ops={"one": "first_ops:Cube"}, folder=tmp_path / "1")
    second = fake_distribution("second-ops", ops={"two": "second_ops:Cube"}, folder=tmp_path / "2")
    run_python(
        f"""
        import shutil, sys
        from tinypt_core import ops, registry
        one = ops.one
        assert not registry.is_available("two")
        sys.path.append({str(second)!r})
        assert not registry.is_available("two")
        registry.refresh()
        assert ops.two(2.0).data == 8
        assert ops.one is one
        shutil.rmtree({str(second / "second_ops-1.0.dist-info")!r})
        registry.refresh()
        assert "two" not in registry.names() and not registry.is_available("two")
        # a plugin that was broken gets another chance
        sys.path.append({str(tmp_path / "3")!r})
        """,
        first,
    )


def test_threads_racing_the_first_use_import_once(fake_distribution, run_python):
    slow = """
    import builtins, time
    builtins.imports = getattr(builtins, "imports", 0) + 1
    from tinypt_core import Function
    time.sleep(0.1)
    class Op(Function):
        def forward(self, x):
            return x
        def backward(self, gy):
            return gy
    """
    fake_distribution("slow-ops", ops={"slow": "slow_ops:Op"}, code=slow)
    # importing `outer` uses `slow`, while another thread imports `outer` by its own name
    outer = "from tinypt_core.ops import slow\n" + slow.replace("\n    ", "\n")
    site = fake_distribution("outer-ops", ops={"outermost": "outer_ops:Op"}, code=outer)
    run_python(
        """
        import builtins, threading
        from tinypt_core import ops, registry
        def race(*uses):
            results, gate = [], threading.Barrier(len(uses))
            def run(use):
                gate.wait()
                results.append(use())
            threads = [threading.Thread(target=run, args=[use], daemon=True) for use in uses]
            for thread in threads: thread.start()
            for thread in threads: thread.join(20)
            assert len(results) == len(uses), "deadlock, or an error"
            return results
        found = race(*[lambda: ops.slow] * 4, *[lambda: registry.get("slow-ops:slow")] * 4)
        assert len(set(map(id, found))) == 1 and builtins.imports == 1
        race(lambda: __import__("outer_ops"), lambda: ops.outermost, lambda: ops.outermost)
        assert builtins.imports == 2
        """,
        site,
    )


def test_a_plugin_may_use_operators_while_it_is_imported(fake_distribution, run_python):
    site = fake_distribution(
        "self-ops",
        ops={"first": "self_ops:Op", "early": "early_ops:Op", "caught": "caught_ops:Op"},
        code={
            "self_ops": """
                from tinypt_core import Function, ops, registry
                from tinypt_core.ops import add, sin
                NAMES = registry.names()
                class Op(Function):
                    def forward(self, x):
                        return x
                    def backward(self, gy):
                        return gy
                TWICE = add(ops.first(1.0), sin(1.0))
            """,
            "early_ops": "from tinypt_core.ops import early",
            "caught_ops": """
                from tinypt_core import Function, PluginLoadError, ops
                try:
                    ops.caught
                except PluginLoadError as error:
                    MESSAGE = str(error)
                class Op(Function):
                    def forward(self, x):
                        return x
                    def backward(self, gy):
                        return gy
            """,
        },
    )
    run_python(
        """
        import sys
        from tinypt_core import PluginLoadError, ops
        assert ops.first.provider == "self-ops 1.0"
        try:
            ops.early
        except PluginLoadError as error:
            assert "still being imported" in str(error), error
        else:
            raise AssertionError
        assert ops.caught(1.0).data == 1  # its own early look has spoilt nothing
        assert "still being imported" in sys.modules["caught_ops"].MESSAGE
        """,
        site,
    )
